using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon;

/// <summary>Puts together what the study measured and what the checks saw; computes nothing.</summary>
internal static class FindingBuilder
{
    public static Finding Build(StudyReport report, IReadOnlyList<CheckRun> runs, IReadOnlyList<ReadIssue> issues, Provenance provenance)
    {
        var folded = CheckRunner.Fold(runs);
        return new Finding
        {
            Question = report.Question,
            Title = report.Title,
            Decision = Decide.From(report.Propose(runs), folded),
            Estimates = report.Estimates,
            Checks = [.. folded.Select(r => r.Report())],
            Limitations = [.. report.Limitations.Concat(issues.Select(i => i.Says)).Concat(Notes(folded)).Concat(NotRun(runs)).Distinct(StringComparer.Ordinal)],
            Next = report.Next,
            Plots = report.Plots,
            Tables = report.Tables,
            Provenance = provenance,
        };
    }

    private static IEnumerable<string> Notes(IReadOnlyList<CheckRun> folded) => folded.Where(r => r.Result.Noted).Select(r => Sentence(r.Result.Says));

    // A blocking check that did not run leaves a hole in the guard: the reader must know which, and why.
    private static IEnumerable<string> NotRun(IReadOnlyList<CheckRun> runs) =>
        from run in runs
        where run.Card.Level == CheckLevel.Blocking && (run.Crashed || (run.Result.Status == CheckStatus.Skipped && !run.Result.IsMoot))
        let subject = run.Subject.Length == 0 ? string.Empty : $" on {run.Subject}"
        select Sentence($"The check {run.Card.Id}, which could have stopped this decision, did not run{subject}: {run.Result.Says}");

    private static string Sentence(string says) =>
        says.Length == 0 ? says : char.ToUpperInvariant(says[0]) + says[1..].TrimEnd('.') + ".";
}
