using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Design;

/// <summary>What a plan with several looks says of each of them, and what other rules would cost.</summary>
internal sealed class LooksReport(DesignFacts facts)
{
    private const int CurvePoints = 25;

    // Beyond this the boundary is off the picture: nothing measurable may be spent at that look.
    private const double HighestDrawn = 8;

    private GroupSequentialPlan Plan => facts.Sequential!;

    private bool HasFutility => Plan.Rule.Futility != FutilityStopping.None;

    /// <summary>One row per look.</summary>
    public IEnumerable<PlannedStop> Stops() => Plan.Looks.Select((l, i) =>
    {
        var units = (long)Math.Ceiling(l.Information * facts.Total - 1e-9);
        return new PlannedStop(i + 1, l, units, facts.DayOf(units), Smallest(l.CriticalZ, l.Information), Smallest(l.FutilityZ, l.Information), PowerBy(i));
    });

    public IEnumerable<ResultTable> Tables()
    {
        var stops = Stops().ToList();
        var hasDays = stops.TrueForAll(s => s.Day is not null);
        var hasEffect = stops.Exists(s => s.SmallestEffect is not null);
        IReadOnlyList<string> columns =
        [
            "look", "share of the sample", $"{facts.Noun} in all", .. hasDays ? ["day"] : Array.Empty<string>(), "stop at |z| of", "or p below",
            .. hasEffect ? ["smallest effect that stops"] : Array.Empty<string>(), .. HasFutility ? ["futile at z of", "or effect below"] : Array.Empty<string>(), "size spent", "power by then",
        ];
        yield return new ResultTable("looks", "Looks", columns,
        [
            .. stops.Select(s => (IReadOnlyList<object?>)
            [
                (long)s.Look, s.Bounds.Information, s.Units, .. hasDays ? [(object?)(long)s.Day!] : Array.Empty<object?>(), s.Bounds.CriticalZ, s.Bounds.CriticalZ is null ? null : s.Bounds.NominalAlpha,
                .. hasEffect ? [s.SmallestEffect] : Array.Empty<object?>(), .. HasFutility ? [s.Bounds.FutilityZ, s.FutileEffect] : Array.Empty<object?>(), s.Bounds.CumulativeAlpha, s.Power,
            ]),
        ]);
        yield return Rules();
    }

    public IEnumerable<Plot> Plots()
    {
        var stops = Stops().ToList();
        var points = new List<CurvePoint>();
        foreach (var (series, bound) in new (string, Func<PlannedStop, double?>)[]
        {
            ("with a gain", s => s.Bounds.CriticalZ), ("with a loss", s => -s.Bounds.CriticalZ), ("for futility", s => HasFutility ? s.Bounds.FutilityZ : null),
        })
        {
            points.AddRange(stops.Where(s => bound(s) is { } z && Math.Abs(z) <= HighestDrawn).Select(s => new CurvePoint(s.Units, bound(s)!.Value, series)));
        }

        if (points.Count > 0)
        {
            yield return new Plot("boundary", "When the test may stop", BoundaryPlot.Build(points, [], $"{facts.Noun} in all", "z, better is up"));
        }

        if (AverageSize() is { } average)
        {
            yield return new Plot("average-size", "Average size by true effect", average);
        }
    }

    public IEnumerable<string> Sentences()
    {
        if (HasFutility)
        {
            var binding = Plan.Rule.Futility == FutilityStopping.Binding;
            yield return $"Stopping for futility ends {Figures.WholePercent(Plan.FutilityUnderNone[^2])} of tests early when there is no effect, and {Figures.WholePercent(Plan.FutilityUnderEffect[^2])} when the effect is as planned. "
                + (binding
                    ? $"The bound is binding: a test that obeys it calls an effect that is not there in {Figures.Percent(Plan.Size)} of cases, one that goes on past it in {Figures.Percent(Plan.SizeOverruled)}, half of them losses."
                    : $"The bound is advice: a test that goes on past it still keeps its {Figures.Percent(facts.ComparisonAlpha)}.");
        }
    }

