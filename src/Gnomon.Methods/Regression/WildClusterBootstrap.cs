using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Regression;

/// <summary>A bootstrap test of one coefficient of a linear model with few clusters.</summary>
/// <param name="Term">The coefficient.</param>
/// <param name="Statistic">Its t with clustered (CR1) errors.</param>
/// <param name="PValue">Share of draws under the null hypothesis whose t is at least as large in size.</param>
/// <param name="Interval">Values that the same test does not reject; null when no end was found within 1,000 standard errors.</param>
/// <param name="Draws">Draws made; all sign patterns when <paramref name="IsExhaustive"/>.</param>
/// <param name="IsExhaustive">True when every assignment of weights to clusters was visited.</param>
public sealed record WildBootstrapResult(string Term, double Statistic, double PValue, Interval? Interval, int Draws, bool IsExhaustive);

/// <summary>The restricted wild cluster bootstrap with Webb's six-point weights.</summary>
/// <remarks>
/// Sources: Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90; Webb 2023, Canadian Journal of Economics 56; MacKinnon, Nielsen and Webb
/// 2023, Journal of Econometrics 232. The null is imposed on the bootstrap data. The interval inverts the test with the same draws, so it agrees with the p-value.
/// All 6^G assignments are visited when they are no more than the draws asked for. A draw that ties with the data up to rounding counts.
/// </remarks>
public static class WildClusterBootstrap
{
    const double FurthestErrors = 1000.0;

    // The statistic of the data comes out of the same sums as those of the draws, in another order.
    const double Tie = 1e-10;

