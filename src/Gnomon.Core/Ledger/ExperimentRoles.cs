namespace Gnomon.Core.Ledger;

/// <summary>The canonical text of an experiment's roles: <c>ab|unit=user_id|variant=arm|control=A|less=churned</c>.</summary>
public static class ExperimentRoles
{
    private const string LessName = "less=";

    /// <summary>The part that names the metrics of which less is better; empty where there are none.</summary>
    public static string Less(IEnumerable<string> metrics)
    {
        var names = metrics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Uri.EscapeDataString).ToList();
        return names.Count == 0 ? string.Empty : $"|{LessName}{string.Join(',', names)}";
    }

    /// <summary>Whether less of this metric was better when the roles were written.</summary>
    public static bool IsLessBetter(string roles, string metric)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(metric);
        return roles.Split('|').FirstOrDefault(r => r.StartsWith(LessName, StringComparison.Ordinal)) is { } role && role[LessName.Length..].Split(',').Contains(Uri.EscapeDataString(metric), StringComparer.Ordinal);
    }
}
