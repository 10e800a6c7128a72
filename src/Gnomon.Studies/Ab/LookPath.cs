using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>One comparison on its way through the looks of a plan.</summary>
internal sealed class LookPath(Comparison comparison)
{
    private readonly List<(double Low, double High)> _regions = [];
    private readonly List<(double Low, double High)> _unstopped = [];
    private bool _wasFutile;

    public Comparison Comparison { get; } = comparison;

    /// <summary>The look that ended the test of it; null while it runs, or where it ends now.</summary>
    public PathStop? Stop { get; private set; }

    /// <summary>It counts as decided in its family: the size that it held is free for the others.</summary>
    public bool IsRejected { get; set; }

    /// <summary>Where the test of it went on at the looks before this one. A harm that is called after a futility bound was passed is read as if there had been none: the path lies outside what that bound left.</summary>
    public IReadOnlyList<(double Low, double High)> Regions => _wasFutile || Stop is { Outcome: LookOutcome.Futile } && Now == LookOutcome.Harm ? _unstopped : _regions;

    /// <summary>What this look means, the earlier ones aside.</summary>
    public LookOutcome Now { get; set; } = LookOutcome.GoOn;

    /// <summary>Its bounds at this look; null where nothing may be stopped.</summary>
    public GroupSequentialLook? Bound { get; set; }

    /// <summary>The test of it has not ended at an earlier look; harm may still end one that stopped for futility.</summary>
    public bool IsOpen => Stop is null or { Outcome: LookOutcome.Futile };

    public void End(PathStop stop)
    {
        _wasFutile |= Stop is { Outcome: LookOutcome.Futile };
        Stop = stop;
    }

    /// <summary>The test of it went on while its z lay between the higher of the two low bounds and the high one.</summary>
    /// <param name="place">Place of the look among those that count.</param>
    /// <param name="lossZ">Below it the look calls a harm.</param>
    /// <param name="futilityZ">Below it a binding bound stops; null without one.</param>
    /// <param name="highZ">Beyond it the look calls a gain.</param>
    public void GoOn(int place, double lossZ, double? futilityZ, double highZ)
    {
        Set(_regions, place, (Math.Max(futilityZ ?? lossZ, lossZ), highZ));
        Set(_unstopped, place, (lossZ, highZ));
    }

    private static void Set(List<(double Low, double High)> regions, int place, (double Low, double High) region)
    {
        if (place < regions.Count)
        {
            regions[place] = region;
        }
        else
        {
            regions.Add(region);
        }
    }

    /// <summary>The two-sided size of a bound.</summary>
    public static double Nominal(double? z) => z is { } bound and < AbSequential.Unreachable ? 2 * Normal.Sf(bound) : 0;
}
