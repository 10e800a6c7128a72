using Gnomon.Numerics;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Experiments;

/// <summary>A past experiment read twice: as the index foretells it from early outcomes, and as it came.</summary>
/// <param name="Foretold">Effect on the index whose slopes were learned from the other experiments.</param>
/// <param name="Seen">Effect on the long-term outcome.</param>
/// <param name="Pair">The two with their sampling variances and covariance, slopes taken as known.</param>
public sealed record ForetoldEffect(double Foretold, double Seen, EffectPair Pair);

/// <summary>How far a surrogate index foretells long-term effects of experiments it has not seen.</summary>
/// <param name="Tests">One per past experiment.</param>
/// <param name="Error">Root mean square of foretold less seen, in the outcome's unit.</param>
/// <param name="OwnError">The same with the sampling noise of both taken out, slopes taken as known; 0 when noise explains it all.</param>
/// <param name="Bias">Mean of foretold less seen.</param>
public sealed record SurrogateValidationResult(IReadOnlyList<ForetoldEffect> Tests, double Error, double OwnError, double Bias);

/// <summary>Validates a surrogate index on past experiments, each foretold from the others.</summary>
/// <remarks>
/// The index is the linear one of <see cref="SurrogateIndex"/> (Athey, Chetty, Imbens and Kang 2019, NBER 26463), fitted on the units of all experiments but one; its effect there is set against the effect
/// that was seen. A gap beyond the sampling noise says that the treatment reached the outcome on other ways than through the surrogates, or that the relation over units is not one of cause.
/// </remarks>
public static class SurrogateValidation
{
    /// <param name="units">Per experiment, the joint moments of its units over all arms: the outcome first, then the surrogates.</param>
    /// <param name="effects">Per experiment, the effects in the same order.</param>
    /// <param name="covariances">Per experiment, the sampling covariance of its effects, row by row.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 experiments.</exception>
    /// <exception cref="NotEstimableException">No surrogate varies once an experiment is left out.</exception>
    public static SurrogateValidationResult LeaveOneOut(IReadOnlyList<CoMoments> units, IReadOnlyList<double[]> effects, IReadOnlyList<double[]> covariances)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(covariances);
        if (units.Count < 2)
        {
            throw new TooFewRowsException("Past experiments", units.Count, 2);
        }

        var n = units.Count;
        var tests = new ForetoldEffect[n];
        double square = 0.0, noise = 0.0, bias = 0.0;
        for (var i = 0; i < n; i++)
        {
            var slopes = Slopes([.. units.Where((_, k) => k != i)]);
            var (foretold, own, shared, k) = (0.0, 0.0, 0.0, slopes.Length + 1);
            for (var a = 0; a < slopes.Length; a++)
            {
                foretold += slopes[a] * effects[i][a + 1];
                shared += slopes[a] * covariances[i][a + 1];
                for (var b = 0; b < slopes.Length; b++)
                {
                    own += slopes[a] * slopes[b] * covariances[i][(a + 1) * k + b + 1];
                }
            }

            var (seen, goal) = (effects[i][0], covariances[i][0]);
            tests[i] = new ForetoldEffect(foretold, seen, new EffectPair(foretold, seen, own, goal, shared));
            square += (foretold - seen) * (foretold - seen) / n;
            noise += (own + goal - 2 * shared) / n;
            bias += (foretold - seen) / n;
        }

        return new(tests, Math.Sqrt(square), Math.Sqrt(Math.Max(0, square - noise)), bias);
    }

    static double[] Slopes(IReadOnlyList<CoMoments> parts)
    {
        var joint = parts[0];
        for (var i = 1; i < parts.Count; i++)
        {
            joint = CoMoments.Merge(joint, parts[i]);
        }

        var p = joint.Dimension - 1;
        var (matrix, with) = (new double[p * p], new double[p]);
        for (var i = 0; i < p; i++)
        {
            with[i] = joint.CrossProduct(i + 1, 0);
            for (var j = 0; j < p; j++)
            {
                matrix[i * p + j] = joint.CrossProduct(i + 1, j + 1);
            }
        }

        var factor = PivotedCholesky.Factor(matrix, p);
        return factor.Rank > 0 ? factor.Solve(with) : throw new NotEstimableException("no surrogate varies in the other experiments.");
    }
}
