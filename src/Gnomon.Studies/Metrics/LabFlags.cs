using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Metrics;

/// <summary>A way to move a metric without the good that it stands for, as the data show it.</summary>
internal sealed record GameableFlag(string Metric, string Flag, string Seen);

/// <summary>Looks for ways to move a metric without what it stands for.</summary>
internal static class LabFlags
{
    // The largest hundredth of the users should hold a hundredth of what all do; from a fifth on they carry the tests.
    private const double LargestTopShare = 0.2;
    private const double Hundredth = 0.01;
    private const double Thousandth = 0.001;

    public static IReadOnlyList<GameableFlag> Of(LabFacts facts)
    {
        var flags = new List<GameableFlag>();
        foreach (var m in facts.Metrics)
        {
            if (m.Against.Count > 0)
            {
                flags.Add(new(m.Name, "rises without the goal", $"better beyond noise while {facts.Input.Goal} got worse beyond noise in {m.Against.Count} of {facts.Tests.Count} tests: {string.Join(", ", m.Against.Take(4))}{(m.Against.Count > 4 ? ", ..." : string.Empty)}"));
            }

            if (facts.Input.Values is { } values && TopShare(values[m.Index], Hundredth) is { } share && share > LargestTopShare)
            {
                flags.Add(new(m.Name, "few heavy users carry it", $"the largest 1 % of users hold {Figures.WholePercent(share)} of the total"));
            }

            if (Denominator(facts, m) is { } moved)
            {
                flags.Add(new(m.Name, "its denominator moves", moved));
            }

            if (Downstream(facts, m) is { } empty)
            {
                flags.Add(new(m.Name, "users who do it reach the goal no more often", empty));
            }
        }

        return flags;
    }

    public static ResultTable? Table(IReadOnlyList<GameableFlag> flags) =>
        flags.Count == 0 ? null : new ResultTable("gameable", "How a metric could be moved without the good it stands for", ["metric", "what was seen"], [.. flags.Select(f => (IReadOnlyList<object?>)[f.Metric, $"{f.Flag}: {f.Seen}"])]);

    /// <summary>The shape of every metric over units, for the check of heavy tails.</summary>
    public static IEnumerable<IEvidence> Shapes(LabFacts facts)
    {
        if (facts.Input.Values is not { } values)
        {
            yield break;
        }

        foreach (var m in facts.Metrics)
        {
            var control = Moments.Of([.. values[m.Index].Where((_, i) => facts.Input.IsControl[i])]);
            var treated = Moments.Of([.. values[m.Index].Where((_, i) => !facts.Input.IsControl[i])]);
            yield return new TailShape { Metric = m.Name, Arms = ["control units", "treated units"], Values = [control, treated], TopShare = IsShare(values[m.Index]) ? null : TopShare(values[m.Index], Thousandth) };
        }
    }

    private static bool IsShare(double[] values) => Array.TrueForAll(values, v => v is 0 or 1);

    // Null for yes/no metrics, and where values can be negative.
    private static double? TopShare(double[] values, double part)
    {
        if (IsShare(values) || values.Min() < 0)
        {
            return null;
        }

        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var take = Math.Max(1, (int)(part * sorted.Length));
        var (top, total) = (0.0, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            total += sorted[i];
            top += i >= sorted.Length - take ? sorted[i] : 0;
        }

        return total > 0 ? top / total : null;
    }

    private static string? Denominator(LabFacts facts, JudgedMetric m)
    {
        if (!facts.Input.Denominators.TryGetValue(m.Index, out var tests))
        {
            return null;
        }

        var adjusted = Multiplicity.Holm([.. tests.Select(t => t.Variance(0) > 0 ? 2 * Normal.Sf(Math.Abs(t.T(0))) : 1)]);
        var moved = adjusted.Count(p => p < facts.Options.Alpha);
        return moved == 0 ? null : $"{m.Name.Split('/')[^1]} per user differs between the arms in {moved} of {tests.Count} tests (Holm)";
    }

    // Over control units, so that no treatment plays a part: is the goal nearer for those who have any of the metric?
    private static string? Downstream(LabFacts facts, JudgedMetric m)
    {
        if (facts.Input.Values is not { } values || m.Name.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        var (with, without) = (new List<double>(), new List<double>());
        for (var i = 0; i < values[0].Length; i++)
        {
            if (facts.Input.IsControl[i])
            {
                (values[m.Index][i] != 0 ? with : without).Add(facts.Input.Signs[0] * values[0][i]);
            }
        }

        var sign = facts.Input.Signs[m.Index];
        if (with.Count < 30 || without.Count < 30 || WelchT.TryTest(Moments.Of([.. with]), Moments.Of([.. without])) is not { } test || (sign * test.Value > 0 && test.PValue < facts.Options.Alpha))
        {
            return null;
        }

        var share = IsShare(values[0]);
        string Text(double goal) => share ? Figures.Percent(Math.Abs(goal), 1) : Figures.Number(facts.Input.Signs[0] * goal);
        return $"{facts.Input.Goal} is {Text(with.Average())} among control users with any {m.Name} and {Text(without.Average())} among the others";
    }
}
