using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Facts and sentences of a switchback.</summary>
internal static class SwitchbackWords
{
    public static AbTouching Of(SwitchbackSet set, AbFacts facts)
    {
        var made = facts.Comparisons.Where(c => c.Designed is SwitchbackContrast).Select(c => (c, By: (SwitchbackContrast)c.Designed!)).ToList();
        return new AbTouching
        {
            Evidence = [.. made.Where(m => m.c.Spec.Role == MetricRole.Primary).SelectMany(m => Facts(m.c, m.By, set))],
            Estimates = [.. made.SelectMany(m => Beside(m.c, m.By))],
            Tables = made.Count == 0 ? [] : [Table(made)],
            Limitations = [.. Words(made, set)],
            Next = [.. Next(made, set)],
        };
    }

    private static IEnumerable<IEvidence> Facts(Comparison c, SwitchbackContrast by, SwitchbackSet set)
    {
        if (by.CarryOver is { } carry)
        {
            yield return new SpillOver
            {
                Metric = $"{c.Spec.Name} ({c.Contrast})",
                Compared = $"after a block of {c.Arm} against after a block of {c.Control}{(set.BurnIn > 0 ? $", beyond the burn-in of {set.BurnInText}" : string.Empty)}",
                Response = carry.Difference,
                ResponseText = $"{Figures.Effect(carry.Difference, c.Metric.Unit)} on {c.Spec.Name}",
                PValue = carry.Test.PValue,
                SmallestP = carry.Test.SmallestP,
                Looked = carry.Cells,
                Instead = $"Leave out the time after a switch: run again with {(set.BurnIn > 0 ? "a longer --burn-in" : "--burn-in, for example one period")}; when no burn-in helps, switch less often.",
            };
        }

        var (blocks, largest) = (by.Result.Blocks, 1.0 / by.Result.Blocks);
        yield return new ClusterCount { Column = "block of time", Rows = by.Result.CellsUsed, Clusters = blocks, LargestShare = largest };
        if (by.Naive is { } naive && by.Variation is { } likeness && by.Rows > 1.2 * blocks)
        {
            yield return new UnitRepeats
            {
                Metric = $"{c.Spec.Name} ({c.Contrast})", UnitColumn = "block of time", AnalysedByUnit = true, Rows = (long)Math.Round(by.Rows), Units = blocks, IntraClassCorrelation = likeness.IntraClassCorrelation,
                IntraClassLow = likeness.Low, NaiveError = naive.StandardError, ClusteredError = c.Raw.StandardError,
            };
        }
    }

    private static IEnumerable<Estimate> Beside(Comparison c, SwitchbackContrast by)
    {
        yield return Line(c, by.Result.HorvitzThompson, by.Result.HorvitzThompson.Method + ", on values less their overall mean");
        if (by.Naive is { } rows)
        {
            yield return Line(c, rows, "rows taken as independent, nothing left out after switches");
        }
    }

    private static Estimate Line(Comparison c, Methods.Inference.ContrastResult r, string method) => new()
    {
        Name = "difference", Metric = c.Spec.Name, Contrast = c.Contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = c.Metric.Unit, P = r.PValue, N = c.N, Method = method, Role = "sensitivity",
    };

    private static ResultTable Table(List<(Comparison c, SwitchbackContrast By)> made) => new(
        "switchback", "The switchback",
        ["metric", "contrast", "blocks used", "cells used", "cells left out", "design p", "designs drawn", "carry-over", "carry-over p"],
        [.. made.Select(m => (IReadOnlyList<object?>)
            [m.c.Spec.Name, m.c.Contrast, m.By.Result.Blocks, m.By.Result.CellsUsed, m.By.Result.CellsLeftOut, m.By.Test.PValue, m.By.Test.Assignments, m.By.CarryOver?.Difference, m.By.CarryOver?.Test.PValue])]);

    private static IEnumerable<string> Words(List<(Comparison c, SwitchbackContrast By)> made, SwitchbackSet set)
    {
        var cells = set.Metrics[0].Cells;
        var what = set.Zone is null || set.Series == 1 ? "One series switches" : cells.IsShared ? $"All {Figures.Count(set.Series)} values of {set.Zone} switch together" : $"Each of {Figures.Count(set.Series)} values of {set.Zone} switches by itself";
        yield return $"{what}: {Figures.Count(cells.Treated + cells.Control)} blocks were assigned, {Figures.Count(cells.Treated)} of them treated. A block is one piece of evidence, however many rows it holds; the estimate is everybody treated all the time against nobody.";
        if (made.Count > 0 && made[0].By.Result.CellsLeftOut > 0)
        {
            var r = made[0].By.Result;
            yield return $"{Figures.Count(r.CellsLeftOut)} of {Figures.Count(r.CellsLeftOut + r.CellsUsed, "cell")} lie within {set.BurnInText} of a switch, or after a block that was not seen, and are left out.";
        }

        if (set.BlockSays is { } block)
        {
            yield return block;
        }

        if (cells.Alternates)
        {
            yield return "The arms alternate strictly: that order was not drawn at random, so a rhythm of the same length passes for an effect, and the p over the design does not hold.";
        }

        if (made.Exists(m => m.By.CarryOver is null))
        {
            yield return "Carry-over between blocks could not be tested: no block has both kinds of block before it.";
        }
    }

    private static IEnumerable<string> Next(List<(Comparison c, SwitchbackContrast By)> made, SwitchbackSet set)
    {
        if (made.Count > 0 && set.BurnIn == 0 && made[0].By.CarryOver is { Test.PValue: < 0.01 })
        {
            yield return "Try --burn-in until the carry-over test is quiet, and say in the report which one was chosen and why.";
        }
    }
}
