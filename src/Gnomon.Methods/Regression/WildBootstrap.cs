using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Regression;

/// <summary>A bootstrap test of one coefficient of a linear model whose rows are few and spread unequally.</summary>
/// <param name="Term">The coefficient.</param>
/// <param name="Statistic">Its t with HC3 errors.</param>
/// <param name="PValue">Share of draws under the null hypothesis whose t is at least as large in size; the data count as one draw unless <paramref name="IsExhaustive"/>.</param>
/// <param name="Interval">Values that the same test does not reject; null when no end was found within 1,000 standard errors.</param>
/// <param name="Draws">Draws made; all sign patterns when <paramref name="IsExhaustive"/>.</param>
/// <param name="IsExhaustive">True when every assignment of signs to rows was visited.</param>
public sealed record WildRowBootstrapResult(string Term, double Statistic, double PValue, Interval? Interval, int Draws, bool IsExhaustive);

/// <summary>The restricted wild bootstrap of rows: signs of the residuals are drawn, the null is imposed, each draw is studentised by its own HC3 error.</summary>
/// <remarks>
/// Sources: Wu 1986; Liu 1988 (the weights); Davidson and Flachaire 2008, Journal of Econometrics 146 (Rademacher weights, restricted residuals); MacKinnon 2013, in Recent Advances and
/// Future Directions. The interval inverts the test with the same draws, so it agrees with the p-value. With the restricted
/// residuals linear in the value of the null, a draw is five numbers and any value costs O(draws). All 2^n sign patterns are visited when they are no more than the draws asked for.
/// The random stream belongs to the draw, so threads change nothing. A row that a coefficient of its own fits exactly has no residual and adds nothing.
/// Agrees with plain refits in numpy to 1e-10 (tests/reference/regression/make-wild.py).
/// </remarks>
public static class WildBootstrap
{
    const double FurthestErrors = 1000.0;
    const double FullLeverage = 1.0 - 1e-10;
    const int DrawsPerBlock = 64;

    // The statistic of the data comes out of the same sums as those of the draws, in another order.
    const double Tie = 1e-10;

    // Rows below which sign patterns are counted in an int.
    const int MostExhaustive = 31;

    /// <param name="fit">A linear model by least squares; weights enter as in the fit.</param>
    /// <param name="term">Name of the coefficient that is 0 under the null hypothesis.</param>
    /// <param name="draws">Bootstrap draws, at least 99.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    /// <exception cref="NotEstimableException">The coefficient has no HC3 error.</exception>
    public static WildRowBootstrapResult Test(LinearFit fit, string term, int draws = 4_999, int seed = 1, double level = 0.95, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var weights = new double[fit.Estimates.Length];
        weights[fit.IndexOf(term)] = 1.0;
        return Test(fit, weights, term, draws, seed, level, threads);
    }

