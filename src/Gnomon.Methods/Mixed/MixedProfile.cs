using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Mixed;

/// <summary>An interval from the profile of the criterion.</summary>
/// <param name="Group">Grouping column; null for the residual standard deviation.</param>
/// <param name="Effect">Effect, or two effects joined by a colon for a correlation; empty for the residual standard deviation.</param>
/// <param name="IsCorrelation">True for a correlation, false for a standard deviation.</param>
/// <param name="Estimate">Standard deviation in the effect's unit, or correlation.</param>
/// <param name="Low">Lower end; 0 (or -1) where the criterion never rises enough.</param>
/// <param name="High">Upper end; 1 for a correlation where the criterion never rises enough.</param>
public sealed record ComponentInterval(string? Group, string Effect, bool IsCorrelation, double Estimate, double Low, double High);

/// <summary>Intervals of standard deviations, correlations and coefficients by profile likelihood: the values that the criterion, minimised over everything else, does not rule out.</summary>
/// <remarks>
/// Source: Bates et al. 2015, section 5.1; Venzon and Moolgavkar 1988. The profile is of the fit's own criterion: restricted likelihood for REML, which lme4's <c>confint</c> replaces by the
/// full one; the two agree for fits by maximum likelihood.
/// </remarks>
public static class MixedProfile
{
    const double LargestRatio = 1e4;
    const double LargestCorrelation = 0.99999;

    /// <summary>Intervals of every standard deviation and correlation, the residual standard deviation last.</summary>
    /// <param name="fit">A mixed model.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">The profile could not be followed.</exception>
    public static IReadOnlyList<ComponentInterval> Components(MixedFit fit, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        var rise = ChiSquared.UpperQuantile(1.0 - level, 1.0);
        var result = new List<ComponentInterval>();
        for (var p = 0; p < fit.Random.Count; p++)
        {
            var random = fit.Random[p];
            for (var j = 0; j < random.Names.Count; j++)
            {
                var (low, high) = Scale(new Profile(fit, p, j, -1), random.StandardDeviation(j), fit.Sigma / Math.Abs(fit.Problem.Shape.Parts[p].FromRaw()[j * random.Names.Count + j]), rise);
                result.Add(new ComponentInterval(random.Group, random.Names[j], false, random.StandardDeviation(j), low, high));
            }

            for (var j = 0; j < random.Names.Count; j++)
            {
                for (var i = 0; i < j; i++)
                {
                    if (random.Correlation(i, j) is { } r)
                    {
                        var (low, high) = Correlation(new Profile(fit, p, i, j), r, rise);
                        result.Add(new ComponentInterval(random.Group, $"{random.Names[i]}:{random.Names[j]}", true, r, low, high));
                    }
                }
            }
        }

        var own = Scale(new Profile(fit, -1, -1, -1), fit.Sigma, fit.Sigma, rise);
        result.Add(new ComponentInterval(null, string.Empty, false, fit.Sigma, own.Low, own.High));
        return result;
    }

    /// <summary>Interval of one coefficient; for fits by maximum likelihood, whose criterion compares models with different fixed parts.</summary>
    /// <param name="fit">A mixed model fitted by maximum likelihood.</param>
    /// <param name="index">The coefficient.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="ArgumentException">The fit is restricted.</exception>
    public static Interval Coefficient(MixedFit fit, int index, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        if (fit.IsRestricted)
        {
            throw new ArgumentException("The restricted likelihood does not compare coefficients: fit by maximum likelihood.", nameof(fit));
        }

        var rise = ChiSquared.UpperQuantile(1.0 - level, 1.0);
        var unit = new double[fit.Coefficients.Count];
        unit[index] = 1.0;
        var basis = fit.Problem.ToBasis(unit);
        var plain = fit.Problem.Plain.Coefficients[index];
        var estimate = fit.Coefficients[index];
        var error = fit.Covariance.StandardError(index);
        double End(int side)
        {
            var warm = fit.Theta;
            double Over(double t)
            {
                var found = Search.Minimise(theta => fit.Problem.Deviance(theta, basis, estimate + side * t * error - plain), warm);
                warm = found.X;
                return found.Value - fit.Criterion - rise;
            }

            var outer = 1.5 * Math.Sqrt(rise);
            while (Over(outer) < 0.0)
            {
                outer = outer < LargestRatio ? 2.0 * outer : throw new NotEstimableException($"The profile of {fit.Design.Names[index]} does not rise.");
            }

            return estimate + side * error * Brent.Root(Over, 0.0, outer, 1e-8).X;
        }

        return new Interval(End(-1), End(1));
    }

