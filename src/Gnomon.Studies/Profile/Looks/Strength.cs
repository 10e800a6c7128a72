using Gnomon.Methods.Data;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Measures of association with a lower limit, for pairs of columns of any kind.</summary>
internal static class Strength
{
    /// <summary>Bias-corrected Cramer's V; the limit inverts the noncentral chi-square distribution of the statistic (Steiger 2004).</summary>
    public static Measured? CramersV(SampleColumn a, SampleColumn b)
    {
        var (x, y) = (a.Groups, b.Groups);
        var table = new long[(a.GroupCount + 1) * (b.GroupCount + 1)];
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] >= 0 && y[i] >= 0)
            {
                table[(x[i] * (b.GroupCount + 1)) + y[i]]++;
            }
        }

        var columns = b.GroupCount + 1;
        if (Association.CramersV(table, columns) is not { } v || ContingencyTest.ChiSquare(table, columns) is not { } test)
        {
            return null;
        }

        return new Measured("Cramer's V", v.Value, LowerV(test), test.Total);
    }

    /// <summary>Spearman's correlation of two ordered columns over the rows that have both.</summary>
    public static CorrelationResult? Spearman(SampleColumn a, SampleColumn b) => Both(a.Numbers, b.Numbers) is var (x, y) ? Association.Spearman(x, y) : null;

    public static CorrelationResult? Pearson(SampleColumn a, SampleColumn b) => Both(a.Numbers, b.Numbers) is var (x, y) ? Association.Pearson(x, y) : null;

    /// <summary>R squared of a number by groups, adjusted for their number; the limit is Fisher's z of its root.</summary>
    public static Measured? ByGroups(SampleColumn groups, SampleColumn numbers)
    {
        var index = new List<int>();
        var values = new List<double>();
        for (var i = 0; i < groups.Groups.Length; i++)
        {
            if (groups.Groups[i] >= 0 && !double.IsNaN(numbers.Numbers[i]))
            {
                index.Add(groups.Groups[i]);
                values.Add(numbers.Numbers[i]);
            }
        }

        var used = index.Distinct().Count();
        if (values.Count < used + 10 || Association.CorrelationRatio(index.ToArray(), values.ToArray()) is not { } eta)
        {
            return null;
        }

        double n = values.Count;
        var adjusted = Math.Max(0, 1 - ((1 - (eta.Value * eta.Value)) * (n - 1) / (n - used)));
        var root = Math.Min(Math.Sqrt(adjusted), 1 - 1e-12);
        var low = Math.Max(0, Math.Tanh(Math.Atanh(root) - (1.96 / Math.Sqrt(n - used - 2))));
        return new Measured("R squared", adjusted, low * low, values.Count);
    }

    /// <summary>The rows on which both sides have a value.</summary>
    public static (double[] X, double[] Y) Both(double[] a, double[] b)
    {
        var x = new List<double>();
        var y = new List<double>();
        for (var i = 0; i < a.Length; i++)
        {
            if (!double.IsNaN(a[i]) && !double.IsNaN(b[i]))
            {
                x.Add(a[i]);
                y.Add(b[i]);
            }
        }

        return ([.. x], [.. y]);
    }

    private static double LowerV(ContingencyResult test)
    {
        const double Tail = 0.025;
        var df = test.DegreesOfFreedom;
        if (ChiSquared.Sf(test.Statistic, df) > Tail)
        {
            return 0;
        }

        var root = Brent.Root(lambda => NoncentralChiSquared.Sf(test.Statistic, df, lambda) - Tail, 0, test.Statistic, tolerance: 1e-6 * test.Statistic);
        return Math.Min(1, Math.Sqrt(root.X / test.Total / (Math.Min(test.Rows, test.Columns) - 1)));
    }
}

/// <param name="Measure">Name for people.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower 95 % limit.</param>
/// <param name="N">Rows.</param>
internal sealed record Measured(string Measure, double Value, double Low, long N);
