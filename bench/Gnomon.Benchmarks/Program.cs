using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Benchmarks;

/// <summary>With a folder: the kernels that bench/run.py compares, as JSON seconds. Without: BenchmarkDotNet over every benchmark class.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length != 1 || !Directory.Exists(args[0]))
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            return 0;
        }

        var sample = Read(Path.Combine(args[0], "boot.f64"));
        var a = Read(Path.Combine(args[0], "welch_a.f64"));
        var b = Read(Path.Combine(args[0], "welch_b.f64"));
        var bootstrap = Median(() => Bootstrap.Mean(sample), 7);
        var welch = Median(() => WelchT.Test(a, b), 21);
        var (ols, logit) = Regressions();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"bootstrap-bca-mean\": {bootstrap:R}, \"welch-2x10M\": {welch:R}, \"ols-hc1-1Mx20\": {ols:R}, \"logit-200kx20\": {logit:R}}}"));
        return 0;
    }

    // The sizes of bench/peers/regression_statsmodels.py; normal columns, an intercept among the twenty.
    private static (double Ols, double Logit) Regressions()
    {
        const int rows = 1_000_000;
        var rng = new Rng(1);
        var columns = Enumerable.Range(0, 19).Select(_ => Enumerable.Range(0, rows).Select(_ => rng.NextNormal()).ToArray()).ToArray();
        double[] y = [.. Enumerable.Range(0, rows).Select(i => columns.Sum(c => c[i]) + rng.NextNormal())];
        var wide = DesignMatrix.WithIntercept(columns);
        var ols = Median(() => RobustErrors.Heteroskedastic(LeastSquares.Fit(wide, y), HcKind.Hc1), 9);
        var few = DesignMatrix.WithIntercept([.. columns.Select(c => c[..200_000])]);
        double[] bought = [.. Enumerable.Range(0, 200_000).Select(i => rng.NextDouble() < 1 / (1 + Math.Exp(-0.2 * columns.Sum(c => c[i]))) ? 1.0 : 0.0)];
        var logit = Median(() => RobustErrors.Classical(GeneralisedLinearModel.Fit(few, bought)), 9);
        return (ols, logit);
    }

    private static double[] Read(string path) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray();

    private static double Median(Action run, int runs)
    {
        // Twice to warm the compiler's second tier, then the middle of several.
        for (var i = 0; i < 40 && i < runs * 2; i++)
        {
            run();
        }

        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var watch = Stopwatch.StartNew();
            run();
            times[i] = watch.Elapsed.TotalSeconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }
}