    /// <param name="fit">A linear model by least squares; weights enter as in the fit.</param>
    /// <param name="contrast">One weight per coefficient, not all 0: their weighted sum is 0 under the null hypothesis.</param>
    /// <param name="name">What the sum is called.</param>
    /// <param name="draws">Bootstrap draws, at least 99.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    /// <exception cref="NotEstimableException">The sum has no HC3 error.</exception>
    public static WildRowBootstrapResult Test(LinearFit fit, ReadOnlySpan<double> contrast, string name, int draws = 4_999, int seed = 1, double level = 0.95, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(fit.Estimates.Length, contrast.Length, "weights");
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 99);
        var isExhaustive = fit.Rows < MostExhaustive && (1L << fit.Rows) <= draws;
        var count = isExhaustive ? 1 << fit.Rows : draws;
        var rows = new Rows(fit, contrast, name);
        var problem = new Problem(rows, new Draw[count], isExhaustive);
        Parallel.For(0, (count + DrawsPerBlock - 1) / DrawsPerBlock, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, block =>
        {
            var signs = new double[fit.Rows];
            for (var d = block * DrawsPerBlock; d < Math.Min(count, (block + 1) * DrawsPerBlock); d++)
            {
                if (isExhaustive)
                {
                    Pattern(d, signs);
                }
                else
                {
                    Signs(new Rng(seed).Stream("wild bootstrap", d), signs);
                }

                problem.Draws[d] = rows.Evaluate(signs);
            }
        });
        var p = problem.PValue(0.0);
        var (low, high) = (problem.End(1.0 - level, -1), problem.End(1.0 - level, +1));
        return new WildRowBootstrapResult(name, rows.Estimate / rows.Error, p, low is { } l && high is { } h ? new Interval(l, h) : null, count, isExhaustive);
    }

    static void Pattern(int code, double[] signs)
    {
        for (var i = 0; i < signs.Length; i++)
        {
            signs[i] = (code >> i & 1) == 0 ? 1.0 : -1.0;
        }
    }

    static void Signs(Rng rng, double[] signs)
    {
        var bits = 0UL;
        for (var i = 0; i < signs.Length; i++)
        {
            bits = i % 64 == 0 ? rng.NextUInt64() : bits >> 1;
            signs[i] = (bits & 1) == 0 ? 1.0 : -1.0;
        }
    }

    /// <summary>The coefficient of a draw less the null value is A + B v, its squared error C + 2 D v + E v^2, where v is the null value.</summary>
    readonly record struct Draw(double A, double B, double C, double D, double E);

    /// <summary>What every draw needs of the rows, on the weighted scale: whitened columns, the part of each row in the coefficient, and the restricted residuals.</summary>
    sealed class Rows
    {
        readonly int _k;

        // n rows of k: their outer product is the hat matrix.
        readonly double[] _q;

        // Part of a row in the coefficient, and the same over 1 - leverage, squared.
        readonly double[] _part;
        readonly double[] _spread;

        // Restricted residuals for a null of 0, and their change per unit of the null.
        readonly double[] _atZero;
        readonly double[] _perUnit;

        public Rows(LinearFit fit, ReadOnlySpan<double> contrast, string name)
        {
            var basis = fit.Basis(null);
            _k = basis.Count;
            var n = fit.Rows;
            (_q, _part, _spread, _atZero, _perUnit) = (new double[n * _k], new double[n], new double[n], new double[n], new double[n]);
            var target = new double[_k];
            for (var j = 0; j < _k; j++)
            {
                if (contrast[j] != 0)
                {
                    Vectors.AddScaled(target, basis.WhitenedCoefficient(j), contrast[j]);
                }
            }

            var length = SmallMatrix.Dot(target, target);
            Estimate = SmallMatrix.Dot(contrast, fit.Estimates);
            var row = new double[_k];
            var variance = 0.0;
            for (var i = 0; i < n; i++)
            {
                basis.Row(i, row);
                var q = basis.Whiten(row);
                var root = Math.Sqrt(fit.WorkingWeights?[i] ?? 1.0);
                for (var j = 0; j < _k; j++)
                {
                    q[j] *= root;
                }

                q.CopyTo(_q, i * _k);
                _part[i] = SmallMatrix.Dot(q, target);
                var along = _part[i] / length;
                var rest = 1.0 - SmallMatrix.Dot(q, q);
                var residual = root * fit.WorkingResiduals[i];
                var own = rest > 1.0 - FullLeverage ? _part[i] / rest : 0.0;
                _spread[i] = own * own;
                variance += own * own * residual * residual;
                _atZero[i] = residual + along * Estimate;
                _perUnit[i] = -along;
            }

            Error = Math.Sqrt(variance);
            if (!(Error > 0))
            {
                throw new NotEstimableException($"{name} has no error that unequal spread allows for: the fit is exact where it matters.");
            }
        }

        public double Estimate { get; }

        public double Error { get; }

        public Draw Evaluate(ReadOnlySpan<double> signs)
        {
            Span<double> zero = _k <= 128 ? stackalloc double[_k] : new double[_k];
            Span<double> unit = _k <= 128 ? stackalloc double[_k] : new double[_k];
            zero.Clear();
            unit.Clear();
            double a = 0.0, b = 0.0, c = 0.0, d = 0.0, e = 0.0;
            for (var i = 0; i < signs.Length; i++)
            {
                var (u, s) = (signs[i] * _atZero[i], signs[i] * _perUnit[i]);
                a += _part[i] * u;
                b += _part[i] * s;
                var q = _q.AsSpan(i * _k, _k);
                Vectors.AddScaled(zero, q, u);
                Vectors.AddScaled(unit, q, s);
            }

            for (var i = 0; i < signs.Length; i++)
            {
                var q = _q.AsSpan(i * _k, _k);
                var u = signs[i] * _atZero[i] - Vectors.Dot(q, zero);
                var s = signs[i] * _perUnit[i] - Vectors.Dot(q, unit);
                c += _spread[i] * u * u;
                d += _spread[i] * u * s;
                e += _spread[i] * s * s;
            }

            return new Draw(a, b, c, d, e);
        }
    }

    sealed record Problem(Rows Rows, Draw[] Draws, bool IsExhaustive)
    {
        public double PValue(double nullValue)
        {
            var t = (Rows.Estimate - nullValue) / Rows.Error * (1.0 - Tie);
            var reached = 0L;
            foreach (var draw in Draws)
            {
                var change = draw.A + draw.B * nullValue;
                var variance = draw.C + nullValue * (2.0 * draw.D + nullValue * draw.E);
                reached += change * change >= t * t * Math.Max(0.0, variance) ? 1 : 0;
            }

            return IsExhaustive ? (double)reached / Draws.Length : (1.0 + reached) / (1.0 + Draws.Length);
        }

        // Walks away from the estimate until the test rejects, then halves the bracket.
        public double? End(double alpha, int side)
        {
            var inside = Rows.Estimate;
            var step = 2.0 * Rows.Error;
            double outside;
            for (; ; step *= 2.0)
            {
                if (step > FurthestErrors * Rows.Error)
                {
                    return null;
                }

                outside = Rows.Estimate + side * step;
                if (PValue(outside) < alpha)
                {
                    break;
                }

                inside = outside;
            }

            while (Math.Abs(outside - inside) > 1e-6 * Rows.Error)
            {
                var middle = 0.5 * (inside + outside);
                (inside, outside) = PValue(middle) < alpha ? (inside, middle) : (middle, outside);
            }

            return inside;
        }
    }
}
