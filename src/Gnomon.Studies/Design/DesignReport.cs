using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Design;

/// <summary>Tables, pictures and estimates of a plan.</summary>
internal sealed class DesignReport(DesignFacts facts)
{
    private const int CurvePoints = 40;
    private static readonly double[] Multiples = [0.5, 0.75, 1, 1.5, 2];

    public IReadOnlyList<Estimate> Estimates()
    {
        if (facts.History is not { } history)
        {
            return [];
        }

        var values = history.Values;
        var half = StudentT.UpperQuantile(facts.Options.Alpha / 2, values.Count - 1) * Math.Sqrt(values.VarianceOfMean);
        return
        [
            new Estimate
            {
                Name = "mean",
                Metric = history.Metric,
                Value = values.Mean,
                Low = values.Mean - half,
                High = values.Mean + half,
                Level = 1 - facts.Options.Alpha,
                Unit = facts.EffectUnit,
                N = values.Count,
                Method = history.IsRatio ? "ratio of totals, delta method" : "mean, t interval",
                Role = "descriptive",
            },
        ];
    }

    public IReadOnlyList<ResultTable> Tables()
    {
        var tables = new List<ResultTable> { Arms() };
        if (facts.Kind == "factorial")
        {
            tables.AddRange(new Factorial.FactorialDesignReport(facts).Tables());
        }

        if (facts.Simulated is not null)
        {
            return [.. tables, .. new Simulated.SimulatedReport(facts).Tables()];
        }

        if (facts.Effect is { } effect && facts.Margin is null)
        {
            tables.Add(Sizes(effect));
        }

        if (facts.Traffic is not null && facts.Margin is null)
        {
            tables.Add(Weeks());
        }

        if (facts.Sequential is not null)
        {
            tables.AddRange(new LooksReport(facts).Tables());
        }

        return tables;
    }

    public IReadOnlyList<Plot> Plots()
    {
        if (facts.Effect is not { } effect || facts.Simulated is not null)
        {
            return facts.Simulated is null ? [] : [.. new Simulated.SimulatedReport(facts).Plots()];
        }

        var words = new DesignWords(facts);
        var points = new List<CurvePoint>();
        double[] multiples = facts.Margin is null ? [0.75, 1.0, 1.5] : [1.0];
        foreach (var multiple in multiples.Where(m => IsPossible(effect * m)))
        {
            for (var i = 1; i <= CurvePoints; i++)
            {
                var total = 2.0 * facts.Total * i / CurvePoints;
                if (facts.ControlSize(total) * facts.Shares.Min() / facts.Shares[0] >= 2)
                {
                    points.Add(new CurvePoint(total, facts.PowerAt(total, effect * multiple), effect == 0 ? "no difference" : words.Effect(effect * multiple)));
                }
            }
        }

        var plots = new List<Plot>();
        if (points.Count > 0)
        {
            var what = facts.Options.Width is null ? "power" : "chance of that width";
            plots.Add(new Plot("power", "Power by size", CurvePlot.Build(points, $"{facts.Noun} in all", what, new PlotUnit("proportion"), [new ReferenceLine("asked for", facts.Options.Power, "proportion")], facts.Options.Width is null ? "true effect" : "half width")));
        }

        if (Detectable() is { Count: > 1 } curve)
        {
            var unit = new PlotUnit(facts.EffectUnit, Change: true);
            plots.Add(new Plot("detectable", "Smallest effect by length", CurvePlot.Build(curve, "weeks", "smallest effect seen", unit, [new ReferenceLine("planned", Math.Abs(effect), facts.EffectUnit)], "direction")));
        }

        if (facts.Sequential is not null)
        {
            plots.AddRange(new LooksReport(facts).Plots());
        }

        return plots;
    }

    // What a test of each length could see: where the curve falls below the effect worth having, the test is long enough.
    private List<CurvePoint> Detectable()
    {
        if (facts.Traffic is null || facts.Options.NamesNoEffect || facts.Effect is null or 0)
        {
            return [];
        }

        var rise = facts.Effect > 0;
        return [.. Lengths().Select(w => (w.Week, Seen: facts.DetectableAt(w.Total, rise))).Where(w => w.Seen is not null).Select(w => new CurvePoint(w.Week, Math.Abs(w.Seen!.Value), rise ? "rise" : "fall"))];
    }

    private IEnumerable<(int Week, double Total)> Lengths()
    {
        var last = Math.Clamp((facts.Days ?? 56) / 7 + 2, 4, 12);
        for (var week = 1; week <= last; week++)
        {
            var total = Math.Floor(facts.Traffic!.Units(7 * week) / (facts.IsClustered ? facts.Options.ClusterSize!.Value : 1));
            if (total * facts.Shares.Min() >= 4)
            {
                yield return (week, total);
            }
        }
    }

    private bool IsGroups => facts.Kind is "groups" or "welch";

    private ResultTable Arms() => new(
        "arms", facts.Shares.Count == 1 ? "Sample" : IsGroups ? "Groups" : "Arms", [IsGroups ? "group" : "arm", "share", facts.Noun],
        [.. facts.Shares.Select((share, i) => (IReadOnlyList<object?>)[IsGroups ? $"group {i + 1}" : facts.Shares.Count == 1 ? "all" : i == 0 ? facts.Options.Control ?? "control" : facts.Shares.Count == 2 ? "treatment" : $"treatment {i}", share, facts.PerArm[i]])]);

    private ResultTable Sizes(double effect)
    {
        var rows = Multiples.Where(m => IsPossible(effect * m)).Select(m =>
        {
            var total = facts.TotalFor(effect * m);
            var days = facts.Traffic?.DaysFor(facts.Arrivals(total));
            IReadOnlyList<object?> row = [effect * m, facts.RelativeBase is { } b ? effect * m / b : null, total];
            return facts.Traffic is null ? row : [.. row, days is { } d && d < 36_500 ? (long)Math.Max(1, Math.Ceiling(d / 7 - 1e-9)) : null];
        });
        IReadOnlyList<string> columns = ["effect", "relative share", $"{facts.Noun} in all"];
        return new ResultTable("sizes", $"Size by effect, power {facts.Options.Power:0.##}", facts.Traffic is null ? columns : [.. columns, "whole weeks"], [.. rows]);
    }

    private ResultTable Weeks()
    {
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var (week, total) in Lengths())
        {
            var rise = facts.Effect is not < 0;
            var detectable = facts.DetectableAt(total, rise);
            rows.Add(
            [
                (long)week, (long)total, detectable, detectable is { } d && facts.RelativeBase is { } b ? d / b : null,
                facts.Effect is { } effect && !facts.EffectIsAnswer ? facts.PowerAt(total, effect) : null,
            ]);
        }

        return new ResultTable("weeks", "What each week adds", ["weeks", $"{facts.Noun} in all", facts.Options.Width is null ? "smallest effect seen" : "narrowest interval", "relative share", "power at the planned effect"], rows);
    }

    private bool IsPossible(double effect) => facts.EffectUnit != "proportion" || (facts.Baseline + effect > 0 && facts.Baseline + effect < 1);
}
