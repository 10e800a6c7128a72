namespace Gnomon.Studies.Sql.Recipes;

/// <summary>What the values of a column are called in a sentence: <c>user_id</c> holds users.</summary>
internal static class Naming
{
    private static readonly string[] Endings = ["_id", " id", "_key", "_no", "_nr", "_uuid", "_guid", "_number"];

    public static string One(string column)
    {
        var name = column;
        var ending = Endings.FirstOrDefault(e => name.Length > e.Length && name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
        name = ending is null ? name : name[..^ending.Length];
        return name.Replace('_', ' ').Trim();
    }

    public static string Many(string column)
    {
        var one = One(column);
        return one.Length == 0 ? column
            : one.EndsWith('s') || one.EndsWith("sh", StringComparison.Ordinal) || one.EndsWith("ch", StringComparison.Ordinal) || one.EndsWith('x') ? one + "es"
            : one.EndsWith('y') && one.Length > 1 && !"aeiou".Contains(one[^2], StringComparison.Ordinal) ? one[..^1] + "ies"
            : one + "s";
    }
}
