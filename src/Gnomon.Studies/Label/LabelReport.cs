using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>Estimates, tables and plots of the finding.</summary>
internal static class LabelReport
{
    private const int MostScenarios = 14;

    public static IEnumerable<Estimate> Estimates(LabelFacts f)
    {
        if (f.Verdict is { } v)
        {
            var d = v.Difference;
            yield return new Estimate
            {
                Name = "error difference", Metric = $"error on {f.FocusName}", Contrast = "chosen - random", Value = d.Difference, Low = d.Low, High = d.High, Level = f.Options.Level, Unit = "proportion", N = v.Replay.Budgets[^1],
                Method = "groups held out, linearised ratio", Role = "primary",
            };
            if (f.Scan.Kept > 0)
            {
                var among = v.Replay.Focus.Difference(v.Replay.Budgets.Length - 1, f.Options.Level, LabelReplay.Triggered);
                yield return new Estimate
                {
                    Name = "difference to triggers alone", Metric = $"error on {f.FocusName}", Contrast = "chosen - drawn among kept", Value = among.Difference, Low = among.Low, High = among.High, Level = f.Options.Level, Unit = "proportion",
                    N = v.Replay.Budgets[^1], Method = "groups held out, linearised ratio", Role = "secondary",
                };
            }
        }

        foreach (var (name, share) in new[] { ("share of cases", f.CaseRate), ("error of today's model", f.ErrorToday), ("errors no trigger keeps", f.ErrorOutside) })
        {
            if (share is not null)
            {
                yield return new Estimate
                {
                    Name = name, Metric = "all rows", Value = share.Value, Low = Math.Min(share.Low, share.Value), High = Math.Max(share.High, share.Value), Level = f.Options.Level, Unit = "proportion", N = share.Sampled, Method = "Horvitz-Thompson, gamma limits", Role = "secondary",
                };
            }
        }

        if (f.Agreement?.Kappa is { } kappa)
        {
            yield return new Estimate { Name = "agreement of annotators", Metric = "Cohen's kappa", Value = kappa.Value, Low = kappa.Low, High = kappa.High, Level = f.Options.Level, Unit = "number", N = kappa.Rows, Method = "weighted by chance, linearised over groups", Role = "secondary" };
        }
    }

    public static IEnumerable<ResultTable> Tables(LabelFacts f)
    {
        if (f.Verdict is { } v)
        {
            yield return new ResultTable("curve", $"Error on {f.FocusName} against the number of labels", ["labels", "random", "triggers alone", "chosen", "chosen - random", "low", "high", "all rows, random", "all rows, chosen"], [.. v.Replay.Budgets.Select((b, at) => Point(f, v.Replay, b, at))]);
        }

        yield return Funnel(f);
        if (f.Scan.Columns.Rules.Count > 0)
        {
            yield return new ResultTable("triggers", "What each trigger keeps", ["rule", "rows", "share", "by this rule alone"],
                [.. f.Scan.Columns.Rules.Select((r, i) => (IReadOnlyList<object?>)[r.Text, f.Scan.RuleHits[i], f.Scan.RuleHits[i] / (double)f.Scan.Rows, f.Scan.RuleAlone[i]])]);
        }

        if (f.Options.Raw is { } raw)
        {
            yield return StorageBill.Of(raw, f.KeptVolume, [.. f.Options.Tiers.Select(t => StorageTier.Parse(t)!)]);
        }

        if (f.Scan.Columns.Scenario is not null)
        {
            yield return Scenarios(f);
        }

        if (f.Agreement?.Table is { } agreement)
        {
            yield return agreement;
        }

        foreach (var table in f.Queue.Tables(f.Options))
        {
            yield return table;
        }
    }

