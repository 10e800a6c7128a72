using System.Collections.Concurrent;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Inference;

namespace Gnomon.Trust.Paths;

/// <summary>Shares of two arms.</summary>
internal static class ProportionPaths
{
    public static IReadOnlyList<TrustPath> All { get; } =
    [
        Path("proportions", "score test, Newcombe's interval", "500 and 500 units at 10 % (with an effect: 16 %)", 500, 0.10, 0.06),
        Path("proportions-unequal", "score test, Newcombe's interval", "200 and 1,800 units at 12 % (with an effect: 21 %)", 1_800, 0.12, 0.09, treated: 200),
        Path("proportions-rare", "score test, Newcombe's interval", "4,000 and 4,000 units at 0.5 % (with an effect: 1 %)", 4_000, 0.005, 0.005),
        Path("proportions-few", "Boschloo's exact test, Chan and Zhang's exact interval", "20 and 20 units at 10 % (with an effect: 50 %)", 20, 0.10, 0.40) with { IsConservative = true },
        Pairs(),
        Rates(),
    ];

    private static TrustPath Pairs()
    {
        var known = new ConcurrentDictionary<(long, long), ContrastResult>();
        return new("yes-no-pairs", "McNemar's test with mid-p, Tango's interval", "150 pairs, a third of which differ (with an effect: twice as often one way)", (rng, real) =>
        {
            const int n = 150;
            var differ = rng.NextBinomial(n, 1.0 / 3);
            var first = rng.NextBinomial(differ, real ? 2.0 / 3 : 0.5);
            return Draws.Read(known.GetOrAdd((first, differ - first), o => PairedProportions.McNemar(0, o.Item1, o.Item2, n - o.Item1 - o.Item2)), real ? 1.0 / 9 : 0);
        });
    }

    private static TrustPath Rates()
    {
        var known = new ConcurrentDictionary<(long, long), ContrastResult>();
        return new("rates", "exact comparison of two Poisson rates", "400 and 400 days with an event in ten days (with an effect: half as many more)", (rng, real) =>
        {
            var outcome = (rng.NextPoisson(real ? 60 : 40), rng.NextPoisson(40));
            return Draws.Read(known.GetOrAdd(outcome, o => PoissonRates.Ratio(o.Item1, 400, o.Item2, 400)), real ? 1.5 : 1);
        })
        { IsConservative = true };
    }

    private static TrustPath Path(string id, string method, string situation, int n, double rate, double effect, int? treated = null)
    {
        // Few outcomes are possible; each is analysed once.
        var known = new ConcurrentDictionary<(long, long), ContrastResult>();
        return new(id, method, situation, (rng, real) =>
        {
            var shift = real ? effect : 0;
            var other = treated ?? n;
            var outcome = (rng.NextBinomial(other, rate + shift), rng.NextBinomial(n, rate));
            return Draws.Read(known.GetOrAdd(outcome, o => TwoProportions.Compare(o.Item1, other, o.Item2, n)), shift);
        });
    }
}
