using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>A difference of means after rerandomisation.</summary>
/// <param name="Difference">x minus y, with the interval that the balanced covariates allow.</param>
/// <param name="Unadjusted">The same as if the arms had been drawn once.</param>
/// <param name="RSquared">Share of the difference's variance that lies along the covariates.</param>
/// <param name="VarianceReduction">Share of the variance that rerandomisation took away.</param>
public sealed record RerandomisedResult(ContrastResult Difference, ContrastResult Unadjusted, double RSquared, double VarianceReduction);

/// <summary>Inference for an experiment whose arms were drawn again until their covariates were alike.</summary>
/// <remarks>
/// Source: Li, Ding and Rubin 2018, PNAS 115. The difference of means is distributed like sqrt(V) (sqrt(1 - R2) e + sqrt(R2) L), e standard normal and L the first coordinate of K normals whose squares add up to at most the bound.
/// V = s1^2/n1 + s0^2/n0, so that the interval holds for the population that the units stand for; R2 V = s1x^2/n1 + s0x^2/n0 - stx^2/n, spreads of the projections of the outcomes and of their difference on the covariates.
/// Quantiles agree with scipy quadrature to 1e-8 (tests/reference/assignment/make.py).
/// </remarks>
public static class RerandomisedDifference
{
    // Beyond this the outcome is its covariates, and nothing is left to be normal.
    const double MostRSquared = 0.9999;
    static readonly GaussLegendre Nodes = new(300);

    /// <param name="x">Second arm (treated): column 0 the outcome, columns 1.. the covariates that were balanced.</param>
    /// <param name="y">First arm (control), same columns.</param>
    /// <param name="acceptance">Share of draws that were acceptable.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than p + 3 units.</exception>
    /// <exception cref="NotEstimableException">The outcome does not vary, or no covariate does.</exception>
    public static RerandomisedResult Compare(CoMoments x, CoMoments y, double acceptance, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        InferenceGuard.Level(level);
        InferenceGuard.Rows(x, 2, x.Dimension + 2, "The treated arm");
        InferenceGuard.Rows(y, x.Dimension, y.Dimension + 2, "The control arm");
        var plain = WelchT.Test(x.Column(0), y.Column(0), level);
        var p = x.Dimension - 1;
        var all = CoMoments.Merge(x, y);
        var matrix = new double[p * p];
        var (treated, control, shift) = (new double[p], new double[p], new double[p]);
        for (var i = 0; i < p; i++)
        {
            (treated[i], control[i]) = (x.Covariance(i + 1, 0), y.Covariance(i + 1, 0));
            shift[i] = treated[i] - control[i];
            for (var j = 0; j < p; j++)
            {
                matrix[i * p + j] = all.Covariance(i + 1, j + 1);
            }
        }

        var factor = PivotedCholesky.Factor(matrix, p);
        if (factor.Rank == 0)
        {
            throw new NotEstimableException("No covariate varies, so the arms were not drawn again by any.");
        }

        var variance = x.Variance(0) / x.Count + y.Variance(0) / y.Count;
        var along = factor.InverseQuadraticForm(treated) / x.Count + factor.InverseQuadraticForm(control) / y.Count - factor.InverseQuadraticForm(shift) / all.Count;
        var rSquared = Math.Clamp(along / variance, 0, MostRSquared);
        var bound = ChiSquared.Quantile(acceptance, factor.Rank);
        var kept = ChiSquared.Cdf(bound, factor.Rank + 2) / ChiSquared.Cdf(bound, factor.Rank);
        var (value, unit) = (x.Mean(0) - y.Mean(0), Math.Sqrt(variance));
        var reach = unit * Quantile(1 - (1 - level) / 2, rSquared, factor.Rank, bound);
        var error = unit * Math.Sqrt(1 - rSquared * (1 - kept));
        return new(
            new(value, value - reach, value + reach, error, value / unit, null, Math.Min(1, 2 * Upper(Math.Abs(value) / unit, rSquared, factor.Rank, bound)), level, "difference after rerandomisation (Li, Ding and Rubin)"),
            plain,
            rSquared,
            rSquared * (1 - kept));
    }

    /// <summary>Quantile of sqrt(1 - R2) e + sqrt(R2) L.</summary>
    /// <param name="p">Probability in (0.5, 1).</param>
    /// <param name="rSquared">R2 in [0, 1).</param>
    /// <param name="dimensions">K.</param>
    /// <param name="bound">Bound on the sum of squares.</param>
    public static double Quantile(double p, double rSquared, int dimensions, double bound)
    {
        if (!(p > 0.5 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "The probability lies between 0.5 and 1.");
        }

        var high = Normal.Quantile(p);
        return rSquared == 0 ? high : Brent.Root(q => Upper(q, rSquared, dimensions, bound) - (1 - p), 0, high + 1e-9, 1e-12).X;
    }

    /// <summary>P(sqrt(1 - R2) e + sqrt(R2) L > q).</summary>
    public static double Upper(double q, double rSquared, int dimensions, double bound)
    {
        if (!(rSquared >= 0 && rSquared < 1) || dimensions < 1 || !(bound > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(rSquared), rSquared, "R2 lies in [0, 1), with at least one covariate and a bound above 0.");
        }

        var (along, rest, edge) = (Math.Sqrt(rSquared), Math.Sqrt(1 - rSquared), Math.Sqrt(bound));
        var total = ChiSquared.Cdf(bound, dimensions);

        // l = edge sin(t) takes the edge off the density where it ends like a root.
        return Nodes.Integrate(
            t =>
            {
                var l = edge * Math.Sin(t);
                var inside = dimensions == 1 ? 1 : ChiSquared.Cdf(Math.Max(0, bound - l * l), dimensions - 1);
                return Normal.Pdf(l) * inside / total * edge * Math.Cos(t) * Normal.Sf((q - along * l) / rest);
            },
            -Math.PI / 2,
            Math.PI / 2);
    }
}
