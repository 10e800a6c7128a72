using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Cells are missing more often where another column is large, or in some groups.</summary>
public sealed class InformativeMissingness : Check<MissingnessLinks>
{
    private const long FewestMissing = 30;
    private const double SmallestShare = 0.01;
    private const double Threshold = 0.01;

    public override CheckCard Card { get; } = new(
        Id: "informative-missingness",
        Asks: "Are values missing by accident?",
        FiresWhen: "a column with at least 30 missing cells (at least 1 % of rows) whose missing cells depend on the target, another column, a group or a period: Holm p < 0.01 over all pairs, and the area under the curve has a lower limit above 0.55 or a difference of rates has an interval beyond 1 point",
        Means: "Values are missing for a reason, so dropping or filling them shifts the answer.",
        Remedy: "Find the cause; add a missing flag, impute with uncertainty, and show the range under missing-not-at-random shifts.",
        Source: "Rubin 1976; Little and Rubin 2019; van Buuren 2018")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, Aliases = ["missingness-not-random", "missingness-shift"] };

    public override CheckResult Evaluate(MissingnessLinks evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Missing < FewestMissing || evidence.Missing < SmallestShare * evidence.Rows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Missing)} of {Figures.Count(evidence.Rows, "cell")} {(evidence.Missing == 1 ? "is" : "are")} missing; {FewestMissing} and 1 % of rows are needed");
        }

        if (evidence.Tested == 0)
        {
            return CheckResult.Skip("no other column can be compared with the missing cells");
        }

        var found = evidence.Links.Where(l => l.IsMaterial && l.AdjustedP < Threshold).OrderBy(l => l.AdjustedP).ToList();
        if (found.Count == 0)
        {
            var smallest = evidence.Links.Count == 0 ? 1 : evidence.Links.Min(l => l.AdjustedP);
            return CheckResult.Pass($"{Figures.Percent((double)evidence.Missing / evidence.Rows)} missing, unrelated to {Figures.Count(evidence.Tested, "other column")}", smallest, Threshold, smallest);
        }

        var more = found.Count > 1 ? $"; it also goes with {string.Join(", ", found.Skip(1).Take(3).Select(l => l.Other))}" : string.Empty;
        return CheckResult.Warn($"{found[0].Says}{more}", found[0].Auc ?? found[0].AdjustedP, found[0].Auc is null ? Threshold : 0.55, found[0].AdjustedP);
    }

    public override MissingnessLinks Trap(int seed) => Simulate(seed, 0.5);

    public override MissingnessLinks Clean(int seed) => Simulate(seed, 0);

    public override MissingnessLinks? Tiny => new() { Column = "income", Missing = 3, Rows = 40, Tested = 1, Links = [] };

    // 2,000 rows, 300 of them missing; five other columns, one of which is shifted by half a standard deviation where cells are missing.
    private static MissingnessLinks Simulate(int seed, double shift)
    {
        const int others = 5;
        var rng = new Rng(seed).Stream("informative-missingness");
        var tests = new List<NumericMissingness>();
        for (var c = 0; c < others; c++)
        {
            var missing = Draw(rng, 300, c == 0 ? shift : 0);
            tests.Add(MissingnessDependence.Numeric(missing, Draw(rng, 1_700, 0))!);
        }

        var adjusted = Multiplicity.Holm(tests.Select(t => t.PValue).ToArray());
        return new MissingnessLinks
        {
            Column = "income", Missing = 300, Rows = 2_000, Tested = others,
            Links = [.. tests.Select((t, i) => new MissingnessLink($"x{i}", adjusted[i], t.IsMaterial, t.Separation.Auc, $"x{i} is larger where income is missing in {Figures.Percent(t.Separation.Auc)} of pairs"))],
        };
    }

    private static double[] Draw(Rng rng, int n, double shift)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = shift + rng.NextNormal();
        }

        return values;
    }
}
