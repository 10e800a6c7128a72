using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>One beta distribution of a mixture.</summary>
/// <param name="Weight">Its share, in (0, 1].</param>
/// <param name="A">First shape, positive: events seen or believed in.</param>
/// <param name="B">Second shape, positive: units without the event.</param>
public sealed record BetaComponent(double Weight, double A, double B);

/// <summary>What is believed of a rate: a beta distribution or a mixture of several, before data or after.</summary>
/// <remarks>
/// Conjugate: events of n units add to the shapes, and the weights of a mixture move with how well each part foresaw the data. Sources: Spiegelhalter, Abrams and Myles 2004; power prior:
/// Ibrahim and Chen 2000; robust mixture: Schmidli et al. 2014, Biometrics 70; predictive check: Box 1980.
/// </remarks>
public sealed class BetaMixture
{
    const double Tolerance = 1e-12;

    /// <param name="components">At least one; weights are scaled to add to 1.</param>
    public BetaMixture(IReadOnlyList<BetaComponent> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        if (components.Count == 0)
            throw new ArgumentException("A belief has at least one part.", nameof(components));
        foreach (var c in components)
        {
            if (!(c.Weight > 0 && c.A > 0 && c.B > 0) || !double.IsFinite(c.Weight + c.A + c.B))
                throw new ArgumentOutOfRangeException(nameof(components), c, "Weights and shapes must be positive.");
        }
        var total = components.Sum(c => c.Weight);
        Components = [.. components.Select(c => c with { Weight = c.Weight / total })];
    }

    /// <summary>Weights add to 1.</summary>
    public IReadOnlyList<BetaComponent> Components { get; }

    public double Mean => Components.Sum(c => c.Weight * c.A / (c.A + c.B));

    public double Variance
    {
        get
        {
            var mean = Mean;
            return Components.Sum(c =>
            {
                var n = c.A + c.B;
                var m = c.A / n;
                return c.Weight * (m * (1 - m) / (n + 1) + (m - mean) * (m - mean));
            });
        }
    }

    /// <summary>One beta distribution; (1, 1) is flat, (0.5, 0.5) Jeffreys'.</summary>
    public static BetaMixture Of(double a, double b) => new([new(1, a, b)]);

    /// <summary>Earlier data taken at a share of their weight: 0 forgets them, 1 counts them as if they were of the same trial.</summary>
    /// <param name="events">Events of the earlier data.</param>
    /// <param name="n">Units of the earlier data.</param>
    /// <param name="weight">Share in [0, 1].</param>
    /// <param name="a">First shape of the belief before the earlier data.</param>
    /// <param name="b">Second shape.</param>
    public static BetaMixture PowerPrior(long events, long n, double weight, double a = 1, double b = 1)
    {
        Counts(events, n);
        if (!(weight >= 0 && weight <= 1))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of earlier data lies between 0 and 1.");
        return Of(a + weight * events, b + weight * (n - events));
    }

    /// <summary>The earlier belief with a vague part beside it, so that data which contradict it are heard.</summary>
    /// <param name="informed">The earlier belief.</param>
    /// <param name="vague">Share of the flat part, in (0, 1).</param>
    public static BetaMixture Robust(BetaMixture informed, double vague = 0.2)
    {
        ArgumentNullException.ThrowIfNull(informed);
        if (!(vague > 0 && vague < 1))
            throw new ArgumentOutOfRangeException(nameof(vague), vague, "The vague share lies between 0 and 1.");
        return new([.. informed.Components.Select(c => c with { Weight = c.Weight * (1 - vague) }), new(vague, 1, 1)]);
    }

    /// <summary>The belief after data.</summary>
    public BetaMixture After(long events, long n)
    {
        Counts(events, n);
        var logs = Components.Select(c => Math.Log(c.Weight) + Beta.Log(c.A + events, c.B + n - events) - Beta.Log(c.A, c.B)).ToArray();
        var largest = logs.Max();
        return new([.. Components.Select((c, i) => new BetaComponent(Math.Max(Math.Exp(logs[i] - largest), 1e-300), c.A + events, c.B + n - events))]);
    }

    /// <summary>Chance of a rate at or below x.</summary>
    public double Cdf(double x) => x <= 0 ? 0 : x >= 1 ? 1 : Components.Sum(c => c.Weight * BetaDistribution.Cdf(x, c.A, c.B));

    /// <summary>Chance of a rate above x.</summary>
    public double Above(double x) => x <= 0 ? 1 : x >= 1 ? 0 : Components.Sum(c => c.Weight * BetaDistribution.Sf(x, c.A, c.B));

    /// <summary>Equal-tailed credible interval.</summary>
    public Interval Interval(double level = 0.95)
    {
        InferenceLevel(level);
        return new(Quantile((1 - level) / 2), Quantile(1 - (1 - level) / 2));
    }

    /// <summary>How surprising the data are under this belief: the chance of counts no more likely than the one seen (Box 1980).</summary>
    public double PredictiveTail(long events, long n)
    {
        Counts(events, n);
        var seen = LogPredictive(events, n);
        var tail = 0.0;
        for (var k = 0L; k <= n; k++)
        {
            var p = LogPredictive(k, n);
            tail += p <= seen + 1e-9 ? Math.Exp(p) : 0;
        }
        return Math.Min(1, tail);
    }

    /// <summary>Logarithm of the chance of exactly so many events among n units.</summary>
    public double LogPredictive(long events, long n)
    {
        Counts(events, n);
        var choose = Gamma.Log(n + 1.0) - Gamma.Log(events + 1.0) - Gamma.Log(n - events + 1.0);
        return choose + Elementary.LogSumExp([.. Components.Select(c => Math.Log(c.Weight) + Beta.Log(c.A + events, c.B + n - events) - Beta.Log(c.A, c.B))]);
    }

    double Quantile(double p)
    {
        if (Components.Count == 1)
            return BetaDistribution.Quantile(p, Components[0].A, Components[0].B);
        var low = Components.Min(c => BetaDistribution.Quantile(p, c.A, c.B));
        var high = Components.Max(c => BetaDistribution.Quantile(p, c.A, c.B));
        return low == high ? low : Brent.Root(x => Cdf(x) - p, low, high, Tolerance).X;
    }

    internal static void InferenceLevel(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level must lie between 0 and 1.");
    }

    static void Counts(long events, long n)
    {
        if (n < 0 || events < 0 || events > n)
            throw new ArgumentOutOfRangeException(nameof(events), events, $"Events lie between 0 and the units ({n}).");
    }
}
