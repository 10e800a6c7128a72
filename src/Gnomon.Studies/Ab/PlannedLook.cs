using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>What a plan allows at this look; every verb that reads a planned experiment asks here.</summary>
internal static class PlannedLook
{
    /// <summary>A few units short is not an early end.</summary>
    public const double Reached = 0.95;

    // At the end of the plan the whole size is spent; an earlier look keeps a little for it.
    private const double LatestEarlier = 0.99;
    private const double Earliest = 0.001;

    /// <summary>Under a declared stopping rule, the two-sided size that Lan-DeMets spending leaves for this look; else the declared size.</summary>
    public static double AlphaNow(LookHistory looks)
    {
        if (!looks.SequentialRule || looks.Information is not { } information || looks.PlannedUnits is not { } planned)
        {
            return looks.Alpha;
        }

        var times = looks.EarlierUnits.Select(u => Math.Min(LatestEarlier, (double)u / planned)).Where(t => t > 0 && t < information)
            .Append(Math.Clamp(information, Earliest, 1)).Order().Distinct().ToArray();
        var boundary = GroupSequential.Bounds(times, looks.Alpha)[^1].CriticalZ;
        return boundary is null ? 0 : 2 * Normal.Sf(boundary.Value);
    }
}
