using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Dialects;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>The texts of the recipe did: the two by two table, who is on which side, the cells of all rows, and the trends before the start.</summary>
/// <param name="i">Columns and dialect.</param>
/// <param name="since">The first day of the change, in days since 1970.</param>
internal sealed class DidSql(RecipeInput i, long since)
{
    private string Value => i.Column(i.Options.Value!, "--value");

    private bool IsTruth => i.Field(i.Options.Value!, "--value").Type == ColumnType.Boolean;

    private string Group => i.Column(i.Options.Group!, "--group");

    private string IsTreated
    {
        get
        {
            var group = i.Field(i.Options.Group!, "--group");
            return $"{i.D.Comparable(i.D.Name(group.Name), group.Type, [i.Options.Treated!])} = {i.D.Value(i.Options.Treated!, group.Type)}";
        }
    }

    private string Kept => $"{i.Kept(withValue: false)} AND {Group} IS NOT NULL AND {Value} IS NOT NULL";

    // Sums of doubles depend on their order; whole numbers and decimals do not.
    private string Total(string expression, string order) => i.Field(i.Options.Value!, "--value").Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Boolean ? $"SUM({expression})" : i.D.OrderedSum(expression, order);

    private string Rows(string more = "") =>
        $"WITH did_rows AS (\n  SELECT {i.Unit} AS unit, CASE WHEN {IsTreated} THEN 1 ELSE 0 END AS treated,\n    CASE WHEN {i.Day} >= {SqlDialect.Number(since)} THEN 1 ELSE 0 END AS is_after, {(IsTruth ? $"CASE WHEN {Value} THEN 1 ELSE 0 END" : Value)} AS y{more}\n  FROM {i.Table}\n  WHERE {Kept}\n)";

    private string Units(string more = "") =>
        Rows(more) + ",\n"
        + $"did_sides AS (\n  SELECT unit, treated, is_after, COUNT(*) AS rows_in, {SqlDialect.Real(Total("y", "y"))} / COUNT(*) AS mean_y\n  FROM did_rows\n  GROUP BY unit, treated, is_after\n),\n"
        + "did_units AS (\n  SELECT unit, MAX(treated) AS treated,\n    MAX(CASE WHEN is_after = 0 THEN mean_y END) AS before_mean, MAX(CASE WHEN is_after = 1 THEN mean_y END) AS after_mean\n"
        + "  FROM did_sides\n  GROUP BY unit\n  HAVING MIN(treated) = MAX(treated) AND MIN(is_after) = 0 AND MAX(is_after) = 1\n)";

    /// <summary>Three rows: the treated, the others, and the difference.</summary>
    public string Answer
    {
        get
        {
            string Mean(string of) => $"{i.D.OrderedSum(of, "unit")} / COUNT(*)";
            return Units() + ",\n"
                + $"did_cells AS (\n  SELECT treated, COUNT(*) AS units, {Mean("before_mean")} AS before_mean, {Mean("after_mean")} AS after_mean,\n    {Mean("after_mean - before_mean")} AS mean_change\n  FROM did_units\n  GROUP BY treated\n),\n"
                + $"did_spread AS (\n  SELECT c.treated, c.units, c.before_mean, c.after_mean, c.mean_change,\n    {i.D.OrderedSum("(u.after_mean - u.before_mean - c.mean_change) * (u.after_mean - u.before_mean - c.mean_change)", "u.unit")} AS squares\n"
                + "  FROM did_units AS u\n  JOIN did_cells AS c ON c.treated = u.treated\n  GROUP BY c.treated, c.units, c.before_mean, c.after_mean, c.mean_change\n),\n"
                + "did_pair AS (\n  SELECT t.units + o.units AS units, t.before_mean - o.before_mean AS before_mean, t.after_mean - o.after_mean AS after_mean, t.mean_change - o.mean_change AS mean_change,\n"
                + $"    {Square("t")} + {Square("o")} AS variance\n"
                + "  FROM (SELECT * FROM did_spread WHERE treated = 1) AS t\n  CROSS JOIN (SELECT * FROM did_spread WHERE treated = 0) AS o\n)\n"
                + $"SELECT 2 - treated AS row_no, CASE WHEN treated = 1 THEN 'treated' ELSE 'others' END AS group_name, units, before_mean, after_mean, mean_change,\n  SQRT(squares / NULLIF({SqlDialect.Real("units")} * (units - 1), 0)) AS standard_error\nFROM did_spread\n"
                + "UNION ALL\n"
                + $"SELECT 3 AS row_no, 'difference' AS group_name, units, before_mean, after_mean, mean_change,\n  SQRT(variance * ({SqlDialect.Real("units")} / NULLIF(units - 1, 0)) * ({SqlDialect.Real("2 * units - 1")} / NULLIF(2 * units - 4, 0))) AS standard_error\nFROM did_pair\nORDER BY row_no";
        }
    }

    private static string Square(string side) => $"{side}.squares / ({SqlDialect.Real($"{side}.units")} * {side}.units)";

    /// <summary>Squares of the changes around their mean, by group: what the interval is computed from.</summary>
    public static string Changes => $"SELECT row_no, units, mean_change, standard_error FROM {Recipe.Answer} ORDER BY row_no";

