using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>The total effect: everybody treated against nobody.</summary>
/// <param name="Difference">Mean outcome where everybody is treated less that where nobody is.</param>
/// <param name="FirstMean">Mean outcome where everybody is treated.</param>
/// <param name="SecondMean">Mean outcome where nobody is.</param>
/// <param name="TreatedSlope">Among the treated, change of the outcome when the treated share of neighbours goes from 0 to 1; 0 where nothing had to be carried on.</param>
/// <param name="ControlSlope">The same among controls.</param>
/// <param name="Reached">How far the neighbours' share differs in the exposures that were met: 1 where nothing had to be carried on.</param>
public sealed record FullExposureResult(ContrastResult Difference, double FirstMean, double SecondMean, double TreatedSlope, double ControlSlope, double Reached);

/// <summary>What a launch does when neighbours of units taken as surrounded were a little mixed: the contrast of exposures, and the rest of the way along a straight line in each arm.</summary>
/// <remarks>
/// The contrast of <see cref="ExposureDesign"/> is about the treated shares of neighbours that its units had, say 0.97 against 0.02. Where outcomes follow that share in a straight line (the linear exposure model:
/// Toulis and Kao 2013, ICML; Eckles, Karrer and Ugander 2017, Journal of Causal Inference 5) the rest is the slope of the treated times what is missing of 1, and the slope of controls times what is there above 0.
/// A unit's share also follows from how many links leave its cluster, which may go with the outcome. So the slope is read from the share less what the design gives on average to a unit with those links, that average held
/// fixed (recentring: Borusyak and Hull 2023, Econometrica 91), within clusters (within arms where units were assigned one by one).
/// The error is from sums over clusters of the influence on the whole answer, times what the design's own error of the contrast has over that of its cluster sums; t with clusters less 2. p: the same answer under designs drawn
/// again, outcomes kept (no effect on anybody). Agrees with numpy's least squares to 1e-9 (tests/reference/interference/full.json). Whether the line bends is asked by <see cref="ExposureCurve"/>.
/// </remarks>
public static class FullExposure
{
    /// <param name="design">Exposures with their probabilities.</param>
    /// <param name="outcome">Outcome of each unit; NaN where there is none.</param>
    /// <param name="total">The contrast of exposures of this outcome.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Null where neighbours' shares do not vary beyond what the links give, so that no line can be read.</returns>
    public static FullExposureResult? Of(ExposureDesign design, double[] outcome, ExposureContrast total, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(total);
        InferenceGuard.Level(level);
        var (line, codes) = (new ExposureLine(design, outcome), Array.ConvertAll(design.Observed(), e => (byte)e));
        if (line.Fit(design.Arms, codes) is not { } seen)
            return null;
        var (whole, met) = line.Influence(seen, design.Arms, codes);
        var (squares, plain) = (whole.Sum(v => v * v), met.Sum(v => v * v));
        var more = design.Clusters / (design.Clusters - 1.0);
        var wider = plain > 0 ? Math.Max(1, total.Difference.StandardError * total.Difference.StandardError / (plain * more)) : 1;
        var error = Math.Sqrt(squares * more * wider);
        if (!(error > 0))
            return null;
        var value = seen.Everybody - seen.Nobody;
        var degrees = Math.Max(1.0, design.Clusters - 2.0);
        var half = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        var reached = 1 - seen.FirstMissing - seen.SecondMissing;
        return new(
            new ContrastResult(value, value - half, value + half, error, value / error, degrees, Redrawn(design, line, value), level, Method(total.Difference.Method, reached)),
            seen.Everybody, seen.Nobody, seen.Treated?.Slope ?? 0, seen.Control?.Slope ?? 0, reached);
    }

    // Share of designs under which outcomes that nobody's arm moves would have given as much.
    static double Redrawn(ExposureDesign design, ExposureLine line, double value)
    {
        var (draws, bound) = (design.Draws, Math.Abs(value) * (1 - 1e-9));
        var extreme = 0;
        design.EachArms((_, arms, codes) =>
        {
            if (line.Fit(arms, codes) is not { } drawn || Math.Abs(drawn.Everybody - drawn.Nobody) >= bound)
                Interlocked.Increment(ref extreme);
        });
        return (extreme + 1.0) / (draws + 1.0);
    }

    static string Method(string method, double reached)
    {
        const string where = "; p over ";
        return reached > 1 - 1e-9 || !method.Contains(where, StringComparison.Ordinal) ? method : method.Replace(where, $", carried on in a straight line to all neighbours against none{where}", StringComparison.Ordinal);
    }
}
