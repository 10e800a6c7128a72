using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Cost;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Rules;

namespace Gnomon.Studies.Profile;

/// <summary>The looks that need more than a column on its own: units, damaged text, labels in conflict, knowledge of the future, rules.</summary>
internal static class FurtherStages
{
    public static ProfileStage Of(ProfileOptions options, RuleBook book, ProfileFacts facts, StudyContext context)
    {
        var samples = facts.Columns.Select(c => new SampleColumn(c, facts.Scan.Sample)).ToList();
        var time = Named(samples, options.Time);
        var found = ProfileStage.Join(
            RuleStage.Of(options, book, facts, context),
            new ProfileStage { Evidence = [.. UnitLook.Of(samples, time, options.Target), .. Labels(facts, context), .. Future(options, samples, time)] },
            Damaged(facts),
            new ImputationLook(samples, options.Seed).Of());
        return ProfileStage.Join(new FixFirst(facts, found.Evidence, samples, context.RequireData(), context.Cancellation).Of(), found);
    }

    private static SampleColumn? Named(List<SampleColumn> samples, string? name) => name is null ? null : samples.Find(s => s.Name == name);

    private static IEnumerable<IEvidence> Labels(ProfileFacts facts, StudyContext context)
    {
        var twins = facts.Evidence.OfType<ColumnRedundancy>().First();
        return ConflictLook.Of(facts, twins, context.RequireData(), context.Cancellation) is { } conflicts ? [conflicts] : [];
    }

    private static IEnumerable<IEvidence> Future(ProfileOptions options, List<SampleColumn> samples, SampleColumn? time) =>
        time is null || Named(samples, options.Target) is not { } target || target == time
            ? []
            : [new FutureLook(samples, time, target, options.Key.Count == 1 ? Named(samples, options.Key[0]) : null).Of()];

    private static ProfileStage Damaged(ProfileFacts facts)
    {
        var damaged = facts.Columns.SelectMany(EncodingLook.Of).ToList();
        return damaged.Count == 0 ? ProfileStage.None : new ProfileStage { Tables = [EncodingLook.Table(damaged)] };
    }
}