    // Ends on the scale of the logarithm; the lower one is 0 where a variance of 0 is not ruled out.
    static (double Low, double High) Scale(Profile profile, double estimate, double unit, double rise)
    {
        double Over(double value) => profile.Rise(value) - rise;
        var from = Math.Max(estimate, 1e-3 * unit);
        var outer = 2.0 * from;
        while (Over(outer) < 0.0)
        {
            outer = outer < LargestRatio * Math.Max(unit, from) ? 2.0 * outer : throw new NotEstimableException("The profile of a standard deviation does not rise.");
        }

        var high = Math.Exp(Brent.Root(t => Over(Math.Exp(t)), Math.Log(from), Math.Log(outer), 1e-9).X);
        profile.Restart();
        if (estimate < 2e-3 * unit || (profile.MayBeZero && Over(0.0) < 0.0))
        {
            return (0.0, high);
        }

        profile.Restart();
        var inner = 0.5 * estimate;
        while (Over(inner) < 0.0)
        {
            inner = inner > estimate / LargestRatio ? 0.5 * inner : throw new NotEstimableException("The profile of a standard deviation does not rise.");
        }

        return (Math.Exp(Brent.Root(t => Over(Math.Exp(t)), Math.Log(inner), Math.Log(estimate), 1e-9).X), high);
    }

    // Ends on Fisher's scale.
    static (double Low, double High) Correlation(Profile profile, double estimate, double rise)
    {
        double Over(double z) => profile.Rise(Math.Tanh(z)) - rise;
        var centre = Math.Atanh(Math.Clamp(estimate, -LargestCorrelation, LargestCorrelation));
        var edge = Math.Atanh(LargestCorrelation);
        double End(int side)
        {
            profile.Restart();
            if (side * centre >= edge || Over(side * edge) < 0.0)
            {
                return side;
            }

            profile.Restart();
            return Math.Tanh(Brent.Root(Over, centre, side * edge, 1e-9).X);
        }

        return (End(-1), End(1));
    }

    /// <summary>
    /// The criterion with one standard deviation, correlation or the residual deviation given. The effect comes first in its factor, so that its standard deviation is the factor's first
    /// element; a correlation is the angle of the second row.
    /// </summary>
    sealed class Profile
    {
        readonly MixedFit _fit;
        readonly int _part;
        readonly int _second;
        readonly int _at;
        readonly int _width;
        readonly double[] _map;
        readonly double[] _start;
        double[] _warm;

        public Profile(MixedFit fit, int part, int first, int second)
        {
            (_fit, _part, _second) = (fit, part, second);
            var shape = fit.Problem.Shape;
            _map = [];
            if (part < 0)
            {
                _start = fit.Theta;
            }
            else
            {
                _width = shape.Parts[part].Width;
                _at = shape.Parts.Take(part).Sum(p => p.Parameters);
                int[] order = [.. Enumerable.Range(0, _width).OrderBy(j => j == first ? 0 : j == second ? 1 : 2)];
                _map = Permuted(shape.Parts[part].FromRaw(), order);
                _start = Start(shape, order);
            }

            _warm = _start;
        }

        /// <summary>A residual deviation of 0 is not among the possible ones.</summary>
        public bool MayBeZero => _part >= 0;

        public void Restart() => _warm = _start;

