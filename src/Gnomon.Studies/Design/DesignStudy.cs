using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Design;

/// <summary>The story of a plan: learn or take the numbers, solve for what is missing, say what it assumes, write it down.</summary>
public sealed class DesignStudy : Study<DesignOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(DesignOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (options.Kind == "bandit")
        {
            return ContextualDesign.IsLinear(options) ? new ContextualDesign(options, context).Finding() : new BanditDesign(options, context).Finding();
        }

        if (options.TypedKind == "priorities")
        {
            return PriorityReport.Run(options, context);
        }

        if (Touching.TouchingDesigns.IsOwn(options.TypedKind))
        {
            return Touching.TouchingDesigns.Run(options, context);
        }

        var facts = DesignFacts.Read(options, context);
        var words = new DesignWords(facts);
        var report = new DesignReport(facts);
        var key = new ExperimentKey($"ab|unit={options.Unit ?? "row"}|variant=|control={options.Control}", options.Experiment, [], 0);
        var looks = options.Plan is null || options.Experiment is null ? [] : context.Ledger.LooksAt(key);
        var ruling = looks.Count == 0 ? null : context.Ledger.PlanFor(key);
        var plan = options.Plan is null ? null : PlanFile.Text(facts);
        if (plan is not null)
        {
            PlanFile.Write(options.Plan!, plan);
        }

        return new StudyReport
        {
            Question = "design",
            Title = words.Title,
            Propose = _ => new Proposal(DecisionAction.Answer, words.Summary()),
            Estimates = report.Estimates(),
            Evidence = [.. Evidence(facts, words, plan, looks.Count)],
            Limitations = [.. words.Limitations(), .. Written(options, plan, looks, ruling)],
            Next = [.. words.Next(), .. AssignmentSql.Next(facts)],
            Plots = report.Plots(),
            Tables = [.. report.Tables(), .. AssignmentSql.Tables(facts)],
            Trace = plan is null || options.Experiment is null ? null : new LedgerTrace
            {
                Experiment = key,
                DataState = string.Empty,
                PlanJson = plan,
            },
        };
    }

    private static IEnumerable<IEvidence> Evidence(DesignFacts facts, DesignWords words, string? plan, int looks)
    {
        if (facts.Effect is { } effect && !facts.EffectIsAnswer)
        {
            yield return new PlannedTest { Metric = facts.Metric, Total = facts.Total, Worthwhile = words.Effect(effect), Power = facts.Power, Needed = facts.NeededFor(effect) };
        }

        if (plan is not null)
        {
            yield return new PlanStatement { Exists = true, BeforeFirstLook = looks == 0, LooksBefore = looks, Missing = PlanFile.Missing(facts.Options) };
        }

        if (facts.Options.Days is { } days && facts.History is { ByWeekday.Count: 7 } history)
        {
            yield return new DayCoverage { Days = (int)days, FirstDay = history.FirstDay, ByWeekday = history.ByWeekday };
        }
    }

    private static IEnumerable<string> Written(DesignOptions options, string? plan, IReadOnlyList<Look> looks, RecordedPlan? ruling)
    {
        if (plan is null)
        {
            yield break;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan)))[..12];
        if (looks.Count > 0)
        {
            yield return ruling is null
                ? $"{options.Experiment} was read {Figures.Count(looks.Count, "time")} before this plan was written: the plan goes on record as late, and its stopping rule does not count."
                : $"{options.Experiment} was read {Figures.Count(looks.Count, "time")} already: this plan goes on record as an amendment, is shown by later analyses and does not rule. The plan of {ruling.At.UtcDateTime:yyyy-MM-dd} ({ruling.Hash[..12]}...) rules.";
            yield break;
        }

        yield return options.Experiment is null
            ? $"The plan is in {options.Plan} (SHA-256 {hash}...); without --experiment the ledger cannot hold later analyses to it, so pass --plan to them."
            : $"The plan is in {options.Plan} (SHA-256 {hash}...); analyses named {options.Experiment} are held to it.";
    }
}
