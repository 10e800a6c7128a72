using System.Globalization;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust;

/// <summary>Measures the size and the coverage of the default paths.</summary>
public static class MethodTrust
{
    public const int UsualDraws = 20_000;

    // Draws of one block share a stream: the figures do not depend on the number of threads.
    private const int BlockDraws = 250;

    /// <summary>Draws a path so many times without an effect (size) and as many times with one (coverage).</summary>
    /// <param name="path">From <see cref="TrustPaths.All"/>.</param>
    /// <param name="draws">Rounded up to blocks of 250.</param>
    /// <param name="seed">The same seed gives the same figures.</param>
    /// <param name="threads">Threads to use; the figures do not depend on it.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static MethodTrustResult Measure(TrustPath path, int draws = UsualDraws, int seed = 1, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var blocks = (draws + BlockDraws - 1) / BlockDraws;
        var counts = new (int Rejected, int Covered, int Found)[blocks];
        var root = new Rng(seed).Stream(path.Id);
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation }, block =>
        {
            var rng = root.Stream("block", block);
            var (rejected, covered, found) = (0, 0, 0);
            for (var i = 0; i < BlockDraws; i++)
            {
                rejected += path.Draw(rng, false).Rejected ? 1 : 0;
                var real = path.Draw(rng, true);
                covered += real.Covered ? 1 : 0;
                found += real.Rejected ? 1 : 0;
            }

            counts[block] = (rejected, covered, found);
        });
        return new MethodTrustResult(path, blocks * BlockDraws, counts.Sum(c => c.Rejected), counts.Sum(c => c.Covered), counts.Sum(c => c.Found));
    }
}

/// <summary>What was counted for one path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Draws">Data sets drawn without an effect, and as many with one.</param>
/// <param name="Rejected">Without an effect: how often one was found.</param>
/// <param name="Covered">With an effect: how often the interval held it.</param>
/// <param name="Found">With an effect: how often one was found.</param>
public sealed record MethodTrustResult(TrustPath Path, int Draws, int Rejected, int Covered, int Found)
{
    // At 5 %: size between 4.0 and 5.5 %, coverage between 94 and 96 %; other sizes in proportion.
    private const double LowestSize = 0.8;
    private const double HighestSize = 1.1;
    private const double CoverageSlack = 0.01;

    // Three point three binomial standard errors: about one false verdict in a thousand promises kept exactly.
    private const double Slack = 3.3;

    public double Size => (double)Rejected / Draws;

    public double Coverage => (double)Covered / Draws;

    public double Power => (double)Found / Draws;

    public bool SizeKept => Size <= (HighestSize * Path.Alpha) + Allowance(HighestSize * Path.Alpha)
        && (Path.IsConservative || Size >= (LowestSize * Path.Alpha) - Allowance(LowestSize * Path.Alpha));

    public bool CoverageKept => !Path.HasInterval
        || (Coverage >= 1 - Path.Alpha - CoverageSlack - Allowance(Path.Alpha + CoverageSlack)
            && (Path.IsConservative || Coverage <= 1 - Path.Alpha + CoverageSlack + Allowance(Path.Alpha - CoverageSlack)));

    /// <summary>Whether as many real effects were found as were promised.</summary>
    public bool PowerKept => Path.LeastPower is not { } least || Power >= least - Allowance(least);

    public bool IsKept => SizeKept && CoverageKept && PowerKept;

    /// <summary>The promised size in words.</summary>
    public string PromisedSize => Path.IsConservative ? $"<= {Percent(HighestSize * Path.Alpha)}" : $"{Percent(LowestSize * Path.Alpha)} to {Percent(HighestSize * Path.Alpha)}";

    /// <summary>The power, with what was promised of it.</summary>
    public string PowerText => string.Create(CultureInfo.InvariantCulture, $"{Power * 100:0.0} %") + (Path.LeastPower is { } least ? $" (>= {Percent(least)})" : string.Empty);

    /// <summary>The promised coverage in words; a dash for a test without an interval.</summary>
    public string PromisedCoverage => !Path.HasInterval ? "-"
        : Path.IsConservative ? $">= {Percent(1 - Path.Alpha - CoverageSlack)}" : $"{Percent(1 - Path.Alpha - CoverageSlack)} to {Percent(1 - Path.Alpha + CoverageSlack)}";

    private static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.###} %");

    private double Allowance(double rate) => Slack * Math.Sqrt(rate * (1 - rate) / Draws);
}
