using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Columns say nearly the same, and the data cannot tell their coefficients apart.</summary>
public sealed class Multicollinearity : Check<ColumnOverlap>
{
    private const double LargestInflation = 10;
    private const double LargestFlips = 0.05;
    private const long FewestRows = 10;

    public override CheckCard Card { get; } = new(
        Id: "multicollinearity",
        Asks: "Can the data tell the columns' effects apart?",
        FiresWhen: "a column that other columns determine exactly; a variance inflation factor above 10 together with a sign that flips in more than 5 % of resamples; with stable signs a remark",
        Means: "Some inputs carry nearly the same information, so their separate effects are unstable.",
        Remedy: "Read them jointly, combine them, or use ridge; leave them when only prediction matters.",
        Source: "Belsley, Kuh and Welsch 1980")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.005 };

    public override CheckResult Evaluate(ColumnOverlap evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Determined.Count > 0)
        {
            return CheckResult.Warn($"{string.Join("; ", evidence.Determined.Take(4))}{(evidence.Determined.Count > 4 ? $" and {evidence.Determined.Count - 4} more" : string.Empty)}: exactly, in every row, so no data can tell them apart") with
            {
                Remedy = "Leave out one of the columns; what is read for the ones that stay depends on which.",
            };
        }

        if (evidence.Rows < FewestRows || evidence.Terms.Count == 0)
        {
            return CheckResult.Skip($"{evidence.Terms.Count} columns in {evidence.Rows} rows are too few to repeat one another");
        }

        var worst = evidence.Terms[0];
        var unstable = evidence.Terms.Where(t => t.Inflation > LargestInflation && t.FlipShare > LargestFlips).ToList();
        if (unstable.Count > 0)
        {
            var said = string.Join(", ", unstable.Take(4).Select(t => $"{t.Term} (inflation {t.Inflation:0.0}, sign flips in {Figures.Percent(t.FlipShare, 0)} of resamples)"));
            return CheckResult.Warn($"{said}; condition index {evidence.ConditionIndex:0}", unstable[0].Inflation, LargestInflation);
        }

        var says = $"largest variance inflation {worst.Inflation:0.0} ({worst.Term}, sign flips in {Figures.Percent(worst.FlipShare, 0)} of resamples)";
        return worst.Inflation > LargestInflation
            ? CheckResult.Note($"{says}: columns overlap, yet the data tell their signs apart", worst.Inflation, LargestInflation)
            : CheckResult.Pass(says, worst.Inflation, LargestInflation);
    }

    public override ColumnOverlap Trap(int seed) => Simulate(seed, isTwin: true);

    public override ColumnOverlap Clean(int seed) => Simulate(seed, isTwin: false);

    public override ColumnOverlap? Tiny => new() { Outcome = "price", Rows = 4, Terms = [], ConditionIndex = 1 };

    // 60 rows; in the trap the second column is the first plus a little noise (inflation about 15), and both matter.
    private static ColumnOverlap Simulate(int seed, bool isTwin)
    {
        var rng = new Rng(seed).Stream("multicollinearity");
        double[] a = [.. Enumerable.Range(0, 60).Select(_ => rng.NextNormal())];
        double[] b = [.. a.Select(v => isTwin ? v + 0.2 * rng.NextNormal() : rng.NextNormal())];
        double[] y = [.. a.Zip(b, (u, v) => u + v + 4 * rng.NextNormal())];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([a, b], ["area", "rooms"]), y);
        var inflation = Collinearity.VarianceInflation(fit);
        var flips = Collinearity.SignFlips(fit, mostWork: 0);
        return new ColumnOverlap
        {
            Outcome = "price", Rows = 60, ConditionIndex = Collinearity.Conditions(fit.Design)[^1].Index,
            Terms = [.. new[] { 1, 2 }.Select(j => new InflatedTerm(fit.Design.Names[j], inflation[j] ?? 1, flips[j])).OrderByDescending(t => t.Inflation)],
        };
    }
}
