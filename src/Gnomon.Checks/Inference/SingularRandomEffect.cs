using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A random effect lies on the edge of what is possible: the data hold less than the model asks.</summary>
public sealed class SingularRandomEffect : Check<RandomEffectsFit>
{
    private const long FewestGroups = 3;
    private const int TrapGroups = 30;
    private const int TrapRows = 5;

    public override CheckCard Card { get; } = new(
        Id: "singular-random-effect",
        Asks: "Do the data support every random effect of the model?",
        FiresWhen: "a variance between groups is estimated as 0 (below a ten-thousandth of the residual deviation), or the effects of a group determine each other (a correlation of -1 or 1)",
        Means: "The groups differ less than the model lets them, or their effects cannot be told apart.",
        Remedy: "Read the refit without the term; a variance of 0 may also mean that rows of a group compensate each other.",
        Source: "Bates, Maechler, Bolker and Walker 2015; Matuschek et al. 2017")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, DetectionRate = 0.95, Aliases = ["singular-fit", "boundary-fit"] };

    public override CheckResult Evaluate(RandomEffectsFit evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Groups < FewestGroups)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Groups, "group")}, too few to tell a variance from 0; {FewestGroups} are needed");
        }

        if (evidence.Singular.Count == 0)
        {
            return CheckResult.Pass($"{evidence.Asked}: all variances above 0 and no correlation at its limit, {Figures.Count(evidence.Groups)} groups", 0, 0);
        }

        var refit = evidence.Refit.Length > 0 ? $"fitted again with {evidence.Refit}" : "fitted again without random effects";
        return CheckResult.Warn($"{evidence.Asked}: {string.Join("; ", evidence.Singular)}; {refit}, which moves coefficients by {evidence.LargestShift:0.00} standard errors at most", evidence.Singular.Count, 0);
    }

    public override RandomEffectsFit Trap(int seed) => Simulate(seed, compensates: true);

    public override RandomEffectsFit Clean(int seed) => Simulate(seed, compensates: false);

    public override RandomEffectsFit? Tiny => new() { Outcome = "score", Rows = 8, Groups = 2, Asked = "(1 | group)", Singular = ["the variance of the intercept between group is 0"] };

    // 30 groups of 5 rows. Clean: groups differ as much as rows do. Trap: rows of a group share a fixed total, so what one gains the others lose.
    private static RandomEffectsFit Simulate(int seed, bool compensates)
    {
        var rng = new Rng(seed).Stream("singular-random-effect");
        var y = new double[TrapGroups * TrapRows];
        var groups = new int[y.Length];
        for (var g = 0; g < TrapGroups; g++)
        {
            var own = compensates ? 0.0 : rng.NextNormal();
            var errors = Enumerable.Range(0, TrapRows).Select(_ => rng.NextNormal()).ToArray();
            var mean = compensates ? errors.Average() : 0.0;
            for (var i = 0; i < TrapRows; i++)
            {
                y[g * TrapRows + i] = 10 + own + errors[i] - mean;
                groups[g * TrapRows + i] = g;
            }
        }

        var term = RandomTerm.Intercept("group", groups);
        var reduction = LinearMixedModel.FitReduced(DesignMatrix.WithIntercept([], rows: y.Length), y, [term]);
        return new RandomEffectsFit { Outcome = "score", Rows = y.Length, Groups = TrapGroups, Asked = term.Text, Singular = [.. reduction.Dropped.Select(d => d.Text)] };
    }
}
