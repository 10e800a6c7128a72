using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Compare;

/// <summary>A factor of a two-way comparison.</summary>
/// <param name="Name">Its column.</param>
/// <param name="Levels">Its values, in order.</param>
/// <param name="Codes">Level of each row.</param>
/// <param name="IsWithin">Whether a unit occurs with several of its values.</param>
internal sealed record Factor(string Name, IReadOnlyList<string> Levels, int[] Codes, bool IsWithin);

/// <summary>Rows of a two-way comparison.</summary>
internal sealed record FactorialInput
{
    private const int MostLevels = 12;
    private const long MostRows = 2_000_000;

    public required string Metric { get; init; }

    public required string Unit { get; init; }

    public required double[] Values { get; init; }

    /// <summary>The two factors, in the order of --by.</summary>
    public required Factor First { get; init; }

    public required Factor Second { get; init; }

    /// <summary>Column that names the unit; null when every row is a unit.</summary>
    public string? UnitColumn { get; init; }

    /// <summary>Unit of each row; empty when every row is a unit.</summary>
    public required int[] Units { get; init; }

    /// <summary>An identifier that nobody named; null without one, or with --paired.</summary>
    public string? Candidate { get; init; }

    /// <summary>Its value in each row.</summary>
    public int[]? CandidateCodes { get; init; }

    public required long RowsRead { get; init; }

    public int Rows => Values.Length;

    /// <summary>The two columns of --by, or null when it names one.</summary>
    public static (string First, string Second)? Columns(string? by, Schema schema)
    {
        if (by is null || !by.Contains(',', StringComparison.Ordinal) || schema.Find(by) is not null)
        {
            return null;
        }

        var parts = by.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2)
        {
            throw new GnomonError("option-out-of-range", $"--by takes one column, or two for a two-way comparison; got {parts.Length}.", "--by", "For more factors fit a model: gnomon regress --formula \"y ~ a * b * c\".");
        }

