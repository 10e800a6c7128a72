using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile.Rules;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile;

/// <summary>The story of a table: read it once, give every column a role, look at columns together in a sample, state the facts, say what to settle first.</summary>
public sealed class ProfileStudy : Study<ProfileOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(ProfileOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var data = context.RequireData();
        var named = Resolve(options, data.Schema);
        var book = RulePart.Read(named);
        var fields = Fields(named, data.Schema);
        var key = named.Key.Select(k => fields.FindIndex(f => f.Name == k)).ToList();
        var scan = new ProfileScan(fields, key, EventPair.Find(fields), context).Run();
        if (scan.Rows == 0)
        {
            throw new GnomonError("no-rows", $"{data.Name} has {Figures.Count(fields.Count, "column")} and no rows.", data.Name, "Check the file, or the condition of --where.");
        }

        context.Progress?.Report(new StudyProgress("comparing columns", null));
        var isSingleKey = key.Count == 1;
        var columns = scan.Columns.Select((c, i) => new ColumnFacts(c, i, isSingleKey && key[0] == i)).ToList();
        var facts = new ProfileEvidence(named, data, scan, columns).State(named.Target);
        var (source, trace) = SourcePart.Of(named, facts, context);
        var verdict = new ProfileVerdict(facts);
        var report = new ProfileReport(facts);
        return ProfilePart.Join(
            new StudyReport
            {
                Question = "profile",
                Title = $"What is in {data.Name}?",
                Propose = verdict.Propose,
                Estimates = report.Estimates(),
                Evidence = facts.Evidence,
                Limitations = [.. ProfileLimits.Of(facts)],
                Next = [.. verdict.Next()],
                Plots = [.. ProfilePlots.Of(facts)],
                Tables = report.Tables(),
                Trace = trace,
            },
            [.. FurtherLooks.Of(named, book, facts, context), source]);
    }

    // Names are taken as the schema spells them, so that everything after can compare them as they are.
    private static ProfileOptions Resolve(ProfileOptions options, Schema schema) => options with
    {
        Target = options.Target is null ? null : schema.Require(options.Target, "--target").Name,
        Time = options.Time is null ? null : schema.Require(options.Time, "--time").Name,
        Key = [.. options.Key.Select(k => schema.Require(k, "--key").Name)],
        Columns = [.. options.Columns.Select(c => schema.Require(c, "--columns").Name)],
    };

    private static List<Field> Fields(ProfileOptions options, Schema schema)
    {
        if (options.Columns.Count == 0)
        {
            return [.. schema];
        }

        var wanted = options.Columns.Concat(options.Key).Append(options.Target).Append(options.Time).Append(options.Fold).ToHashSet(StringComparer.Ordinal);
        return [.. schema.Where(f => wanted.Contains(f.Name))];
    }
}
