using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Compare;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>A log of choices in order of time.</summary>
internal sealed record BanditInput
{
    public required string Metric { get; init; }

    public required string Unit { get; init; }

    /// <summary>Arms, the control first.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    public required int[] Chosen { get; init; }

    public required double[] Reward { get; init; }

    /// <summary>Probability with which the chosen arm was chosen.</summary>
    public required double[] Propensity { get; init; }

    /// <summary>Probability with which another policy would have chosen it, when a column says so.</summary>
    public required double[]? Target { get; init; }

    /// <summary>Day of each row since 1970-01-01, or the number of its moment; null without --time.</summary>
    public required long[]? Day { get; init; }

    public required bool DaysAreDates { get; init; }

    public required long RowsRead { get; init; }

    /// <summary>Every row that shows an arm with its probability, also where the outcome is missing.</summary>
    public required DrawnRows Drawn { get; init; }

    /// <summary>For each arm, the rows that were drawn and those of them with an outcome.</summary>
    public Gnomon.Core.Evidence.Experiments.OutcomeFlow Flow => new() { Metric = Metric, Arms = Arms, Assigned = Count(Drawn.Chosen), Observed = Count(Chosen) };

    private long[] Count(int[] chosen)
    {
        var counts = new long[Arms.Count];
        foreach (var a in chosen)
        {
            counts[a]++;
        }

        return counts;
    }

    public bool IsShare => Reward.All(v => v is >= 0 and <= 1);
}

/// <summary>What was drawn, whatever came of it, in order of time.</summary>
/// <param name="Chosen">Arm of each row.</param>
/// <param name="Propensity">Probability with which it was chosen.</param>
/// <param name="Day">Day of each row, or the number of its moment; null without --time.</param>
internal sealed record DrawnRows(int[] Chosen, double[] Propensity, long[]? Day)
{
    /// <summary>The moment of each row, from 0; all zeros without --time.</summary>
    public int[] Batch { get; } = BanditReader.Moments(Day, Chosen.Length);
}

/// <summary>Reads arm, reward, probability and time in one query.</summary>
internal sealed class BanditReader(AbOptions options, StudyContext context)
{
    private const double MicrosecondsPerDay = 86_400_000_000.0;
    private const int MostArms = 500;
    private const int RewardColumn = 1;

    public BanditInput Read() => ReadLog([], out _, out _);

    /// <summary>The log with further columns, numbers or texts.</summary>
    /// <param name="more">Their names.</param>
    /// <param name="columns">They themselves, all rows as read.</param>
    /// <param name="rows">Which of those rows were kept, in order of time.</param>
    public BanditInput ReadLog(IReadOnlyList<string> more, out IReadOnlyList<Column> columns, out int[] rows)
    {
        var data = context.RequireData();
        var schema = data.Schema;
        var arm = schema.Require(options.Variant!, "--variant");
        var metric = Numeric(schema, options.Metric[0], "--metric");
        var propensity = options.Propensity is null ? null : Numeric(schema, options.Propensity, "--propensity");
        List<Projection> select = [new("arm", Scalar.Column(arm.Name).ToText()), new("reward", Scalar.Column(metric.Name).ToDouble()), new("propensity", propensity is null ? Scalar.Value(1.0) : Scalar.Column(propensity.Name).ToDouble())];
        var time = options.Time is { } t ? schema.Require(t, "--time") : null;
        if (time is not null)
        {
            if (!time.IsNumeric && !time.IsTemporal)
            {
                throw new GnomonError("column-not-numeric", $"{time.Name} is text; times are dates or numbers.", "--time", "Name a column of dates or of numbers.");
            }

            select.Add(new("time", time.IsNumeric ? Scalar.Column(time.Name).ToDouble() : Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(time.Name)).ToDouble() / Scalar.Value(MicrosecondsPerDay)));
        }

        var target = options.Policy is { } policy && !PolicySpec.IsWritten(policy) ? Numeric(schema, policy, "--policy") : null;
        if (target is not null)
        {
            select.Add(new("target", Scalar.Column(target.Name).ToDouble()));
        }

        var extra = select.Count;
        select.AddRange(more.Select((m, i) => schema.Require(m, "--replay") is { IsNumeric: true } number ? new Projection($"x{i}", Scalar.Column(number.Name).ToDouble()) : new Projection($"x{i}", Scalar.Column(schema.Require(m, "--replay").Name).ToText())));
        var table = data.Read(new Query { Select = select }, context.Cancellation);
        columns = [.. table.Columns.Skip(extra)];
        rows = Enumerable.Range(0, table.Rows).Where(i => table.Columns.All(c => !c.IsNull(i))).ToArray();
        var drawn = Enumerable.Range(0, table.Rows).Where(i => table.Columns.Take(extra).Where((_, c) => c != RewardColumn).All(c => !c.IsNull(i))).ToArray();
        if (rows.Length == 0)
        {
            throw new GnomonError("no-complete-rows", $"No row of {data.Name} has arm, metric and probability.", data.Name, "Check the columns, or the condition of --where.");
        }

