using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Metrics;

/// <summary>The story of the metric lab: read past tests, judge every metric by them, put several together, look for ways around, propose one.</summary>
public sealed class MetricsStudy : Study<MetricsOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(MetricsOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var input = options.Variant is not null ? UnitReader.Read(options, context) : EffectsReader.Read(options, context);
        var facts = LabFacts.Of(options, input, context.Threads, context.Cancellation);
        var composites = LabComposites.Of(facts);
        var flags = LabFlags.Of(facts);
        var report = new LabReport(facts, composites);
        var verdict = new LabVerdict(facts, flags);
        var card = facts.Chosen is { } chosen ? new DefinitionCard(facts, chosen) : null;
        if (options.Card is { } path)
        {
            (card ?? new DefinitionCard(facts, facts.Lead)).Write(path);
        }

        return new StudyReport
        {
            Question = "metrics",
            Title = verdict.Title,
            Propose = _ => verdict.Propose(),
            Estimates = [.. report.Estimates()],
            Evidence = [.. Evidence(facts), .. LabFlags.Shapes(facts)],
            Limitations = [.. verdict.Limitations(), .. composites.Sentences()],
            Next = [.. verdict.Next(), .. card?.Missing() ?? []],
            Plots = report.Plots(),
            Tables = [.. card is null ? [] : new[] { card.Table() }, .. report.Tables().Take(2), .. LabFlags.Table(flags) is { } table ? [table] : Array.Empty<Core.Findings.ResultTable>(), .. report.Tables().Skip(2)],
        };
    }

    // The metric that would decide: the one that somebody wants, else the one proposed.
    private static IEnumerable<IEvidence> Evidence(LabFacts facts)
    {
        var lead = facts.Lead;
        yield return new SurrogateRecord { Proxy = lead.Name, Goal = facts.Input.Goal, Tests = [.. facts.Tests.Select(t => t.Pair(lead.Index, 0)).OfType<PairedEffects>()] };
        if (lead.Relabelled is { } aa)
        {
            yield return new NullReplays { Replays = aa.Relabellings, Significant = aa.Rejected, Alpha = aa.Alpha };
        }
    }
}
