using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Compare;

/// <summary>Follow-up times in groups: what the comparison of curves needs.</summary>
internal sealed record SurvivalInput
{
    /// <summary>The time, as the schema spells it.</summary>
    public required string Time { get; init; }

    /// <summary>The event in words.</summary>
    public required string Event { get; init; }

    public required string By { get; init; }

    /// <summary>Groups, the one that the others are compared with first.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>True when one group was named or known as the control.</summary>
    public required bool HasControl { get; init; }

    public required double[] Times { get; init; }

    public required bool[] Ended { get; init; }

    public required int[] Group { get; init; }

    /// <summary>Stratum of each row; null without strata.</summary>
    public required int[]? Strata { get; init; }

    /// <summary>An identifier that nobody named; null without one.</summary>
    public string? Candidate { get; init; }

    /// <summary>Its value in each row; null where it has gaps.</summary>
    public int[]? CandidateCodes { get; init; }

    public required long RowsRead { get; init; }

    public long Missing => RowsRead - Times.Length;

    public int[] Rows(int group) => [.. Enumerable.Range(0, Times.Length).Where(i => Group[i] == group)];
}

/// <summary>Reads time, event, group and strata in one query.</summary>
internal sealed class SurvivalReader(CompareOptions options, StudyContext context)
{
    private const int MostGroups = 12;

    public SurvivalInput Read()
    {
        var data = context.RequireData();
        var time = data.Schema.Require(options.Metric!, "--metric");
        if (!time.IsNumeric)
        {
            throw new GnomonError("column-not-numeric", $"{time.Name} is {time.Type.ToString().ToLowerInvariant()}; a follow-up time is a number of days, hours or the like.", "--metric", "Compute the time between start and end with --query.");
        }

        var ended = EventColumn.Of(options.Event!, data.Schema);
        var by = data.Schema.Require(options.By!, "--by");
        List<Projection> select = [new("time", Scalar.Column(time.Name).ToDouble()), new("event", Scalar.Column(ended.Column).ToText()), new("group", Scalar.Column(by.Name).ToText())];
        select.AddRange(options.Strata.Select((s, i) => new Projection($"s{i}", Scalar.Column(data.Schema.Require(s, "--strata").Name).ToText())));
        var needed = select.Count;
        var candidate = FactorialUnits.Candidate(data.Schema, [time.Name, ended.Column, by.Name, .. options.Strata.Select(s => data.Schema.Require(s, "--strata").Name)]);
        if (candidate is not null)
        {
            select.Add(new Projection("candidate", Scalar.Column(candidate).ToText()));
        }

        var table = data.Read(new Query { Select = select }, context.Cancellation);
        var rows = Enumerable.Range(0, table.Rows).Where(i => Enumerable.Range(0, needed).All(c => !table.Columns[c].IsNull(i))).ToArray();
        if (rows.Length == 0)
        {
            throw new GnomonError("no-complete-rows", $"No row of {data.Name} has time, event and group.", data.Name, "Check the columns, or the condition of --where.");
        }

        var values = ((DoubleColumn)table.Columns[0]).Values;
        var times = new double[rows.Length];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = values[rows[i]] >= 0
                ? values[rows[i]]
                : throw new GnomonError("value-out-of-range", $"{time.Name} is {values[rows[i]]:G6} in row {rows[i] + 1}; a follow-up time is 0 or more.", "--metric", $"Check how the time was computed, or keep the rows with --where \"{time.Name} >= 0\".");
        }

        var (groups, codes, hasControl) = Groups((TextColumn)table.Columns[2], rows, by.Name);
        return new SurvivalInput
        {
            Time = time.Name, Event = ended.Text, By = by.Name, Groups = groups, HasControl = hasControl, Times = times, Ended = ended.Read((TextColumn)table.Columns[1], rows), Group = codes,
            Strata = options.Strata.Count == 0 ? null : Strata(table, rows), RowsRead = table.Rows, Candidate = candidate,
            CandidateCodes = candidate is not null && rows.All(i => !table.Columns[needed].IsNull(i)) ? Units((TextColumn)table.Columns[needed], rows) : null,
        };
    }

    private (IReadOnlyList<string> Names, int[] Codes, bool HasControl) Groups(TextColumn column, int[] rows, string by)
    {
        var names = rows.Select(i => column.Dictionary[column.Codes[i]]).Distinct(StringComparer.Ordinal).ToList();
        names = names.TrueForAll(n => double.TryParse(n, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? [.. names.OrderBy(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture))]
            : [.. names.Order(StringComparer.Ordinal)];
        if (names.Count is < 2 or > MostGroups)
        {
            throw new GnomonError(
                names.Count < 2 ? "one-group" : "too-many-groups", names.Count < 2 ? $"{by} is '{names[0]}' in every usable row: there is nothing to compare." : $"{by} has {names.Count} different values; at most {MostGroups} groups are compared.",
                "--by", names.Count < 2 ? "Name a column with two or more groups." : "Pool groups, or keep some of them with --where.");
        }

        var control = -1;
        if (options.Control is { } named)
        {
            control = names.FindIndex(n => string.Equals(n, named, StringComparison.OrdinalIgnoreCase));
            if (control < 0)
            {
                throw new GnomonError("level-not-found", $"{by} is never '{named}'. Groups: {string.Join(", ", names)}.", "--control", NearestName.To(named, names) is { } near ? $"Did you mean '{near}'?" : null);
            }
        }
        else
        {
            control = names.FindIndex(n => CompareReader.ControlNames.Contains(n, StringComparer.OrdinalIgnoreCase));
        }

        if (control > 0)
        {
            var first = names[control];
            names.RemoveAt(control);
            names.Insert(0, first);
        }

        return (names, Array.ConvertAll(rows, i => names.IndexOf(column.Dictionary[column.Codes[i]])), options.Control is not null || names.Count == 2 || control >= 0);
    }

    private static int[] Units(TextColumn column, int[] rows)
    {
        var place = new Dictionary<int, int>();
        return Array.ConvertAll(rows, i => place.TryGetValue(column.Codes[i], out var at) ? at : place[column.Codes[i]] = place.Count);
    }

    private int[] Strata(Table table, int[] rows)
    {
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new int[rows.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var key = string.Join('\u0001', options.Strata.Select((_, s) => ((TextColumn)table.Columns[3 + s]).Codes[rows[i]]));
            if (!place.TryGetValue(key, out codes[i]))
            {
                place.Add(key, codes[i] = place.Count);
            }
        }

        return codes;
    }
}
