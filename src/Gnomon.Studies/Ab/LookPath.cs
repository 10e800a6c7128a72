using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>One comparison on its way through the looks of a plan.</summary>
internal sealed class LookPath(Comparison comparison)
{
    private readonly List<(double Low, double High)> _regions = [];

    public Comparison Comparison { get; } = comparison;

    /// <summary>The look that ended the test of it; null while it runs, or where it ends now.</summary>
    public PathStop? Stop { get; private set; }

    /// <summary>It counts as decided in its family: the size that it held is free for the others.</summary>
    public bool IsRejected { get; set; }

    /// <summary>Where the test of it went on at the looks before this one.</summary>
    public IReadOnlyList<(double Low, double High)> Regions => _regions;

    /// <summary>What this look means, the earlier ones aside.</summary>
    public LookOutcome Now { get; set; } = LookOutcome.GoOn;

    /// <summary>Its bounds at this look; null where nothing may be stopped.</summary>
    public GroupSequentialLook? Bound { get; set; }

    /// <summary>The test of it has not ended at an earlier look; harm may still end one that stopped for futility.</summary>
    public bool IsOpen => Stop is null or { Outcome: LookOutcome.Futile };

    public void End(PathStop stop) => Stop = stop;

    /// <summary>The test of it went on while its z lay between these.</summary>
    public void GoOn(int place, double lowZ, double highZ)
    {
        if (place < _regions.Count)
        {
            _regions[place] = (lowZ, highZ);
        }
        else
        {
            _regions.Add((lowZ, highZ));
        }
    }

    /// <summary>The two-sided size of a bound.</summary>
    public static double Nominal(double? z) => z is { } bound and < AbSequential.Unreachable ? 2 * Normal.Sf(bound) : 0;
}