    public static IEnumerable<Plot> Plots(LabelFacts f)
    {
        if (f.Verdict is not { } v)
        {
            yield break;
        }

        var points = new List<BandPoint>();
        foreach (var (way, name) in new[] { (LabelReplay.Random, "drawn at random"), (LabelReplay.Triggered, "drawn among kept rows"), (LabelReplay.Chosen, "chosen") })
        {
            points.AddRange(v.Replay.Budgets.Select((b, at) => v.Replay.Focus.Level(way, at, f.Options.Level) is var e ? new BandPoint(b, e.First, name, Math.Max(0, e.Low), Math.Min(1, e.High)) : null!));
        }

        yield return new Plot("curve", $"Error on {f.FocusName} against the number of labels", BandPlot.Build(points, "labels", $"error on {f.FocusName}", new PlotUnit("proportion"), "rows"));
        var gate = Ordered(f, v).Where(g => g.Difference is not null).Take(MostScenarios).Select(g => new IntervalRow(f.Scan.Scenario(g.Scenario), g.Difference!.Difference, g.Difference.Low, g.Difference.High)).ToList();
        if (f.Scan.Columns.Scenario is not null && gate.Count > 0)
        {
            yield return new Plot("gate", $"Is a scenario worse than with {v.Slices.Before}?", IntervalPlot.Build(gate, "change of error", new PlotUnit("proportion", Change: true)));
        }
    }

    private static IReadOnlyList<object?> Point(LabelFacts f, LabelReplay replay, int labels, int at)
    {
        var d = replay.Focus.Difference(at, f.Options.Level);
        return [(long)labels, d.Second, replay.Focus.Error(LabelReplay.Triggered, at), d.First, d.Difference, d.Low, d.High, replay.All.Error(LabelReplay.Random, at), replay.All.Error(LabelReplay.Chosen, at)];
    }

    private static ResultTable Funnel(LabelFacts f)
    {
        var (scan, held) = (f.Scan, f.Held);
        double Share(double rows) => rows / scan.Rows;
        long copies = f.Chooser.Candidates - f.Chooser.Pool.Length, audit = held.Drawn.Sum();
        return new ResultTable("rows", "From all rows to those that are labelled", ["step", "rows", "share"],
        [
            ["all rows", scan.Rows, 1.0], ["kept by a trigger", scan.Kept, Share(scan.Kept)], ["drawn for the audit slice", audit, Share(audit)], ["held to choose from", (long)f.Chooser.Candidates, Share(f.Chooser.Candidates)],
            ["of these near copies, left out", copies, Share(copies)], ["to label", (long)f.Queue.Count, Share(f.Queue.Count)], ["of these by two annotators", (long)f.Queue.Twice, Share(f.Queue.Twice)],
        ]);
    }

    // Rare scenarios first, then those that changed most for the worse.
    private static IEnumerable<GateLine> Ordered(LabelFacts f, LabelVerdict v) =>
        v.Slices.Gate.OrderBy(g => LabelFacts.IsRare(f.Scan, f.Options, g.Scenario) ? 0 : 1).ThenByDescending(g => g.Difference?.Difference ?? double.NegativeInfinity).ThenBy(g => f.Scan.Scenario(g.Scenario), StringComparer.Ordinal);

    private static ResultTable Scenarios(LabelFacts f)
    {
        var scan = f.Scan;
        if (f.Verdict is not { } v)
        {
            return new ResultTable("scenarios", "Scenarios, the rarest first", ["scenario", "rows", "kept by a trigger", "in the slice", "chance to be drawn"],
                [.. Enumerable.Range(0, scan.ScenarioRows.Count).Where(h => scan.ScenarioRows[h] > 0).OrderBy(h => scan.ScenarioRows[h]).ThenBy(scan.Scenario, StringComparer.Ordinal).Take(MostScenarios).Select(h => (IReadOnlyList<object?>)[
                    scan.Scenario(h), scan.ScenarioRows[h], scan.ScenarioKept[h] / (double)scan.ScenarioRows[h], f.Held.Drawn[h], f.Held.Drawn[h] / (double)scan.ScenarioRows[h]])]);
        }

        return new ResultTable("scenarios", $"Scenarios, rare ones first: error with {v.Slices.Before} and with chosen rows", ["scenario", "rows", "kept by a trigger", "in the slice", "chance to be drawn", "error before", "error after", "p worse"],
            [.. Ordered(f, v).Take(MostScenarios).Select(g => (IReadOnlyList<object?>)[
                scan.Scenario(g.Scenario), scan.ScenarioRows[g.Scenario], scan.ScenarioKept[g.Scenario] / (double)scan.ScenarioRows[g.Scenario], f.Held.Drawn[g.Scenario], f.Held.Drawn[g.Scenario] / (double)scan.ScenarioRows[g.Scenario],
                v.Slices.ErrorBefore(g.Scenario), v.Replay.Scenarios[g.Scenario].Error(LabelReplay.Chosen, 0), g.AdjustedP])]);
    }
}
