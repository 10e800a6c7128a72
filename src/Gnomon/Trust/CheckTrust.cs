using Gnomon.Core.Checks;

namespace Gnomon.Trust;

/// <summary>Measures what a check promises: how often it sees the flaw it was built for, and how often it alarms without one.</summary>
public static class CheckTrust
{
    public const int UsualTraps = 100;
    public const int UsualTwins = 400;

    /// <summary>Runs one check on simulated evidence with its flaw planted (seeds first, first + 1, ...) and on clean twins.</summary>
    /// <param name="check">From <see cref="Catalogue.Checks"/>.</param>
    /// <param name="traps">How many planted flaws; at least 1.</param>
    /// <param name="twins">How many clean twins; at least 1.</param>
    /// <param name="firstSeed">Seed of the first draw; the same seeds give the same figures.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled between two draws.</exception>
    public static CheckTrustResult Measure(Check check, int traps = UsualTraps, int twins = UsualTwins, int firstSeed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentOutOfRangeException.ThrowIfLessThan(traps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(twins, 1);
        return new CheckTrustResult(
            check.Card,
            traps, Count(traps, seed => Fires(check, check.PlantTrap(firstSeed + seed)), cancellation),
            twins, Count(twins, seed => Fires(check, check.PlantClean(firstSeed + seed)), cancellation));
    }

    private static int Count(int draws, Func<int, bool> fires, CancellationToken cancellation)
    {
        var fired = 0;
        for (var i = 0; i < draws; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            fired += fires(i) ? 1 : 0;
        }

        return fired;
    }

    // Through the runner, as in a finding: a check that crashes has not fired, and a note cannot do more than note.
    private static bool Fires(Check check, IEvidence evidence) => CheckRunner.Run([check], [evidence]).Any(r => r.Result.Fired);
}

/// <summary>What was counted for one check, beside what its card promises.</summary>
public sealed record CheckTrustResult(CheckCard Card, int Traps, int Caught, int Twins, int FalseAlarms)
{
    // Three point three binomial standard errors: about one false verdict in a thousand promises kept exactly.
    private const double Slack = 3.3;

    public double DetectionRate => (double)Caught / Traps;

    public double FalseAlarmRate => (double)FalseAlarms / Twins;

    /// <summary>Enough was caught, within the binomial slack of this many draws.</summary>
    public bool DetectionKept => Caught >= (Traps * Card.DetectionRate) - Allowance(Traps, Card.DetectionRate);

    /// <summary>No more alarms than promised, within the binomial slack of this many draws.</summary>
    public bool FalseAlarmKept => FalseAlarms <= (Twins * Card.FalseAlarmRate) + Allowance(Twins, Card.FalseAlarmRate);

    private static double Allowance(int draws, double rate) => Slack * Math.Sqrt(draws * rate * (1 - rate));
}
