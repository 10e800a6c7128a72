using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Factorial;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>Facts of a factorial experiment for the checks: of the experiment as a whole, and of each metric that decides.</summary>
internal sealed class FactorialEvidence(FactorialVerdict verdict, AbHistory history, long? planned, int metrics)
{
    private const int MostResults = 12;
    private readonly FactorialInput input = verdict.Input;
    private readonly FactorialEffects effects = verdict.Effects;
    private readonly double _alpha = verdict.Input.Design.Alpha;

    /// <summary>What holds for all metrics; asked of the first one.</summary>
    public IEnumerable<IEvidence> Whole(IReadOnlyList<FactorialEffects> family) => new IEvidence?[] { Assignment(), Looks(family), Overlap(), Family(family), Days() }.OfType<IEvidence>();

    public IEnumerable<IEvidence> OfMetric() => new IEvidence?[] { Flow(), Pairs() }.OfType<IEvidence>().Concat(Results()).Concat(FollowUps());

    // Cells of the grid, or of the fraction that was run; those nobody reached count when the whole grid was planned.
    private AssignmentCounts Assignment()
    {
        var cells = effects.Fit.Cells;
        var names = cells.Select(input.Name).ToList();
        var (arms, shares, declared) = input.Design.Shares(names);
        return new AssignmentCounts
        {
            Arms = arms,
            Observed = [.. arms.Select((_, i) => i < cells.Count ? input.Units(cells[i]) : 0)],
            PlannedShares = shares,
            SplitDeclared = declared,
            Looks = history.Looks,
        };
    }

    public LookHistory Looks(IReadOnlyList<FactorialEffects> family) => new()
    {
        PlannedUnits = planned, PlannedDays = history.Plan?.Days,
        Looks = history.Looks, Units = input.Read.TotalUnits, EarlierUnits = [.. history.Earlier.DistinctBy(l => l.DataState).Select(l => l.UnitCount)], Days = input.Read.Days,
        Z = family.SelectMany(f => f.Terms).Max(t => Normal.UpperQuantile(Math.Max(t.HolmP, 1e-300) / 2)), Alpha = _alpha,
    };

    private UnitOverlap? Overlap() => input.Read.UnitSketch.Count == 0 ? null
        : new UnitOverlap { Units = input.Read.TotalUnits, InSeveralArms = input.Read.UnitsInSeveralArms, Treatment = input.Read.OverlapTreatment };

    private TestFamily Family(IReadOnlyList<FactorialEffects> family) => new()
    {
        Names = [.. family.SelectMany(f => f.Terms.Select(t => family.Count == 1 ? input.Name(t.Set.Term) : $"{f.Metric}: {input.Name(t.Set.Term)}"))], PValues = [.. family.SelectMany(f => f.Terms).Select(t => t.Test.PValue)],
        Alpha = _alpha, CorrectedBy = "Holm", CorrectedPValues = [.. family.SelectMany(f => f.Terms).Select(t => t.HolmP)], Label = "effects",
    };

    private OutcomeFlow Flow() => new()
    {
        Metric = input.Spec.Name, Arms = [.. effects.Fit.Cells.Select(input.Name)], Assigned = [.. effects.Fit.Cells.Select(input.Units)],
        Observed = [.. effects.Fit.Cells.Select(c => Math.Min(input.Units(c), input.Observed(c)))],
    };

    private DayCoverage? Days()
    {
        if (input.Read.Days is null)
        {
            return null;
        }

        var seen = input.Metric.Arms.SelectMany(a => a.ByDay.Keys).Where(d => d != long.MinValue).ToList();
        if (seen.Count == 0)
        {
            return null;
        }

        var first = seen.Min();
        var byDay = Enumerable.Range(0, (int)(seen.Max() - first) + 1)
            .Select(d => input.Metric.Arms.Aggregate(Moments.Empty, (sum, arm) => Moments.Merge(sum, arm.ByDay.GetValueOrDefault(first + d, Moments.Empty)))).ToList();
        return new DayCoverage
        {
            Days = byDay.Count, FirstDay = first, EmptyDays = byDay.Count(m => m.Count == 0), ByDay = byDay,
            ByWeekday = [.. Enumerable.Range(0, 7).Select(w => byDay.Where((_, d) => (first + d + 3) % 7 == w).Aggregate(Moments.Empty, Moments.Merge))],
        };
    }