        public double Rise(double value)
        {
            var found = Search.Minimise(free => Deviance(free, value), _warm);
            if (!ReferenceEquals(_warm, _start))
            {
                // From a neighbour the search is short, from the estimates it is safe: the lower end counts.
                var safe = Search.Minimise(free => Deviance(free, value), _start);
                found = safe.Value < found.Value ? safe : found;
            }

            // A scale that fell to 0 at one correlation is a corner that no search leaves: correlations start from the estimates each time.
            _warm = _second >= 0 ? _start : found.X;
            return double.IsFinite(found.Value) ? found.Value - _fit.Criterion : throw new NotEstimableException("The profile of a variance component could not be followed.");
        }

        // Free parameters: theta of the other parts; of this one the lower triangle less what is given; for a standard deviation the logarithm of sigma, last.
        double Deviance(double[] free, double value)
        {
            var shape = _fit.Problem.Shape;
            if (_part < 0)
            {
                return _fit.Problem.Deviance(shape.Factors(free), value);
            }

            var own = shape.Parts[_part].Parameters;
            var sigma = _second < 0 ? Math.Exp(free[^1]) : 1.0;
            var factors = shape.Factors([.. free.AsSpan(0, _at), .. new double[own], .. free.AsSpan(_at + own - 1, shape.Parameters - _at - own)]);
            var l = new double[_width * _width];
            var next = _at;
            for (var i = 0; i < _width; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    if (_second < 0 && i == 0)
                    {
                        l[0] = value / sigma;
                    }
                    else if (_second >= 0 && i == 1)
                    {
                        // The signs of a row's scale and of the first effect's do not change the model; left free they would turn the correlation.
                        var length = Math.Abs(free[next]);
                        l[0] = Math.Abs(l[0]);
                        (l[_width], l[_width + 1]) = (value * length, Math.Sqrt(1.0 - value * value) * length);
                        j = 1;
                        next++;
                    }
                    else
                    {
                        l[i * _width + j] = free[next++];
                    }
                }
            }

            var grouping = shape.Parts[_part].Grouping;
            var width = shape.Groupings[grouping].Width;
            var offset = shape.Parts[_part].Offset;
            for (var i = 0; i < _width; i++)
            {
                for (var j = 0; j < _width; j++)
                {
                    var sum = 0.0;
                    for (var k = 0; k < _width; k++)
                    {
                        sum += _map[i * _width + k] * l[k * _width + j];
                    }

                    factors[grouping][(offset + i) * width + offset + j] = sum;
                }
            }

            return _second < 0 ? _fit.Problem.Deviance(factors, sigma) : _fit.Problem.Deviance(factors);
        }

        double[] Start(CovarianceShape shape, int[] order)
        {
            var raw = shape.RawCovariance(_fit.Theta, _part);
            var l = new double[_width * _width];
            for (var i = 0; i < _width; i++)
            {
                for (var j = 0; j < _width; j++)
                {
                    l[i * _width + j] = raw[order[i] * _width + order[j]];
                }

                l[i * _width + i] *= 1.0 + 1e-10;
                l[i * _width + i] += 1e-10 * Math.Pow(shape.Parts[_part].ToRaw[order[i] * _width + order[i]], 2.0);
            }

            if (!Dense.Factor(l, _width))
            {
                throw new NotEstimableException("The covariance of the random effects has no factor to start a profile from.");
            }

            var free = new List<double>(_fit.Theta[.._at]);
            for (var i = 0; i < _width; i++)
            {
                if (_second >= 0 && i == 1)
                {
                    free.Add(Math.Sqrt(l[_width] * l[_width] + l[_width + 1] * l[_width + 1]));
                    continue;
                }

                for (var j = 0; j <= i; j++)
                {
                    if (_second >= 0 || i > 0)
                    {
                        free.Add(l[i * _width + j]);
                    }
                }
            }

            free.AddRange(_fit.Theta[(_at + shape.Parts[_part].Parameters)..]);
            if (_second < 0)
            {
                free.Add(Math.Log(_fit.Sigma));
            }

            return [.. free];
        }

        // Columns of the map in the new order of the effects.
        double[] Permuted(double[] fromRaw, int[] order)
        {
            var result = new double[_width * _width];
            for (var i = 0; i < _width; i++)
            {
                for (var j = 0; j < _width; j++)
                {
                    result[i * _width + j] = fromRaw[i * _width + order[j]];
                }
            }

            return result;
        }
    }
}