        var times = time is null ? null : ((DoubleColumn)table.Columns[3]).Values.ToArray();
        if (times is not null)
        {
            // Equal times keep the order of the file.
            rows = [.. rows.OrderBy(i => times[i]).ThenBy(i => i)];
            drawn = [.. drawn.OrderBy(i => times[i]).ThenBy(i => i)];
        }

        var kept = rows;
        double[] Pick(int column, int[]? of = null)
        {
            var values = ((DoubleColumn)table.Columns[column]).Values.ToArray();
            return Array.ConvertAll(of ?? kept, i => values[i]);
        }

        var drawnChances = Pick(2, drawn);
        if (Array.FindIndex(drawnChances, p => p is not (> 0 and <= 1)) is >= 0 and var wrong)
        {
            throw new GnomonError("value-out-of-range", $"{propensity?.Name} is {drawnChances[wrong]:G6} in row {drawn[wrong] + 1}; the chosen arm's probability is above 0 and at most 1.", "--propensity", "Name the column with the probability of the arm that was chosen.");
        }

        var other = target is null ? null : Pick(extra - 1);
        if (other is not null && Array.FindIndex(other, p => p is not (>= 0 and <= 1)) is >= 0 and var off)
        {
            throw new GnomonError("value-out-of-range", $"{target!.Name} is {other[off]:G6} in row {rows[off] + 1}; a probability lies between 0 and 1.", "--policy", "Name the column with the probability with which the other policy would have chosen the same arm.");
        }

        var (arms, drawnCodes) = Arms((TextColumn)table.Columns[0], drawn, arm.Name);
        var codeOf = drawn.Zip(drawnCodes).ToDictionary(x => x.First, x => x.Second);
        int[] codes = Array.ConvertAll(rows, i => codeOf[i]);
        var reward = Pick(1);
        return new BanditInput
        {
            Metric = metric.Name, Unit = reward.All(v => v is >= 0 and <= 1) ? "proportion" : metric.Name, Arms = arms, Chosen = codes, Reward = reward, Propensity = Pick(2), Target = other,
            Day = times is null ? null : Array.ConvertAll(rows, i => (long)Math.Floor(times[i])), DaysAreDates = time?.IsTemporal ?? false, RowsRead = table.Rows,
            Drawn = new DrawnRows(drawnCodes, drawnChances, times is null ? null : Array.ConvertAll(drawn, i => (long)Math.Floor(times[i]))),
        };
    }

    /// <summary>Days as numbers from 0, in their order.</summary>
    internal static int[] Moments(long[]? days, int rows)
    {
        if (days is null)
        {
            return new int[rows];
        }

        var index = days.Distinct().Order().Select((d, i) => (d, i)).ToDictionary(x => x.d, x => x.i);
        return Array.ConvertAll(days, d => index[d]);
    }

    private (IReadOnlyList<string> Names, int[] Codes) Arms(TextColumn column, int[] rows, string variant)
    {
        var names = rows.Select(i => column.Dictionary[column.Codes[i]]).Distinct(StringComparer.Ordinal).ToList();
        names = names.TrueForAll(n => double.TryParse(n, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? [.. names.OrderBy(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture))]
            : [.. names.Order(StringComparer.Ordinal)];
        if (names.Count is < 2 or > MostArms)
        {
            throw new GnomonError(
                names.Count < 2 ? "one-arm" : "too-many-groups", names.Count < 2 ? $"{variant} is '{names[0]}' in every row: there is nothing to compare." : $"{variant} has {Figures.Count(names.Count)} different values; at most {MostArms} arms are read.",
                "--variant", names.Count < 2 ? "Name the column with the arms." : "Name the column with the arm, not an identifier.");
        }

        var control = names.FindIndex(n => options.Control is { } named ? string.Equals(n, named, StringComparison.OrdinalIgnoreCase) : CompareReader.ControlNames.Contains(n, StringComparer.OrdinalIgnoreCase));
        if (control < 0 && options.Control is { } absent)
        {
            throw new GnomonError("level-not-found", $"{variant} is never '{absent}'. Arms: {string.Join(", ", names.Take(12))}.", "--control", NearestName.To(absent, names) is { } near ? $"Did you mean '{near}'?" : null);
        }

        if (control > 0)
        {
            var first = names[control];
            names.RemoveAt(control);
            names.Insert(0, first);
        }

        var index = names.Select((n, i) => (n, i)).ToDictionary(x => x.n, x => x.i, StringComparer.Ordinal);
        return (names, Array.ConvertAll(rows, i => index[column.Dictionary[column.Codes[i]]]));
    }

    private static Field Numeric(Schema schema, string name, string option)
    {
        var field = schema.Require(name, option);
        return field.IsNumeric ? field : throw new GnomonError("column-not-numeric", $"{option} {name} is {field.Type.ToString().ToLowerInvariant()}; numbers are needed.", option, "Name a column of numbers.");
    }
}
