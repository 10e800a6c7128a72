using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Dialects;
using Gnomon.Studies.Sql.Recipes;

namespace Gnomon.Studies.Sql;

/// <summary>Runs a recipe: the answer, the usual forms beside it, and what its pitfalls look like in these data.</summary>
internal sealed class RecipeRun(Recipe recipe, SqlOptions options, RecipeDesk desk, StudyContext context)
{
    private readonly RecipeInput _input = new(SqlDialect.Named("duckdb"), options, desk.Tables);

    private string Printed => options.Dialect ?? desk.Dialect;

    public StudyReport Report()
    {
        var printed = Write(Printed);
        var sql = SqlOutput.Lines($"SQL for {Spoken(Printed)}", printed.Sql);
        if (desk.Kept is not { } database)
        {
            SqlOutput.Write(options.Out, printed.Sql, string.Empty, string.Empty, null, context.Cancellation);
            return Base() with
            {
                Propose = _ => new Proposal(DecisionAction.Answer, "Here is the query; name data to run it and to see what the usual one would get wrong on them."),
                Limitations = [recipe.Pitfall, .. printed.Rules, .. Unknown(), .. Needs(printed)],
                Tables = [sql],
            };
        }

        var query = Printed == desk.Dialect ? printed : Write(desk.Dialect);
        desk.RefuseTooOld(recipe.Name, query.Sql);
        context.Progress?.Report(new StudyProgress("running the recipe", null));
        var work = new Workload(options, database, context);
        if ((desk.IsServer ? desk.Keep(query.Sql) : work.Keep(Recipe.Answer.Trim('"'), query.Sql)) is not { } rows)
        {
            return Base() with { Propose = _ => new Proposal(DecisionAction.Investigate, work.NotRun!), Evidence = work.Evidence, Tables = [sql], Next = ["Narrow the rows with --where, convert text to Parquet with --out FILE.parquet, or raise --time-budget."] };
        }

        var answers = desk.IsServer ? Write("duckdb") : query;
        var compared = query.Usual.Select((u, k) => (Form: u, Found: Compare(u with { Right = answers.Usual[k].Right }, query))).ToList();
        List<FormComparison> usual = [.. compared.Select(c => c.Found).OfType<FormComparison>()];
        List<FormComparison> judged = [.. compared.Where(c => c.Form.IsJudged).Select(c => c.Found).OfType<FormComparison>()];
        var probes = query.Probes.SelectMany(p => p.Read(Ask(p.Sql))).ToList();
        var said = query.Conclude?.Invoke(Ask) ?? new Conclusion($"{Figures.Count(rows)} {query.Entities}.");
        SqlOutput.Write(options.Out, printed.Sql, Recipe.Answer, string.Empty, database, context.Cancellation);
        (Plot Plot, string Says)? chart = options.Chart is { } kind ? new QueryChart(database, Recipe.Answer, context.Cancellation).Draw(kind) : null;
        return Base() with
        {
            Propose = _ => new Proposal(DecisionAction.Answer, said.Says + Wrong(judged)),
            Estimates = said.Estimates,
            Evidence = [.. probes.Where(p => p is not RowsLeftOut), .. judged, .. said.Evidence, .. work.Evidence],
            Limitations = [.. chart is { } told ? [told.Says] : Array.Empty<string>(), .. query.Rules, .. compared.Where(c => c.Found is null).Select(c => $"{char.ToUpperInvariant(c.Form.Form[0])}{c.Form.Form[1..]}, a usual way to ask it, could not be run on this server."), .. said.Limitations, .. probes.OfType<RowsLeftOut>().SelectMany(r => r.Says()).Distinct(StringComparer.Ordinal), .. Zones(), .. Needs(printed), .. work.Limitations],
            Next = options.Out is null && rows > options.Rows ? [$"Write all {Figures.Count(rows)} rows with --out FILE.csv, .json or .parquet."] : [],
            Plots = [.. chart is { } drawn ? [drawn.Plot] : Array.Empty<Plot>(), .. said.Plots],
            Tables = [.. said.Tables, .. said.ShowsRows ? [SqlOutput.Rows(database, Recipe.Answer, string.Empty, rows, options.Rows, context.Cancellation)] : Array.Empty<ResultTable>(), .. Forms(usual), sql, .. work.Tables],
        };
    }

