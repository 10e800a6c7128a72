using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>What a plan allows at this look; every verb that reads a planned experiment asks here.</summary>
internal static class PlannedLook
{
    /// <summary>A few units short is not an early end.</summary>
    public const double Reached = 0.95;

    /// <summary>The rule of an experiment without a planned end: intervals that hold at every look.</summary>
    public const string OpenEnded = "open-ended";

    // At the end of the plan the whole size is spent; an earlier look keeps a little for it.
    private const double LatestEarlier = 0.99;
    private const double Earliest = 0.001;

    /// <summary>Under a declared stopping rule, the two-sided size that it leaves for this look; else the declared size.</summary>
    public static double AlphaNow(LookHistory looks)
    {
        if (!looks.SequentialRule || looks.Rule == OpenEnded || Times(looks) is not { } times)
        {
            return looks.Alpha;
        }

        var boundary = GroupSequential.Bounds(times, looks.Alpha, RuleOf(looks))[^1].CriticalZ;
        return boundary is null ? 0 : 2 * Normal.Sf(boundary.Value);
    }

    /// <summary>The two-sided size at which a test that is read once may call a difference at this look; also without a planned end, where it is the size whose interval is as wide as the sequence.</summary>
    public static double NominalNow(LookHistory looks) => looks is { SequentialRule: true, Rule: OpenEnded, Units: > 0 }
        ? 2 * Normal.Sf(AlwaysValid.Interval(0, 1, looks.Units, looks.PlannedUnits is > 0 and var planned ? planned : Ab.OpenEnded.UsualUnits, 1 - looks.Alpha).High)
        : AlphaNow(looks);

    public static StoppingRule RuleOf(LookHistory looks) => StoppingText.Parse(looks.Rule ?? "obrien-fleming") ?? new StoppingRule();

    /// <summary>Information at the looks taken, this one last; more than planned counts as what it is. Null when the plan says neither units nor days.</summary>
    public static double[]? Times(LookHistory looks)
    {
        if (looks.Information is not { } information)
        {
            return null;
        }

        var now = Math.Max(information, Earliest);
        return
        [
            .. looks.EarlierUnits.Select(u => looks.Units == 0 ? 0 : information * u / looks.Units).Select(t => Math.Min(Math.Max(LatestEarlier, now * LatestEarlier), t))
                .Where(t => t > 0 && t < now * LatestEarlier).Order().Distinct(),
            now,
        ];
    }
}