    // Pairs of two-level factors that a term of their own tells of; the assignments' independence from the counts.
    private ExperimentOverlap? Pairs()
    {
        var two = effects.Interactions.Where(t => t.Order == 2 && t.Test.Degrees == 1 && t.Set.With.Count == 0).ToList();
        if (two.Count == 0)
        {
            return null;
        }

        var adjusted = Multiplicity.BenjaminiHochberg([.. two.Select(t => t.Test.PValue)]);
        var pairs = two.Select((t, i) =>
        {
            var (a, b) = (t.Set.Term[0], t.Set.Term[1]);
            double N(int x, int y) => effects.Fit.Cells.Where(c => input.Grid.Level(c, a) == x && input.Grid.Level(c, b) == y).Sum(input.Units);
            var (n00, n01, n10, n11) = (N(0, 0), N(0, 1), N(1, 0), N(1, 1));
            var cross = n00 * n11 - n01 * n10;
            var chi = (n00 + n01 + n10 + n11) * cross / ((n00 + n01) * (n10 + n11)) * cross / ((n00 + n10) * (n01 + n11));
            var simple = effects.Simple.Where(s => s.Factor == b && s.HolmP < _alpha).Select(s => Math.Sign(s.Effect.Value)).Distinct().Count();
            return new OverlapPair(input.Factors[a].Name, input.Factors[b].Name, t.Contrasts[0].Effect.Value, t.Test.PValue, adjusted[i], ChiSquared.Sf(chi, 1), simple == 2);
        }).ToList();
        return new ExperimentOverlap { Pairs = pairs, SmallestShared = effects.Fit.Cells.Sum(input.Observed), Unit = input.Metric.Unit, IsModelled = true };
    }

    // One result per contrast that one number states, and the gain of the cell that was picked.
    private IEnumerable<PrimaryResult> Results()
    {
        var worth = input.Design.Worthwhile(input.Spec, effects.Fit.Value(effects.Reference));
        foreach (var t in effects.Terms.Where(t => t.Test.Degrees == 1).Take(MostResults))
        {
            var plus = effects.Fit.Cells.Where(c => input.Grid.Row(t.Set.Term, c)[0] > 0).Sum(input.Observed);
            yield return Of(t.Contrasts[0].Name, t.Contrasts[0].Effect, t.HolmP, plus, effects.Fit.Cells.Sum(input.Observed) - plus, worth, selected: false);
        }

        if (verdict.BestGain is { } gain && effects.Interactions.Any(verdict.IsClear))
        {
            yield return Of($"{input.Name(verdict.Best)} - {input.Name(effects.Reference)}", gain, gain.PValue, input.Observed(verdict.Best), input.Observed(effects.Reference), worth, selected: true);
        }
    }

    private PrimaryResult Of(string contrast, ContrastResult c, double p, long treatment, long control, double? worth, bool selected) => new()
    {
        Metric = input.Spec.Name, Contrast = contrast, Difference = c.Value, Low = c.Low, High = c.High, StandardError = c.StandardError, PValue = p, Alpha = _alpha, Worthwhile = worth,
        ControlDeviation = Deviation(), TreatmentUnits = treatment, ControlUnits = control, SelectedFromSeveral = selected || metrics > 1,
    };

    private double Deviation()
    {
        var all = input.Runs().Where(r => r.Cell == effects.Reference).Select(r => r.Values).Aggregate(Moments.Empty, Moments.Merge);
        return all.Count >= 2 ? all.StandardDeviation : 0;
    }

    private IEnumerable<FollowUp> FollowUps()
    {
        if (input.Design.Options.Window is not { } window || input.Read.LastDay is not { } seen)
        {
            yield break;
        }

        var last = input.Design.Options.AsOf is { } text
            ? Math.Max(seen, DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) : seen;
        var mature = input.Runs(day => day <= last - window);
        var units = effects.Fit.Cells.Sum(input.Observed);
        FactorialFit? again = null;
        try
        {
            again = FactorialFit.Of(input.Grid, mature, input.Design.Level);
        }
        catch (NotEstimableException)
        {
            // Too few units have had their time: the evidence says how many, and the effect is left out.
        }

        foreach (var t in effects.Terms.Where(t => t.Test.Degrees == 1).Take(MostResults))
        {
            var weights = input.Grid.Contrast(t.Set.Term, t.Contrasts[0].To);
            yield return new FollowUp
            {
                Metric = $"{input.Spec.Name} ({t.Contrasts[0].Name})", WindowDays = window, Units = units, Immature = units - mature.Sum(r => r.Values.Count), DifferenceAll = t.Contrasts[0].Effect.Value,
                DifferenceMature = again is not null && again.Aliases.Kept.Any(k => k.Term.SequenceEqual(t.Set.Term)) ? again.Effect(t.Set.Term, weights).Value : null,
                StandardError = t.Contrasts[0].Effect.StandardError,
            };
        }
    }
}
