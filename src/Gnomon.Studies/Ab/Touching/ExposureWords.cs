using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Facts and sentences where units are linked: what was estimated, what was not, and which way the plain difference errs.</summary>
internal static class ExposureWords
{
    private const double Answers = 0.01;

    // Beyond this the neighbours of surrounded units were as good as all of one arm, and nothing is carried on.
    private const double AllMet = 0.995;

    public static AbTouching Of(ExposureSet set, AbFacts facts, AbDesign design)
    {
        var made = facts.Comparisons.Where(c => c.Designed is ExposureContrastSet).Select(c => (c, ((ExposureContrastSet)c.Designed!).Answer)).ToList();
        return new AbTouching
        {
            Evidence = [.. made.Where(m => m.c.Spec.Role == MetricRole.Primary).SelectMany(m => Facts(m.c, m.Answer, set))],
            Estimates = [.. made.SelectMany(m => Beside(m.c, m.Answer, set))],
            Tables = [.. made.Where(m => m.Answer.Effects is not null).Take(1).Select(m => Exposures(m.c, m.Answer))],
            Limitations = [.. Words(made, set)],
            Next = [.. Next(made, set, design)],
        };
    }

    private static IEnumerable<IEvidence> Facts(Comparison c, ExposureAnswer a, ExposureSet set)
    {
        var subject = $"{c.Spec.Name} ({c.Contrast})";
        yield return a.Response is { } r
            ? new SpillOver
            {
                Metric = subject,
                Compared = $"{c.Spec.Name} when all neighbours are in {c.Arm} against none, own arm held fixed",
                Response = r.Slope,
                ResponseText = Figures.Effect(r.Slope, c.Metric.Unit),
                PValue = r.Test.PValue,
                SmallestP = r.Test.SmallestP,
                Looked = r.Units,
                IsModelled = a.Total is not null,
                Instead = set.Cluster is null
                    ? "Do not read this difference as the effect of a launch: randomise clusters of linked units and run again with --cluster and --edges, or switch everybody over time (--switchback)."
                    : "Randomise larger clusters, with fewer edges between them.",
            }
            : new SpillOver { Metric = subject, Compared = "edges whose ends lie in different arms", Response = set.CrossArms, ResponseText = $"{Figures.WholePercent(set.CrossArms)} of {Figures.Count(set.Edges)}", Looked = set.Edges };
        if (a.Curve is { } curve && a.Full is { Reached: < AllMet } full)
        {
            yield return new ExposureBend
            {
                Metric = subject, Straight = full.Difference.Value, Curved = curve.Curved, StandardError = full.Difference.StandardError, PValue = curve.PValue, Units = curve.Units, Reached = full.Reached,
                StraightText = Figures.Effect(full.Difference.Value, c.Metric.Unit), CurvedText = Figures.Effect(curve.Curved, c.Metric.Unit),
            };
        }

        if (set.Cluster is { } column)
        {
            yield return new ClusterCount { Column = column, Rows = a.Treated.Count + a.Control.Count, Clusters = set.Clusters, LargestShare = 1.0 / set.Clusters };
            if (((ExposureContrastSet)c.Designed!).Naive is { } naive && a.ByClusters is { } by)
            {
                yield return new UnitRepeats
                {
                    Metric = subject, UnitColumn = column, AnalysedByUnit = true, ArmIsConstant = true, Option = "--cluster", Rows = a.Treated.Count + a.Control.Count, Units = set.Clusters,
                    IntraClassCorrelation = 0, IntraClassLow = 0, NaiveError = naive.StandardError, ClusteredError = by.StandardError,
                };
            }
        }
    }

    private static IEnumerable<Estimate> Beside(Comparison c, ExposureAnswer a, ExposureSet set)
    {
        if (a.Total is not null && a.Effects is { } e)
        {
            if (a.Full is { Reached: < AllMet })
            {
                yield return Line(c, a.Met!.Difference, $"as met, neighbours not carried on to all and none: {a.Met.Difference.Method}");
            }

            if (e.Direct is { } direct)
            {
                yield return Line(c, direct.Difference, "own arm alone: treated among controls against control among controls", $"{c.Arm} alone");
            }

            if (e.SpillOver is { } spill)
            {
                yield return Line(c, spill.Difference, "neighbours alone: control among treated against control among controls", $"neighbours in {c.Arm}");
            }

            if (a.ByClusters is { } by)
            {
                yield return Line(c, by, $"treated against control, {by.Method}");
            }
        }

        if (((ExposureContrastSet)c.Designed!).Naive is { } naive && (a.Total is not null || set.Cluster is not null))
        {
            yield return Line(c, naive, "units taken as independent, neighbours not looked at");
        }
    }

    private static Estimate Line(Comparison c, ContrastResult r, string method, string? contrast = null) => new()
    {
        Name = "difference", Metric = c.Spec.Name, Contrast = contrast ?? c.Contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = c.Metric.Unit, P = r.PValue, N = c.N, Method = method, Role = "sensitivity",
    };

