using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile;

/// <summary>
/// Which bytes were profiled and how they were read, so that a later run can say whether it has the same file before it. What is not a property of the bytes, such as when the file
/// was last touched, is left out: the same data give the same finding.
/// </summary>
internal static class SourcePart
{
    public static (ProfilePart Part, LedgerTrace? Trace) Of(ProfileOptions options, ProfileFacts facts, StudyContext context)
    {
        var identity = context.RequireData().Identify(context.Cancellation);
        var rows = new List<IReadOnlyList<object?>> { Row("source", facts.Source) };
        if (options.Data is { } path && File.Exists(path))
        {
            rows.Add(Row("bytes", Figures.Count(FollowedFile.At(path).Length)));
        }

        if (identity.Sha256 is { } sha)
        {
            rows.Add(Row("sha256", sha));
        }

        rows.Add(Row("rows", Figures.Count(facts.Rows)));
        rows.Add(Row("columns", Figures.Count(identity.Columns)));
        rows.AddRange(Reading(options).Select(r => Row(r.Name, r.Value)));
        var stage = new ProfilePart { Appendix = [new ResultTable("source", "What was read", ["item", "value"], rows)] };
        if (identity.Sha256 is not { } hash)
        {
            return (stage, null);
        }

        var key = new ExperimentKey($"profile|{string.Join('|', Reading(options).Select(r => r.Value))}", $"profile of {identity.Source}", [], facts.Rows);
        var trace = new LedgerTrace { Experiment = key, DataState = hash };
        return context.Ledger.LooksAt(key) is [.., var last] && last.DataState != hash ? (stage with { Limitations = [Changed(identity, facts, last)] }, trace) : (stage, trace);
    }

    private static string Changed(DataIdentity identity, ProfileFacts facts, Look last) => string.Create(
        CultureInfo.InvariantCulture,
        $"{identity.Source} is not the file that was profiled on {last.At:yyyy-MM-dd}: its bytes differ ({Figures.Count(last.UnitCount, "row")} then, {Figures.Count(facts.Rows)} now).");

    private static IEnumerable<(string Name, string Value)> Reading(ProfileOptions options)
    {
        var given = new (string Name, string? Value)[]
        {
            ("--query", options.Query), ("--where", options.Where), ("--decimal", options.Decimal == "." ? null : options.Decimal), ("--delimiter", options.Delimiter),
            ("--nulls", options.Nulls.Count == 0 ? null : string.Join(",", options.Nulls)), ("--format", options.Format), ("--columns", options.Columns.Count == 0 ? null : string.Join(",", options.Columns)),
        };
        return given.Where(g => g.Value is not null).Select(g => (g.Name, g.Value!));
    }

    private static IReadOnlyList<object?> Row(string item, string value) => [item, value];
}
