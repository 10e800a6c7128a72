using Gnomon.Studies.Profile.Beside;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>The rows of both files under one coding: the target as true or false, and features that a logistic regression takes.</summary>
internal sealed class SubstituteRows
{
    private const int MostFeatures = 40;
    private const int MostGroups = 8;
    private const double Widest = 4;

    internal SubstituteRows(string[] names, double[][] real, bool[] realTarget, double[][] other, bool[] otherTarget) =>
        (Names, Real, RealTarget, Other, OtherTarget) = (names, real, realTarget, other, otherTarget);

    public string[] Names { get; }

    /// <summary>Features of the last good data, column by column.</summary>
    public double[][] Real { get; }

    public bool[] RealTarget { get; }

    /// <summary>Features of the substitute, column by column.</summary>
    public double[][] Other { get; }

    public bool[] OtherTarget { get; }

    /// <param name="pairs">Columns of both files, the target left out.</param>
    /// <param name="target">The target in both.</param>
    /// <param name="positive">Its group that counts as true.</param>
    /// <returns>Null where no column can be used.</returns>
    public static SubstituteRows? Of(IReadOnlyList<ColumnPair> pairs, ColumnPair target, int positive)
    {
        var (real, other) = (target.Groups.Codes(target.Here), target.Groups.Codes(target.There));
        int[] realRows = [.. Enumerable.Range(0, real.Length).Where(i => real[i] >= 0)];
        int[] otherRows = [.. Enumerable.Range(0, other.Length).Where(i => other[i] >= 0)];
        var features = pairs.SelectMany(p => p.IsNumber ? OfNumber(p, realRows, otherRows) : OfGroups(p, realRows, otherRows)).Where(f => Varies(f.Real) && Varies(f.Other)).Take(MostFeatures).ToList();
        return features.Count == 0
            ? null
            : new SubstituteRows([.. features.Select(f => f.Name)], [.. features.Select(f => f.Real)], Array.ConvertAll(realRows, i => real[i] == positive), [.. features.Select(f => f.Other)], Array.ConvertAll(otherRows, i => other[i] == positive));
    }

    private static bool Varies(double[] values) => values.AsSpan().ContainsAnyExcept(values[0]);

    // Standardised by the last good data, cut four deviations out so that one row does not decide; with its square, so that the middle may differ from both ends.
    private static IEnumerable<(string Name, double[] Real, double[] Other)> OfNumber(ColumnPair pair, int[] realRows, int[] otherRows)
    {
        if (pair.Here.Facts.Scan.Moments is not { Count: > 1, M2: > 0 } moments)
        {
            yield break;
        }

        var (mean, deviation) = (moments.Mean, moments.StandardDeviation);
        double[] Values(double[] numbers, int[] rows) => Array.ConvertAll(rows, i => double.IsNaN(numbers[i]) ? 0 : Math.Clamp((numbers[i] - mean) / deviation, -Widest, Widest));
        var (real, other) = (Values(pair.Here.Numbers, realRows), Values(pair.There.Numbers, otherRows));
        yield return (pair.Name, real, other);
        yield return ($"{pair.Name} squared", Array.ConvertAll(real, v => v * v), Array.ConvertAll(other, v => v * v));
        if (realRows.Any(pair.Here.IsMissing) && otherRows.Any(pair.There.IsMissing))
        {
            yield return ($"{pair.Name} missing", Array.ConvertAll(realRows, i => pair.Here.IsMissing(i) ? 1.0 : 0), Array.ConvertAll(otherRows, i => pair.There.IsMissing(i) ? 1.0 : 0));
        }
    }

    // The most frequent value is what the others are compared with.
    private static IEnumerable<(string Name, double[] Real, double[] Other)> OfGroups(ColumnPair pair, int[] realRows, int[] otherRows)
    {
        var (real, other) = (pair.Groups.Codes(pair.Here), pair.Groups.Codes(pair.There));
        for (var g = 1; g < Math.Min(MostGroups, pair.Groups.Names.Count); g++)
        {
            var group = g;
            yield return ($"{pair.Name} = {pair.Groups.Names[g]}", Array.ConvertAll(realRows, i => real[i] == group ? 1.0 : 0), Array.ConvertAll(otherRows, i => other[i] == group ? 1.0 : 0));
        }
    }
}
