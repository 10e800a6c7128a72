using Gnomon.Core.Evidence.Data;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>Models by scenario: which does worse than elsewhere, which got worse by choosing.</summary>
internal sealed class LabelSlices
{
    private const int FewestGroups = 5;
    private const double Alpha = 0.05;
    private readonly HeldRows _held;
    private readonly LabelScan _scan;
    private readonly LabelReplay _replay;
    private readonly SliceErrors[] _before;
    private readonly long[] _rows;
    private readonly long[] _cases;
    private readonly double _level;

    public LabelSlices(LabelScan scan, HeldRows held, RowChooser chooser, LabelReplay replay, double level)
    {
        (_scan, _held, _replay, _level) = (scan, held, replay, level);
        var (scenarios, groups) = (scan.ScenarioRows.Count, scan.GroupNumbers.Count);
        HasScore = scan.Columns.Score is not null;
        _before = [.. Enumerable.Range(0, scenarios).Select(h => HasScore
            ? new SliceErrors(new double[groups], new double[groups], new double[groups], new double[groups])
            : new SliceErrors(replay.Scenarios[h].Wrong(LabelReplay.Random, 0), [.. replay.Scenarios[h].Rows], replay.Recall[h].Wrong(LabelReplay.Random, 0), [.. replay.Recall[h].Rows]))];
        (_rows, _cases) = (new long[scenarios], new long[scenarios]);
        foreach (var i in chooser.Judged)
        {
            var (h, isCase) = (held.Scenario[i], chooser.IsCase[i]);
            if (HasScore && double.IsNaN(held.Score[i]))
            {
                continue;
            }

            _rows[h]++;
            _cases[h] += isCase ? 1 : 0;
            if (HasScore)
            {
                var (slice, g, weight, isWrong) = (_before[h], held.Group[i], held.Weight(i), held.Score[i] > 0.5 != isCase);
                slice.Rows[g] += weight;
                slice.Wrong[g] += isWrong ? weight : 0;
                slice.Cases[g] += isCase ? weight : 0;
                slice.Missed[g] += isCase && isWrong ? weight : 0;
            }
        }

        Gate = Gated();
    }

    /// <summary>Today's model gave scores; otherwise the model from random rows stands for before.</summary>
    public bool HasScore { get; }

    public string Before => HasScore ? "today's model" : "the model from random rows";

    public IReadOnlyList<GateLine> Gate { get; }

    /// <summary>Scenarios that are worse than before beyond noise.</summary>
    public IReadOnlyList<GateLine> Broken => [.. Gate.Where(g => g.AdjustedP < Alpha)];

    public long Judged(int scenario) => _rows[scenario];

    public double? ErrorBefore(int scenario) => _before[scenario].Rows.Sum() is > 0 and var n ? _before[scenario].Wrong.Sum() / n : null;

    public SlicePerformance Performance()
    {
        var groups = _scan.GroupNumbers.Count;
        var all = SliceErrors.Sum(_before, groups);
        var gaps = new List<SliceGap>();
        foreach (var h in Enumerable.Range(0, _before.Length).Where(h => _rows[h] > 0))
        {
            gaps.AddRange(Gaps(_scan.Scenario(h), [h], all));
        }

        int[] rare = [.. Enumerable.Range(0, _before.Length).Where(h => _replay.IsFocus[h] && _rows[h] > 0)];
        if (rare.Length > 1 && rare.Length < _before.Count(b => b.Rows.Sum() > 0))
        {
            gaps.AddRange(Gaps("the rare ones together", rare, all));
        }

        return new SlicePerformance { Model = Before, By = _scan.Columns.Scenario?.Name ?? "scenario", Overall = 1 - (all.Wrong.Sum() / all.Rows.Sum()), Gaps = gaps };
    }

    private IEnumerable<SliceGap> Gaps(string name, int[] scenarios, SliceErrors all)
    {
        var slice = SliceErrors.Sum(scenarios.Select(h => _before[h]), all.Rows.Length);
        double[] Less(double[] a, double[] b) => [.. a.Select((x, g) => Math.Max(0, x - b[g]))];
        var (rows, cases) = (scenarios.Sum(h => _rows[h]), scenarios.Sum(h => _cases[h]));
        if (Try(slice.Wrong, slice.Rows, Less(all.Wrong, slice.Wrong), Less(all.Rows, slice.Rows)) is { } accuracy)
        {
            yield return new SliceGap(name, "accuracy", rows, cases, 1 - accuracy.First, 1 - accuracy.Second, accuracy.Above);
        }

        if (Try(slice.Missed, slice.Cases, Less(all.Missed, slice.Missed), Less(all.Cases, slice.Cases)) is { } recall)
        {
            yield return new SliceGap(name, "recall", rows, cases, 1 - recall.First, 1 - recall.Second, recall.Above);
        }
    }

    private List<GateLine> Gated()
    {
        var lines = Enumerable.Range(0, _before.Length).Where(h => _rows[h] > 0).Select(h =>
        {
            var after = _replay.Scenarios[h];
            return new GateLine(h, Try(after.Wrong(LabelReplay.Chosen, 0), [.. after.Rows], _before[h].Wrong, _before[h].Rows, after.Variance(LabelReplay.Chosen, 0, HasScore ? null : LabelReplay.Random), after.Freedom), null);
        }).ToList();
        List<int> tested = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].Difference is not null)];
        var adjusted = tested.Count == 0 ? [] : Multiplicity.Holm([.. tested.Select(i => lines[i].Difference!.Above)]);
        for (var k = 0; k < tested.Count; k++)
        {
            lines[tested[k]] = lines[tested[k]] with { AdjustedP = adjusted[k] };
        }

        return lines;
    }

    private GroupedDifference? Try(double[] hits, double[] rows, double[] otherHits, double[] otherRows, double extraVariance = 0, double extraFreedom = double.PositiveInfinity)
    {
        if (rows.Count(r => r > 0) < FewestGroups || otherRows.Count(r => r > 0) < FewestGroups)
        {
            return null;
        }

        try
        {
            return GroupedShares.Difference(hits, rows, otherHits, otherRows, extraVariance, extraFreedom, _level);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }
}
