using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Preparation;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Features;

/// <summary>A fitted step of the preparation saw the rows that grade the model.</summary>
public sealed class PreprocessingBeforeSplit : Check<PreparationOrder>
{
    private const double Level = 0.99;
    private const double LeastGap = 0.005;
    private const int FewestRows = 40;

    public override CheckCard Card { get; } = new(
        Id: "preprocessing-before-split",
        Asks: "Did every fitted step of the preparation keep away from the rows that grade the model?",
        FiresWhen: "steps fitted on the whole table (imputation, clipping, choice of columns, scaling) score higher than the same steps fitted inside the folds, by an interval (99 %) that excludes 0 and by 0.005 at least. The order of steps in a script alone is a note",
        Means: "The preparation step saw the rows that grade the model.",
        Remedy: "Refit every step inside each fold, resample only training rows, report both scores.",
        Source: "Hastie, Tibshirani and Friedman 2009, 7.10.2; Ambroise and McLachlan 2002")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.01, Aliases = ["resampling-before-split"] };

    public override CheckResult Evaluate(PreparationOrder evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var lines = evidence.Lines.Count == 0 ? string.Empty : string.Join("; ", evidence.Lines.Take(3)) + (evidence.Lines.Count > 3 ? $" and {Figures.Count(evidence.Lines.Count - 3, "more line")}" : string.Empty);
        if (evidence.Whole is not { } whole || evidence.Inside is not { } inside || evidence.GapError is not { } error)
        {
            return lines.Length > 0
                ? CheckResult.Note($"{lines}: what it adds to the score was not measured", evidence.Lines.Count, 1)
                : CheckResult.Skip("no step was fitted in both orders");
        }

        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")}, too few to compare two scores; {FewestRows} are needed");
        }

        var gap = whole - inside;
        var half = Normal.UpperQuantile((1 - Level) / 2) * error;
        var scores = $"{evidence.Score} {Fixed(whole)} with the steps fitted on all rows, {Fixed(inside)} with the steps fitted inside each fold: a difference of {Fixed(gap)} (standard error {Fixed(error)})";
        if (gap - half > 0 && gap >= LeastGap)
        {
            var to = evidence.Steps.Where(s => s.Gap >= LeastGap && s.Gap > Normal.UpperQuantile((1 - Level) / 2) * s.Error).OrderByDescending(s => s.Gap).ToList();
            var why = to.Count == 0 ? string.Empty : $"; {string.Join(" and ", to.Take(2).Select(s => $"{s.Step} alone adds {Fixed(s.Gap)}"))}";
            return CheckResult.Fail($"{scores}{why}{(lines.Length > 0 ? $"; {lines}" : string.Empty)}", gap, LeastGap);
        }

        return lines.Length > 0 ? CheckResult.Note($"{lines}; on these rows it makes no measurable difference ({scores})", gap, LeastGap) : CheckResult.Pass(scores, gap, LeastGap);
    }

    public override PreparationOrder Trap(int seed) => Simulate(seed, [new(PreparationKind.Best, 10), new(PreparationKind.Scale)]);

    public override PreparationOrder Clean(int seed) => Simulate(seed, [new(PreparationKind.Clip), new(PreparationKind.Scale)], 8);

    public override PreparationOrder? Tiny => new() { Target = "churn", Score = "AUC", Rows = 12, Whole = 0.9, Inside = 0.5, GapError = 0.1 };

    // 120 rows of noise: the 10 best of 400 columns, chosen with or without the rows that grade the choice; or 8 columns that are only clipped and scaled.
    private static PreparationOrder Simulate(int seed, PreparationStep[] steps, int width = 400)
    {
        const int rows = 120;
        var rng = new Rng(seed).Stream("preprocessing-before-split");
        var target = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            target[i] = i % 2;
        }

        var columns = new double[width][];
        for (var j = 0; j < width; j++)
        {
            columns[j] = new double[rows];
            for (var i = 0; i < rows; i++)
            {
                columns[j][i] = rng.NextNormal();
            }
        }

        var found = ScopeComparison.Of(steps, columns, target, true, ScopeComparison.Deal(target, true, 5, seed));
        return new PreparationOrder
        {
            Target = "churn", Score = "AUC", Rows = rows, Whole = found.Whole.Value, Inside = found.Inside.Value, GapError = found.Gap.StandardError,
            Steps = [.. found.Steps.Zip(steps, (g, s) => new StepGap(s.Kind == PreparationKind.Best ? "the choice of columns" : "scaling", g.Value, g.StandardError))],
        };
    }

    private static string Fixed(double value) => (Math.Round(value, 3) + 0.0).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
