using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Rules;

/// <summary>Every cell of the columns beside the output of the loop that they replace: by key, or row by row. Numbers agree to twelve digits, everything else exactly.</summary>
internal sealed class RuleDiff(IDatabase database, RuleSql sql, string answer, string reference, string shown, IReadOnlyList<string> key, CancellationToken cancellation)
{
    private const string Tolerance = "1e-12";

    private readonly IReadOnlyList<Field> _ours = database.Describe($"SELECT * FROM {answer}", cancellation);
    private readonly IReadOnlyList<Field> _theirs = database.Describe($"SELECT * FROM {reference}", cancellation);

    public long Differing { get; private set; }

    public long Compared { get; private set; }

    public List<IEvidence> Evidence { get; } = [];

    public List<ResultTable> Tables { get; } = [];

    public List<string> Limitations { get; } = [];

    public void Run(int most)
    {
        List<Field> both = [.. sql.Columns.Select(c => _ours.First(f => f.Name == c.Name)).DistinctBy(f => f.Name).Where(f => _theirs.Any(t => t.Name == f.Name))];
        if (both.Count == 0)
        {
            throw new GnomonError("column-not-found", $"{shown} has none of the columns {string.Join(", ", sql.Columns.Select(c => c.Name))}. Columns: {string.Join(", ", _theirs.Select(f => f.Name))}.", "--against", "Name the file that the loop wrote, with the columns that it makes.");
        }

        var (ours, theirs) = (Whole($"SELECT COUNT(*) AS n FROM {answer}"), Whole($"SELECT COUNT(*) AS n FROM {reference}"));
        Evidence.Add(new RowContract { Step = $"{shown}, one row for each row of the data", Promised = ours, Found = theirs, IsAnswer = false });
        var on = Join(ours, theirs);
        var rows = new List<IReadOnlyList<object?>>();
        var losses = new List<ReadingLoss>();
        foreach (var field in both)
        {
            rows.Add(Column(field, on, losses));
        }

        Evidence.Add(new ReadingLosses { Rows = theirs, Losses = losses });
        Tables.Add(new ResultTable("cells", $"Cells beside {shown}", ["column", "compared", "differ", "value only here", "value only there", "as the last match", "as NULL met", "as NULL not tested", "as the row above"], rows));
        if (Differing > 0)
        {
            var parts = both.Select(f => $"SELECT o.{RuleSql.RowNumber} AS row_no, {SqlName.Text(f.Name)} AS column_name, CAST(o.{Q(f)} AS VARCHAR) AS here, CAST(r.{Q(f)} AS VARCHAR) AS there FROM {on} WHERE {Differs(f, $"o.{Q(f)}")}");
            Tables.Add(Cells.Shown("differences", Differing > most ? $"First {Figures.Count(most)} of {Figures.Count(Differing, "cell")} that differ" : "Cells that differ", database.Ask($"SELECT row_no, column_name, here, there FROM ({string.Join(" UNION ALL ", parts)}) AS d ORDER BY row_no, column_name LIMIT {most}", cancellation)));
        }

        var missing = sql.Columns.Select(c => c.Name).Except(both.Select(f => f.Name)).ToList();
        if (missing.Count > 0)
        {
            Limitations.Add($"{shown} has no {string.Join(", ", missing)}: {(missing.Count == 1 ? "it was" : "they were")} not compared.");
        }
    }