        var (first, second) = (schema.Require(parts[0], "--by").Name, schema.Require(parts[1], "--by").Name);
        return first == second ? throw new GnomonError("options-conflict", $"--by names {first} twice.", "--by", "Name two different columns.") : (first, second);
    }

    public static FactorialInput Read(CompareOptions options, string first, string second, StudyContext context)
    {
        Refuse(options);
        var data = context.RequireData();
        var (metric, level) = Metricof(options.Metric!, data.Schema);
        var unit = options.Paired is null ? null : data.Schema.Require(options.Paired, "--paired").Name;
        var value = level is null ? Scalar.Column(metric).ToDouble() : Scalar.Case(
            [(Scalar.Column(metric).IsNull(), Scalar.Value(null)), (Scalar.Column(metric).ToText().EqualTo(Scalar.Value(level)), Scalar.Value(1.0))], Scalar.Value(0.0));
        var select = new List<Projection> { new("y", value), new("a", Scalar.Column(first).ToText()), new("b", Scalar.Column(second).ToText()) };
        if (unit is not null)
        {
            select.Add(new Projection("u", Scalar.Column(unit).ToText()));
        }

        var candidate = unit is null ? FactorialUnits.Candidate(data.Schema, metric, first, second) : null;
        if (candidate is not null)
        {
            select.Add(new Projection("candidate", Scalar.Column(candidate).ToText()));
        }

        var table = data.Read(new Query { Select = select }, context.Cancellation);
        if (table.Rows > MostRows)
        {
            throw new GnomonError("too-many-rows", $"{Figures.Count(table.Rows)} rows; a two-way comparison reads at most {Figures.Count(MostRows)}.", "--by", "Keep a sample with --where, or compare by one column.");
        }

        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(i => table.Columns.Take(unit is null ? 3 : 4).All(c => !c.IsNull(i)))];
        if (rows.Length == 0)
        {
            throw new GnomonError("no-complete-rows", $"None of {Figures.Count(table.Rows)} rows has a value in {metric}, {first} and {second}{(unit is null ? string.Empty : $" and {unit}")}.", data.Name, "Check the columns, or the condition of --where.");
        }

        var units = unit is null ? [] : Codes((TextColumn)table.Columns[3], rows).Codes;
        var y = ((DoubleColumn)table.Columns[0]).Values;
        var values = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = y[rows[i]];
        }

        var input = new FactorialInput
        {
            Metric = level is null ? metric : $"{metric}={level}", Unit = level is null && !values.All(v => v is 0 or 1) ? metric : "proportion", Values = values,
            First = Of(first, (TextColumn)table.Columns[1], rows, units), Second = Of(second, (TextColumn)table.Columns[2], rows, units), UnitColumn = unit, Units = units, RowsRead = table.Rows, Candidate = candidate,
            CandidateCodes = candidate is not null && rows.All(i => !table.Columns[3].IsNull(i)) ? Codes((TextColumn)table.Columns[3], rows).Codes : null,
        };
        input.Check();
        return input;
    }

    private static (string Column, string? Level) Metricof(string text, Schema schema)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (schema.Find(text) is null && equals > 0)
        {
            return (schema.Require(text[..equals].Trim(), "--metric").Name, text[(equals + 1)..].Trim());
        }

        var field = schema.Require(text, "--metric");
        return field.IsNumeric || field.Type == ColumnType.Boolean
            ? (field.Name, null)
            : throw new GnomonError("metric-not-comparable", $"A two-way comparison is of means or shares; {field.Name} is {field.Type.ToString().ToLowerInvariant()}.", "--metric", $"Write --metric {field.Name}=VALUE to compare the share of one value.");
    }

    private static void Refuse(CompareOptions options)
    {
        (string Name, bool Given)[] foreign =
        [
            ("--control", options.Control is not null), ("--unit", options.Unit is not null), ("--strata", options.Strata.Count > 0), ("--adjust", options.Adjust.Count > 0 && options.Adjust is not ["none"]),
            ("--scale", options.Scale is not ("auto" or "mean")), ("--margin", options.Margin is not null), ("--export", options.Export is not null), ("--experiment", options.Experiment is not null), ("--prior", options.Prior is not null), ("--gain", options.Gain is not null),
        ];
        if (foreign.FirstOrDefault(f => f.Given).Name is { } name)
        {
            throw new GnomonError("options-conflict", $"{name} belongs to a comparison by one column; --by names two.", $"{name}, --by", name == "--unit" ? "Write --paired COLUMN when several rows belong to one unit." : "Leave it out, or compare by one column.");
        }
    }

    private static Factor Of(string name, TextColumn column, int[] rows, int[] units)
    {
        var (codes, levels) = Codes(column, rows);
        if (levels.Count is < 2 or > MostLevels)
        {
            throw new GnomonError(
                levels.Count < 2 ? "one-group" : "too-many-groups", levels.Count < 2 ? $"{name} is '{levels[0]}' in every complete row." : $"{name} has {levels.Count} values; a two-way comparison takes at most {MostLevels}.", "--by",
                levels.Count < 2 ? "Name a column with several values." : "Pool values, or use gnomon regress.");
        }

        var seen = new Dictionary<int, int>();
        var within = false;
        for (var i = 0; i < units.Length && !within; i++)
        {
            within = !seen.TryAdd(units[i], codes[i]) && seen[units[i]] != codes[i];
        }

        return new Factor(name, levels, codes, within);
    }

    private static (int[] Codes, IReadOnlyList<string> Levels) Codes(TextColumn column, int[] rows)
    {
        var used = new HashSet<int>();
        foreach (var i in rows)
        {
            used.Add(column.Codes[i]);
        }

        var numeric = used.All(c => double.TryParse(column.Dictionary[c], CultureInfo.InvariantCulture, out _));
        var order = numeric ? used.OrderBy(c => double.Parse(column.Dictionary[c], CultureInfo.InvariantCulture)).ToList() : [.. used.OrderBy(c => column.Dictionary[c], StringComparer.Ordinal)];
        var place = order.Select((code, at) => (code, at)).ToDictionary(p => p.code, p => p.at);
        var codes = new int[rows.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = place[column.Codes[rows[i]]];
        }

        return (codes, [.. order.Select(c => column.Dictionary[c])]);
    }

    private void Check()
    {
        var counts = new int[First.Levels.Count, Second.Levels.Count];
        for (var i = 0; i < Rows; i++)
        {
            counts[First.Codes[i], Second.Codes[i]]++;
        }

        var least = UnitColumn is null ? 2 : 1;
        for (var a = 0; a < First.Levels.Count; a++)
        {
            for (var b = 0; b < Second.Levels.Count; b++)
            {
                if (counts[a, b] < least)
                {
                    throw new GnomonError(
                        "empty-cell", $"{(counts[a, b] == 0 ? "No row has" : "One row alone has")} {First.Name} = {First.Levels[a]} and {Second.Name} = {Second.Levels[b]}: whether the two columns act together cannot be told there.", "--by",
                        "Pool the level, keep the others with --where, or compare by one column.");
                }
            }
        }

        if (!Values.AsSpan().ContainsAnyExcept(Values[0]))
        {
            throw new GnomonError("constant-outcome", $"{Metric} is {Values[0]:G6} in every complete row: there is nothing to compare.", "--metric", "Check the column, or the condition of --where.");
        }

        if (UnitColumn is not null && Units.Distinct().Count() == Rows)
        {
            throw new GnomonError("options-conflict", $"Every row has its own {UnitColumn}: nothing was measured twice.", "--paired", "Leave out --paired.");
        }
    }
}
