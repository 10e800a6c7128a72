using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab;

/// <summary>Goes through the looks of a plan in the order in which they were taken and says where each comparison was decided.</summary>
/// <remarks>
/// Several comparisons share the size as Holm's procedure does with stopping rules (Maurer and Bretz 2013): each is held against the bounds of its share, and what a decided one held
/// goes to those that are left, from that look on. Harm is held to the false discovery rate among the metrics of its arm at the whole size, and a binding futility bound gives it no credit.
/// </remarks>
/// <param name="bounds">Bounds for each share of the size.</param>
/// <param name="times">The looks that count.</param>
/// <param name="paths">The comparisons that are read now.</param>
/// <param name="planned">Comparisons that the plan shares the size among; fewer that are read leave the others their share.</param>
internal sealed class LookReplay(LookBounds bounds, LookTimes times, IReadOnlyList<LookPath> paths, int planned = 1)
{
    private readonly record struct Reading(LookPath Path, double Z, double P, PastResult? Past, int Family);

    private bool IsBinding => bounds.Rule.Futility == FutilityStopping.Binding;

    /// <summary>Comparisons that the size is shared among.</summary>
    public int Family => Math.Max(planned, Math.Max(1, paths.Count));

    /// <summary>How many comparisons share the size at this look, the decided ones aside.</summary>
    public int Sharing { get; private set; } = Math.Max(planned, Math.Max(1, paths.Count));

    public void Run(IReadOnlyList<PastLook> past)
    {
        for (var k = 0; k < past.Count; k++)
        {
            if (times.Places[k] is not { } place)
            {
                continue;
            }

            // What is missing from an earlier finding was not read at that look.
            var readings = paths.Select(p => (Path: p, Past: past[k].Of(p.Comparison))).Where(x => x.Past?.Z is not null)
                .Select(x => new Reading(x.Path, x.Path.Comparison.Spec.Sign * x.Past!.Z!.Value, x.Past.Once.PValue, x.Past, Math.Max(planned, x.Past.Family))).ToList();
            At(place, readings, past[k]);
        }

        if (!times.IsBackward)
        {
            At(times.Taken.Count - 1, [.. paths.Select(p => new Reading(p, p.Comparison.Spec.Sign * p.Comparison.Z, p.Comparison.Fixed.PValue, null, Family))], null);
        }
    }

    private void At(int place, List<Reading> readings, PastLook? look)
    {
        var harmed = Harmed(place, readings);
        for (var isChanged = true; isChanged;)
        {
            isChanged = false;
            Sharing = Left(Family);
            foreach (var r in readings.Where(r => r.Path.IsOpen && !r.Path.IsRejected))
            {
                var (gain, loss) = (bounds.Of(Left(r.Family))[place], bounds.Of(Left(r.Family), credit: false)[place]);
                var isGain = r.Path.Stop is null && gain.CriticalZ is { } high && r.Z >= high;
                if (isGain || (loss.CriticalZ is { } low && r.Z <= -low))
                {
                    r.Path.IsRejected = isChanged = true;
                    End(r, isGain ? LookOutcome.Gain : LookOutcome.Harm, place, look, isGain ? gain : loss);
                    break;
                }
            }
        }

        var (shared, whole) = (bounds.Of(Sharing)[place], bounds.Of(1, credit: false)[place]);
        var lossZ = bounds.Of(Sharing, credit: false)[place].CriticalZ ?? AbSequential.Unreachable;
        foreach (var r in readings.Where(r => r.Path.IsOpen && !r.Path.IsRejected))
        {
            if (harmed.Contains(r.Path))
            {
                End(r, LookOutcome.Harm, place, look, whole);
            }
            else if (r.Path.Stop is null && times.Taken[place] < PlannedLook.Reached && shared.FutilityZ is { } futility && r.Z <= futility)
            {
                // Advice that was not taken leaves no trace; a bound that binds has ended the test.
                if (look is null)
                {
                    r.Path.Now = LookOutcome.Futile;
                }
                else if (IsBinding)
                {
                    End(r, LookOutcome.Futile, place, look, shared);
                }
            }
        }

        foreach (var path in paths.Where(p => p.IsOpen && !p.IsRejected))
        {
            if (look is null)
            {
                path.Bound ??= shared;
            }
            else
            {
                path.GoOn(place, -lossZ, IsBinding ? shared.FutilityZ : null, shared.CriticalZ ?? AbSequential.Unreachable);
            }
        }
    }

    private int Left(int family) => Math.Max(1, family - paths.Count(p => p.IsRejected));

    private static void End(Reading r, LookOutcome outcome, int place, PastLook? look, GroupSequentialLook bound)
    {
        if (look is not null)
        {
            r.Path.End(new PathStop(look, place, outcome, r.Past!, outcome == LookOutcome.Futile ? 0 : LookPath.Nominal(bound.CriticalZ)));
            return;
        }

        (r.Path.Now, r.Path.Bound) = (outcome, bound);
    }

    // A false alarm costs less here than a missed one.
    private HashSet<LookPath> Harmed(int place, List<Reading> readings)
    {
        var whole = LookPath.Nominal(bounds.Of(1, credit: false)[place].CriticalZ);
        var harmed = new HashSet<LookPath>();
        foreach (var arm in readings.GroupBy(r => r.Path.Comparison.Arm))
        {
            var members = arm.ToList();
            harmed.UnionWith(members.Zip(Multiplicity.BenjaminiHochberg([.. members.Select(m => m.P)])).Where(x => x.First.Z < 0 && x.Second < whole).Select(x => x.First.Path));
        }

        return harmed;
    }
}
