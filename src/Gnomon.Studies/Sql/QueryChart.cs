using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>The rows of an answer as a chart: bars, a line or points, chosen from the types of its columns, with the reason in words.</summary>
internal sealed class QueryChart(IDatabase database, string relation, CancellationToken cancellation)
{
    public const string Auto = "auto";

    private const int MostBars = 31;
    private const int MostSeries = 8;
    private const int MostMeasures = 4;
    private const int MostTimes = 1_000;
    private const int Steps = 500;
    private const int MostPoints = 2_000;
    private const string None = "(none)";

    private readonly IReadOnlyList<Field> _fields = database.Describe($"SELECT * FROM {relation}", cancellation);

    private IReadOnlyList<Field> Numbers => [.. _fields.Where(f => f.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Double)];

    private IReadOnlyList<Field> Words => [.. _fields.Where(f => f.Type is ColumnType.Text or ColumnType.Category or ColumnType.Boolean)];

    private Field? Time => _fields.FirstOrDefault(f => f.IsTemporal);

    /// <param name="kind">auto, bar, line or points.</param>
    /// <returns>The plot, and how it was chosen and what it leaves out.</returns>
    /// <exception cref="GnomonError"><c>no-chart</c>: the columns are not those of this chart.</exception>
    public (Plot Plot, string Says) Draw(string kind)
    {
        var why = "as asked";
        if (kind == Auto)
        {
            (kind, why) = (Time, Words.Count, Numbers.Count) switch
            {
                ({ } time, _, > 0) => ("line", $"{time.Name} is a time"),
                (_, > 0, > 0) => ("bar", $"{Words[0].Name} names each row"),
                (_, _, > 1) => ("points", $"{Numbers[0].Name} and {Numbers[1].Name} are numbers"),
                _ => throw Refused("a chart", "a number beside a time, a text or another number"),
            };
        }

        var (plot, title, says) = kind switch
        {
            "bar" => Bars(),
            "line" => Line(),
            _ => Points(),
        };
        return (new Plot(ChartPlot.Id, title, plot), $"The chart shows {(kind == "bar" ? "bars" : kind == "line" ? "lines" : "points")}: {why}.{says}");
    }

    private (System.Text.Json.Nodes.JsonObject Plot, string Title, string Says) Bars()
    {
        var label = Words.FirstOrDefault() ?? Time ?? (Numbers.Count > 1 ? Numbers[0] : null) ?? throw Refused("bars", "a label and a number");
        var value = Numbers.FirstOrDefault(f => f.Name != label.Name) ?? throw Refused("bars", "a label and a number");
        var (l, v) = (SqlName.Quoted(label.Name), Real(value));
        var table = database.Ask(
            $"SELECT label, value, n FROM (SELECT label, AVG(v ORDER BY v) AS value, COUNT(*) AS n, MIN(row_no) AS first_row FROM (SELECT COALESCE(CAST({l} AS VARCHAR), '{None}') AS label, {v} AS v, ROW_NUMBER() OVER () AS row_no FROM {relation}) AS cells WHERE isfinite(v) GROUP BY label) AS bars ORDER BY {(Bars(l, v) > MostBars ? "ABS(value) DESC, label" : "first_row, label")} LIMIT {MostBars}",
            cancellation);
        Refuse(table.Rows);
        var bars = Enumerable.Range(0, table.Rows).Select(r => new Bar((string)table["label"].Cell(r)!, Cells.Real(table, "value", r))).ToList();
        var left = Bars(l, v) - table.Rows;
        return (BarPlot.Build(bars, value.Name, new PlotUnit("number")), $"{value.Name} by {label.Name}",
            (left > 0 ? $" The {MostBars} largest of {Figures.Count(left + table.Rows)} are drawn." : string.Empty) + (Enumerable.Range(0, table.Rows).Any(r => Cells.Whole(table, "n", r) > 1) ? $" Where several rows share a {label.Name}, their mean is drawn." : string.Empty) + Missing(v));
    }

