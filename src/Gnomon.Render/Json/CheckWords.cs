using Gnomon.Core.Checks;

namespace Gnomon.Render.Json;

/// <summary>Check statuses as the contract spells them.</summary>
internal static class CheckWords
{
    internal static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Pass => "pass",
        CheckStatus.Warn => "warn",
        CheckStatus.Fail => "fail",
        CheckStatus.Skipped => "skipped",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };

    internal static CheckStatus? Parse(string word) => word switch
    {
        "pass" => CheckStatus.Pass,
        "warn" => CheckStatus.Warn,
        "fail" => CheckStatus.Fail,
        "skipped" => CheckStatus.Skipped,
        _ => null,
    };
}