    /// <summary>Units by group and by the sides on which they have rows.</summary>
    public string Sides =>
        Units() + "\nSELECT first_group AS treated, CASE WHEN first_group <> last_group THEN 'both groups' WHEN first_side <> last_side THEN 'both' WHEN first_side = 0 THEN 'before' ELSE 'after' END AS side, COUNT(*) AS units\n"
        + "FROM (SELECT unit, MIN(treated) AS first_group, MAX(treated) AS last_group, MIN(is_after) AS first_side, MAX(is_after) AS last_side FROM did_sides GROUP BY unit) AS seen\n"
        + "GROUP BY first_group, CASE WHEN first_group <> last_group THEN 'both groups' WHEN first_side <> last_side THEN 'both' WHEN first_side = 0 THEN 'before' ELSE 'after' END\nORDER BY treated, side";

    /// <summary>The four cells over all rows: what the usual query shows.</summary>
    public string AllRows => Rows() + $"\nSELECT treated, is_after, COUNT(*) AS n, {SqlDialect.Real(Total("y", "y"))} / COUNT(*) AS mean_y\nFROM did_rows\nGROUP BY treated, is_after\nORDER BY treated, is_after";

    private string Period => $", {i.D.Period(i.Time, Grain)} AS period";

    public string Grain => i.Options.Grain ?? "week";

    private string Before =>
        Units(Period) + ",\n"
        + $"pre_sides AS (\n  SELECT r.unit, u.treated, r.period, {SqlDialect.Real(Total("r.y", "r.y"))} / COUNT(*) AS mean_y\n  FROM did_rows AS r\n  JOIN did_units AS u ON u.unit = r.unit\n  WHERE r.is_after = 0\n  GROUP BY r.unit, u.treated, r.period\n)";

    /// <summary>The slope of each unit before the start, by group: units, mean and squares around it.</summary>
    public string Slopes =>
        Before + ",\n"
        + $"pre_centres AS (\n  SELECT unit, treated, {i.D.OrderedSum("mean_y", "period")} / COUNT(*) AS centre_y, {SqlDialect.Real("SUM(period)")} / COUNT(*) AS centre_p\n  FROM pre_sides\n  GROUP BY unit, treated\n  HAVING COUNT(*) > 1\n),\n"
        + $"pre_slopes AS (\n  SELECT s.unit, s.treated, {i.D.OrderedSum("(s.period - c.centre_p) * (s.mean_y - c.centre_y)", "s.period")} / {i.D.OrderedSum("(s.period - c.centre_p) * (s.period - c.centre_p)", "s.period")} AS slope\n"
        + "  FROM pre_sides AS s\n  JOIN pre_centres AS c ON c.unit = s.unit\n  GROUP BY s.unit, s.treated\n),\n"
        + $"slope_means AS (\n  SELECT treated, COUNT(*) AS units, {i.D.OrderedSum("slope", "unit")} / COUNT(*) AS mean_slope FROM pre_slopes GROUP BY treated\n)\n"
        + $"SELECT m.treated, m.units, m.mean_slope, {i.D.OrderedSum("(s.slope - m.mean_slope) * (s.slope - m.mean_slope)", "s.unit")} AS squares,\n"
        + "  (SELECT COUNT(DISTINCT period) FROM pre_sides) AS periods,\n"
        + $"  (SELECT {SqlDialect.Real("SUM(period)")} / COUNT(*) FROM (SELECT DISTINCT period FROM did_rows WHERE is_after = 1) AS a) - (SELECT {SqlDialect.Real("SUM(period)")} / COUNT(*) FROM (SELECT DISTINCT period FROM did_rows WHERE is_after = 0) AS b) AS reach\n"
        + "FROM pre_slopes AS s\nJOIN slope_means AS m ON m.treated = s.treated\nGROUP BY m.treated, m.units, m.mean_slope\nORDER BY m.treated";

    /// <summary>Mean of the unit means of each period, by group, over the units that are counted.</summary>
    public string Course =>
        Units(Period) + ",\n"
        + $"course AS (\n  SELECT r.unit, u.treated, r.period, {SqlDialect.Real(Total("r.y", "r.y"))} / COUNT(*) AS mean_y\n  FROM did_rows AS r\n  JOIN did_units AS u ON u.unit = r.unit\n  GROUP BY r.unit, u.treated, r.period\n)\n"
        + $"SELECT treated, {i.D.DayNumber(i.D.StartOf("period", Grain))} AS first_day, {i.D.OrderedSum("mean_y", "unit")} / COUNT(*) AS mean_y\nFROM course\nGROUP BY treated, period\nORDER BY treated, period";

    /// <summary>Rows that name no unit, time, group or value.</summary>
    public Probe LeftOut() => new(
        $"SELECT COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN {i.Unit} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_unit, CAST(COALESCE(SUM(CASE WHEN {i.Time.Column} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_time,\n"
        + $"  CAST(COALESCE(SUM(CASE WHEN {Group} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_group, CAST(COALESCE(SUM(CASE WHEN {Value} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_value\nFROM {i.Table}",
        t =>
        [
            new RowsLeftOut(Cells.Whole(t, "n"), Cells.Whole(t, "no_unit"), Cells.Whole(t, "no_time"), 0, i.Options.Unit!, i.Options.Time, null),
            new RowsLeftOut(Cells.Whole(t, "n"), 0, Cells.Whole(t, "no_group"), 0, string.Empty, i.Options.Group, null),
            new RowsLeftOut(Cells.Whole(t, "n"), 0, Cells.Whole(t, "no_value"), 0, string.Empty, i.Options.Value, null),
        ]);
}
