using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>A column of JSON objects as ordinary columns, with what its keys hold and what could not be read.</summary>
internal sealed class ExpandRun(SqlOptions options, IEmbeddedDatabase database, StudyContext context)
{
    private const string Result = "gnomon answer";
    private const string RejectsId = "rejects";

    private readonly string _column = options.Expand!;

    public StudyReport Report()
    {
        context.Progress?.Report(new StudyProgress("taking the objects apart", null));
        var table = database.Tables[0].Name;
        var rejects = options.Rejects ?? (options.Out is { } path ? ConvertRun.RejectsBeside(path) : null);
        var done = database.Expand(new ExpansionOrder(table, _column, Result, rejects, options.MostKeys, context.Threads), context.Cancellation);
        var relation = $"\"{Result}\"";
        SqlOutput.Write(options.Out, string.Empty, relation, string.Empty, database, context.Cancellation);
        var rows = Cells.Whole(database.Ask($"SELECT COUNT(*) AS n FROM {relation}", context.Cancellation), "n");
        return new StudyReport
        {
            Question = "sql",
            Title = $"Which columns do the objects in {_column} hold?",
            Propose = _ => new Proposal(DecisionAction.Answer, Says(done, rows)),
            Evidence = [.. Evidence(done, rows)],
            Limitations = [.. Rules(done)],
            Next = [.. options.Out is null ? [$"Write all {Figures.Count(rows, "row")} with --out FILE.parquet, .csv or .json."] : Array.Empty<string>(), .. done.Malformed > 0 && done.Rejects is null ? ["Write all cells that are no objects with --rejects FILE.csv."] : Array.Empty<string>()],
            Tables = [Keys(done), .. Rejected(done), SqlOutput.Rows(database, relation, string.Empty, rows, options.Rows, context.Cancellation)],
            HoldsRows = [SqlOutput.RowsId, RejectsId],
        };
    }

    private string Says(JsonExpansion done, long rows)
    {
        var form = done.IsLong
            ? $"More than {Figures.Count(options.MostKeys, "key")}: {Figures.Count(rows, "row")} of row, key, kind and value"
            : $"{Figures.Count(rows, "row")}, as many as before, with {Figures.Count(done.Keys.Count, "new column")}";
        var broken = done.Malformed == 0 ? string.Empty
            : $" {Figures.Count(done.Malformed, "cell is", "cells are")} no JSON object: {(done.Malformed == 1 ? "its row has" : "their rows have")} no value in the new columns, and {(done.Malformed == 1 ? "it is" : "they are")} {(done.Rejects is { } file ? $"in {Path.GetFileName(file)} with row and reason" : "listed below")}.";
        return $"{form}.{broken}";
    }

    private IEnumerable<IEvidence> Evidence(JsonExpansion done, long rows)
    {
        double Share(long n) => done.Rows == 0 ? 0 : (double)n / done.Rows;
        var losses = new List<ReadingLoss>();
        if (done.Malformed > 0)
        {
            losses.Add(new ReadingLoss("broken-json", done.Malformed, Share(done.Malformed), false, $"{Figures.Count(done.Malformed)} of {Figures.Count(done.Rows, "cell")} of {_column} are no JSON objects"));
        }

        losses.AddRange(done.Keys.Where(k => k.Mixed > 0).Select(k => new ReadingLoss("mixed-types", k.Mixed, Share(k.Mixed), false, $"the key {k.Path} holds values of several kinds")));
        if (done.Repeated > 0)
        {
            losses.Add(new ReadingLoss("repeated-key", done.Repeated, Share(done.Repeated), true, $"{Figures.Count(done.Repeated, "object names", "objects name")} a key twice; the last value was taken"));
        }

        yield return new ReadingLosses { Rows = done.Rows, Losses = losses };
        if (done.IsLong)
        {
            yield break;
        }

        yield return new RowContract { Step = $"taking {_column} apart", Promised = done.Rows, Found = rows, IsAnswer = true };
        if (done.Malformed > 0)
        {
            yield return new RowContract { Step = $"keeping only the rows whose {_column} can be read", Promised = done.Rows, Found = done.Rows - done.Malformed, IsAnswer = false };
        }

        var (present, nulls) = (done.Keys.Sum(k => k.Present), done.Keys.Sum(k => k.Nulls));
        if (present + nulls > 0)
        {
            yield return new NullHandling { Form = "Taking an explicit null for a missing key", Entities = "cells", Right = present + nulls, Missed = nulls, Wrong = 0 };
        }
    }

    private static IEnumerable<string> Rules(JsonExpansion done)
    {
        yield return "A key has the type that holds for all of its values; texts stay texts, also those made of digits. Keys inside objects are joined by dots, lists are kept as JSON.";
        if (done.Keys.Any(k => k.Nulls > 0) && !done.IsLong)
        {
            yield return "A missing key and an explicit null are both without a value; the column whose name ends in _null_keys says which keys are explicitly null.";
        }

        if (done.Empty > 0)
        {
            yield return $"{Figures.Count(done.Empty, "cell has", "cells have")} no text, or null instead of an object.";
        }
    }

    private static IEnumerable<ResultTable> Rejected(JsonExpansion done) => done.FirstRejects.Count == 0 ? [] :
    [
        new ResultTable(
            RejectsId, done.FirstRejects.Count < done.Malformed ? $"First {Figures.Count(done.FirstRejects.Count)} of {Figures.Count(done.Malformed, "cell")} that are no objects" : "Cells that are no objects", ["row", "reason", "text"],
            [.. done.FirstRejects.Select(r => (IReadOnlyList<object?>)[r.Row, r.Reason, r.Text])]),
    ];

    private ResultTable Keys(JsonExpansion done)
    {
        var objects = Math.Max(1, done.Rows - done.Empty - done.Malformed);
        return new ResultTable(
            "keys", $"Keys of {_column}", ["key", "column", "type", "has a value share", "explicit null", "missing", "note"],
            [.. done.Keys.Take(options.MostKeys).Select(k => (IReadOnlyList<object?>)[k.Path, k.Column, k.NativeType, (double)k.Present / objects, k.Nulls, Math.Max(0, objects - k.Present - k.Nulls), k.Why ?? string.Empty])]);
    }
}
