using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Privacy;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>privacy</c>: a coarse table without names is left alone, and a fine one is stopped.</summary>
public sealed class PrivacyFamilyWiseTests
{
    [Fact]
    public void Coarse_tables_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Privacy(People(seed, bands: 5), new PrivacyOptions { Quasi = ["band", "sex"] }), draws: 100);

    [Fact]
    public void Fine_tables_are_stopped() => FamilyWise.Catches("sensitive-data-exposed", seed => Ask.Privacy(People(seed, bands: 300), new PrivacyOptions { Quasi = ["band", "sex"] }));

    private static Table People(int seed, int bands)
    {
        var rng = new Rng(seed).Stream("privacy-clean");
        const int n = 500;
        return Table.With("band", Enumerable.Range(0, n).Select(_ => (string?)$"b{rng.NextInt(bands)}")).And("sex", Enumerable.Range(0, n).Select(_ => (string?)(rng.NextInt(2) == 0 ? "f" : "m")))
            .And("amount", Enumerable.Range(0, n).Select(_ => 10 * rng.NextDouble()));
    }
}
