namespace Gnomon.Cases;

/// <summary>Runs a scene over several seeds and counts how often it behaves as promised.</summary>
public static class CaseCheck
{
    /// <summary>Seeds 1 to <paramref name="seeds"/>.</summary>
    /// <param name="clock">For provenance and the ledger; the system's when null.</param>
    public static SceneVerdict Measure(Case owner, Scene scene, int seeds, bool full, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var verdict = new SceneVerdict(owner, scene, seeds, 0, 0, 0, null);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var folder = Directory.CreateTempSubdirectory("gnomon-case-").FullName;
            try
            {
                verdict = verdict.With(SceneRunner.Run(owner, scene, new Draw(seed, full), folder, clock, cancellation: cancellation));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return verdict;
    }
}

/// <summary>What was counted for one scene.</summary>
/// <param name="Good">Seeds on which everything was as promised.</param>
/// <param name="FirstFault">What was wrong on the first bad seed; null when there was none.</param>
public sealed record SceneVerdict(Case Case, Scene Scene, int Seeds, int Good, int NumbersCompared, int NumbersWrong, string? FirstFault)
{
    // Traps are caught, and twins left alone, in 95 % of draws; the slack is 3.3 binomial errors, so one seed must hold.
    private const double Promise = 0.95;
    private const double Slack = 3.3;

    public bool Kept => NumbersWrong == 0 && Good >= Promise * Seeds - Slack * Math.Sqrt(Seeds * Promise * (1 - Promise));

    internal SceneVerdict With(SceneRun run) => this with
    {
        Good = Good + (run.Holds ? 1 : 0),
        NumbersCompared = NumbersCompared + run.Numbers.Count,
        NumbersWrong = NumbersWrong + run.WrongNumbers.Count,
        FirstFault = FirstFault ?? (run.Holds ? null : $"seed {run.Draw.Seed} {string.Join("; ", run.Faults())}"),
    };
}
