using Gnomon.Core.Checks;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>The checks of a finding as the card shows them: what fired, worst first, and one line for the rest.</summary>
internal sealed record CheckSummary(IReadOnlyList<CheckReport> Fired, IReadOnlyList<CheckReport> Passed, IReadOnlyList<CheckReport> Skipped)
{
    internal static CheckSummary Of(Finding finding)
    {
        var turned = finding.Decision.Because;
        return new(
            [.. finding.Checks
                .Where(c => c.Status is CheckStatus.Fail or CheckStatus.Warn)
                .OrderBy(c => c.Status == CheckStatus.Fail ? 0 : 1)
                .ThenBy(c => Position(turned, c.Id))],
            [.. finding.Checks.Where(c => c.Status == CheckStatus.Pass)],
            [.. finding.Checks.Where(c => c.Status == CheckStatus.Skipped)]);
    }

    /// <summary><c>11 checks passed, 2 could not run: a, b</c>; empty when there is nothing to count.</summary>
    internal string Rest
    {
        get
        {
            var passed = Passed.Count == 0 ? null : Passed.Count == 1 ? "1 check passed" : $"{Figures.Count(Passed.Count)} checks passed";
            var subject = passed is null ? Skipped.Count == 1 ? " check" : " checks" : string.Empty;
            var skipped = Skipped.Count == 0 ? null : $"{Figures.Count(Skipped.Count)}{subject} could not run: {string.Join(", ", Skipped.Select(c => c.Id))}";
            return string.Join(", ", new[] { passed, skipped }.OfType<string>());
        }
    }

    private static int Position(IReadOnlyList<string> ids, string id)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i] == id)
            {
                return i;
            }
        }

        return ids.Count;
    }
}
