using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>One primary hypothesis of the programme, over all looks at it.</summary>
/// <param name="First">Entry of the first look: its place in the stream.</param>
/// <param name="Last">Entry of the newest look, whose p-value counts.</param>
/// <param name="At">When it was first looked at.</param>
/// <param name="Verb">The verb that asked, for example <c>ab</c>.</param>
/// <param name="Experiment">Name of the experiment; null when none was given.</param>
/// <param name="Metric">The metric tested.</param>
/// <param name="Contrast">The contrast, for example <c>B - A</c>.</param>
/// <param name="PValue">p-value of the newest look.</param>
/// <param name="Looks">Times it was read on different data.</param>
public sealed record PrimaryTest(long First, long Last, DateTimeOffset At, string Verb, string? Experiment, string Metric, string Contrast, double PValue, int Looks)
{
    /// <summary>The experiment it belongs to, as a number: hypotheses of one experiment share it.</summary>
    public long Family { get; init; }

    /// <summary>Entries of its looks, oldest first.</summary>
    public IReadOnlyList<long> Entries { get; init; } = [];
}

/// <summary>Primary hypotheses in the order of their first look.</summary>
internal static class PrimaryStream
{
    private const string Sql = """
        SELECT f.roles, f.family, h.metric, h.contrast, h.p_value, e.sequence, e.at, e.verb, l.name, l.data_state
        FROM hypotheses h JOIN families f ON f.entry = h.entry JOIN looks l ON l.entry = h.entry JOIN entries e ON e.sequence = h.entry
        WHERE h.role = 'primary' AND h.p_value IS NOT NULL ORDER BY e.sequence
        """;

    public static IReadOnlyList<PrimaryTest> Read(SqliteDatabase database)
    {
        var tests = new Dictionary<(string Roles, long Family, string Metric, string Contrast), (PrimaryTest Test, HashSet<string> States)>();
        using var statement = database.Prepare(Sql);
        while (statement.Step())
        {
            // Read against the other arm it is the same hypothesis.
            var contrast = statement.Text(3);
            var key = (statement.Text(0), statement.Number(1), statement.Text(2), string.Join(" - ", contrast.Split(" - ").Order(StringComparer.Ordinal)));
            var (sequence, p, state) = (statement.Number(5), statement.Real(4)!.Value, statement.Text(9));
            if (tests.TryGetValue(key, out var known))
            {
                known.States.Add(state);
                tests[key] = (known.Test with { Last = sequence, Experiment = known.Test.Experiment ?? statement.TextOrNull(8), Contrast = contrast, PValue = p, Looks = known.States.Count, Entries = [.. known.Test.Entries, sequence] }, known.States);
            }
            else
            {
                tests.Add(key, (new PrimaryTest(sequence, sequence, LedgerTime.Parse(statement.Text(6), database.Path), statement.Text(7), statement.TextOrNull(8), key.Item3, contrast, p, 1) { Family = key.Item2, Entries = [sequence] }, [state]));
            }
        }

        return [.. tests.Values.Select(t => t.Test).OrderBy(t => t.First).ThenBy(t => t.Metric, StringComparer.Ordinal).ThenBy(t => t.Contrast, StringComparer.Ordinal)];
    }
}
