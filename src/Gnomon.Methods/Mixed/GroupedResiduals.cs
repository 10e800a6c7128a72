using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Mixed;

/// <summary>Neighbours within groups.</summary>
/// <param name="Autocorrelation">Sum of products of neighbouring residuals over their sum of squares.</param>
/// <param name="DurbinWatson">Sum of squared differences of neighbours over the sum of squares (Bhargava, Franzini and Narendranathan 1982).</param>
/// <param name="PValue">Two-sided, by permuting residuals within their groups.</param>
/// <param name="Pairs">Neighbouring pairs.</param>
public sealed record NeighbourTest(double Autocorrelation, double DurbinWatson, double PValue, long Pairs);

/// <summary>What the residuals of a mixed model say about it.</summary>
/// <remarks>
/// Residuals of a group sum to nearly 0, so neighbours correlate a little below 0 even when errors are independent; permutation within groups has the same tilt, which makes the test fair.
/// Errors that allow for anything within groups: Liang and Zeger 1986, with V^-1 (y - X beta) = W e / sigma^2.
/// </remarks>
public static class GroupedResiduals
{
    /// <summary>Do neighbouring rows of one group have residuals that are alike?</summary>
    /// <param name="fit">A mixed model whose rows are in order of time.</param>
    /// <param name="term">Random term whose groups are followed.</param>
    /// <param name="seed">Seed of the permutations.</param>
    /// <param name="permutations">Permutations, at least 99.</param>
    /// <exception cref="TooFewRowsException">No group has three rows.</exception>
    public static NeighbourTest Neighbours(MixedFit fit, RandomTerm term, int seed = 1, int permutations = 999)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(term);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 99);
        var groups = term.Levels.Select(_ => new List<double>()).ToArray();
        for (var i = 0; i < fit.Rows; i++)
        {
            groups[term.Codes[i]].Add(fit.Residuals[i] * Math.Sqrt(fit.WorkingWeights?[i] ?? 1.0));
        }

        double[][] runs = [.. groups.Where(g => g.Count >= 3).Select(g => g.ToArray())];
        if (runs.Length == 0)
        {
            throw new TooFewRowsException($"The largest group of {term.Group}", groups.Max(g => g.Count), 3);
        }

        double squares = 0.0, differences = 0.0;
        var pairs = 0L;
        foreach (var run in runs)
        {
            for (var i = 0; i < run.Length; i++)
            {
                squares += run[i] * run[i];
                differences += i > 0 ? (run[i] - run[i - 1]) * (run[i] - run[i - 1]) : 0.0;
            }

            pairs += run.Length - 1;
        }

        var seen = Products(runs);
        var rng = new Rng(seed).Stream("neighbours");
        var drawn = new double[permutations];
        for (var p = 0; p < permutations; p++)
        {
            foreach (var run in runs)
            {
                for (var i = run.Length - 1; i > 0; i--)
                {
                    var j = rng.NextInt(i + 1);
                    (run[i], run[j]) = (run[j], run[i]);
                }
            }

            drawn[p] = Products(runs);
        }

        var centre = drawn.Average();
        var beyond = drawn.Count(d => Math.Abs(d - centre) >= Math.Abs(seen - centre));
        return new NeighbourTest(seen / squares, differences / squares, (1.0 + beyond) / (1.0 + permutations), pairs);
    }

    /// <summary>Standard errors of the coefficients that allow for any dependence and spread within the groups of one term.</summary>
    /// <param name="fit">A mixed model.</param>
    /// <param name="term">Random term whose groups are independent of each other.</param>
    public static IReadOnlyList<double> RobustErrors(MixedFit fit, RandomTerm term)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(term);
        var p = fit.Coefficients.Count;
        var scores = new double[term.Levels.Count * p];
        for (var i = 0; i < fit.Rows; i++)
        {
            var e = fit.Residuals[i] * (fit.WorkingWeights?[i] ?? 1.0) / fit.Dispersion;
            for (var j = 0; j < p; j++)
            {
                scores[term.Codes[i] * p + j] += e * fit.Design.Raw[j][i];
            }
        }

        var meat = new double[p * p];
        for (var g = 0; g < term.Levels.Count; g++)
        {
            for (var i = 0; i < p; i++)
            {
                for (var j = 0; j < p; j++)
                {
                    meat[i * p + j] += scores[g * p + i] * scores[g * p + j];
                }
            }
        }

        var robust = SmallMatrix.Sandwich(fit.Covariance.Matrix, meat, p);
        var small = term.Levels.Count / (term.Levels.Count - 1.0);
        return [.. Enumerable.Range(0, p).Select(j => Math.Sqrt(Math.Max(0.0, small * robust[j * p + j])))];
    }

    static double Products(double[][] runs)
    {
        var sum = 0.0;
        foreach (var run in runs)
        {
            for (var i = 1; i < run.Length; i++)
            {
                sum += run[i] * run[i - 1];
            }
        }

        return sum;
    }
}
