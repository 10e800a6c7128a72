using System.Text;
using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Conversion;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files;

/// <summary>Reads JSON arrays of records and records one per line; types hold for all records, not for a sample.</summary>
internal sealed class JsonLoader(EngineSession session, List<ReadIssue> issues, CancellationToken cancellation)
{
    /// <summary>Takes the rows as a SELECT instead of a table.</summary>
    public Action<string>? Sink { get; init; }

    /// <summary>Where lines go that are no objects; without it one of them is an error.</summary>
    public RejectFile? Rejects { get; init; }

    public void Load(IReadOnlyList<SourceFile> files, string table)
    {
        try
        {
            Read(files, table);
        }
        catch (GnomonError e) when (Rejects is not null && e.Code == "broken-json" && files[0].Kind == FileKind.JsonLines)
        {
            var whole = files.Select(f => f with { Path = session.Scratch.NewFile(".jsonl") }).ToList();
            for (var i = 0; i < whole.Count; i++)
            {
                JsonSieve.Sift(files[i], whole[i].Path, Rejects, cancellation);
            }

            if (Rejects.IsEmpty)
            {
                throw;
            }

            Read(whole, table);
            issues.Add(new("broken-json", Rejects.SetAside, FormattableString.Invariant($"{files[0].Shown}: {Rejects.SetAside} lines that are no JSON objects were set aside.")));
        }
    }

    private void Read(IReadOnlyList<SourceFile> files, string table)
    {
        var format = files[0].Kind == FileKind.JsonLines ? "newline_delimited" : "array";
        var rows = $"read_json({SqlText.List(files.Select(f => f.Path))}, format = '{format}', sample_size = -1, union_by_name = true, "
            + "dateformat = '%Y-%m-%d', maximum_object_size = 268435456)";
        try
        {
            var columns = Columns($"SELECT * FROM {rows}");
            var list = columns.Select(c => c.Alias == "JSON" && HoldsPlainValues(rows, c, files[0].Shown)
                ? $"{SqlText.Identifier(c.Name)} ->> '$' AS {SqlText.Identifier(c.Name)}"
                : SqlText.Identifier(c.Name));
            var select = $"SELECT {string.Join(", ", list)} FROM {rows}";
            if (Sink is { } sink)
            {
                sink(select);
                return;
            }

            session.Execute($"CREATE OR REPLACE TABLE {table} AS {select}", cancellation);
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            throw Translate(files, e);
        }
    }

    private IReadOnlyList<ColumnLayout> Columns(string sql)
    {
        using var connection = session.Connect();
        using var statement = connection.Prepare(sql);
        return statement.Columns();
    }

    /// <summary>A column of JSON type that never holds an object or a list is a column of mixed plain values: text.</summary>
    private bool HoldsPlainValues(string rows, ColumnLayout column, string shown)
    {
        var name = SqlText.Identifier(column.Name);
        var answer = session.Read(
            $"SELECT count(*) FILTER (WHERE json_type({name}) IN ('OBJECT', 'ARRAY')) AS nested, count(*) FILTER (WHERE json_type({name}) = 'VARCHAR') AS texts, count({name}) AS n FROM {rows}",
            cancellation);
        var (nested, texts, n) = (Cell("nested"), Cell("texts"), Cell("n"));
        if (nested > 0)
        {
            return false;
        }

        if (texts > 0 && texts < n)
        {
            issues.Add(new("mixed-types", Math.Min(texts, n - texts), $"{shown}, column '{column.Name}': {texts} texts and {n - texts} other values; the column is kept as text."));
        }

        return true;

        long Cell(string field) => ((IntegerColumn)answer[field]).Values[0];
    }

    private static GnomonError Translate(IReadOnlyList<SourceFile> files, EngineException error)
    {
        foreach (var file in files)
        {
            if (FirstFault(file) is { } fault)
            {
                return fault;
            }
        }

        var shown = files[0].Shown;
        return new GnomonError("broken-json", $"{shown} is not a table in JSON: {EngineMessages.Plain(error)}", shown, "Give an array of records, or one record per line.", error);
    }

    /// <summary>Reads the file again, strictly, for the place of the fault.</summary>
    private static GnomonError? FirstFault(SourceFile file)
    {
        if (file.Kind == FileKind.JsonLines)
        {
            var number = 0L;
            foreach (var line in File.ReadLines(file.Path))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line) && Fault(Encoding.UTF8.GetBytes(line)) is { } e)
                {
                    return Broken(file, number, e);
                }
            }

            return null;
        }

        // One array: the parser itself counts lines.
        return FollowedFile.At(file.Path).Length < int.MaxValue / 2 && Fault(File.ReadAllBytes(file.Path)) is { } fault
            ? Broken(file, (fault.LineNumber ?? 0) + 1, fault)
            : null;
    }

    private static JsonException? Fault(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json.AsSpan().StartsWith("\uFEFF"u8) ? json.AsSpan(3) : json);
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            return e;
        }
    }

    private static GnomonError Broken(SourceFile file, long line, JsonException e)
    {
        var words = e.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
        return new GnomonError(
            "broken-json",
            FormattableString.Invariant($"{file.Shown} line {line}, byte {(e.BytePositionInLine ?? 0) + 1}: {words}."),
            FormattableString.Invariant($"{file.Shown} line {line}"),
            "Mend or remove that line.",
            e);
    }
}