    private static ResultTable Exposures(Comparison c, ExposureAnswer a) => new(
        "exposure", "Who met what", ["own arm", "neighbours", "units"],
        [
            [c.Control, $"mostly {c.Control}", a.Effects!.Counts[(int)Exposure.ControlAmongControls]],
            [c.Control, $"mostly {c.Arm}", a.Effects.Counts[(int)Exposure.ControlAmongTreated]],
            [c.Arm, $"mostly {c.Control}", a.Effects.Counts[(int)Exposure.TreatedAmongControls]],
            [c.Arm, $"mostly {c.Arm}", a.Effects.Counts[(int)Exposure.TreatedAmongTreated]],
            ["either", "of both arms", a.Effects.Counts[(int)Exposure.Mixed]],
        ]);

    private static IEnumerable<string> Words(List<(Comparison c, ExposureAnswer Answer)> made, ExposureSet set)
    {
        yield return $"{Figures.WholePercent(set.CrossArms)} of {Figures.Count(set.Edges, "edge")} link units of different arms{(set.CrossClusters is { } cross ? $"; {Figures.WholePercent(cross)} cross the {Figures.Count(set.Clusters)} clusters of {set.Cluster}" : string.Empty)}.";
        if (set.Strangers > 0)
        {
            yield return $"{Figures.Count(set.Strangers, "line")} of the edges {(set.Strangers == 1 ? "names a unit" : "name units")} that the data do not have and {(set.Strangers == 1 ? "is" : "are")} left out.";
        }

        foreach (var (c, a) in made.Where(m => m.c.Spec.Role == MetricRole.Primary).Take(3))
        {
            if (a.Met is { } met)
            {
                yield return Whole(c, a, met, set);
            }
            else
            {
                yield return Bound(c, a, set);
            }
        }
    }

    // Whose means are compared, how far they are carried on, and what that rests on.
    private static string Whole(Comparison c, ExposureAnswer a, ExposureContrast met, ExposureSet set)
    {
        var from = $"The effect on {c.Spec.Name} is that of everybody in {c.Arm} against nobody, from units of which at least {Figures.WholePercent(set.Surrounded)} of the neighbours share the arm ({Figures.Count(met.FirstUnits)} and {Figures.Count(met.SecondUnits)} units"
            + $"{(met.EligibleShare < AllMet ? $"; {Figures.WholePercent(1 - met.EligibleShare)} of units could hardly meet both and are not part of it" : string.Empty)}).";
        if (met.FirstTreated - met.SecondTreated >= AllMet)
        {
            return $"{from} It rests on neighbours' neighbours not mattering.";
        }

        var shares = $"Their neighbours were {Figures.WholePercent(met.FirstTreated)} and {Figures.WholePercent(met.SecondTreated)} in {c.Arm}";
        var seen = AbWords.Text(met.Difference, c.Metric.Unit);
        return a.Full is null
            ? $"{from} {shares}; their shares are too alike to carry the effect on to all and none, so a full launch does more of what neighbours do. It rests on neighbours' neighbours not mattering."
            : $"{from} {shares}; the rest of the way to all and none follows the line that outcomes have along that share. As the units were met, without the rest, it is {seen.Point} ({seen.Range}). It rests on neighbours' neighbours not mattering, and on that line staying straight.";
    }

    // Nothing identifies the total effect: say which way the plain difference errs, and from what.
    private static string Bound(Comparison c, ExposureAnswer a, ExposureSet set)
    {
        var start = $"The effect of everybody in {c.Arm} is not identified: under this design hardly a unit could have met both {Figures.WholePercent(set.Surrounded)} of its neighbours in {c.Arm} and as many in {c.Control}.";
        if (a.Response is not { } r || r.Test.PValue >= Answers)
        {
            return $"{start} Neighbours' arms show no effect that this test can see; if they help, the difference is a lower bound of the benefit, and if they take from each other, an upper one.";
        }

        var same = Math.Sign(r.Slope) == Math.Sign(c.Effect.Value);
        return $"{start} Outcomes {(r.Slope > 0 ? "rise" : "fall")} when neighbours are treated, {(same ? $"as with the unit's own arm, so the difference understates a full launch: {Figures.Effect(c.Effect.Value, c.Metric.Unit)} is a lower bound in size" : $"against the unit's own arm, so the difference overstates a full launch: {Figures.Effect(c.Effect.Value, c.Metric.Unit)} is an upper bound in size, and the sign itself may differ")}.";
    }

    private static IEnumerable<string> Next(List<(Comparison c, ExposureAnswer Answer)> made, ExposureSet set, AbDesign design)
    {
        if (set.Suggested is { } found && made.Exists(m => m.Answer.Total is null))
        {
            yield return $"These edges fall into {Figures.Count(found.Count, "community", "communities")} with {Figures.WholePercent(found.Cross)} of the edges between them (modularity {found.Modularity:0.00}): randomise those and come back with --cluster, or switch everybody over time with --switchback.";
        }

        if (set.Cluster is not null && made.Exists(m => m.Answer.Total is null))
        {
            yield return $"Clusters of {design.Options.Cluster} leave too many units with neighbours in both arms: larger clusters, or a lower --surrounded, would identify the total effect.";
        }
    }
}
