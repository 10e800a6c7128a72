namespace Gnomon.Studies.Ab.Metrics;

/// <summary>The share of a metric's variance within arms that one column explains: by its groups, by bands of its values, or along a line, whichever is most. Corrected for the number of groups.</summary>
internal static class ToldShare
{
    public const double Much = 0.9;
    private const int Bands = 50;

    // Groups that hold fewer units than this on average tell the metric by memory.
    private const int FewestPerGroup = 5;

    /// <param name="z">Metric by unit; NaN where there is none.</param>
    /// <param name="arm">Arm by unit.</param>
    /// <param name="group">Group by unit; -1 for a missing value, a group of its own.</param>
    /// <returns>0 when nothing can be told.</returns>
    public static double OfGroups(double[] z, int[] arm, int[] group)
    {
        var cells = new Dictionary<(int Arm, int Group), (long N, double Sum, double Squares)>();
        var arms = new Dictionary<int, (long N, double Sum)>();
        var origin = z.FirstOrDefault(v => !double.IsNaN(v));
        for (var i = 0; i < z.Length; i++)
        {
            if (!double.IsNaN(z[i]))
            {
                var (v, key) = (z[i] - origin, (arm[i], group[i]));
                var cell = cells.GetValueOrDefault(key);
                cells[key] = (cell.N + 1, cell.Sum + v, cell.Squares + v * v);
                var whole = arms.GetValueOrDefault(arm[i]);
                arms[arm[i]] = (whole.N + 1, whole.Sum + v);
            }
        }

        var units = arms.Values.Sum(a => a.N);
        if (cells.Count * FewestPerGroup > units || cells.Count <= arms.Count)
        {
            return 0;
        }

        var squares = cells.Values.Sum(c => c.Squares);
        var all = squares - arms.Values.Sum(a => a.Sum * a.Sum / a.N);
        var left = squares - cells.Values.Sum(c => c.Sum * c.Sum / c.N);
        return all > 1e-12 * squares ? Math.Clamp(1 - left / (units - cells.Count) / (all / (units - arms.Count)), 0, 1) : 0;
    }

    /// <param name="z">Metric by unit; NaN where there is none.</param>
    /// <param name="arm">Arm by unit.</param>
    /// <param name="x">The column by unit; NaN where there is none.</param>
    public static double OfNumbers(double[] z, int[] arm, double[] x) => Math.Max(OfGroups(z, arm, Banded(x)), OfLine(z, arm, x));

    // A value that many units share (a heap of zeros) is a band of its own.
    private static int[] Banded(double[] x)
    {
        double[] sorted = [.. x.Where(v => !double.IsNaN(v)).Order()];
        if (sorted.Length == 0)
        {
            return [.. x.Select(_ => -1)];
        }

        double[] edges = [.. Enumerable.Range(1, Bands - 1).Select(b => sorted[(int)((long)b * sorted.Length / Bands)]).Distinct()];
        return [.. x.Select(v =>
        {
            if (double.IsNaN(v))
            {
                return -1;
            }

            var at = Array.BinarySearch(edges, v);
            return at >= 0 ? 2 * at + 1 : 2 * ~at;
        })];
    }

    private static double OfLine(double[] z, int[] arm, double[] x)
    {
        double xx = 0, xz = 0, zz = 0;
        foreach (var a in arm.Distinct())
        {
            int[] rows = [.. Enumerable.Range(0, z.Length).Where(i => arm[i] == a && !double.IsNaN(z[i]) && !double.IsNaN(x[i]))];
            if (rows.Length < FewestPerGroup)
            {
                continue;
            }

            var (mx, mz) = (rows.Average(i => x[i]), rows.Average(i => z[i]));
            foreach (var i in rows)
            {
                xx += (x[i] - mx) * (x[i] - mx);
                xz += (x[i] - mx) * (z[i] - mz);
                zz += (z[i] - mz) * (z[i] - mz);
            }
        }

        return xx > 0 && zz > 0 ? Math.Clamp(xz / xx * (xz / zz), 0, 1) : 0;
    }
}
