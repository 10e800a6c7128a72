using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Planning;

/// <summary>A guess with its range: a triangular distribution over lowest, likeliest and highest value.</summary>
/// <remarks>Source: Johnson 1997, The Statistician 46 (the triangular distribution as a stand-in for expert ranges). A range of one point is that point.</remarks>
public sealed record TriangularRange
{
    static readonly GaussLegendre Rule = new(24);

    /// <param name="low">Lowest value, finite.</param>
    /// <param name="likely">Likeliest value, between the others.</param>
    /// <param name="high">Highest value, finite.</param>
    public TriangularRange(double low, double likely, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || !(low <= likely && likely <= high))
            throw new ArgumentOutOfRangeException(nameof(likely), likely, "A range goes from low over likely to high.");
        (Low, Likely, High) = (low, likely, high);
    }

    public double Low { get; }

    public double Likely { get; }

    public double High { get; }

    public bool IsPoint => High == Low;

    public double Mean => (Low + Likely + High) / 3;

    /// <summary>The value below which a share of the distribution lies.</summary>
    /// <param name="probability">In [0, 1].</param>
    public double Quantile(double probability)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        if (IsPoint)
            return Low;
        var width = High - Low;
        var turn = (Likely - Low) / width;
        return probability < turn ? Low + Math.Sqrt(probability * width * (Likely - Low)) : High - Math.Sqrt((1 - probability) * width * (High - Likely));
    }

    /// <summary>Density at a value.</summary>
    public double Density(double x) => IsPoint || x < Low || x > High ? 0
        : x < Likely ? 2 * (x - Low) / ((High - Low) * (Likely - Low))
        : x > Likely ? 2 * (High - x) / ((High - Low) * (High - Likely))
        : 2 / (High - Low);

    /// <summary>Expectation of a function that is smooth but for kinks at the given places.</summary>
    /// <param name="function">Of a value inside the range.</param>
    /// <param name="kinks">Where its slope jumps; those outside the range are passed by.</param>
    public double Expect(Func<double, double> function, params ReadOnlySpan<double> kinks)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (IsPoint)
            return function(Low);
        var cuts = new List<double> { Low, Likely, High };
        foreach (var kink in kinks)
        {
            if (kink > Low && kink < High)
                cuts.Add(kink);
        }
        cuts.Sort();
        var sum = 0.0;
        for (var i = 1; i < cuts.Count; i++)
        {
            if (cuts[i] > cuts[i - 1])
                sum += Rule.Integrate(x => function(x) * Density(x), cuts[i - 1], cuts[i]);
        }
        return sum;
    }
}
