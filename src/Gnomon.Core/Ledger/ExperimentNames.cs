using System.Text.RegularExpressions;

namespace Gnomon.Core.Ledger;

/// <summary>What the name of an experiment says of its kind.</summary>
public static partial class ExperimentNames
{
    /// <summary>A thing tested against itself: <c>aa</c>, <c>aa2</c>, <c>aa_home</c>, <c>A/A one</c>, <c>a-a</c>.</summary>
    public static bool IsAgainstItself(string? name) => name is not null && AaName().IsMatch(name);

    [GeneratedRegex(@"^a[/\-_ ]?a(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AaName();
}
