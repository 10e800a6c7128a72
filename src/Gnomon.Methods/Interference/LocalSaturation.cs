using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Do controls answer to how many around them are treated?</summary>
/// <param name="Slope">Change of the control mean when the treated share of the cell goes from 0 to 1; in the metric's unit.</param>
/// <param name="Test">The test by drawing the treated numbers of the cells again.</param>
/// <param name="Cells">Cells with controls.</param>
/// <param name="Lowest">Smallest treated share of a cell.</param>
/// <param name="Highest">Largest treated share of a cell.</param>
public sealed record LocalSaturationResult(double Slope, RerandomisationResult Test, int Cells, double Lowest, double Highest);

/// <summary>Interference without edges: where units share a market and a time, the controls of cells that happened to hold more treated units should not differ.</summary>
/// <remarks>
/// Source: the comparison of saturations of Hudgens and Halloran 2008, JASA 103, on the saturations that chance gave. Cells are a region at a time; the slope is weighted by controls and taken
/// within regions. The treated number of every cell is drawn again from a binomial with the region's share, the control means held as they were: exact in the limit of large cells, where the
/// controls' mean does not depend on how many they are.
/// </remarks>
public static class LocalSaturation
{
    const double TieTolerance = 1e-9;
    const int Chunks = 8;

    /// <param name="region">Region of each cell, from 0.</param>
    /// <param name="treated">Treated units of each cell.</param>
    /// <param name="controls">Control units of each cell; cells without one are passed over.</param>
    /// <param name="controlSums">Total of the metric over a cell's controls.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 cells with controls.</exception>
    /// <exception cref="NotEstimableException">Treated shares or control means do not vary within regions.</exception>
    public static LocalSaturationResult Test(int[] region, long[] treated, long[] controls, double[] controlSums, RerandomisationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(region);
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(controls);
        ArgumentNullException.ThrowIfNull(controlSums);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 99);
        int[] used = [.. Enumerable.Range(0, region.Length).Where(c => controls[c] > 0)];
        if (used.Length < 3)
            throw new TooFewRowsException("The set of cells with controls", used.Length, 3);
        var work = new Cells(used, region, treated, controls, controlSums);
        var seen = work.Slope(i => work.Share(i));
        if (!double.IsFinite(seen) || !work.Varies)
            throw new NotEstimableException("Treated shares or control means do not vary within regions.");
        var bound = Math.Abs(seen) * (1 - TieTolerance);
        var root = new Rng(options.Seed);
        var counts = new long[Chunks];
        Parallel.For(0, Chunks, chunk =>
        {
            var drawn = new double[used.Length];
            for (var draw = chunk; draw < options.Draws; draw += Chunks)
            {
                var rng = root.Stream("saturation", draw);
                for (var i = 0; i < drawn.Length; i++)
                    drawn[i] = rng.NextBinomial(work.Units[i], work.RegionShare[work.Region[i]]) / (double)work.Units[i];
                var slope = work.Slope(i => drawn[i]);
                counts[chunk] += !double.IsFinite(slope) || Math.Abs(slope) >= bound ? 1 : 0;
            }
        });
        var shares = Enumerable.Range(0, used.Length).Select(work.Share).ToList();
        return new(seen, new RerandomisationResult((counts.Sum() + 1.0) / (options.Draws + 1.0), options.Draws, IsExact: false, 1.0 / (options.Draws + 1.0)), used.Length, shares.Min(), shares.Max());
    }

    sealed class Cells
    {
        readonly double[] _mean;
        readonly double[] _weight;
        readonly double[] _shares;

        public Cells(int[] used, int[] region, long[] treated, long[] controls, double[] sums)
        {
            Region = Array.ConvertAll(used, c => region[c]);
            Units = Array.ConvertAll(used, c => treated[c] + controls[c]);
            _weight = Array.ConvertAll(used, c => (double)controls[c]);
            _shares = Array.ConvertAll(used, c => treated[c] / (double)(treated[c] + controls[c]));
            var regions = Region.Max() + 1;
            var (on, all) = (new double[regions], new double[regions]);
            for (var i = 0; i < used.Length; i++)
            {
                on[Region[i]] += treated[used[i]];
                all[Region[i]] += Units[i];
            }

            RegionShare = [.. on.Zip(all, (t, n) => n > 0 ? t / n : 0)];
            _mean = Within(i => sums[used[i]] / controls[used[i]]);
        }

        public int[] Region { get; }

        public long[] Units { get; }

        public double[] RegionShare { get; }

        public bool Varies => Array.Exists(_mean, m => Math.Abs(m) > 1e-300);

        public double Share(int cell) => _shares[cell];

        public double Slope(Func<int, double> share)
        {
            var x = Within(share);
            double products = 0, squares = 0, size = 0;
            for (var i = 0; i < x.Length; i++)
            {
                products += _weight[i] * x[i] * _mean[i];
                squares += _weight[i] * x[i] * x[i];
                size += _weight[i];
            }

            return squares > 1e-12 * size ? products / squares : double.NaN;
        }

        double[] Within(Func<int, double> value)
        {
            var (sum, size) = (new double[RegionShare.Length], new double[RegionShare.Length]);
            for (var i = 0; i < Region.Length; i++)
            {
                sum[Region[i]] += _weight[i] * value(i);
                size[Region[i]] += _weight[i];
            }

            var left = new double[Region.Length];
            for (var i = 0; i < left.Length; i++)
                left[i] = value(i) - sum[Region[i]] / size[Region[i]];
            return left;
        }
    }
}
