using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>Where rows and SQL go.</summary>
internal static class SqlOutput
{
    /// <summary>The table of rows; the ledger never keeps it.</summary>
    public const string RowsId = "rows";

    private const int MostBars = 31;
    private const int LineWidth = 96;

    /// <summary>Passes the engine's share of a step on; null where nobody watches.</summary>
    public static IProgress<double>? Watch(StudyContext context, string step, double? bytes = null) => context.Progress is { } line ? new Relay(share => line.Report(new StudyProgress(step, share, bytes))) : null;

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    /// <exception cref="GnomonError"><c>file-exists</c>.</exception>
    public static void Refuse(string path)
    {
        if (File.Exists(path))
        {
            throw new GnomonError("file-exists", $"{path} exists; a result is not overwritten.", "--out", "Name another file, or move the old one away.");
        }
    }

    /// <summary>Writes all rows, or the SQL, where the options ask for it.</summary>
    public static void Write(string? path, string sql, string relation, string order, IDatabase? database, CancellationToken cancellation)
    {
        if (path is null)
        {
            return;
        }

        if (Path.GetExtension(path).Equals(".sql", StringComparison.OrdinalIgnoreCase))
        {
            CsvFile.Write(path, "--out", "The query", writer => writer.WriteLine(sql + ";"));
            return;
        }

        var data = database ?? throw new GnomonError("data-missing", "There are no rows to write: no data were given.", "--out", "Name a file, or write the query with --out FILE.sql.");
        var format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => "parquet",
            ".json" or ".jsonl" => "json",
            _ => "csv",
        };
        data.Write($"SELECT * FROM {relation}{order}", path, format, cancellation);
    }

    /// <summary>The first rows of a relation; decimals beyond 64 bits and money keep their digits as text.</summary>
    public static ResultTable Rows(IDatabase database, string relation, string order, long all, int most, CancellationToken cancellation)
    {
        var fields = database.Describe($"SELECT * FROM {relation}", cancellation);
        var exact = fields.Where(f => f.Type == ColumnType.Decimal && f.NativeType.StartsWith("DECIMAL", StringComparison.Ordinal)).Select(f => SqlName.Quoted(f.Name)).ToList();
        var columns = exact.Count == 0 ? "*" : $"* REPLACE ({string.Join(", ", exact.Select(c => $"CAST({c} AS VARCHAR) AS {c}"))})";
        var table = database.Ask($"SELECT {columns} FROM (SELECT * FROM {relation}{order} LIMIT {most}) AS shown", cancellation);
        return Cells.Shown(RowsId, all > most ? $"First {Figures.Count(most)} of {Figures.Count(all, "row")}" : "Rows", table);
    }

    /// <summary>The chart that was asked for, with how it was chosen; without one, bars where they say themselves.</summary>
    public static (IReadOnlyList<Plot> Plots, IReadOnlyList<string> Says) Chart(string? kind, IDatabase database, string relation, ResultTable shown, long rows, CancellationToken cancellation)
    {
        if (kind is null)
        {
            return (rows == shown.Rows.Count ? Bars(shown) : [], []);
        }

        var (plot, says) = new QueryChart(database, relation, cancellation).Draw(kind);
        return ([plot], [says]);
    }

    /// <summary>Bars, where the rows are a label and one number each and few enough to be read; nothing otherwise.</summary>
    public static IReadOnlyList<Plot> Bars(ResultTable rows)
    {
        var numbers = Enumerable.Range(0, rows.Columns.Count).Where(c => rows.Rows.All(r => r[c] is long or double)).ToList();
        if (rows.Rows.Count is < 2 or > MostBars || numbers is not [var value] || value == 0 || !rows.Rows.All(r => r[0] is string))
        {
            return [];
        }

        var bars = rows.Rows.Select(r => new Bar((string)r[0]!, Convert.ToDouble(r[value], System.Globalization.CultureInfo.InvariantCulture))).ToList();
        return [new Plot("rows", $"{rows.Columns[value]} by {rows.Columns[0]}", BarPlot.Build(bars, rows.Columns[value], new PlotUnit("number")))];
    }

    /// <summary>SQL as a table of lines.</summary>
    public static ResultTable Lines(string title, string sql) =>
        new("sql", title, ["SQL"], [.. sql.Split('\n').SelectMany(Fold).Select(l => (IReadOnlyList<object?>)[l])]);

    // A long line is broken at a blank outside of quotes, so that the lines joined by line feeds are the same statement.
    private static IEnumerable<string> Fold(string line)
    {
        var indent = new string(' ', line.Length - line.TrimStart().Length);
        while (line.Length > LineWidth && Break(line, indent.Length) is var at && at > 0)
        {
            yield return line[..at];
            line = indent + "    " + line[(at + 1)..];
        }

        yield return line;
    }

    private static int Break(string line, int indent)
    {
        var (best, quote) = (-1, '\0');
        for (var k = indent; k < line.Length && (k <= LineWidth || best < 0); k++)
        {
            if (quote != '\0')
            {
                quote = line[k] == quote ? '\0' : quote;
            }
            else if (line[k] is '\'' or '"')
            {
                quote = line[k];
            }
            else if (line[k] == ' ' && k > indent + 8)
            {
                best = k;
            }
        }

        return best;
    }
}
