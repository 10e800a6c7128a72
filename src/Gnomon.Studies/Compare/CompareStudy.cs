using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Compare;

/// <summary>The story of a comparison: read the groups, pick the test, look for what else differs, state the facts, propose.</summary>
public sealed class CompareStudy : Study<CompareOptions>
{
    private const int MostLooks = 6;

    /// <inheritdoc/>
    public override StudyReport Run(CompareOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (options.Event is not null)
        {
            return new SurvivalReport(options, new SurvivalReader(options, context).Read()).Finding();
        }

        if (options.ChangeAt is not null)
        {
            return new ChangeReport(options, new ChangeReader(options, context).Read(), context.Threads).Finding();
        }

        if (context.Data is { } data && FactorialInput.Columns(options.By, data.Schema) is (var first, var second))
        {
            return FactorialStudy.Run(options, first, second, context);
        }

        var input = options.IsTyped ? CompareTyped.Read(options) : new CompareReader(options, context).Read();
        if (options.Export is { } path)
        {
            Spreadsheet.Write(path, input);
        }

        var answer = Comparer.Compare(options, input, context.Threads);
        var mixtures = options.Randomized
            ? []
            : answer.Contrasts.Take(MostLooks).Select(c => Mixture.Look(c, input, options.Level)).OfType<Mixture>().ToList();
        var experiment = CompareExperiment.Of(options, input, answer, context);
        var verdict = new CompareVerdict(options, input, answer, mixtures, experiment?.History, experiment?.Stop);
        var bayes = BayesLook.Of(options, input, answer) is { } look ? new BayesReport(input, look) : null;
        var proposal = bayes?.Propose(verdict.Propose()) ?? verdict.Propose();
        var report = new CompareReport(options, input, answer, mixtures);
        return new StudyReport
        {
            Question = "compare",
            Title = verdict.Title,
            Propose = _ => proposal,
            Estimates = [.. report.Estimates(), .. bayes?.Estimates() ?? []],
            Evidence = [.. CompareEvidence.State(options, input, answer, mixtures, verdict.Alpha), .. bayes?.Evidence() ?? [], .. Sentence(options, answer, verdict, bayes), .. experiment?.Evidence() ?? []],
            Limitations = [.. Limitations(options, input, answer, mixtures, verdict.Alpha), .. bayes?.Limitations() ?? [], .. experiment?.Limitations() ?? []],
            Next = [.. bayes?.Next() ?? [], .. verdict.Next(proposal.Action)],
            Plots = [.. report.Plots(), .. bayes?.Plots() ?? []],
            Tables = [.. report.Tables(), .. bayes?.Tables() ?? []],
            Trace = experiment?.Trace(),
        };
    }

    private static IEnumerable<StatedReading> Sentence(CompareOptions options, CompareAnswer answer, CompareVerdict verdict, BayesReport? bayes) => options.Claim is { } claim && Claim.IsSentence(claim)
        ? [(bayes?.Stated(claim, options.Randomized) ?? new StatedReading { Text = claim, IsRandomized = options.Randomized }) with
        {
            PValue = answer.Contrasts.Select(c => (double?)c.Main.PValue).Append(answer.Omnibus?.PValue).Min(), Alpha = verdict.Alpha, IsInsideMargin = verdict.IsAllEquivalent,
        }]
        : [];

    private static IEnumerable<string> Limitations(CompareOptions options, CompareInput input, CompareAnswer answer, IReadOnlyList<Mixture> mixtures, double alpha)
    {
        yield return answer.Why;
        if (!options.Randomized && !input.IsPaired)
        {
            yield return mixtures.Count > 0
                ? $"Nobody assigned the groups, as far as the data tell: {mixtures[0].Columns.Count} other {(mixtures[0].Columns.Count == 1 ? "column was" : "columns were")} looked through for mixtures, and reasons that no column records stay open. Hold fixed only what was settled before the group was (--adjust)."
                : "Nobody assigned the groups, as far as the data tell, and no other column was at hand: whatever else differs between them stays open. Say --randomized when they were assigned by chance.";
        }

        if (input.IsPaired && !options.Randomized)
        {
            yield return "Within pairs only what changes from one group to the other stays open: order, season, practice.";
        }

        foreach (var excluded in input.Exclusions)
        {
            yield return $"{Figures.Count(excluded.Rows)} {(excluded.Reason.Contains("every group", StringComparison.Ordinal) ? "values of" : "rows set aside:")} {excluded.Reason}.";
        }

        var missing = input.Groups.Sum(g => g.Missing);
        if (missing > 0)
        {
            yield return $"{Figures.Count(missing)} rows have no usable value of {input.Metric} and are left out.";
        }

        foreach (var remark in input.Remarks.Concat(answer.Remarks).Distinct())
        {
            yield return remark;
        }

        foreach (var refusal in answer.Refusals.Take(5))
        {
            yield return $"Not computed: {refusal}.";
        }

        if (Fragile(answer, alpha) is { } fragile)
        {
            yield return fragile;
        }
    }

    // Two answers whenever the choice of the method could move the verdict.
    private static string? Fragile(CompareAnswer answer, double alpha)
    {
        if (answer.Contrasts is not [{ Name: "difference", Category: null } one])
        {
            return null;
        }

        var isClear = one.IsClear(alpha);
        var other = answer.Methods.FirstOrDefault(m => !m.Used && m.Name is "superiority" or "shift" && (m.PValue < alpha) != isClear);
        return other is null
            ? null
            : $"{other.Method} ({other.Why}) gives {Figures.P(other.PValue)} where the test used gives {Figures.P(one.Main.PValue)}: the answer depends on what is asked of the data.";
    }
}