    /// <param name="fit">A linear model by least squares.</param>
    /// <param name="clusters">Cluster of each row.</param>
    /// <param name="term">Name of the coefficient that is 0 under the null hypothesis.</param>
    /// <param name="draws">Bootstrap draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters.</exception>
    /// <exception cref="NotEstimableException">The coefficient has no clustered error.</exception>
    public static WildBootstrapResult Test(LinearFit fit, ReadOnlySpan<int> clusters, string term, int draws = 9999, int seed = 1, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 99);
        var groups = ClusterIndex.Of(clusters, fit.Rows);
        var problem = Problem.Of(fit, groups, fit.IndexOf(term));
        var isExhaustive = Math.Pow(6.0, groups.Count) <= draws;
        var weights = isExhaustive ? All(groups.Count) : Drawn(groups.Count, draws, seed);
        var p = problem.PValue(weights, 0.0);
        var alpha = 1.0 - level;
        var low = End(problem, weights, alpha, -1);
        var high = End(problem, weights, alpha, +1);
        return new WildBootstrapResult(term, problem.Estimate / problem.Error, p, low is { } l && high is { } h ? new Interval(l, h) : null, weights.Length, isExhaustive);
    }

    // Walks away from the estimate until the test rejects, then halves the bracket.
    static double? End(Problem problem, double[][] weights, double alpha, int side)
    {
        var inside = problem.Estimate;
        var step = 2.0 * problem.Error;
        double outside;
        for (; ; step *= 2.0)
        {
            if (step > FurthestErrors * problem.Error)
            {
                return null;
            }

            outside = problem.Estimate + side * step;
            if (problem.PValue(weights, outside) < alpha)
            {
                break;
            }

            inside = outside;
        }

        while (Math.Abs(outside - inside) > 1e-4 * problem.Error)
        {
            var middle = 0.5 * (inside + outside);
            if (problem.PValue(weights, middle) < alpha)
            {
                outside = middle;
            }
            else
            {
                inside = middle;
            }
        }

        return inside;
    }

    static double Webb(int index)
    {
        var size = Math.Sqrt((index % 3) switch { 0 => 0.5, 1 => 1.0, _ => 1.5 });
        return index < 3 ? size : -size;
    }

    static double[][] All(int groups)
    {
        var count = (int)Math.Pow(6.0, groups);
        var weights = new double[count][];
        for (var d = 0; d < count; d++)
        {
            weights[d] = new double[groups];
            var code = d;
            for (var g = 0; g < groups; g++)
            {
                weights[d][g] = Webb(code % 6);
                code /= 6;
            }
        }

        return weights;
    }

    static double[][] Drawn(int groups, int draws, int seed)
    {
        var rng = new Rng(seed).Stream("wild cluster bootstrap");
        var weights = new double[draws][];
        for (var d = 0; d < draws; d++)
        {
            weights[d] = new double[groups];
            for (var g = 0; g < groups; g++)
            {
                weights[d][g] = Webb(rng.NextInt(6));
            }
        }

        return weights;
    }

    /// <summary>Everything the draws need, per cluster: restricted scores, linear in the value of the null hypothesis, and how a shift of the coefficients moves them.</summary>
    sealed class Problem
    {
        readonly int _k;
        readonly int _groups;

        // Whitened restricted scores of each cluster for a null of 0, and their change per unit of the null.
        readonly double[] _atZero;
        readonly double[] _perUnit;
        readonly double[] _target;
        readonly double[] _shift;
        readonly double _correction;

        Problem(int k, int groups, double[] atZero, double[] perUnit, double[] target, double[] shift, double correction, double estimate, double error)
        {
            _k = k;
            _groups = groups;
            _atZero = atZero;
            _perUnit = perUnit;
            _target = target;
            _shift = shift;
            _correction = correction;
            Estimate = estimate;
            Error = error;
        }

        public double Estimate { get; }

        public double Error { get; }

        public static Problem Of(LinearFit fit, ClusterIndex groups, int index)
        {
            var basis = fit.Basis(null);
            var k = basis.Count;
            var target = basis.WhitenedCoefficient(index);
            var length = SmallMatrix.Dot(target, target);
            var estimate = fit.Estimates[index];
            var atZero = new double[groups.Count * k];
            var perUnit = new double[groups.Count * k];
            var shift = new double[groups.Count * k];
            var row = new double[k];
            for (var i = 0; i < fit.Rows; i++)
            {
                basis.Row(i, row);
                var q = basis.Whiten(row);
                var w = fit.WorkingWeights?[i] ?? 1.0;

                // The restricted residual is the residual plus the fitted part along the tested direction, less what the null value explains.
                var along = SmallMatrix.Dot(q, target) / length;
                var g = groups.Codes[i];
                Vectors.AddScaled(atZero.AsSpan(g * k, k), q, w * (fit.WorkingResiduals[i] + along * estimate));
                Vectors.AddScaled(perUnit.AsSpan(g * k, k), q, -w * along);
                Vectors.AddScaled(shift.AsSpan(g * k, k), q, w * SmallMatrix.Dot(q, target));
            }

            var correction = groups.Count / (groups.Count - 1.0) * (fit.Rows - 1.0) / (fit.Rows - k);
            var error = RobustErrors.Clustered(fit, groups.Codes).StandardError(index);
            return error > 0
                ? new Problem(k, groups.Count, atZero, perUnit, target, shift, correction, estimate, error)
                : throw new NotEstimableException($"The coefficient of {fit.Design.Names[index]} has no clustered standard error.");
        }

        public double PValue(double[][] weights, double nullValue)
        {
            var scores = new double[_atZero.Length];
            var own = new double[_groups];
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = _atZero[i] + nullValue * _perUnit[i];
            }

            for (var g = 0; g < _groups; g++)
            {
                own[g] = SmallMatrix.Dot(_target, scores.AsSpan(g * _k, _k));
            }

            var observed = Math.Abs((Estimate - nullValue) / Error) * (1.0 - Tie);
            var reached = 0;
            var moved = new double[_k];
            foreach (var v in weights)
            {
                Array.Clear(moved);
                for (var g = 0; g < _groups; g++)
                {
                    Vectors.AddScaled(moved, scores.AsSpan(g * _k, _k), v[g]);
                }

                var estimate = SmallMatrix.Dot(_target, moved);
                var variance = 0.0;
                for (var g = 0; g < _groups; g++)
                {
                    var score = v[g] * own[g] - SmallMatrix.Dot(_shift.AsSpan(g * _k, _k), moved);
                    variance += score * score;
                }

                reached += Math.Abs(estimate) >= observed * Math.Sqrt(_correction * variance) ? 1 : 0;
            }

            return (double)reached / weights.Length;
        }
    }
}
