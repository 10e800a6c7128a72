using Gnomon.Methods.Data;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Can a model tell the rows of one file from those of the other? Numbers by normal scores and their squares, groups by their common values, gaps as such.</summary>
internal static class DomainLook
{
    private const int MostRows = 4_000;
    private const int MostFeatures = 80;
    private const int MostGroups = 8;
    private const int FewestRows = 50;
    private const int FoldCount = 5;

    /// <returns>Null where there are too few rows or no column to compare.</returns>
    public static DomainResult? Compare(IReadOnlyList<ColumnPair> pairs, long seed, double level)
    {
        if (pairs.Count == 0)
        {
            return null;
        }

        var (here, there) = (Rows(pairs[0].Here), Rows(pairs[0].There));
        if (Math.Min(here.Length, there.Length) < FewestRows)
        {
            return null;
        }

        var features = new List<double[]>();
        foreach (var pair in pairs)
        {
            features.AddRange((pair.IsNumber ? OfNumber(pair, here, there) : OfGroups(pair, here, there)).Take(MostFeatures - features.Count));
        }

        if (features.Count == 0)
        {
            return null;
        }

        var n = here.Length + there.Length;
        var matrix = new double[n * features.Count];
        for (var j = 0; j < features.Count; j++)
        {
            for (var i = 0; i < n; i++)
            {
                matrix[(i * features.Count) + j] = features[j][i];
            }
        }

        var isHere = new bool[n];
        Array.Fill(isHere, true, 0, here.Length);
        return DomainClassifier.Compare(matrix, features.Count, isHere, DomainClassifier.Folds(isHere, FoldCount, (ulong)seed), seed: (ulong)seed, level: level);
    }

    private static int[] Rows(SampleColumn column)
    {
        var stride = Math.Max(1, (column.Rows + MostRows - 1) / MostRows);
        return [.. Enumerable.Range(0, (column.Rows + stride - 1) / stride).Select(i => i * stride)];
    }

    private static IEnumerable<double[]> OfNumber(ColumnPair pair, int[] here, int[] there)
    {
        double[] values = [.. here.Select(i => pair.Here.Numbers[i]), .. there.Select(i => pair.There.Numbers[i])];
        var present = Array.FindAll(values, v => !double.IsNaN(v));
        if (present.Length < 2)
        {
            yield break;
        }

        var ranks = Midranks.Of(present);
        var scores = new double[values.Length];
        var gaps = new double[values.Length];
        for (int i = 0, k = 0; i < values.Length; i++)
        {
            gaps[i] = double.IsNaN(values[i]) ? 1 : 0;
            scores[i] = double.IsNaN(values[i]) ? 0 : Normal.Quantile((ranks[k++] - 0.375) / (present.Length + 0.25));
        }

        yield return scores;
        yield return Array.ConvertAll(scores, s => s * s);
        if (present.Length < values.Length)
        {
            yield return gaps;
        }
    }

    private static IEnumerable<double[]> OfGroups(ColumnPair pair, int[] here, int[] there)
    {
        var (first, second) = (pair.Groups.Codes(pair.Here), pair.Groups.Codes(pair.There));
        int[] codes = [.. here.Select(i => first[i]), .. there.Select(i => second[i])];
        var gaps = codes.Any(c => c < 0) ? [-1] : Array.Empty<int>();
        foreach (var group in Enumerable.Range(0, Math.Min(MostGroups, pair.Groups.Names.Count)).Concat(gaps))
        {
            yield return Array.ConvertAll(codes, c => c == group ? 1.0 : 0.0);
        }
    }
}
