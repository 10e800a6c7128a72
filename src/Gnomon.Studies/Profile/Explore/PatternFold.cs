namespace Gnomon.Studies.Profile.Explore;

/// <summary>Finds that are one line for the reader: a reversal shows in the pairs of its three columns, and once more from the other side and in other groups.</summary>
internal static class PatternFold
{
    /// <summary>For each pattern the place of the one that stands for it: its own, or that of the reversal it belongs to.</summary>
    /// <param name="patterns">Patterns, the surest first.</param>
    public static int[] Leads(IReadOnlyList<Pattern> patterns)
    {
        var leads = Enumerable.Range(0, patterns.Count).ToArray();
        var reversals = new Dictionary<string, int>(StringComparer.Ordinal);
        var inside = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var k = 0; k < leads.Length; k++)
        {
            if (patterns[k] is not { Kind: PatternKind.Reversal, Second: { } outcome, Within: { } within } pattern)
            {
                continue;
            }

            // The same three columns, or the same two sides within other groups.
            string[] keys = [Key(pattern.Names), Key([pattern.First.Name, outcome.Name])];
            if (keys.FirstOrDefault(reversals.ContainsKey) is { } known)
            {
                leads[k] = reversals[known];
                continue;
            }

            foreach (var key in keys)
            {
                reversals[key] = k;
            }

            foreach (var pair in new[] { (pattern.First, outcome), (pattern.First, within), (outcome, within) })
            {
                inside.TryAdd(Key([pair.Item1.Name, pair.Item2.Name]), k);
            }
        }

        for (var k = 0; k < leads.Length; k++)
        {
            if (patterns[k].Kind is PatternKind.Pair or PatternKind.Subgroup && inside.TryGetValue(Key(patterns[k].Names), out var lead))
            {
                leads[k] = lead;
            }
        }

        return leads;
    }

    /// <summary>
    /// p-values adjusted so that the share of chance among the lines, not among the patterns behind them, is held (Katsevich, Sabatti and Bogomolov 2023): at each cut the number of tests times
    /// the cut is set against the lines that would be left.
    /// </summary>
    /// <param name="tested">Patterns with their p-values, ascending.</param>
    public static double[] Adjust(IReadOnlyList<TestedPattern> tested)
    {
        var adjusted = new double[tested.Count];
        for (var k = 0; k < adjusted.Length; k++)
        {
            var lines = Leads([.. tested.Take(k + 1).Select(t => t.Pattern)]).Distinct().Count();
            adjusted[k] = Math.Min(1, tested.Count * tested[k].PValue / lines);
        }

        for (var k = adjusted.Length - 2; k >= 0; k--)
        {
            adjusted[k] = Math.Min(adjusted[k], adjusted[k + 1]);
        }

        return adjusted;
    }

    private static string Key(IEnumerable<string> names) => string.Join('\0', names.Order(StringComparer.Ordinal));
}
