using BenchmarkDotNet.Attributes;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.Random;

namespace Gnomon.Benchmarks;

/// <summary>Kernels that every finding rests on, over a million normal values.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private readonly double[] _x = new double[1_000_000];
    private readonly double[] _y = new double[1_000_000];

    [GlobalSetup]
    public void Draw()
    {
        var rng = new Rng(1);
        for (var i = 0; i < _x.Length; i++)
        {
            _x[i] = rng.NextNormal();
            _y[i] = rng.NextNormal();
        }
    }

    [Benchmark]
    public Moments MeanAndVariance() => Moments.MeanVariance(_x);

    [Benchmark]
    public Moments AllMoments() => Moments.Of(_x);

    [Benchmark]
    public double ExactSums()
    {
        var sum = new ExactSum();
        sum.Add(_x);
        return sum.ToDouble();
    }

    [Benchmark]
    public double Welch() => WelchT.Test(_x, _y).PValue;

    [Benchmark]
    public double BootstrapOfTenThousand() => Bootstrap.Mean(_x.AsSpan(0, 10_000)).Interval.Low;
}
