using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Assigned;

/// <summary>One metric in one arm against control, by the way in which the arms were assigned.</summary>
internal sealed record AssignedContrast : DesignedContrast
{
    /// <summary>Share of the plain variance that the assignment saves.</summary>
    public required double Saved { get; init; }
}

/// <summary>Moments that the assignment's own analysis needs, with that analysis.</summary>
internal abstract record AssignedSet : DesignedContrasts
{
    /// <summary>How the comparison follows the assignment, in a sentence.</summary>
    public abstract string Says { get; }

    protected static LiftResult Lift(double x, double varianceX, double y, double varianceY, double level) =>
        y == 0 ? new LiftResult(null, null, "the control value is 0") : RelativeLift.Compare(new MeanEstimate(x, varianceX), new MeanEstimate(y, varianceY), 0, level);

    protected static double Saved(ContrastResult effect, ContrastResult plain) => 1 - (effect.StandardError / plain.StandardError * (effect.StandardError / plain.StandardError));
}

/// <summary>Arms dealt out within strata.</summary>
/// <param name="Columns">Columns of the strata.</param>
/// <param name="Cells">By metric, then by arm: moments by stratum, all arms in the same order of strata.</param>
internal sealed record StratifiedSet(IReadOnlyList<string> Columns, IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<Moments>>> Cells) : AssignedSet
{
    public override string Says => $"The arms were dealt out within strata of {string.Join(", ", Columns)}, so they are compared within them.";

    public override AssignedContrast Contrast(string metric, int arm, double level, ulong seed)
    {
        var (t, c) = (Cells[metric][arm], Cells[metric][0]);
        var strata = new List<StratumMoments>();
        var (restT, restC) = (Moments.Empty, Moments.Empty);
        for (var s = 0; s < t.Count; s++)
        {
            if (t[s].Count >= 2 && c[s].Count >= 2)
            {
                strata.Add(new(t[s], c[s]));
            }
            else
            {
                // Strata too small to have a spread of their own are one stratum: their arms were drawn with the same shares.
                (restT, restC) = (Moments.Merge(restT, t[s]), Moments.Merge(restC, c[s]));
            }
        }

        if (restT.Count >= 2 && restC.Count >= 2)
        {
            strata.Add(new(restT, restC));
        }

        var within = Stratified.Means([.. strata], level).Stratified with { Method = $"difference within strata of {string.Join(", ", Columns)}" };
        var (all, plain) = (strata.Sum(s => s.First.Count + s.Second.Count), WelchT.Test(Sum(t), Sum(c), level));
        double Mixed(Func<StratumMoments, double> value, int power) => strata.Sum(s => Math.Pow((s.First.Count + s.Second.Count) / (double)all, power) * value(s));
        return new AssignedContrast
        {
            Effect = within,
            Naive = plain,
            Saved = Saved(within, plain),
            Lift = Lift(Mixed(s => s.First.Mean, 1), Mixed(s => s.First.VarianceOfMean, 2), Mixed(s => s.Second.Mean, 1), Mixed(s => s.Second.VarianceOfMean, 2), level),
        };
    }

    private static Moments Sum(IReadOnlyList<Moments> parts) => parts.Aggregate(Moments.Empty, Moments.Merge);
}

/// <summary>Arms drawn again until they were alike.</summary>
/// <param name="Columns">Covariates that were balanced.</param>
/// <param name="Acceptance">Share of draws that were acceptable.</param>
/// <param name="Joint">By metric, then by arm: the metric and the covariates.</param>
internal sealed record RerandomisedSet(IReadOnlyList<string> Columns, double Acceptance, IReadOnlyDictionary<string, IReadOnlyList<CoMoments?>> Joint) : AssignedSet
{
    public override string Says => $"The arms were drawn again until they were alike in {string.Join(", ", Columns)}, and the interval counts that in.";

    /// <exception cref="NotEstimableException">An arm has no units with a value.</exception>
    public override AssignedContrast Contrast(string metric, int arm, double level, ulong seed)
    {
        var (t, c) = (Joint[metric][arm], Joint[metric][0]);
        if (t is null || c is null)
        {
            throw new NotEstimableException($"an arm has no unit with a value of {metric}");
        }

        var result = RerandomisedDifference.Compare(t, c, Acceptance, level);

        // The two means share what rerandomisation saves in proportion to their errors.
        var kept = 1 - result.VarianceReduction;
        return new AssignedContrast
        {
            Effect = result.Difference,
            Naive = result.Unadjusted,
            Saved = result.VarianceReduction,
            Lift = Lift(t.Mean(0), kept * t.Variance(0) / t.Count, c.Mean(0), kept * c.Variance(0) / c.Count, level),
        };
    }
}