    private StudyReport Base() => new()
    {
        Question = "sql",
        Title = recipe.Asks(options),
        Propose = _ => throw new InvalidOperationException("Every path words its own proposal."),
        HoldsRows = [SqlOutput.RowsId, ChartPlot.Id],
    };

    private RecipeQuery Write(string dialect)
    {
        var d = SqlDialect.Named(dialect);
        var query = StepNames.Apart(recipe.Write(_input with { D = d, Relations = dialect == desk.Dialect ? desk.Relations : [] }), [.. _input.Tables.Select(t => t.Name)]);
        return query with { Sql = d.Finished(query.Sql), Usual = [.. query.Usual.Select(u => u with { Sql = d.Finished(u.Sql) })] };
    }

    private Table Ask(string sql) => desk.Ask(sql);

    // A usual form that a server cannot run says nothing about the answer.
    private FormComparison? Compare(UsualForm form, RecipeQuery query)
    {
        context.Progress?.Report(new StudyProgress($"comparing with {form.Form}", null));
        if (desk.Comparable(form.Sql) is not { } given)
        {
            return null;
        }

        var (usual, right) = ($"SELECT * FROM {given}", $"SELECT * FROM ({form.Right}) AS given");
        var t = Ask($"SELECT (SELECT COUNT(*) FROM ({form.Right}) AS r) AS n, (SELECT COUNT(*) FROM ({usual} EXCEPT {right}) AS w) AS wrong, (SELECT COUNT(*) FROM ({right} EXCEPT {usual}) AS m) AS missed");
        var (n, wrong, missed) = (Cells.Whole(t, "n"), Cells.Whole(t, "wrong"), Cells.Whole(t, "missed"));
        return form.Flaw switch
        {
            Flaw.Scope => new QueryScope { Form = form.Form, Entities = query.Entities, Right = n, Missed = missed, Wrong = wrong },
            Flaw.Window => new WindowFrame { Form = form.Form, Entities = query.Entities, Right = n, Missed = missed, Wrong = wrong },
            Flaw.Null => new NullHandling { Form = form.Form, Entities = query.Entities, Right = n, Missed = missed, Wrong = wrong },
            _ => new TieHandling { Form = form.Form, Entities = query.Entities, Right = n, Missed = missed, Wrong = wrong },
        };
    }

    private static string Wrong(IReadOnlyList<FormComparison> usual)
    {
        var worst = usual.Where(u => u.Missed + u.Wrong > 0).OrderByDescending(u => u.Missed + u.Wrong).FirstOrDefault();
        return worst is null ? string.Empty
            : worst.Missed == worst.Wrong ? $" A usual way to ask it, {worst.Form}, would get {Figures.Count(worst.Missed)} of them wrong."
            : $" A usual way to ask it, {worst.Form}, would miss {Figures.Count(worst.Missed)} of them and return {Figures.Count(worst.Wrong)} that do not belong.";
    }

    private static IEnumerable<ResultTable> Forms(IReadOnlyList<FormComparison> usual) => usual.Count == 0 ? [] :
    [
        new ResultTable("usual-forms", "Usual ways to ask it, on these data", ["form", "missed or other", "returned wrongly"], [.. usual.Select(u => (IReadOnlyList<object?>)[u.Form, u.Missed, u.Wrong])]),
    ];

    private IEnumerable<string> Zones()
    {
        if (options.Time is null || !_input.Time.Type.Equals(ColumnType.LocalTimestamp))
        {
            yield break;
        }

        if (options.Zone is not null && options.Clock is null)
        {
            yield return $"{options.Time} has no offset; it is read as UTC. Name --clock ZONE if it was written elsewhere.";
        }
    }

    private string[] Needs(RecipeQuery printed) => Printed == "clickhouse" && !desk.IsServer ? [ClickHouseNeeds.Of(printed.Sql)] : [];

    private IEnumerable<string> Unknown()
    {
        if (options.Time is not null)
        {
            yield return $"The table is called data, and {options.Time} is taken to be a timestamp without a zone: with data the types are read from them.";
        }
    }

    private static string Spoken(string dialect) => dialect switch
    {
        "postgres" => "PostgreSQL",
        "clickhouse" => "ClickHouse",
        _ => "DuckDB",
    };
}
