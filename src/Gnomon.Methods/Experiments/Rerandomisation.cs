using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Experiments;

/// <summary>An assignment that was drawn again until the arms were alike.</summary>
/// <param name="Salt">Salt of the draw that was taken: the plain hash with this salt gives the arms again, from C# or SQL.</param>
/// <param name="Draws">Draws made, the one that was taken included.</param>
/// <param name="Distance">Mahalanobis distance between the arms' covariate means.</param>
/// <param name="Bound">Largest distance that was acceptable.</param>
/// <param name="Dimensions">Covariates that no others determine.</param>
/// <param name="Arms">Arm of each unit, 0 or 1.</param>
public sealed record RerandomisationDraw(string Salt, int Draws, double Distance, double Bound, int Dimensions, IReadOnlyList<int> Arms);

/// <summary>Assignment by hash, drawn again with a new salt until the Mahalanobis distance between the arms' covariate means is small.</summary>
/// <remarks>
/// Source: Morgan and Rubin 2012. The distance is n1 n0 / n d' S^-1 d, d the difference of the arms' means and S the covariance over all units; it is about chi-square with as many degrees of freedom as covariates, so
/// the bound is that quantile. Analyse such an experiment with <see cref="RerandomisedDifference"/>: the plain interval is too wide.
/// </remarks>
public static class Rerandomisation
{
    // A chance of exp(-30) to find none.
    const double MostDrawsPerAcceptance = 30;
    const int LeastPerArm = 2;

    /// <param name="salt">Name of the experiment; draw k uses the salt followed by # and k.</param>
    /// <param name="units">Ids, each once.</param>
    /// <param name="covariates">Columns known before assignment, one value per unit, finite.</param>
    /// <param name="share">Share of the second arm.</param>
    /// <param name="acceptance">Share of draws that are acceptable, in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than twice as many units as covariates, plus 4.</exception>
    /// <exception cref="NotEstimableException">No covariate varies, or no draw was acceptable.</exception>
    public static RerandomisationDraw Draw(string salt, IReadOnlyList<string> units, IReadOnlyList<double[]> covariates, double share = 0.5, double acceptance = 0.01)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(covariates);
        if (!(share > 0 && share < 1) || !(acceptance > 0 && acceptance < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(acceptance), acceptance, "Share and acceptance lie between 0 and 1.");
        }

        if (units.Count < 2 * covariates.Count + 4)
        {
            throw new TooFewRowsException("The list of units", units.Count, 2 * covariates.Count + 4);
        }

        var (columns, factor) = Whiten(covariates, units.Count);
        var bound = ChiSquared.Quantile(acceptance, factor.Rank);
        var arms = new int[units.Count];
        var end = Assignment.Ends([1 - share, share], 0)[0];
        var most = (int)Math.Min(1_000_000, Math.Ceiling(MostDrawsPerAcceptance / acceptance));
        for (var draw = 1; draw <= most; draw++)
        {
            var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{salt}#{draw}");
            for (var i = 0; i < arms.Length; i++)
            {
                arms[i] = Assignment.Place(name, units[i]) < end ? 0 : 1;
            }

            if (Distance(columns, factor, arms) is { } distance && distance <= bound)
            {
                return new(name, draw, distance, bound, factor.Rank, arms);
            }
        }

        throw new NotEstimableException($"None of {most} draws was acceptable.");
    }

    /// <summary>Mahalanobis distance between the arms' covariate means.</summary>
    /// <param name="covariates">One value per unit and covariate.</param>
    /// <param name="arms">0 or 1 for each unit.</param>
    /// <returns>Null when an arm has fewer than 2 units.</returns>
    /// <exception cref="NotEstimableException">No covariate varies.</exception>
    public static double? Distance(IReadOnlyList<double[]> covariates, ReadOnlySpan<int> arms)
    {
        ArgumentNullException.ThrowIfNull(covariates);
        var (columns, factor) = Whiten(covariates, arms.Length);
        return Distance(columns, factor, arms);
    }

    static double? Distance(double[][] columns, PivotedCholesky factor, ReadOnlySpan<int> arms)
    {
        var second = 0;
        foreach (var arm in arms)
        {
            second += arm;
        }

        var first = arms.Length - second;
        if (Math.Min(first, second) < LeastPerArm)
        {
            return null;
        }

        var difference = new double[columns.Length];
        for (var c = 0; c < columns.Length; c++)
        {
            var (sum, column) = (0.0, columns[c]);
            for (var i = 0; i < arms.Length; i++)
            {
                sum += arms[i] == 1 ? column[i] : 0;
            }

            // Columns are centred: what one arm has, the other lacks.
            difference[c] = sum / second + sum / first;
        }

        return (double)first / arms.Length * second * factor.InverseQuadraticForm(difference);
    }

    static (double[][] Columns, PivotedCholesky Factor) Whiten(IReadOnlyList<double[]> covariates, int units)
    {
        if (covariates.Count == 0 || covariates.Any(c => c.Length != units))
        {
            throw new ArgumentException("At least one covariate is needed, with one value per unit.", nameof(covariates));
        }

        var moments = CoMoments.OfColumns([.. covariates]);
        var p = covariates.Count;
        var matrix = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++)
            {
                matrix[i * p + j] = moments.Covariance(i, j);
            }
        }

        var factor = PivotedCholesky.Factor(matrix, p);
        return factor.Rank == 0
            ? throw new NotEstimableException("No covariate varies, so the arms are always alike.")
            : ([.. covariates.Select((c, i) => Array.ConvertAll(c, v => v - moments.Mean(i)))], factor);
    }
}
