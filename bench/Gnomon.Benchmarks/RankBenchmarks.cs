using BenchmarkDotNet.Attributes;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Benchmarks;

/// <summary>Group comparison: ranks of two samples of a million values with ties (three decimals) and without, and ten groups pair by pair.</summary>
[MemoryDiagnoser]
public class RankBenchmarks
{
    private readonly double[] _x = new double[1_000_000];
    private readonly double[] _y = new double[1_000_000];
    private readonly Moments[] _groups = new Moments[10];

    [Params(3, 15)]
    public int Decimals { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        var rng = new Rng(1);
        for (var i = 0; i < _x.Length; i++)
        {
            _x[i] = Math.Round(rng.NextNormal(), Decimals);
            _y[i] = Math.Round(rng.NextNormal(), Decimals);
        }

        for (var g = 0; g < _groups.Length; g++)
        {
            _groups[g] = Moments.Of(_x.AsSpan(g * 50, 50));
        }
    }

    [Benchmark]
    public double MannWhitneyTest() => MannWhitney.Test(_x, _y).PValue;

    [Benchmark]
    public double BrunnerMunzelTest() => BrunnerMunzel.Test(_x, _y).PValue;

    [Benchmark]
    public double HodgesLehmannShift() => HodgesLehmann.Shift(_x, _y).Low;

    [Benchmark]
    public int GamesHowellOfTenGroups() => GamesHowell.Test(_groups).Count;

    [Benchmark]
    public int DunnettOfTenGroups() => Dunnett.Welch(_groups, 0).Count;

    [Benchmark]
    public double NoncentralInterval() => EffectSize.HedgesG(_groups[0], _groups[1]).Low;
}
