using System.Text.RegularExpressions;

namespace Gnomon.Studies;

/// <summary>What column names suggest: identifiers, outcomes, time zones. Hints only: values decide where they can.</summary>
internal static partial class NameHints
{
    private static readonly string[] Outcomes =
        ["churn", "churned", "target", "label", "y", "class", "outcome", "converted", "conversion", "default", "fraud", "is_fraud", "exited", "attrition", "survived", "response", "deposit"];

    private static readonly string[] Zones = ["timezone", "time_zone", "tz", "utc_offset", "utcoffset", "zone_offset"];

    /// <summary>Names such as <c>id</c>, <c>user_id</c>, <c>customerID</c>, <c>RowNumber</c>, <c>uuid</c>.</summary>
    public static bool IsIdentifier(string name)
    {
        var lower = name.ToLowerInvariant();
        return lower is "id" or "uuid" or "guid" or "key" or "index" or "rownumber" or "row_number" or "rowid" or "unnamed: 0"
            || lower.EndsWith("_id", StringComparison.Ordinal) || lower.EndsWith(" id", StringComparison.Ordinal) || lower.EndsWith("-id", StringComparison.Ordinal)
            || lower.EndsWith("uuid", StringComparison.Ordinal) || lower.EndsWith("guid", StringComparison.Ordinal)
            || lower.StartsWith("id_", StringComparison.Ordinal)
            || (name.Length > 2 && (name.EndsWith("ID", StringComparison.Ordinal) || name.EndsWith("Id", StringComparison.Ordinal)) && char.IsLower(name[^3]));
    }

    /// <summary>Names of somebody or something that can come back: <c>user</c>, <c>customer_id</c>, <c>Subject</c>.</summary>
    public static bool IsPerson(string name) => Person().IsMatch(name);

    public static bool IsOutcome(string name) => Array.IndexOf(Outcomes, name.ToLowerInvariant()) >= 0;

    /// <summary>The value of two that says yes.</summary>
    public static bool IsYes(string value) => value.ToLowerInvariant() is "yes" or "true" or "y" or "1" or "t";

    public static bool IsZone(string name) => Array.Exists(Zones, z => name.ToLowerInvariant().EndsWith(z, StringComparison.Ordinal));

    [GeneratedRegex(@"(^|[_\- .])(user|customer|visitor|person|account|member|client|device|cookie|patient|subscriber|player|student|household|subject)([_\- .]?(id|key|uuid|guid|no|nr|number|hash))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Person();
}
