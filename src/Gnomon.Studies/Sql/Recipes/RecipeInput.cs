using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Dialects;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>The columns of a recipe in one dialect, with the conditions and probes that recipes share.</summary>
/// <param name="D">Whose SQL is written.</param>
/// <param name="Options">Roles and numbers.</param>
/// <param name="Tables">Tables that are known; none when only the SQL is wanted.</param>
internal sealed record RecipeInput(SqlDialect D, SqlRecipeOptions Options, IReadOnlyList<DatabaseTable> Tables)
{
    /// <summary>What stands for the tables on a server; empty where tables are asked by their names.</summary>
    public IReadOnlyList<ServerRelation> Relations { get; init; } = [];

    /// <summary>The table the question is asked of.</summary>
    public string Table => From(0);

    /// <summary>The same columns as the kept answer is asked for: it lies in the embedded engine, wherever it was computed.</summary>
    public RecipeInput OfAnswer => this with { D = SqlDialect.Named("duckdb") };

    /// <summary>What stands behind FROM.</summary>
    /// <param name="table">Its number.</param>
    /// <param name="alias">What it is called there; null for its own name.</param>
    public string From(int table, string? alias = null) =>
        Relations.Count > table ? $"{Relations[table].Sql}{(alias ?? (Relations[table].IsQuery ? "data" : null)) switch { { } name => $" AS {name}", null => string.Empty }}"
        : $"{D.Name(Tables.Count == 0 ? "data" : Tables[table].Name)}{(alias is null ? string.Empty : $" AS {alias}")}";

    public string Unit => Column(Options.Unit!, "--unit");

    public string? Id => Options.Id is { } id ? Column(id, "--id") : null;

    public TimeColumn Time => Times(Options.Time!, "--time");

    public TimeColumn End => Times(Options.End!, "--end");

    /// <summary>Microseconds of the row's time.</summary>
    public string At => D.Micros(Time);

    public string Day => D.Day(Time);

    public string Exact => D.Exact(Column(Options.Value!, "--value"));

    /// <summary>Rows that can be counted: unit and time are there, and the amount, where one is named, is positive.</summary>
    /// <param name="withTime">The row's time must be there.</param>
    /// <param name="withValue">The amount, where one is named, must be positive.</param>
    /// <param name="withId">The record's id, where one is named, must be there: what has no name cannot be told from its retry.</param>
    public string Kept(bool withTime = true, bool withValue = true, bool withId = false)
    {
        var parts = new List<string> { $"{Unit} IS NOT NULL" };
        if (withTime)
        {
            parts.Add($"{Time.Column} IS NOT NULL");
        }

        if (withValue && Options.Value is { } value)
        {
            parts.Add($"{Column(value, "--value")} > 0");
        }

        if (withId && Id is { } id)
        {
            parts.Add($"{id} IS NOT NULL");
        }

        return string.Join(" AND ", parts);
    }

    public string Column(string name, string option) => D.Name(Field(name, option).Name);

    public Field Field(string name, string option, int table = 0) =>
        Tables.Count > table ? Tables[table].Schema.Require(name, option) : new Field(name, ColumnType.Text, "VARCHAR");

    /// <summary>A condition that the event column holds one of these values; always true for an empty list.</summary>
    public string Is(IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return "1 = 1";
        }

