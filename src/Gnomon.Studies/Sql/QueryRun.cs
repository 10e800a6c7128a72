using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Review;

namespace Gnomon.Studies.Sql;

/// <summary>Runs the user's own query, or looks it over without showing its rows. What a review finds is tried on the data where there are any.</summary>
internal sealed class QueryRun(SqlOptions options, IDatabase database, StudyContext context)
{
    private const string Result = "\"gnomon answer\"";

    private readonly string _sql = Text(options);

    public StudyReport Report()
    {
        database.LoadFilesOf(_sql, context.Cancellation);
        var tree = QueryTree.Of(database.SyntaxTree(_sql, context.Cancellation), _sql);
        var hasData = database.Tables.Count > 0;
        var findings = tree is null ? [] : Reviewer.Review(tree, hasData && options.TimeBudget is null ? database : null, context.Cancellation);
        if (options.Review && tree is null)
        {
            // Whatever keeps it from being read as a SELECT is said by the engine itself.
            _ = database.Describe(_sql, context.Cancellation);
        }

        return options.Review ? Reviewed(tree, findings, hasData) : Answered(tree, findings);
    }

    private StudyReport Answered(QueryTree? tree, IReadOnlyList<Remark> remarks)
    {
        context.Progress?.Report(new StudyProgress("running the query", null));
        var work = new Workload(options, database, context);
        if (work.Keep(Result.Trim('"'), _sql) is not { } rows)
        {
            return NotRun(work);
        }

        var isOrdered = tree?.IsOrdered ?? false;
        var order = isOrdered || rows == 0 ? string.Empty : " ORDER BY ALL";
        SqlOutput.Write(options.Out, _sql, Result, order, database, context.Cancellation);
        var shown = SqlOutput.Rows(database, Result, order, rows, options.Rows, context.Cancellation);
        var (plots, chart) = SqlOutput.Chart(options.Chart, database, $"(SELECT * FROM {Result}{order}) AS drawn", shown, rows, context.Cancellation);
        return new StudyReport
        {
            Question = "sql",
            Title = $"What does the query return from {Sources()}?",
            Propose = _ => new Proposal(
                remarks.Count == 0 ? DecisionAction.Answer : DecisionAction.Investigate,
                $"{Figures.Count(rows, "row")}.{(remarks.Count == 0 ? string.Empty : $" {Figures.Count(remarks.Count, "thing", "things")} in the query to look at first: {First(remarks)}")}"),
            Evidence = [.. remarks.SelectMany(r => r.Evidence), .. work.Evidence],
            Limitations = [.. chart, .. work.Limitations, .. options.TimeBudget is null ? [] : new[] { "Under --time-budget the query is reviewed by its text alone: trying each remark on the data takes time of its own." }, .. isOrdered ? [] : new[] { "The query has no ORDER BY, so its rows have no order of their own; they are shown sorted by all columns." }],
            Next = [.. remarks.Count > 0 ? [$"Add --review to see all of them with line and column."] : Array.Empty<string>(), .. options.Out is null && rows > options.Rows ? [$"Write all {Figures.Count(rows)} rows with --out FILE.csv, .json or .parquet."] : Array.Empty<string>()],
            Tables = [shown, .. Remarks(remarks), .. work.Tables],
            Plots = plots,
            HoldsRows = [SqlOutput.RowsId, ChartPlot.Id],
        };
    }

    private StudyReport NotRun(Workload work) => new()
    {
        Question = "sql",
        Title = $"What does the query return from {Sources()}?",
        Propose = _ => new Proposal(DecisionAction.Investigate, work.NotRun!),
        Evidence = work.Evidence,
        Limitations = [work.NotRun!],
        Next = ["Narrow the question (fewer columns, a --where, an aggregate first), convert text to Parquet with --out FILE.parquet, or raise --time-budget."],
    };

    internal static StudyReport Reviewed(QueryTree? tree, IReadOnlyList<Remark> remarks, bool hasData)
    {
        if (tree is null)
        {
            throw new GnomonError("not-a-select", "The query is not a SELECT that can be reviewed.", "--query", "Write one SELECT.");
        }

        return new StudyReport
        {
            Question = "sql",
            Title = "Does the query say what was meant?",
            Propose = _ => remarks.Count == 0
                ? new Proposal(DecisionAction.Answer, $"None of the {Figures.Count(Reviewer.Rules.Count)} rules has anything to say about this query{(hasData ? " on these data" : string.Empty)}.")
                : new Proposal(DecisionAction.Investigate, $"{Figures.Count(remarks.Count, "thing", "things")} to look at: {First(remarks)}"),
            Evidence = [.. remarks.SelectMany(r => r.Evidence)],
            Limitations = [.. hasData ? [] : new[] { "Without data the review reads the text alone: whether keys repeat, values are NULL or times tie is not known." }, "A review finds the flaws that it knows; a query without remarks can still ask the wrong question."],
            Next = [.. remarks.Select(r => $"Line {r.Line}, column {r.Column}: {r.Says}. {r.Instead}")],
            Tables = [.. Remarks(remarks)],
            HoldsRows = [SqlOutput.RowsId],
        };
    }

    internal static IEnumerable<ResultTable> Remarks(IReadOnlyList<Remark> remarks) => remarks.Count == 0 ? [] :
    [
        new ResultTable("review", "What to look at in the query", ["line", "column", "rule", "remark"], [.. remarks.Select(r => (IReadOnlyList<object?>)[(long)r.Line, (long)r.Column, r.Rule, r.Says])]),
    ];

    internal static string First(IReadOnlyList<Remark> remarks) => $"line {remarks[0].Line}, {remarks[0].Says}{(remarks.Count > 1 ? $" (and {Figures.Count(remarks.Count - 1)} more)" : string.Empty)}";

    private string Sources() => database.Tables.Count == 0 ? "no file" : string.Join(", ", database.Tables.Select(t => Path.GetFileName(t.Source)));

    /// <summary>The query as given, or as its file holds it.</summary>
    /// <exception cref="GnomonError"><c>file-not-found</c>.</exception>
    internal static string Text(SqlOptions options)
    {
        if (options.Query is { } query)
        {
            return query;
        }

        try
        {
            return File.ReadAllText(options.File!);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-found", $"{options.File} could not be read: {wrong.Message}", "--file", "Name a file that holds one SELECT.", wrong);
        }
    }
}
