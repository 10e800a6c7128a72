using System.Collections.Concurrent;
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
    ];

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
