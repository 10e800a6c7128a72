using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Frames;

namespace Gnomon.Studies.Sql.Rules;

/// <summary>A loop over rows as columns: the rules run as one query, what each of them does, what usual readings of them would change, and every cell beside the loop's own output.</summary>
internal sealed class RulesRun(SqlOptions options, IEmbeddedDatabase database, StudyContext context)
{
    private const string Result = "\"gnomon answer\"";
    private const string Readings = "gnomon readings";
    private const string QueryRows = "query_rows";
    private const string Differences = "differences";

    public StudyReport Report()
    {
        var rules = RuleFile.Read(options.Derive!);
        var frames = options.IsFrames ? new FrameRun(options, database, context) : null;
        frames?.Load(rules);
        var table = frames?.Table ?? Source();
        var sql = new RuleSql(rules, table.Schema, table.Name);
        sql.Refuse();
        RefuseWrongSql(sql);
        context.Progress?.Report(new StudyProgress("deriving the columns", null));
        var work = database.KeepMeasured(Result.Trim('"'), sql.Answer, null, SqlOutput.Watch(context, "deriving the columns"), context.Cancellation);
        SqlOutput.Write(options.Out, sql.Answer, Result, string.Empty, database, context.Cancellation);
        frames?.Compare(rules, Result, work);
        var tried = frames?.Tried ?? sql;
        _ = database.Keep(Readings, tried.Readings, SqlOutput.Watch(context, "trying the usual readings"), context.Cancellation);
        var diff = Against(tried);
        var triedRows = frames is null ? work.Rows : Before(frames.TriedTable);
        var readings = sql.Columns.SelectMany(c => Usual(c, triedRows)).ToList();
        var loop = frames is null ? null : new FrameReport(options, frames, database.Limits);
        var shown = SqlOutput.Rows(database, Result, string.Empty, work.Rows, options.Rows, context.Cancellation);
        var (plots, chart) = options.Chart is null ? ([], []) : SqlOutput.Chart(options.Chart, database, Result, shown, work.Rows, context.Cancellation);
        var rows = Before(table.Name);
        return new StudyReport
        {
            Question = "sql",
            Title = loop is null ? $"Do the rules of {Path.GetFileName(options.Derive)} give the same as columns?" : $"What should replace the loop over {Figures.Count(frames!.Folder.Count, "file")}?",
            Propose = _ => new Proposal(diff is { Differing: > 0 } || loop is { Differs: true } ? DecisionAction.Investigate : DecisionAction.Answer, loop is null ? Says(sql, work, diff) : loop.Says() + Beside(diff), loop is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["resource-budget-exceeded"] = loop.Says() + Beside(diff) }),
            Evidence = [new RowContract { Step = "deriving the columns", Promised = rows, Found = work.Rows, IsAnswer = true }, .. readings.Select(r => r.Evidence), .. diff?.Evidence ?? [], .. loop?.Evidence() ?? []],
            Limitations = [.. chart, .. Limits(sql), .. diff?.Limitations ?? [], .. loop?.Limits() ?? [], .. frames is null ? [] : new[] { $"What each rule decides and the usual ways to turn the loop into columns were looked at on {Figures.Count(triedRows, "row")} of {(options.Against is null ? Figures.Count(frames.Measure.Files, "file") : "the units that the loop's output names")}." }],
            Next = [.. loop?.Next() ?? [], .. Next(diff, work)],
            Tables = [.. loop?.Tables() ?? [], .. IsTimed && loop is null ? [Cost(work)] : Array.Empty<ResultTable>(), .. Matches(tried), .. Forms(readings), .. diff?.Tables ?? [], shown, SqlOutput.Lines("SQL for DuckDB", sql.Answer)],
            Plots = plots,
            HoldsRows = [SqlOutput.RowsId, Differences, ChartPlot.Id],
        };
    }

    // Times differ from run to run: they are told where they were asked for.
    private bool IsTimed => options.LoopCost is not null || options.Explain;

    private DatabaseTable Source()
    {
        if (options.Query is null && options.File is null)
        {
            return database.Tables[0];
        }

        var query = QueryRun.Text(options);
        database.LoadFilesOf(query, context.Cancellation);
        _ = database.Keep(QueryRows, query, null, context.Cancellation);
        return new DatabaseTable(QueryRows, "the query", new Schema("the query", database.Describe($"SELECT * FROM {QueryRows}", context.Cancellation)));
    }

    // Column by column, so that the message names the one that is wrong.
    private void RefuseWrongSql(RuleSql sql)
    {
        for (var k = 0; k < sql.Columns.Count; k++)
        {
            try
            {
                _ = database.Describe($"SELECT {sql.Value(sql.Columns[k], Reading.Meant)} AS v FROM {sql.Through(k)}", context.Cancellation);
            }
            catch (GnomonError wrong) when (wrong.Code is "bad-query" or "not-a-select")
            {
                throw new GnomonError("bad-rules", FormattableString.Invariant($"{Path.GetFileName(options.Derive)} line {sql.Columns[k].Line}: the column {sql.Columns[k].Name} cannot be computed. {wrong.Message}"), "--derive", wrong.Hint, wrong);
            }
        }
    }

    private RuleDiff? Against(RuleSql sql)
    {
        if (options.Against is not { } file)
        {
            return null;
        }

        database.LoadFilesOf($"SELECT * FROM {SqlName.Quoted(file)}", context.Cancellation);
        var diff = new RuleDiff(database, sql, SqlName.Quoted(Readings), SqlName.Quoted(file), Path.GetFileName(file), options.Key, context.Cancellation);
        diff.Run(options.Rows);
        return diff;
    }

    private string Says(RuleSql sql, WorkDone work, RuleDiff? diff)
    {
        var cost = $"{Figures.Count(sql.Columns.Count, "column")} of {Figures.Count(work.Rows, "row")}{(options.LoopCost is { } ms ? $" in {Figures.Number(Math.Round(work.Seconds, 2))} seconds, where the loop takes {Spoken(work.Rows * ms / 1000)}" : string.Empty)}.";
        return diff is null ? cost
            : diff.Differing == 0 ? $"{cost} All {Figures.Count(diff.Compared, "cell")} are those of the loop: adopt the columns."
            : $"{cost} {Figures.Count(diff.Differing)} of {Figures.Count(diff.Compared, "cell")} are not those of the loop: find out which of them is right first.";
    }

    private static string Beside(RuleDiff? diff) => diff is null ? string.Empty
        : diff.Differing == 0 ? $" So are the {Figures.Count(diff.Compared, "cell")} of the loop's own output." : $" {Figures.Count(diff.Differing)} of {Figures.Count(diff.Compared, "cell")} are not those of the loop's own output.";

    private IEnumerable<(FormComparison Evidence, string Form, long Cells)> Usual(RuleColumn column, long rows)
    {
        var name = SqlName.Quoted(column.Name);
        string Differs(string word) => $"COUNT(CASE WHEN {name} IS DISTINCT FROM {SqlName.Quoted($"{word} {column.Name}")} THEN 1 END) AS {word}_n";
        var t = database.Ask($"SELECT {string.Join(", ", RuleSql.Usual.Select(u => Differs(u.Word)))} FROM {SqlName.Quoted(Readings)}", context.Cancellation);
        long Of(string word) => Cells.Whole(t, $"{word}_n");
        T Form<T>(T empty)
            where T : FormComparison => empty;
        if (column.Rules.Count(r => r.Condition is not null) > 1)
        {
            var form = $"assigning the rules of {column.Name} one after the other, so that the last match wins";
            yield return (Form(new TieHandling { Form = form, Entities = "cells", Right = rows, Missed = Of("last"), Wrong = Of("last") }), form, Of("last"));
        }

        if (column.Rules.Any(r => r.Condition is not null))
        {
            var form = $"counting a comparison with NULL as met in {column.Name}";
            yield return (Form(new NullHandling { Form = form, Entities = "cells", Right = rows, Missed = Of("null"), Wrong = Of("null") }), form, Of("null"));
        }

        if (RuleSql.TestsNull(column))
        {
            var form = $"a test for NULL that is never met, as == None of a whole column, in {column.Name}";
            yield return (Form(new NullHandling { Form = form, Entities = "cells", Right = rows, Missed = Of("untested"), Wrong = Of("untested") }), form, Of("untested"));
        }

        if (RuleSql.LooksBack(column))
        {
            var form = $"taking the row above in the file as the row before, for {column.Name}";
            yield return (Form(new WindowFrame { Form = form, Entities = "cells", Right = rows, Missed = Of("above"), Wrong = Of("above") }), form, Of("above"));
            form = $"leaving open which of two rows at the same place in the order comes first, for {column.Name}";
            yield return (Form(new TieHandling { Form = form, Entities = "cells", Right = rows, Missed = Of("ties"), Wrong = Of("ties") }), form, Of("ties"));
        }
    }

    private static IEnumerable<ResultTable> Forms(List<(FormComparison Evidence, string Form, long Cells)> readings) => readings.Count == 0 ? [] :
        [new ResultTable("usual-forms", "Usual ways to turn the loop into columns, on these data", ["form", "cells with another value"], [.. readings.Select(r => (IReadOnlyList<object?>)[r.Form, r.Cells])])];

    // Which rows each rule decides, and which of them an earlier rule had already.
    private IEnumerable<ResultTable> Matches(RuleSql sql)
    {
        var rows = new List<IReadOnlyList<object?>>();
        for (var k = 0; k < sql.Columns.Count; k++)
        {
            var column = sql.Columns[k];
            List<string> conditions = [.. sql.Conditions(column)];
            if (conditions.Count == 0)
            {
                continue;
            }

            var flags = string.Join(", ", conditions.Select((c, j) => FormattableString.Invariant($"{c} AS c{j}")));
            string Earlier(int j) => j == 0 ? "FALSE" : string.Join(" OR ", Enumerable.Range(0, j).Select(e => FormattableString.Invariant($"c{e} IS TRUE")));
            var counts = string.Join(", ", conditions.Select((_, j) => FormattableString.Invariant($"COUNT(CASE WHEN c{j} IS TRUE AND NOT ({Earlier(j)}) THEN 1 END) AS f{j}, COUNT(CASE WHEN c{j} IS TRUE AND ({Earlier(j)}) THEN 1 END) AS o{j}, COUNT(CASE WHEN c{j} IS NULL AND NOT ({Earlier(j)}) THEN 1 END) AS u{j}")));
            var t = database.Ask($"SELECT {counts}, COUNT(CASE WHEN NOT ({Earlier(conditions.Count)}) THEN 1 END) AS rest FROM (SELECT {flags} FROM {sql.Through(k)}) AS flags", context.Cancellation);
            rows.AddRange(conditions.Select((_, j) => (IReadOnlyList<object?>)[column.Name, column.Rules[j].Condition, Cells.Whole(t, $"f{j}"), Cells.Whole(t, $"o{j}"), Cells.Whole(t, $"u{j}")]));
            rows.Add([column.Name, column.Rules[^1].Condition is null ? "else" : "(no rule is met: no value)", Cells.Whole(t, "rest"), 0L, 0L]);
        }

        return rows.Count == 0 ? [] : [new ResultTable("rules", "What each rule decides", ["column", "rule", "rows it decides", "met too, decided earlier", "compared with NULL"], rows)];
    }

    private ResultTable Cost(WorkDone work)
    {
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { "columns, all rows", Spoken(work.Seconds) },
            new object?[] { "rows in a second", Figures.Count((long)(work.Rows / Math.Max(work.Seconds, 1e-6))) },
            new object?[] { "peak memory of the engine", Bytes.Text(work.PeakMemory) },
        };
        if (options.LoopCost is { } ms)
        {
            rows.Add(["loop, all rows, at the stated cost of a row", Spoken(work.Rows * ms / 1000)]);
            rows.Add(["times as fast", Figures.Number(Math.Round(work.Rows * ms / 1000 / Math.Max(work.Seconds, 1e-6)))]);
        }

        return new ResultTable("cost", "What the columns cost", ["", "measured"], rows);
    }

