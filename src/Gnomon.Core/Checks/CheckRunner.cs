namespace Gnomon.Core.Checks;

/// <summary>Runs every check declared for every piece of evidence; a check that crashes is skipped with the reason, never hidden.</summary>
public static class CheckRunner
{
    /// <returns>One result per check and piece of evidence, in catalogue order, worst subject first within a check.</returns>
    public static IReadOnlyList<CheckRun> Run(IReadOnlyList<Check> catalogue, IReadOnlyList<IEvidence> evidence) =>
        [.. catalogue.SelectMany(check => evidence.Where(check.EvidenceType.IsInstanceOfType).Select(e => RunOne(check, e)))];

    /// <summary>Folds the runs of one check over several subjects into one line of the finding: the worst result speaks, the others are counted.</summary>
    public static IReadOnlyList<CheckRun> Fold(IReadOnlyList<CheckRun> runs) =>
        [.. runs.GroupBy(r => r.Card.Id).Select(FoldGroup)];

    private static CheckRun FoldGroup(IGrouping<string, CheckRun> group)
    {
        var ordered = group.OrderByDescending(r => Severity(r.Result)).ToList();
        var worst = ordered[0];
        var also = ordered.Skip(1).Where(r => Severity(r.Result) == Severity(worst.Result) && worst.Result.Fired).Select(r => r.Subject).Where(s => s.Length > 0 && s != worst.Subject).Distinct().ToList();
        var says = worst.Subject.Length > 0 && worst.Result.Fired && group.Count() > 1 && !Names(worst.Result.Says, worst.Subject) ? $"{worst.Subject}: {worst.Result.Says}" : worst.Result.Says;
        return worst with
        {
            Result = worst.Result with { Says = also.Count == 0 ? says : $"{says} (also {string.Join(", ", also.Take(5))}{(also.Count > 5 ? $" and {also.Count - 5} more" : string.Empty)})" },
            Crashed = group.Any(r => r.Crashed),
        };
    }

    // A sentence that already names its subject, as a word of its own, is not given it again.
    private static bool Names(string says, string subject)
    {
        for (var at = says.IndexOf(subject, StringComparison.Ordinal); at >= 0; at = says.IndexOf(subject, at + 1, StringComparison.Ordinal))
        {
            var end = at + subject.Length;
            if ((at == 0 || !IsWord(says[at - 1])) && (end == says.Length || !IsWord(says[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int Severity(CheckResult r) => r.Status switch
    {
        CheckStatus.Fail => 4,
        CheckStatus.Warn => 3,
        _ when r.Noted => 2,
        CheckStatus.Pass => 1,
        _ => 0,
    };

    private static CheckRun RunOne(Check check, IEvidence evidence)
    {
        try
        {
            var result = Cap(check.Card, check.Run(evidence));
            return new CheckRun(check.Card, evidence.Subject, result, Crashed: false);
        }
#pragma warning disable CA1031 // a guard must not take the answer down with it; the defect is reported in the finding
        catch (Exception defect) when (defect is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new CheckRun(check.Card, evidence.Subject, CheckResult.Skip($"the check could not run: {defect.Message}"), Crashed: true);
        }
    }

    // A card's level is a promise to the reader: a warning cannot block, a note cannot alarm.
    private static CheckResult Cap(CheckCard card, CheckResult result) => (card.Level, result.Status) switch
    {
        (CheckLevel.Warning, CheckStatus.Fail) => result with { Status = CheckStatus.Warn },
        (CheckLevel.Note, CheckStatus.Fail or CheckStatus.Warn) => result with { Status = CheckStatus.Pass, Noted = true },
        _ => result,
    };
}

/// <summary>One check on one piece of evidence.</summary>
public sealed record CheckRun(CheckCard Card, string Subject, CheckResult Result, bool Crashed)
{
    public CheckReport Report() => new(
        Card.Id, Result.Status, Result.Statistic, Result.Threshold, Result.P, Result.Says, Result.Remedy ?? Card.Remedy, Card.Source);
}
