using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Ranks;
using Gnomon.Methods.Regression;
using Gnomon.Methods.Resampling;

namespace Gnomon.Benchmarks;

/// <summary>With a folder: the kernels that bench/run.py compares, as JSON seconds; with a folder and the word mixed: the mixed models. Without: BenchmarkDotNet over every benchmark class.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is [var data, "mixed"])
        {
            Console.WriteLine(MixedWorkload.Run(data));
            return 0;
        }

        if (args is [_, "looks"])
        {
            Console.WriteLine(LooksWorkload.Run());
            return 0;
        }

        if (args.Length != 1 || !Directory.Exists(args[0]))
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            return 0;
        }

        var sample = Read(Path.Combine(args[0], "boot.f64"));
        var a = Read(Path.Combine(args[0], "welch_a.f64"));
        var b = Read(Path.Combine(args[0], "welch_b.f64"));
        var (ranksA, ranksB) = (Read(Path.Combine(args[0], "rank_a.f64")), Read(Path.Combine(args[0], "rank_b.f64")));
        var (first, second) = (Read(Path.Combine(args[0], "perm_a.f64")), Read(Path.Combine(args[0], "perm_b.f64")));
        var (ols, y) = Design(args[0], "ols");
        var (logit, events) = Design(args[0], "logit");
        (string Name, double Seconds)[] results =
        [
            ("bootstrap-bca-mean", Median(() => Bootstrap.Mean(sample), 7)),
            ("bootstrap-bca-median", Median(() => Bootstrap.Median(sample), 3)),
            ("welch-2x10M", Median(() => WelchT.Test(a, b), 21)),
            ("mann-whitney-2x1M", Median(() => MannWhitney.Test(ranksA, ranksB), 7)),
            ("permutation-2x10k", Median(() => PermutationTest.Welch(first, second), 5)),
            ("relabel-1000x1M", Median(() => NullCalibration.Welch(ranksA, relabellings: 1_000), 3)),
            ("ols-hc1-1M-x20", Median(() => RobustErrors.Heteroskedastic(LeastSquares.Fit(ols, y), HcKind.Hc1), 7)),
            ("logit-200k-x20", Median(() => RobustErrors.Classical(GeneralisedLinearModel.Fit(logit, events)), 7)),
        ];
        Console.WriteLine("{" + string.Join(", ", results.Select(r => string.Create(CultureInfo.InvariantCulture, $"\"{r.Name}\": {r.Seconds:R}"))) + "}");
        return 0;
    }

    private static (DesignMatrix Design, double[] Outcome) Design(string folder, string name)
    {
        var outcome = Read(Path.Combine(folder, name + "_y.f64"));
        var all = Read(Path.Combine(folder, name + "_x.f64"));
        var columns = Enumerable.Range(0, all.Length / outcome.Length).Select(c => all.AsSpan(c * outcome.Length, outcome.Length).ToArray()).ToList();
        return (DesignMatrix.WithIntercept(columns), outcome);
    }

    internal static double[] Read(string path) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray();

    internal static double Median(Action run, int runs)
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