    private long Bars(string label, string value) => Cells.Whole(database.Ask($"SELECT COUNT(DISTINCT COALESCE(CAST({label} AS VARCHAR), '{None}')) AS n FROM {relation} WHERE isfinite({value})", cancellation), "n");

    private (System.Text.Json.Nodes.JsonObject Plot, string Title, string Says) Line()
    {
        var across = Time ?? (Numbers.Count > 1 ? Numbers[0] : null) ?? throw Refused("lines", "a time or a number, and another number");
        List<Field> measures = [.. Numbers.Where(f => f.Name != across.Name).Take(MostMeasures)];
        if (measures.Count == 0)
        {
            throw Refused("lines", "a time or a number, and another number");
        }

        var x = across.IsTemporal ? $"epoch_us(CAST({SqlName.Quoted(across.Name)} AS TIMESTAMP{(across.Type == ColumnType.Timestamp ? "TZ" : string.Empty)}))" : Real(across);
        var (series, says) = Series(measures);
        if (series.Length > 0)
        {
            measures = [measures[0]];
        }

        var cells = string.Join(" UNION ALL ", measures.Select(m => $"SELECT CAST({x} AS DOUBLE) AS x, {Real(m)} AS v, {(series.Length > 0 ? series : SqlName.Text(m.Name))} AS series FROM {relation}"));
        var span = database.Ask($"SELECT COUNT(DISTINCT x) AS n, MIN(x) AS first, MAX(x) AS last, COUNT(*) AS rows_in, COUNT(DISTINCT (x, series)) AS cells FROM ({cells}) AS c WHERE isfinite(v) AND isfinite(x) AND series IS NOT NULL", cancellation);
        Refuse(Cells.Whole(span, "n"));
        var isStepped = Cells.Whole(span, "n") > MostTimes;
        var (first, last) = (Cells.Real(span, "first"), Cells.Real(span, "last"));
        var at = isStepped ? FormattableString.Invariant($"{first:R} + (FLOOR(LEAST((x - {first:R}) / {last - first:R} * {Steps}, {Steps - 1})) + 0.5) * {(last - first) / Steps:R}") : "x";
        var table = database.Ask($"SELECT series, at_x, AVG(v ORDER BY v) AS value FROM (SELECT series, {at} AS at_x, v FROM ({cells}) AS c WHERE isfinite(v) AND isfinite(x) AND series IS NOT NULL) AS d GROUP BY series, at_x ORDER BY series, at_x", cancellation);
        string Name(int r) => (string)table["series"].Cell(r)!;
        var title = measures.Count == 1 ? measures[0].Name : string.Join(", ", measures.Select(m => m.Name));
        var rows = Enumerable.Range(0, table.Rows);
        var plot = across.IsTemporal
            ? LinePlot.Build([.. rows.Select(r => new LinePoint(DateTimeOffset.UnixEpoch.AddTicks((long)Cells.Real(table, "at_x", r) * 10), Cells.Real(table, "value", r), Name(r)))], title, new PlotUnit("number"), legend: Legend(measures))
            : CurvePlot.Build([.. rows.Select(r => new CurvePoint(Cells.Real(table, "at_x", r), Cells.Real(table, "value", r), Name(r)))], across.Name, title, new PlotUnit("number"), legend: Legend(measures));
        return (plot, $"{title} over {across.Name}",
            says + (isStepped ? $" {Figures.Count(Cells.Whole(span, "n"))} values of {across.Name} are drawn as means of {Steps} equal steps." : Cells.Whole(span, "rows_in") > Cells.Whole(span, "cells") ? $" Where several rows share a {across.Name}, their mean is drawn." : string.Empty) + Missing(Real(measures[0])));
    }

