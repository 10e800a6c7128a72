using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>
/// What several metrics, the guardrails and the plan make of a factorial experiment together: a cell is launched when a metric speaks for it, no other metric is worse
/// there, and every guardrail is cleared there.
/// </summary>
internal sealed class FactorialDecision
{
    private readonly IReadOnlyList<FactorialVerdict> _primaries;
    private readonly IReadOnlyList<FactorialGuard> _guards;
    private readonly IReadOnlyList<string> _unjudged;
    private readonly double _alpha;
    private readonly double? _reached;
    private readonly List<Proposal> _said;
    private readonly List<int> _ready;
    private readonly List<int> _cleared;

    /// <param name="primaries">The metrics that may win.</param>
    /// <param name="guards">The guardrails.</param>
    /// <param name="unjudged">Guardrails that could not be compared: they stay open.</param>
    /// <param name="reached">Share of the plan that is reached; null without one.</param>
    public FactorialDecision(IReadOnlyList<FactorialVerdict> primaries, IReadOnlyList<FactorialGuard> guards, IReadOnlyList<string> unjudged, double? reached)
    {
        (_primaries, _guards, _unjudged, _alpha, _reached) = (primaries, guards, unjudged, primaries[0].Input.Design.Alpha, reached);
        _said = [.. primaries.Select(v => v.Propose())];
        Candidates = [.. primaries.Select(v => v.Launch).OfType<int>().Distinct()];
        _ready = [.. Candidates.Where(c => Harmed(c).Count == 0)];
        _cleared = [.. _ready.Where(c => Open(c).Count == 0)];
    }

    /// <summary>Cells that some metric speaks for, in the order of --metric.</summary>
    public IReadOnlyList<int> Candidates { get; }

    /// <summary>The cell that guardrails are judged in: the one that would be launched; null when no metric speaks for any.</summary>
    public int? Launch => First(_cleared) ?? First(_ready) ?? First(Candidates);

    public Proposal Propose()
    {
        if (First(_cleared) is { } cell)
        {
            var holds = _guards.Count > 0 ? $" Guardrails hold: {string.Join(", ", _guards.Select(g => g.Input.Spec.Name))}." : string.Empty;
            return new Proposal(DecisionAction.Ship, $"{Lead(cell)}{Others(cell)}{holds}");
        }

        if (First(_ready) is { } open)
        {
            return new Proposal(DecisionAction.Inconclusive, $"{Lead(open)}{Others(open)} But harm to {string.Join(", ", Open(open))} beyond the margin is not ruled out in {Name(open)}.");
        }

        if (First(Candidates) is { } harmed)
        {
            return new Proposal(DecisionAction.DoNotShip, $"{string.Join(", ", Harmed(harmed))} {(Harmed(harmed).Count == 1 ? "is" : "are")} worse in {Name(harmed)}.{Others(harmed)} {Lead(harmed)}");
        }

        var action = _said.TrueForAll(s => s.Action == DecisionAction.DoNotShip) ? DecisionAction.DoNotShip : DecisionAction.Inconclusive;
        var summary = string.Join(" ", _said.Select((s, i) => _said.Count == 1 ? s.Summary : $"{_primaries[i].Input.Spec.Name}: {s.Summary}"));
        return action == DecisionAction.Inconclusive && _reached is { } share && share < PlannedLook.Reached
            ? new Proposal(DecisionAction.KeepRunning, $"{Figures.WholePercent(share)} of the plan is reached. {summary}")
            : new Proposal(action, summary);
    }

    private string Name(int cell) => _primaries[0].Input.Name(cell);

    private static int? First(IReadOnlyList<int> cells) => cells.Count > 0 ? cells[0] : null;

    private int Speaker(int cell) => _primaries.ToList().FindIndex(v => v.Launch == cell);

    private string Lead(int cell) => _said[Speaker(cell)].Summary;

    // The other metrics, each by what happens to it in the cell.
    private string Others(int cell) => string.Concat(_primaries.Where((_, i) => i != Speaker(cell)).Select(v => v.Effects.Fit.Difference(cell, v.Effects.Reference) is { } c
        ? $" {v.Input.Spec.Name} there: {AbWords.Text(c, v.Input.Metric.Unit).Point} ({Figures.Confidence(c.Level)} interval {AbWords.Text(c, v.Input.Metric.Unit).Range})."
        : string.Empty));

    private List<string> Open(int cell) => [.. _guards.Where(g => !g.IsCleared(cell)).Select(g => g.Input.Spec.Name), .. _unjudged];

    // As for arms: harm is held to the false discovery rate among the metrics of the cell, or shown by a clear effect of a level that the cell holds.
    private List<string> Harmed(int cell)
    {
        var others = _primaries.Where(v => v.Launch != cell && cell != v.Effects.Reference).Select(v => (Verdict: v, Difference: v.Effects.Fit.Difference(cell, v.Effects.Reference))).ToList();
        var adjusted = Multiplicity.BenjaminiHochberg([.. others.Select(o => o.Difference?.PValue ?? 1)]);
        return [.. others.Where((o, i) => (adjusted[i] < _alpha && o.Difference is { } d && o.Verdict.Input.Spec.Sign * d.Value < 0) || LevelHurts(o.Verdict, cell)).Select(o => o.Verdict.Input.Spec.Name)];
    }

    private static bool LevelHurts(FactorialVerdict verdict, int cell) =>
        !verdict.Effects.Interactions.Any(verdict.IsClear) && verdict.Effects.Mains.Where(verdict.IsClear).Any(m => m.Contrasts.Any(c =>
            c.To[0] == verdict.Input.Grid.Level(cell, m.Set.Term[0]) && c.Effect.High * c.Effect.Low > 0 && verdict.Input.Spec.Sign * c.Effect.Value < 0));
}
