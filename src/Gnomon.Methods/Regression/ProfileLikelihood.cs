using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Regression;

/// <summary>Intervals of coefficients that the likelihood-ratio test does not reject: right where Wald's are not, for small counts and steep slopes.</summary>
/// <remarks>
/// Sources: Venzon and Moolgavkar 1988, Applied Statistics 37; Heinze and Schemper 2002 for penalised models. The other coefficients are fitted again at each value.
/// The limit is normal, or Student's t with the residual degrees of freedom where the dispersion is estimated.
/// </remarks>
public static class ProfileLikelihood
{
    const double FurthestErrors = 60.0;

    /// <param name="fit">A fitted generalised linear model.</param>
    /// <param name="index">Coefficient.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>The interval; null when an end lies beyond 60 standard errors or the model cannot be fitted on the way there.</returns>
    public static Interval? Of(GlmFit fit, int index, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        var limit = fit.UsesStudent ? StudentT.UpperQuantile(0.5 * (1.0 - level), fit.ResidualDegrees) : Normal.UpperQuantile(0.5 * (1.0 - level));
        var profile = new Profile(fit, index);
        var low = profile.End(-limit);
        var high = profile.End(limit);
        return low is { } l && high is { } h ? new Interval(l, h) : null;
    }

    /// <summary>Twice the log-likelihood lost when one coefficient is 0, with its p-value from chi-square (or F) with one degree of freedom.</summary>
    /// <param name="fit">A fitted generalised linear model.</param>
    /// <param name="index">Coefficient.</param>
    /// <returns>Null when the model without the column cannot be fitted.</returns>
    public static WaldTest? LikelihoodRatio(GlmFit fit, int index)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (new Profile(fit, index).Root(0.0) is not { } root)
        {
            return null;
        }

        var statistic = root * root;
        return fit.UsesStudent
            ? new WaldTest(statistic, 1, fit.ResidualDegrees, FisherF.Sf(statistic, 1, fit.ResidualDegrees))
            : new WaldTest(statistic, 1, null, ChiSquared.Sf(statistic, 1));
    }

    sealed class Profile
    {
        readonly GlmFit _fit;
        readonly int _index;
        readonly double _estimate;
        readonly double _error;
        readonly double _best;
        double[]? _others;

        public Profile(GlmFit fit, int index)
        {
            _fit = fit;
            _index = index;
            _estimate = fit.Estimates[index];
            _error = RobustErrors.Classical(fit).StandardError(index);
            _best = fit.IsPenalised ? Penalised(fit.Estimates[index]).GetValueOrDefault() : fit.Deviance;
        }

        public double? End(double target)
        {
            var side = Math.Sign(target);
            var inner = _estimate;
            var width = Math.Abs(target) * _error;
            for (var outer = _estimate + side * width; Math.Abs(outer - _estimate) <= FurthestErrors * _error; outer = _estimate + side * width)
            {
                if (Root(outer) is not { } z)
                {
                    return null;
                }

                if (Math.Abs(z) >= Math.Abs(target))
                {
                    var failed = false;
                    var root = Brent.Root(
                        b =>
                        {
                            var value = b == _estimate ? 0.0 : Root(b);
                            failed |= value is null;
                            return (value ?? 0.0) - target;
                        },
                        Math.Min(inner, outer), Math.Max(inner, outer), 1e-10 * _error);
                    return failed || !root.Converged ? null : root.X;
                }

                inner = outer;
                width *= 1.5;
            }

            return null;
        }

        // Signed root of the (scaled) loss of deviance.
        public double? Root(double b)
        {
            if ((_fit.IsPenalised ? Penalised(b) : Plain(b)) is not { } value)
            {
                return null;
            }

            var lost = Math.Max(0.0, (value - _best) / _fit.Dispersion);
            return Math.Sign(b - _estimate) * Math.Sqrt(lost);
        }

        double? Plain(double b)
        {
            var offset = Offset(b);
            if (_fit.Design.Columns == 1)
            {
                var sum = 0.0;
                for (var i = 0; i < _fit.Rows; i++)
                {
                    var mean = _fit.Family.Mean(offset[i]).Mean;
                    if (!_fit.Family.Allows(mean))
                    {
                        return null;
                    }

                    sum += (_fit.Options.Weights?[i] ?? 1.0) * _fit.Family.UnitDeviance(_fit.Outcome[i], mean);
                }

                return sum;
            }

            var others = _fit.Design.Only([.. Enumerable.Range(0, _fit.Design.Columns).Where(j => j != _index)]);
            var start = _others ?? [.. _fit.Estimates.Where((_, j) => j != _index)];
            var fit = GeneralisedLinearModel.Iterate(others, [], _fit.Outcome, _fit.Options with { Offset = offset }, start, out _)
                ?? GeneralisedLinearModel.Iterate(others, [], _fit.Outcome, _fit.Options with { Offset = offset }, null, out _);
            _others = fit?.Estimates;
            return fit?.Deviance;
        }

        // Minus twice the penalised likelihood, the penalty over all columns, so that both are on the scale of a deviance.
        double? Penalised(double b)
        {
            try
            {
                // Centring would mix the intercept with the others, and a fixed coefficient must be a coordinate of its own. Scaling and centring leave the
                // determinant of the information as it is, up to the same constant.
                var columns = _index == _fit.Design.Intercept ? StandardisedColumns.Uncentred(_fit.Design) : new StandardisedColumns(_fit.Design);
                var beta = (double[])_fit.Estimates.Clone();
                beta[_index] = b;
                return -2.0 * FirthRegression.Solve(columns, _fit.Outcome, _fit.Options, columns.FromOriginal(beta), _index).LogLikelihood;
            }
            catch (NotEstimableException)
            {
                return null;
            }
        }

        double[] Offset(double b)
        {
            var offset = _fit.Options.Offset is { } given ? given.AsSpan().ToArray() : new double[_fit.Rows];
            Vectors.AddScaled(offset, _fit.Design.Column(_index), b);
            return offset;
        }
    }
}