    // The same looks without a correction, and under the other rules, at the same power.
    private ResultTable Rules()
    {
        var options = facts.Options;
        var looks = (int)options.Looks;
        double[] times = [.. Enumerable.Range(1, looks).Select(k => (double)k / looks)];
        var once = (long)Math.Round(facts.Total / Plan.Inflation);
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { "read once, at the end", facts.ComparisonAlpha, once, once, once },
            new object?[] { "stop at any of the looks with p below the size", PeekingError.FalsePositiveRate(looks, facts.ComparisonAlpha), once, null, null },
            Row($"{StoppingText.Name(Plan.Rule)}{Futile(Plan.Rule)} (planned here)", Plan),
        };
        StoppingRule[] others = [new(), new() { Spending = AlphaSpending.Pocock }, new() { Spending = AlphaSpending.HaybittlePeto }];
        if (HasFutility)
        {
            others = [Plan.Rule with { Futility = FutilityStopping.None }, .. others];
        }

        foreach (var rule in others.Where(r => HasFutility || r.Spending != Plan.Rule.Spending).DistinctBy(StoppingText.Write))
        {
            if (rule.Spending != AlphaSpending.HaybittlePeto || GroupSequential.Bounds(times, facts.ComparisonAlpha, rule)[^1].CriticalZ is not null)
            {
                rows.Add(Row(StoppingText.Name(rule), PowerGroupSequential.Plan(times, facts.ComparisonAlpha, options.Power, rule)));
            }
        }

        return new ResultTable("rules", "Rules for stopping", ["rule", "false alarm rate", $"most {facts.Noun}", "average with the effect", "average without"], rows);

        IReadOnlyList<object?> Row(string name, GroupSequentialPlan plan)
        {
            var most = once * plan.Inflation;
            return [name, plan.Rule.Futility == FutilityStopping.Binding ? plan.Size : facts.ComparisonAlpha, (long)Math.Round(most), (long)Math.Round(most * plan.ExpectedUnderEffect), (long)Math.Round(most * plan.ExpectedUnderNone)];
        }
    }

    private static string Futile(StoppingRule rule) => rule.Futility switch
    {
        FutilityStopping.None => string.Empty,
        FutilityStopping.Binding => ", binding futility",
        _ => ", futility as advice",
    };

    private JsonObject? AverageSize()
    {
        if (facts.Effect is not { } effect || effect == 0 || facts.DriftAt(facts.Total, effect) is not { } drift)
        {
            return null;
        }

        var unit = facts.EffectUnit is "proportion" ? 100 : 1;
        var points = Enumerable.Range(0, CurvePoints + 1).Select(i => 2.0 * i / CurvePoints)
            .Select(m => new CurvePoint(unit * effect * m, facts.Total * PowerGroupSequential.ExpectedShare(Plan.Looks, drift * m), "average"))
            .OrderBy(p => p.X).ToList();
        var title = facts.EffectUnit is "proportion" ? "true effect (percentage points)" : "true effect";
        return CurvePlot.Build(points, title, $"{facts.Noun} used on average", new PlotUnit(string.Empty), [new ReferenceLine("all of them", facts.Total, string.Empty)]);
    }

    // At the size that is really there, which need not be the one that the wanted power asks for.
    private double PowerBy(int look) => facts.Effect is { } effect && effect != 0 && facts.DriftAt(facts.Total, effect) is { } drift
        ? PowerGroupSequential.Power([.. Plan.Looks.Take(look + 1)], drift)
        : Plan.Power[look];

    private double? Smallest(double? z, double information) =>
        z is { } bound && facts.Effect is { } effect && effect != 0 && facts.DriftAt(facts.Total, effect) is { } drift ? bound * effect / (drift * Math.Sqrt(information)) : null;
}

/// <summary>One planned look in the terms of the person who takes it.</summary>
/// <param name="Look">Number of the look, from 1.</param>
/// <param name="Bounds">Its bounds.</param>
/// <param name="Units">Units of all arms together by then.</param>
/// <param name="Day">Day on which they are there; null when traffic is not known.</param>
/// <param name="SmallestEffect">Smallest observed effect that stops the test.</param>
/// <param name="FutileEffect">Observed effect at or below which it stops for futility.</param>
/// <param name="Power">Chance of having stopped with the effect by then.</param>
internal sealed record PlannedStop(int Look, GroupSequentialLook Bounds, long Units, int? Day, double? SmallestEffect, double? FutileEffect, double Power);
