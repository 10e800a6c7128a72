using Gnomon.Core.Checks;
using Gnomon.Core.Findings;

namespace Gnomon.Cases;

/// <summary>One scene as it ran, beside what the case promises.</summary>
public sealed record SceneRun(Case Case, Scene Scene, Draw Draw, string Folder, Finding Finding)
{
    /// <summary>Checks that should have fired and did not.</summary>
    public IReadOnlyList<string> Missed => [.. Scene.Fires.Where(id => !HasFired(Finding, id))];

    /// <summary>On a twin: every warning or failure, and the notes of the case that speak; a remark of a check that could have warned is no alarm. Empty on a trap.</summary>
    public IReadOnlyList<string> FalseAlarms => !Scene.IsTwin ? [] :
        [.. Finding.Checks.Where(c => c.Status is CheckStatus.Warn or CheckStatus.Fail || (Case.Catches.Contains(c.Id) && Catalogue.Check(c.Id).Card.Level == CheckLevel.Note && HasFired(Finding, c.Id))).Select(c => c.Id)];

    public bool DecisionKept => Finding.Decision.Action == Scene.Action;

    /// <summary>Numbers that differ from the independent reference; empty when all agree or none is on file for this draw.</summary>
    public IReadOnlyList<NumberCheck> WrongNumbers => [.. Numbers.Where(n => !n.Agrees)];

    /// <summary>Every number on file for this draw beside what the finding says.</summary>
    public IReadOnlyList<NumberCheck> Numbers => [.. Reference.For(Case.Card.Id, Scene.Name, Draw).Select(n => new NumberCheck(n, n.In(Finding)))];

    public bool Holds => Missed.Count == 0 && FalseAlarms.Count == 0 && DecisionKept && WrongNumbers.Count == 0;

    /// <summary>The finding without what differs between machines and runs: folder, clock and seconds.</summary>
    public Finding Portable => Finding with
    {
        Provenance = Finding.Provenance with
        {
            Data = [.. Finding.Provenance.Data.Select(d => d with { Source = Path.GetFileName(d.Source) })],
            StartedAt = DateTimeOffset.UnixEpoch,
            Seconds = 0,
        },
    };

    /// <summary>What is wrong, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Missed.Count > 0)
        {
            yield return $"did not fire: {string.Join(", ", Missed)}";
        }

        if (FalseAlarms.Count > 0)
        {
            yield return $"fired on the clean twin: {string.Join(", ", FalseAlarms)}";
        }

        if (!DecisionKept)
        {
            yield return $"decided {Finding.Decision.Action.Word()}, expected {Scene.Action.Word()}";
        }

        foreach (var wrong in WrongNumbers)
        {
            yield return wrong.Says;
        }
    }

    /// <summary>A check has fired when it warns or fails, or when it is a note whose sentence stands among the limitations.</summary>
    public static bool HasFired(Finding finding, string id)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Checks.FirstOrDefault(c => c.Id == id) is { } check
            && (check.Status is CheckStatus.Warn or CheckStatus.Fail || (check.Status == CheckStatus.Pass && finding.Limitations.Any(l => SameSentence(l, check.Evidence))));
    }

    private static bool SameSentence(string limitation, string evidence) =>
        string.Equals(limitation.TrimEnd('.'), evidence.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