        var (column, type) = EventColumn(values);
        return values.Count == 1 ? $"{column} = {D.Value(values[0], type)}" : $"{column} IN ({string.Join(", ", values.Select(v => D.Value(v, type)))})";
    }

    public (string Column, ColumnType Type) EventColumn(IReadOnlyList<string> values)
    {
        var field = Field(Options.Event!, "--event");
        return (D.Comparable(D.Name(field.Name), field.Type, values), field.Type);
    }

    private TimeColumn Times(string name, string option)
    {
        if (Tables.Count == 0)
        {
            return new TimeColumn(D.Name(name), ColumnType.LocalTimestamp, Options.Zone, Options.Clock);
        }

        var field = Field(name, option);
        return field.IsTemporal
            ? new TimeColumn(D.Name(field.Name), field.Type, Options.Zone, Options.Clock)
            : throw new GnomonError("not-a-time", $"Column '{field.Name}' holds {field.Type.ToString().ToLowerInvariant()} values, not dates or times.", option, $"Name a column of dates or times, or add --query \"SELECT *, CAST({D.Name(field.Name)} AS TIMESTAMP) AS at_time FROM data\" and name at_time.");
    }

    /// <summary>Rows whose unit or time is NULL and rows whose amount is not positive: they answer nothing and are counted.</summary>
    public Probe LeftOut(bool withTime = true, bool withId = false)
    {
        var noId = withId && Id is { } id ? $"SUM(CASE WHEN {id} IS NULL THEN 1 ELSE 0 END)" : "0";
        var time = withTime ? $"SUM(CASE WHEN {Unit} IS NOT NULL AND {Time.Column} IS NULL THEN 1 ELSE 0 END)" : "0";
        var value = Options.Value is { } name ? $"SUM(CASE WHEN {Column(name, "--value")} > 0 THEN 0 ELSE 1 END)" : "0";
        return new Probe(
            $"SELECT COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN {Unit} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_unit, CAST(COALESCE({time}, 0) AS BIGINT) AS no_time, CAST(COALESCE({value}, 0) AS BIGINT) AS no_value, CAST(COALESCE({noId}, 0) AS BIGINT) AS no_id FROM {Table}",
            t =>
            [
                new RowsLeftOut(Cells.Whole(t, "n"), Cells.Whole(t, "no_unit"), Cells.Whole(t, "no_time"), Cells.Whole(t, "no_value"), Options.Unit!, Options.Time, Options.Value),
                new RowsLeftOut(Cells.Whole(t, "n"), 0, Cells.Whole(t, "no_id"), 0, string.Empty, Options.Id, null),
            ]);
    }

    /// <summary>How often the record's own id repeats; nothing without <c>--id</c>.</summary>
    public IEnumerable<Probe> Repeats() => Id is not { } id ? [] :
    [
        new Probe($"SELECT COUNT({id}) AS n, COUNT(DISTINCT {id}) AS d FROM {Table}", t =>
        [
            new RecordRepeats { On = Options.Id!, IsKey = true, Rows = Cells.Whole(t, "n"), RowsSeen = Cells.Whole(t, "n"), Repeats = Cells.Whole(t, "n") - Cells.Whole(t, "d"), ExpectedByChance = 0 },
        ]),
    ];

    /// <summary>Rows that fall on another day in the declared zone than in the stored clock; nothing without <c>--zone</c>.</summary>
    public IEnumerable<Probe> DayBoundary() => Options.Zone is not { } zone || Time.Type == ColumnType.Date ? [] :
    [
        new Probe(
            $"SELECT COUNT({Time.Column}) AS n, CAST(COALESCE(SUM(CASE WHEN {D.LocalDate(Time)} <> {D.LocalDate(Time with { Zone = Time.Type == ColumnType.Timestamp ? "UTC" : null })} THEN 1 ELSE 0 END), 0) AS BIGINT) AS moved FROM {Table}",
            t =>
            [
                new ClockZones
                {
                    TimeColumn = Options.Time!, From = "--zone", Zones = [new ZoneRows(zone, Cells.Whole(t, "n"))], BusinessZone = zone, RowsOnAnotherDay = Cells.Whole(t, "moved"),
                },
            ]),
    ];
}

/// <summary>Rows that no recipe can count, for the limitations; no check is declared for it.</summary>
internal sealed record RowsLeftOut(long Rows, long NoUnit, long NoTime, long NoValue, string Unit, string? Time, string? Value) : Core.Checks.IEvidence
{
    public IEnumerable<string> Says()
    {
        if (NoUnit > 0)
        {
            yield return $"{Core.Findings.Figures.Count(NoUnit, "row has", "rows have")} no {Unit} (NULL): {(NoUnit == 1 ? "it belongs" : "they belong")} to nobody and {(NoUnit == 1 ? "is" : "are")} left out.";
        }

        if (NoTime > 0)
        {
            yield return $"{Core.Findings.Figures.Count(NoTime, "row has", "rows have")} no {Time} (NULL) and {(NoTime == 1 ? "is" : "are")} left out.";
        }

        if (NoValue > 0)
        {
            yield return $"{Core.Findings.Figures.Count(NoValue, "row has", "rows have")} no positive {Value} (refunds, zeros, NULL) and {(NoValue == 1 ? "does" : "do")} not count.";
        }
    }
}