    private IEnumerable<string> Limits(RuleSql sql)
    {
        yield return "Of several rules that a row meets the first decides. A comparison with NULL is not met, so that row goes on to the next rule; write IS NULL where a missing value is meant.";
        if (sql.Columns.Any(RuleSql.LooksBack))
        {
            yield return "Earlier rows are those of the same unit in the order named by the rules; rows at the same place keep the order of the file.";
        }
    }

    private IEnumerable<string> Next(RuleDiff? diff, WorkDone work)
    {
        if (diff is null)
        {
            yield return "Compare every cell with the loop's own output: --against LOOP.csv --key ID.";
        }

        if (options.Out is null && work.Rows > options.Rows)
        {
            yield return $"Write all {Figures.Count(work.Rows)} rows with --out FILE.parquet, .csv or .json.";
        }
    }

    private long Before(string table) => Cells.Whole(database.Ask($"SELECT COUNT(*) AS n FROM {SqlName.Quoted(table)}", context.Cancellation), "n");

    internal static string Spoken(double seconds) => seconds < 90 ? $"{Figures.Number(Math.Round(seconds, 2))} seconds" : seconds < 5400 ? $"{Figures.Number(Math.Round(seconds / 60, 1))} minutes" : $"{Figures.Number(Math.Round(seconds / 3600, 1))} hours";
}
