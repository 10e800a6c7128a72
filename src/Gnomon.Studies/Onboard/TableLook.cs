using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Privacy;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Privacy;

namespace Gnomon.Studies.Onboard;

/// <summary>A registered table as its file has it: columns, and examples that name nobody.</summary>
/// <remarks>
/// Columns that name people or open doors (by the rules of <c>sensitive-data-exposed</c>, by their heading, or as the project says) show no value, and no cell that looks like an identifier is shown anywhere.
/// Where a table is about people, each column's examples come from rows of its own, so that no line is a person's.
/// </remarks>
internal sealed record TableLook(ProjectTable Table, IReadOnlyList<Field> Fields, IReadOnlyList<SensitiveColumn> Masked, bool IsAboutPeople, IReadOnlyList<IReadOnlyList<string>> Examples, int Looked, string? Problem)
{
    private const long SampleRows = 1_000;
    public const string Label = "a label of nearly every row";

    public static TableLook Of(ProjectTable table, Project project, StudyContext context, int examples, long seed)
    {
        var path = Path.Combine(project.TypedFolder, table.Path);
        if (!File.Exists(path))
        {
            return Missing(table, $"its file {table.Path} is not there");
        }

        TableLook? look = null;
        try
        {
            context.Visit!(new SourceOptions { Path = path, Threads = context.Threads }, data => look = Read(table, data, examples, seed, context.Cancellation));
        }
        catch (GnomonError wrong)
        {
            return Missing(table, $"its file {table.Path} cannot be read: {wrong.Message}");
        }

        return look!;
    }

    private static TableLook Missing(ProjectTable table, string problem) => new(table, [], [], false, [], 0, problem);

    private static TableLook Read(ProjectTable table, IDataset data, int examples, long seed, CancellationToken cancellation)
    {
        var sample = PrivacyTable.Read(data, cancellation, SampleRows);
        var declared = table.Columns.Where(c => c.Personal).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        IReadOnlyList<string> personal = [.. sample.Columns.Select(c => c.Name).Where(declared.Contains)];
        IReadOnlyList<SensitiveColumn> masked = [.. PrivacyScan.Of(sample, new PrivacyOptions { Identifiers = personal }).Direct.Select(d => d.Kind == "identifiers, as you say" ? d with { Kind = "personal data, as the project says" } : d)];
        var people = masked.Any(m => m.Kind != Label);
        var rng = new Rng((ulong)seed).Stream($"examples {table.Id}");
        int[] together = Rows(rng, sample.Rows, examples);
        return new TableLook(
            table, [.. data.Schema], masked, people,
            [.. sample.Columns.Select(c => (IReadOnlyList<string>)[.. (people ? Rows(rng, sample.Rows, examples) : together).Select(r => Shown(c, r, masked))])],
            sample.Columns.Count(c => c.Type is ColumnType.Text or ColumnType.Integer), null);
    }

    // Rows without repeats; all of a small table.
    private static int[] Rows(Rng rng, int rows, int wanted)
    {
        var all = Enumerable.Range(0, rows).ToArray();
        for (var i = 0; i < Math.Min(wanted, rows); i++)
        {
            var j = i + rng.NextInt(rows - i);
            (all[i], all[j]) = (all[j], all[i]);
        }

        return all[..Math.Min(wanted, rows)];
    }

    private static string Shown(PrivacyColumn column, int row, IReadOnlyList<SensitiveColumn> masked)
    {
        if (masked.FirstOrDefault(m => m.Column == column.Name) is { } why)
        {
            return $"hidden: {why.Kind}";
        }

        var value = column.Values[column.Codes[row]];
        return column.Numbers is null && DirectIdentifier.Kind(value) is { } kind ? $"hidden: {kind}" : value;
    }
}