    // Which usual reading a differing cell agrees with tells where it comes from.
    private IReadOnlyList<object?> Column(Field field, string on, List<ReadingLoss> losses)
    {
        var (o, r) = ($"o.{Q(field)}", $"r.{Q(field)}");
        var differs = Differs(field, o);
        string Agrees(string form) => $"COUNT(CASE WHEN {differs} AND NOT ({Differs(field, $"o.\"{form} {field.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")}) THEN 1 END)";
        var t = database.Ask(
            $"SELECT COUNT(*) AS n, COUNT(CASE WHEN {differs} THEN 1 END) AS d, COUNT(CASE WHEN {o} IS NOT NULL AND {r} IS NULL THEN 1 END) AS ours_only, COUNT(CASE WHEN {o} IS NULL AND {r} IS NOT NULL THEN 1 END) AS theirs_only, {Agrees("last")} AS as_last, {Agrees("null")} AS as_null, {Agrees("untested")} AS as_untested, {Agrees("above")} AS as_above FROM {on}",
            cancellation);
        var (n, d) = (Cells.Whole(t, "n"), Cells.Whole(t, "d"));
        (Compared, Differing) = (Compared + n, Differing + d);
        var other = _theirs.First(f => f.Name == field.Name);
        if (IsNumber(field) != IsNumber(other) && n > 0)
        {
            losses.Add(new ReadingLoss("mixed-types", n, 1, false, $"{field.Name} is {other.Type.ToString().ToLowerInvariant()} in {shown} and {field.Type.ToString().ToLowerInvariant()} here; the cells are compared as texts"));
        }

        foreach (var (column, form, make) in new (string, string, Func<string, long, FormComparison>)[]
        {
            ("as_last", "the last match", (f, k) => new TieHandling { Form = f, Entities = "cells", Right = n, Missed = k, Wrong = k, Says = Says(field, k, d, "the last match instead of the first") }),
            ("as_null", "a comparison with NULL counted as met", (f, k) => new NullHandling { Form = f, Entities = "cells", Right = n, Missed = k, Wrong = k, Says = Says(field, k, d, "a comparison with NULL counted as met") }),
            ("as_untested", "a test for NULL that is never met", (f, k) => new NullHandling { Form = f, Entities = "cells", Right = n, Missed = k, Wrong = k, Says = Says(field, k, d, "a test for NULL that is never met") }),
            ("as_above", "the row above taken for the row before", (f, k) => new WindowFrame { Form = f, Entities = "cells", Right = n, Missed = k, Wrong = k, Says = Says(field, k, d, "the row above in the file, whoever it belongs to,") }),
        })
        {
            if (Cells.Whole(t, column) is var k and > 0)
            {
                Evidence.Add(make($"{shown}, {field.Name}: {form}", k));
            }
        }

        return [field.Name, n, d, Cells.Whole(t, "ours_only"), Cells.Whole(t, "theirs_only"), Cells.Whole(t, "as_last"), Cells.Whole(t, "as_null"), Cells.Whole(t, "as_untested"), Cells.Whole(t, "as_above")];
    }

    private string Says(Field field, long k, long d, string what) => $"{Figures.Count(k)} of the {Figures.Count(d, "cell")} in which {shown} differs in {field.Name} are what {what} gives";

    private string Join(long ours, long theirs)
    {
        if (key.Count == 0)
        {
            Limitations.Add("Rows are compared by their place: name --key if the loop may have changed their order.");
            return $"{answer} AS o JOIN (SELECT *, ROW_NUMBER() OVER () AS place FROM {reference}) AS r ON r.place = o.{RuleSql.RowNumber}";
        }

        foreach (var (name, fields, where) in key.SelectMany(k => new[] { (k, _ours, "the data"), (k, _theirs, shown) }))
        {
            _ = fields.Any(f => f.Name == name) ? name : throw new GnomonError("column-not-found", $"There is no column '{name}' in {where}. Columns: {string.Join(", ", fields.Select(f => f.Name))}.", "--key", "Name columns that both have.");
        }

        var on = $"{answer} AS o JOIN {reference} AS r ON {string.Join(" AND ", key.Select(k => $"o.{SqlName.Quoted(k)} = r.{SqlName.Quoted(k)}"))}";
        var joined = Whole($"SELECT COUNT(*) AS n FROM {on}");
        Evidence.Add(new RowContract { Step = $"rows of the data and of {shown} that share {string.Join(", ", key)}", Promised = Math.Max(ours, theirs), Found = joined, IsAnswer = false });
        return on;
    }

    private string Differs(Field field, string ours)
    {
        var (theirs, other) = ($"r.{Q(field)}", _theirs.First(f => f.Name == field.Name));
        return IsNumber(field) && IsNumber(other)
            ? $"(({ours} IS NULL) <> ({theirs} IS NULL) OR ABS(CAST({ours} AS DOUBLE) - CAST({theirs} AS DOUBLE)) > {Tolerance} * GREATEST(ABS(CAST({ours} AS DOUBLE)), ABS(CAST({theirs} AS DOUBLE))))"
            : field.Type == other.Type ? $"{ours} IS DISTINCT FROM {theirs}" : $"CAST({ours} AS VARCHAR) IS DISTINCT FROM CAST({theirs} AS VARCHAR)";
    }

    private static bool IsNumber(Field field) => field.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Double;

    private static string Q(Field field) => SqlName.Quoted(field.Name);

    private long Whole(string question) => Cells.Whole(database.Ask(question, cancellation), "n");
}
