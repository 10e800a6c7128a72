using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Programme;

/// <summary>The story of a programme: read the list, count what chance hands out, correct, look for what is missing, shrink, propose.</summary>
public sealed class ProgrammeStudy : Study<ProgrammeOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(ProgrammeOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var input = options.IsTyped ? ProgrammeTyped.Read(options) : options.Tests.Count > 0 ? OverlapReader.Read(options, context) : ProgrammeReader.Read(options, context);
        var facts = ProgrammeFacts.Of(options, input);
        var words = new ProgrammeVerdict(facts);
        var report = new ProgrammeReport(facts);
        var (search, model, stale) = (ProgrammeSearch.Of(facts), ProgrammeModel.Of(facts), ProgrammeStale.Of(facts));
        return new StudyReport
        {
            Question = "programme",
            Title = words.Title,
            Propose = search is null ? words.Propose : runs => search.Before(words.Propose(runs)),
            Estimates = report.Estimates(),
            Evidence = [.. Evidence(facts)],
            Limitations = [.. words.Limitations(), .. model?.Sentences() ?? [], .. stale?.Sentences() ?? []],
            Next = [.. words.Next()],
            Plots = report.Plots(),
            Tables = [.. search?.Tables() ?? [], .. report.Tables(), .. model?.Tables() ?? [], .. stale?.Tables() ?? []],
        };
    }

    private static IEnumerable<IEvidence> Evidence(ProgrammeFacts facts)
    {
        var alpha = facts.Options.Alpha;
        if (facts.Tests.Count > 0)
        {
            yield return new TestFamily
            {
                Names = [.. facts.Tests.Select(t => t.Row.Name), .. Enumerable.Range(1, facts.Unlisted).Select(i => $"not listed {i}")],
                PValues = [.. facts.Tests.Select(t => t.Row.P), .. Enumerable.Repeat(1.0, facts.Unlisted)],
                Alpha = alpha, Decides = facts.Options.Correction != "bh", Label = "experiments",
            };
            yield return new ProgrammeWins
            {
                Reported = facts.Tests.Count, Started = facts.Options.Started is { } started ? (int)started : null, Significant = facts.Significant,
                Expected = facts.Excess?.Expected, ExcessP = facts.Excess?.PValue,
            };
        }

        foreach (var test in facts.Tests)
        {
            foreach (var fact in Of(test, facts))
            {
                yield return fact;
            }
        }

        if (facts.Input.Overlap is { } overlap)
        {
            yield return overlap.Evidence;
        }

        if (Replays(facts) is { } replays)
        {
            yield return replays;
        }

        if (facts.Tests.Any(t => t.Row.Planned is not null))
        {
            var without = facts.Tests.Count(t => t.Row.Planned == false);
            yield return new PlanStatement { Exists = without < facts.Tests.Count, BeforeFirstLook = true, Deviations = without == 0 ? [] : [$"{without} of {facts.Tests.Count} experiments were read without a plan"] };
        }
    }

    private static IEnumerable<IEvidence> Of(JudgedTest test, ProgrammeFacts facts)
    {
        var row = test.Row;
        if (row.Counts is { } c)
        {
            yield return new AssignmentCounts
            {
                Arms = ["control", "treatment"], Observed = [c.ControlUsers, c.TreatmentUsers], PlannedShares = [row.Split.Control, row.Split.Treatment],
                SplitDeclared = row.SplitDeclared, Looks = row.Looks, Subject = row.Name,
            };
        }

        else if (row.RecordedSplitP is { } recorded)
        {
            yield return new AssignmentCounts { Arms = [], Observed = [], PlannedShares = [], SplitDeclared = row.SplitDeclared, Looks = row.Looks, RecordedP = recorded, Subject = row.Name };
        }

        if (row.OpenLooks > 1 && !test.IsBroken)
        {
            yield return new LookHistory
            {
                Looks = row.Looks, Units = row.Users ?? 0, Alpha = facts.Options.Alpha, Subject = row.Name, CorrectedP = test.P,
                Z = Numerics.Distributions.Normal.UpperQuantile(Math.Max(row.P, 1e-300) / 2) * (row.Effect < 0 ? -1 : 1),
            };
        }

        if (test.IsWin && facts.Input.Unit is { } unit && row is { Effect: { } effect, StandardError: { } error })
        {
            yield return new ProgrammeEffect
            {
                Experiment = row.Name, Difference = effect, StandardError = error, PValue = row.P, Alpha = facts.Options.Alpha,
                Shrunken = test.Shrunken is { } s ? Math.Min(s.Estimate, effect) : null, Unit = unit,
            };
        }
    }

    private static NullReplays? Replays(ProgrammeFacts facts)
    {
        var (k, n) = facts.Options.Aa is { } typed ? ProgrammeTyped.Pair(typed, "--aa", "31/400") : (0, 0);
        n += facts.Input.AaTests.Count;
        k += facts.Input.AaTests.Count(t => t.P < facts.Options.Alpha);
        return n == 0 ? null : new NullReplays { Replays = n, Significant = k, Alpha = facts.Options.Alpha };
    }
}
