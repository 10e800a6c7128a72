using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;

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
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"bootstrap-bca-mean\": {bootstrap:R}, \"welch-2x10M\": {welch:R}}}"));
        return 0;
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
