using System.Globalization;

namespace Gnomon.Data.Ledger;

/// <summary>Times as stored: UTC in ISO 8601 with seven decimals, so that they sort as text as they do in time.</summary>
internal static class LedgerTime
{
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <exception cref="Core.Errors.GnomonError"><c>ledger-damaged</c> when somebody put another text there.</exception>
    public static DateTimeOffset Parse(string text, string path) =>
        DateTime.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) && at.Kind == DateTimeKind.Utc
            ? new DateTimeOffset(at)
            : throw LedgerErrors.Damaged(path, $"'{text}' is no time");
}