    private (System.Text.Json.Nodes.JsonObject Plot, string Title, string Says) Points()
    {
        if (Numbers.Count < 2)
        {
            throw Refused("points", "two numbers");
        }

        var (x, y) = (Real(Numbers[0]), Real(Numbers[1]));
        var (series, says) = Series([]);
        var all = Cells.Whole(database.Ask($"SELECT COUNT(*) AS n FROM {relation} WHERE isfinite({x}) AND isfinite({y})", cancellation), "n");
        Refuse(all);
        var every = (all + MostPoints - 1) / MostPoints;
        var table = database.Ask($"SELECT x, y, series FROM (SELECT {x} AS x, {y} AS y, {(series.Length > 0 ? series : "'row'")} AS series, ROW_NUMBER() OVER () AS row_no FROM {relation} WHERE isfinite({x}) AND isfinite({y})) AS p WHERE row_no % {every} = {(every == 1 ? 0 : 1)} AND series IS NOT NULL ORDER BY row_no", cancellation);
        List<CurvePoint> points = [.. Enumerable.Range(0, table.Rows).Select(r => new CurvePoint(Cells.Real(table, "x", r), Cells.Real(table, "y", r), (string)table["series"].Cell(r)!))];
        return (PointPlot.Build(points, Numbers[0].Name, Numbers[1].Name, new PlotUnit("number"), series.Length > 0 ? Words[0].Name : "group"), $"{Numbers[1].Name} by {Numbers[0].Name}",
            says + (every > 1 ? $" One of {every} rows is drawn, {Figures.Count(table.Rows)} of {Figures.Count(all)}." : string.Empty) + Missing(y));
    }

    // A text of few values tells the rows apart; of many, those with the most rows are drawn.
    private (string Sql, string Says) Series(List<Field> measures)
    {
        if (Words.FirstOrDefault() is not { } word)
        {
            return (string.Empty, measures.Count > 1 ? $" Each of {string.Join(", ", measures.Select(m => m.Name))} is a line." : string.Empty);
        }

        var text = $"COALESCE(CAST({SqlName.Quoted(word.Name)} AS VARCHAR), '{None}')";
        var values = database.Ask($"SELECT {text} AS word, COUNT(*) AS n FROM {relation} GROUP BY word ORDER BY n DESC, word", cancellation);
        var kept = Enumerable.Range(0, Math.Min(MostSeries, values.Rows)).Select(r => SqlName.Text((string)values["word"].Cell(r)!));
        return ($"CASE WHEN {text} IN ({string.Join(", ", kept)}) THEN {text} END",
            $" Colours tell the values of {word.Name} apart{(values.Rows > MostSeries ? $"; the {MostSeries} with the most rows are drawn, of {Figures.Count(values.Rows)}" : string.Empty)}.");
    }

    private string Legend(List<Field> measures) => measures.Count == 1 && Words.Count > 0 ? Words[0].Name : "column";

    private string Missing(string value)
    {
        var n = Cells.Whole(database.Ask($"SELECT COUNT(*) AS n FROM {relation} WHERE ({value}) IS NULL OR NOT isfinite({value})", cancellation), "n");
        return n == 0 ? string.Empty : $" {Figures.Count(n, "row has", "rows have")} no value there and {(n == 1 ? "is" : "are")} not drawn.";
    }

    private static string Real(Field field) => $"CAST({SqlName.Quoted(field.Name)} AS DOUBLE)";

    private void Refuse(long rows)
    {
        if (rows == 0)
        {
            throw new GnomonError("no-chart", "There is nothing to draw: no row has a value in each of the columns.", "--chart", "Leave --chart out to see the rows.");
        }
    }

    private GnomonError Refused(string what, string needs) => new(
        "no-chart", $"For {what} the answer needs {needs}; it has {(_fields.Count == 0 ? "no columns" : string.Join(", ", _fields.Select(f => $"{f.Name} ({f.Type.ToString().ToLowerInvariant()})")))}.", "--chart", "Select such columns, or leave --chart out.");
}
