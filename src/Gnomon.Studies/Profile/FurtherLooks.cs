using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Beside;
using Gnomon.Studies.Profile.Cost;
using Gnomon.Studies.Profile.Entities;
using Gnomon.Studies.Profile.Explore;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Prepare;
using Gnomon.Studies.Profile.Question;
using Gnomon.Studies.Profile.Rules;
using Gnomon.Studies.Profile.Selection;
using Gnomon.Studies.Profile.Substitute;

namespace Gnomon.Studies.Profile;

/// <summary>Questions beyond the plain description, asked where an option or the columns allow them: rules, units, damaged text, labels, knowledge of the future, other files, entities; and what to mend first.</summary>
internal static class FurtherLooks
{
    public static IReadOnlyList<ProfilePart> Of(ProfileOptions options, RuleBook book, ProfileFacts facts, StudyContext context)
    {
        List<SampleColumn> columns = [.. facts.Columns.Select(c => new SampleColumn(c, facts.Scan.Sample))];
        var time = Named(columns, options.Time);
        List<ProfilePart> parts =
        [
            RulePart.Of(options, book, facts, context),
            new ProfilePart { Evidence = [.. UnitLook.Of(columns, time, options.Target), .. Labels(facts, context), .. Future(options, columns, time)] },
            Damaged(facts),
            new ImputationLook(columns, options.Seed).Of(),
            .. SecondLooks.Of(facts, columns, context),
            .. EntityLook.Of(facts, context),
            .. LabelLook.Of(facts, columns),
            .. IsolatedRows.Of(facts, columns, context),
            .. ExploreLook.Of(facts, columns, context),
            .. SelectionLook.Of(facts, columns, context),
            .. QuestionLook.Of(facts, context),
            .. SubstituteLook.Of(facts, columns, context),
            .. PrepareLook.Of(facts, columns, context),
        ];
        return [new FixFirst(facts, [.. parts.SelectMany(p => p.Evidence)], columns, context.RequireData(), context.Cancellation).Of(), .. parts];
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

    private static ProfilePart Damaged(ProfileFacts facts)
    {
        var damaged = facts.Columns.SelectMany(EncodingLook.Of).ToList();
        return damaged.Count == 0 ? ProfilePart.None : new ProfilePart { Appendix = [EncodingLook.Table(damaged)] };
    }
}
