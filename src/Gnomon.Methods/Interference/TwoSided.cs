using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>Means of a two-sided experiment by what buyer and seller were given.</summary>
/// <param name="Neither">Untreated buyers with untreated sellers.</param>
/// <param name="BuyerOnly">Treated buyers with untreated sellers.</param>
/// <param name="SellerOnly">Untreated buyers with treated sellers.</param>
/// <param name="Both">Treated buyers with treated sellers.</param>
public sealed record TwoSidedMeans(double Neither, double BuyerOnly, double SellerOnly, double Both);

/// <summary>What a two-sided experiment says, per pair of a buyer and a seller.</summary>
/// <param name="Total">Both treated less neither: a treated pair among treated ones, against none.</param>
/// <param name="Direct">What the treated pair itself adds: both less buyer only less seller only plus neither.</param>
/// <param name="BuyerSpillOver">What a treated buyer does with untreated sellers: buyer only less neither.</param>
/// <param name="SellerSpillOver">What untreated buyers do with a treated seller: seller only less neither.</param>
/// <param name="Means">The four means.</param>
public sealed record TwoSidedResult(ContrastResult Total, ContrastResult Direct, ContrastResult BuyerSpillOver, ContrastResult SellerSpillOver, TwoSidedMeans Means);

/// <summary>Buyers and sellers both assigned at random, a pair treated when both are: direct and spill-over effects of a market with two sides.</summary>
/// <remarks>
/// Sources: Bajari, Burdick, Imbens, Masoero, McQueen, Richardson and Rosen 2023, Statistical Science 38 (multiple randomisation designs; effects travel along a buyer's or a seller's own pairs only); errors by buyer and
/// by seller: Cameron, Gelbach and Miller 2011, JBES 29, each side's sum of squares enlarged by n / (n - 1) within its arms, never below that of one side. Student's t with the smaller side's units less 2.
/// </remarks>
public static class TwoSided
{
    /// <param name="values">Value of every pair, buyer by buyer: values[buyer * sellers + seller]; finite.</param>
    /// <param name="buyers">Which buyers were treated; at least 2 of each kind.</param>
    /// <param name="sellers">Which sellers were treated; at least 2 of each kind.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">A side has fewer than 2 units in an arm.</exception>
    /// <exception cref="NotEstimableException">Pairs do not differ within what they were given.</exception>
    public static TwoSidedResult Estimate(ReadOnlySpan<double> values, ReadOnlySpan<bool> buyers, ReadOnlySpan<bool> sellers, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (values.Length != buyers.Length * sellers.Length)
            throw new ArgumentException("There must be one value per buyer and seller.", nameof(values));
        foreach (var v in values)
        {
            if (!double.IsFinite(v))
                throw new ArgumentOutOfRangeException(nameof(values), v, "Values are finite.");
        }

        var (b, s) = (Counts(buyers, "buyers"), Counts(sellers, "sellers"));
        var means = new double[4];
        for (var i = 0; i < buyers.Length; i++)
        {
            for (var j = 0; j < sellers.Length; j++)
                means[Kind(buyers[i], sellers[j])] += values[i * sellers.Length + j];
        }

        double[] sizes = [(double)b.Control * s.Control, (double)b.Treated * s.Control, (double)b.Control * s.Treated, (double)b.Treated * s.Treated];
        for (var k = 0; k < 4; k++)
            means[k] /= sizes[k];
        var work = new Side(values, buyers, sellers, means, sizes, b, s, level);
        return new(
            work.Contrast([-1, 0, 0, 1], "both treated less neither"), work.Contrast([1, -1, -1, 1], "both less either alone plus neither"), work.Contrast([-1, 1, 0, 0], "treated buyers with untreated sellers less neither"),
            work.Contrast([-1, 0, 1, 0], "untreated buyers with treated sellers less neither"), new TwoSidedMeans(means[0], means[1], means[2], means[3]));
    }

    static int Kind(bool buyer, bool seller) => (buyer ? 1 : 0) + (seller ? 2 : 0);

    static (int Treated, int Control) Counts(ReadOnlySpan<bool> arms, string side)
    {
        var treated = 0;
        foreach (var arm in arms)
            treated += arm ? 1 : 0;
        var least = Math.Min(treated, arms.Length - treated);
        return least >= 2 ? (treated, arms.Length - treated) : throw new TooFewRowsException($"The smaller arm of the {side}", least, 2);
    }

    readonly ref struct Side(ReadOnlySpan<double> values, ReadOnlySpan<bool> buyers, ReadOnlySpan<bool> sellers, double[] means, double[] sizes, (int Treated, int Control) b, (int Treated, int Control) s, double level)
    {
        readonly ReadOnlySpan<double> _values = values;
        readonly ReadOnlySpan<bool> _buyers = buyers;
        readonly ReadOnlySpan<bool> _sellers = sellers;

        public ContrastResult Contrast(ReadOnlySpan<double> weights, string what)
        {
            double value = 0, cells = 0, byBuyer = 0, bySeller = 0, scale = 0;
            for (var k = 0; k < 4; k++)
            {
                value += weights[k] * means[k];
                scale = Math.Max(scale, Math.Abs(means[k]));
            }

            var own = new double[_sellers.Length];
            for (var i = 0; i < _buyers.Length; i++)
            {
                var sum = 0.0;
                for (var j = 0; j < _sellers.Length; j++)
                {
                    var kind = Kind(_buyers[i], _sellers[j]);
                    var term = weights[kind] * (_values[i * _sellers.Length + j] - means[kind]) / sizes[kind];
                    sum += term;
                    own[j] += term;
                    cells += term * term;
                }

                var n = _buyers[i] ? b.Treated : b.Control;
                byBuyer += sum * sum * n / (n - 1.0);
            }

            for (var j = 0; j < own.Length; j++)
            {
                var n = _sellers[j] ? s.Treated : s.Control;
                bySeller += own[j] * own[j] * n / (n - 1.0);
            }

            var variance = Math.Max(byBuyer + bySeller - cells, Math.Max(byBuyer, bySeller));
            if (!(variance > 1e-26 * scale * scale))
                throw new NotEstimableException("Pairs do not differ within what they were given, so the difference has no standard error.");
            var (error, degrees) = (Math.Sqrt(variance), Math.Max(1.0, Math.Min(_buyers.Length, _sellers.Length) - 2.0));
            var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
            var t = value / error;
            return new(value, value - reach, value + reach, error, t, degrees, Math.Min(1.0, 2.0 * StudentT.Sf(Math.Abs(t), degrees)), level, $"{what}, errors by buyer and by seller");
        }
    }
}
