using Gnomon.Methods;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Compare;

/// <summary>Means of several conditions within units, beside the ranks: analysis of variance with Greenhouse and Geisser's correction, and a mixed model.</summary>
internal static class RepeatedComparison
{
    private const long MostCells = 2_000_000;

    /// <summary>Methods beside Friedman's; those that the data do not allow are left out.</summary>
    public static IEnumerable<(string Why, OmnibusResult Result)> Lines(CompareInput input)
    {
        if (input.Kind != MetricKind.Mean)
        {
            yield break;
        }

        double[][] values = [.. input.Groups.Select(g => g.Values)];
        if (Try(() => RepeatedMeasures.Test(values)) is { } anova)
        {
            yield return ($"means; conditions need not be equally alike (epsilon {anova.EpsilonGreenhouseGeisser:0.00})", anova.GreenhouseGeisser);
            yield return ("means; takes every difference between conditions to spread alike (sphericity)", anova.Sphericity);
        }

        if (input.N * (long)values.Length <= MostCells && Try(() => Mixed(values)) is { } mixed)
        {
            yield return ("means; units as random levels, sphericity taken for granted", mixed);
        }
    }

    private static OmnibusResult? Mixed(double[][] values)
    {
        var n = values[0].Length;
        double[] y = [.. values.SelectMany(v => v)];
        int[] units = [.. Enumerable.Range(0, y.Length).Select(i => i % n)];
        var columns = Enumerable.Range(1, values.Length - 1).Select(k => Enumerable.Range(0, y.Length).Select(i => i / n == k ? 1.0 : 0.0).ToArray()).ToList();
        var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept(columns), y, [RandomTerm.Intercept("unit", units)]);
        return !fit.IsSingular && fit.Covariance.Joint(fit, [.. Enumerable.Range(1, columns.Count)]) is { } test
            ? new OmnibusResult(test.Statistic, test.Degrees, test.DenominatorDegrees, test.PValue, "mixed model, Satterthwaite")
            : null;
    }

    private static T? Try<T>(Func<T?> method)
        where T : class
    {
        try
        {
            return method();
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }
}
