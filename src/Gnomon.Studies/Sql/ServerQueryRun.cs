using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Review;

namespace Gnomon.Studies.Sql;

/// <summary>The user's own query on a server: it is run there, read-only, and its rows are written here. The review reads its text alone.</summary>
internal sealed class ServerQueryRun(SqlOptions options, IServerDatabase server, StudyContext context)
{
    private const string Result = "gnomon answer";

    public StudyReport Report()
    {
        var own = options.IsWhole ? $"SELECT * FROM {server.Relation(0, context.Cancellation).Sql}{(server.Relation(0, context.Cancellation).IsQuery ? " AS data" : string.Empty)}" : QueryRun.Text(options);
        var tree = QueryTree.Of(server.Kept.SyntaxTree(own, context.Cancellation), own);
        var remarks = tree is null ? [] : Reviewer.Review(tree, null, context.Cancellation);
        if (options.Review)
        {
            // What the server cannot take is said by the server.
            _ = server.Describe(server.Bound(own, context.Cancellation), context.Cancellation);
            return QueryRun.Reviewed(tree, remarks, hasData: false) with { Limitations = [.. Unread(tree), "The review of a query on a server reads its text alone: whether keys repeat, values are NULL or times tie there is not known."] };
        }

        context.Progress?.Report(new StudyProgress("the server answers", null));
        var rows = server.Keep(Result, options.IsWhole ? own : server.Bound(own, context.Cancellation), context.Cancellation);
        var isOrdered = tree?.IsOrdered ?? true;
        var order = isOrdered || rows == 0 ? string.Empty : " ORDER BY ALL";
        SqlOutput.Write(options.Out, own, $"\"{Result}\"", order, server.Kept, context.Cancellation);
        var shown = SqlOutput.Rows(server.Kept, $"\"{Result}\"", order, rows, options.Rows, context.Cancellation);
        var (plots, chart) = SqlOutput.Chart(options.Chart, server.Kept, $"(SELECT * FROM \"{Result}\"{order}) AS drawn", shown, rows, context.Cancellation);
        return new StudyReport
        {
            Question = "sql",
            Title = $"What does the query return from {string.Join(", ", server.Addresses)}?",
            Propose = _ => new Proposal(
                remarks.Count == 0 ? DecisionAction.Answer : DecisionAction.Investigate,
                $"{Figures.Count(rows, "row")}.{(remarks.Count == 0 ? string.Empty : $" {Figures.Count(remarks.Count, "thing", "things")} in the query to look at first: {QueryRun.First(remarks)}")}"),
            Evidence = [.. remarks.SelectMany(r => r.Evidence)],
            Limitations =
            [
                .. chart,
                $"{server.Server} ran the query in a read-only session; its rows were then kept here.", .. Unread(tree),
                .. remarks.Count > 0 ? ["The remarks are about the query's text; they were not tried on the server's data."] : Array.Empty<string>(),
                .. isOrdered ? [] : new[] { "The query has no ORDER BY, so its rows have no order of their own; they are shown sorted by all columns." },
            ],
            Next = [.. remarks.Count > 0 ? ["Add --review to see all of them with line and column."] : Array.Empty<string>(), .. options.Out is null && rows > options.Rows ? [$"Write all {Figures.Count(rows)} rows with --out FILE.csv, .json or .parquet."] : Array.Empty<string>()],
            Tables = [shown, .. QueryRun.Remarks(remarks)],
            Plots = plots,
            HoldsRows = [SqlOutput.RowsId, ChartPlot.Id],
        };
    }

    private IEnumerable<string> Unread(QueryTree? tree) =>
        tree is null ? [$"The query is written in {server.Server}'s own words, which the review does not read; its rows are shown in the order in which the server sent them."] : [];
}
