using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>What a profile does with rules: learns and writes them, or holds the table against those of a file.</summary>
internal static class RulePart
{
    /// <summary>Asks for the rules before anything else is read, so that a wrong file costs no scan.</summary>
    public static RuleBook Read(ProfileOptions options) => options.Rules is null ? new RuleBook([], null) : RuleFile.Read(options.Rules);

    public static ProfilePart Of(ProfileOptions options, RuleBook book, ProfileFacts facts, StudyContext context)
    {
        var stage = ProfilePart.None;
        var others = new OtherFiles(context);
        if (options.WriteRules is { } path)
        {
            stage = Learn(options, path, facts, context, others);
        }

        return options.Rules is null ? stage : Enforce(options, book, facts, context, others, stage);
    }

    private static ProfilePart Learn(ProfileOptions options, string path, ProfileFacts facts, StudyContext context, OtherFiles others)
    {
        context.Progress?.Report(new StudyProgress("learning rules", null));
        var data = context.RequireData();
        var samples = facts.Columns.Select(c => new SampleColumn(c, facts.Scan.Sample)).ToList();
        List<Rule> rules =
        [
            .. new RuleInference(facts, [.. samples.Select(SampleLine.Of)]).Columns(),
            .. new TableRules(facts, samples, data, context.Cancellation).All(),
            .. References.Of(facts, options.With, data, others, context.Cancellation),
        ];
        RuleWriter.Write(path, RuleWriter.Text(rules, facts.Source, facts.Rows, data.Identify(context.Cancellation).Sha256));
        return ProfilePart.None with
        {
            Next = [$"Read {path} and take out what should not hold; then ask the next file: gnomon profile NEXT --rules {path} --fail-on rules."],
            Limitations = [$"{Figures.Count(rules.Count, "rule")} written to {path}, learned from {Figures.Count(facts.Rows, "row")}. What is wrong in these rows is learned with them."],
            Tables = [new ResultTable("rules-written", "Rules written", ["kind", "rules", "example"], [.. rules.GroupBy(r => r.Kind).Select(g => (IReadOnlyList<object?>)[g.Key.Word(), (long)g.Count(), RuleWords.Demand(g.First())])])],
        };
    }

    private static ProfilePart Enforce(ProfileOptions options, RuleBook book, ProfileFacts facts, StudyContext context, OtherFiles others, ProfilePart stage)
    {
        var hasOrder = options.Data?.Contains("://", StringComparison.Ordinal) != true;
        var outcomes = new RuleEnforcement(book.Rules, context.RequireData(), context, others, hasOrder).Run();
        var review = new ContractReview
        {
            Contract = options.Rules!, Rows = facts.Rows, Rules = [.. outcomes.Select(o => new RuleReview(o.Rule.Id, RuleWords.Says(o), o.Broken, o.Asked, o.Most, o.NotAsked))],
        };
        var shown = outcomes.Where(o => o.Broken > 0 || o.NotAsked is not null).OrderBy(o => o.IsBroken ? 0 : o.NotAsked is not null ? 1 : o.Broken > 0 ? 2 : 3).ThenByDescending(o => o.Asked == 0 ? 0 : (double)o.Broken / o.Asked);
        var table = RuleTable.Build(options.Rules!, shown.Select(o => new RuleRow(o.Rule.Id, o.Rule.Line, o.Demand, o.Status, o.Broken, o.Asked, o.Most, o.NotAsked ?? string.Join("; ", o.Examples))));
        var skipped = outcomes.Where(o => o.NotAsked is not null).ToList();
        return stage with
        {
            Evidence = [review],
            Tables = table.Rows.Count > 0 ? [table, .. stage.Tables] : stage.Tables,
            Limitations = [.. stage.Limitations, .. Same(options, book, context), .. skipped.Count == 0 ? Array.Empty<string>() : [$"{Figures.Count(skipped.Count, "rule")} of {options.Rules} could not be asked: {ProfileWords.List([.. skipped.Select(o => $"{o.Rule.Id} ({o.NotAsked})")], 3)}."]],
        };
    }

    private static IEnumerable<string> Same(ProfileOptions options, RuleBook book, StudyContext context) =>
        book.Sha256 is { } sha && sha == context.RequireData().Identify(context.Cancellation).Sha256 ? [$"These are the very rows that {options.Rules} was learned from: that they keep its rules says nothing."] : [];
}
