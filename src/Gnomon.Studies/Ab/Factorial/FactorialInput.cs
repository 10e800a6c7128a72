using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Factorial;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>A factor: its column and its levels, the reference level first.</summary>
internal sealed record CrossedFactor(string Name, IReadOnlyList<string> Levels);

/// <summary>A factorial experiment, read into the moments of its cells (of every block) by the reader of experiments.</summary>
internal sealed record FactorialInput
{
    private const int MostLevels = 12;
    private const int MostCells = 144;
    private const int MostGroups = 5_000;
    private static readonly string[] Without = ["no", "none", "without", "absent", "never"];

    public required AbDesign Design { get; init; }

    public required IReadOnlyList<CrossedFactor> Factors { get; init; }

    public required FactorialGrid Grid { get; init; }

    public required IReadOnlyList<string> Blocks { get; init; }

    /// <summary>Read with a code of cell and block as the arm.</summary>
    public required AbInput Read { get; init; }

    /// <summary>Cell and block of each arm read.</summary>
    public required IReadOnlyList<(int Cell, int Block)> Places { get; init; }

    /// <summary>The reference levels of a plan, as written: <c>no,off</c>; null when it names none.</summary>
    public string? PlannedControl { get; init; }

    /// <summary>Which metric is meant, in the order of the design.</summary>
    public int Index { get; init; }

    public MetricInput Metric => Read.Metrics[Index];

    public MetricSpec Spec => Metric.Spec;

    /// <summary>Units assigned to a cell, those without an outcome included.</summary>
    public long Units(int cell) => Places.Select((p, i) => p.Cell == cell ? Read.Units[i] : 0).Sum();

    /// <summary>Units of a cell with an outcome.</summary>
    public long Observed(int cell) => Places.Select((p, i) => p.Cell == cell ? Metric.Arms[i].N : 0).Sum();

    /// <summary><c>tutorial=yes, push=no</c>.</summary>
    public string Name(int cell) => string.Join(", ", Factors.Select((f, i) => $"{f.Name}={f.Levels[Grid.Level(cell, i)]}"));

    /// <summary><c>tutorial × push</c>.</summary>
    public string Name(IReadOnlyList<int> term) => string.Join(" × ", term.Select(f => Factors[f].Name));

    /// <summary>The outcome by cell and block, of units that <paramref name="keep"/> accepts by day; all without it.</summary>
    public IReadOnlyList<FactorialRun> Runs(Func<long, bool>? keep = null) =>
        [.. Places.Select((p, i) => new FactorialRun(p.Cell, p.Block, keep is null ? Metric.Arms[i].Values : Kept(Metric.Arms[i], keep)))];

    public static FactorialInput Of(AbOptions options, StudyContext context, AbPlan? ruling)
    {
        var data = context.RequireData();
        var names = options.Factors.Select(f => data.Schema.Require(f, "--factors").Name).ToList();
        var block = options.Strata is null ? null : data.Schema.Require(options.Strata, "--strata").Name;
        if (block is not null && names.Contains(block))
        {
            throw new GnomonError("options-conflict", $"{block} is a factor and the block.", "--factors, --strata", "A block is not assigned to units; name another column.");
        }

        // The reader asks for a variant and a control of its own; here the cells are both.
        var design = AbDesign.Read(options with { Control = null }, data.Schema, ruling);
        if (design.Metrics.FirstOrDefault(m => m.Derived is not null) is { } derived)
        {
            throw new GnomonError("options-conflict", $"{derived.Name} is not offered with --factors: cells are compared by means, shares and ratios.", "--guardrail, --secondary", "Leave it out, or compare a mean or a share.");
        }

        var planned = design.Plan?.Control;
        var control = Control(options.Control ?? planned, names);
        design = design with { Options = design.Options with { Variant = string.Join(",", names) }, Plan = design.Plan is null ? null : design.Plan with { Control = null } };
        var factors = names.Select((name, i) => new CrossedFactor(name, Levels(data, name, control?[i], context))).ToList();
        var grid = new FactorialGrid([.. factors.Select(f => f.Levels.Count)]);
        if (grid.Cells > MostCells)
        {
            throw new GnomonError("too-many-groups", $"{string.Join(" × ", names)} has {grid.Cells} cells; at most {MostCells} are compared.", "--factors", "Pool levels, or name fewer factors.");
        }

        IReadOnlyList<string> blocks = block is null ? [string.Empty] : [.. Seen(data, block, context).Order(StringComparer.Ordinal)];
        if ((long)blocks.Count * grid.Cells > MostGroups)
        {
            throw new GnomonError("too-many-groups", $"{block} has {blocks.Count} values.", "--strata", $"Blocks times cells may be {MostGroups} at most; pool blocks.");
        }

        var read = new AbReader(design, context, options.Unit, Code(factors, block, blocks, grid)).Read();
        return new FactorialInput
        {
            PlannedControl = planned, Design = design, Factors = factors, Grid = grid, Blocks = blocks, Read = read,
            Places = [.. read.Arms.Select(a => (int)double.Parse(a, CultureInfo.InvariantCulture)).Select(c => (c % grid.Cells, c / grid.Cells))],
        };
    }

    // The number of cell and block, as text, for the reader's arm; empty where a factor or the block is.
    private static Scalar Code(IReadOnlyList<CrossedFactor> factors, string? block, IReadOnlyList<string> blocks, FactorialGrid grid)
    {
        var stride = (double)grid.Cells;
        Scalar? code = null;
        foreach (var factor in factors)
        {
            stride /= factor.Levels.Count;
            var own = Place(factor.Name, factor.Levels, stride);
            code = code is null ? own : code + own;
        }

        return (block is null ? code! : code! + Place(block, blocks, grid.Cells)).ToText();
    }

    private static Scalar Place(string column, IReadOnlyList<string> levels, double stride) =>
        Scalar.Case([.. levels.Select((level, i) => (Scalar.Column(column).ToText().EqualTo(Scalar.Value(level)), Scalar.Value(i * stride)))], Scalar.Value(null));

    private static IReadOnlyList<string>? Control(string? text, List<string> names)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == names.Count
            ? parts
            : throw new GnomonError("arm-not-found", $"--control {text} names {parts.Length} levels for {names.Count} factors.", "--control", $"Give the reference level of each factor, in the order {string.Join(",", names)}.");
    }

    private static IReadOnlyList<string> Levels(IDataset data, string column, string? control, StudyContext context)
    {
        var seen = Seen(data, column, context);
        if (seen.Count is < 2 or > MostLevels)
        {
            throw new GnomonError(
                seen.Count < 2 ? "one-group" : "too-many-groups", seen.Count < 2 ? $"{column} is the same in every row." : $"{column} has {seen.Count} values; a factor has at most {MostLevels} levels.", "--factors",
                seen.Count < 2 ? "Name a column with several levels, or leave it out." : "Name the column of the factor, or pool levels.");
        }

        if (control is not null && !seen.Contains(control))
        {
            throw new GnomonError("arm-not-found", $"No unit has {column} = '{control}'. Levels: {string.Join(", ", seen)}.", "--control", NearestName.To(control, seen) is { } nearest ? $"Did you mean '{nearest}'?" : "Name a level that is in the data.");
        }

        List<string> order = seen.All(s => double.TryParse(s, CultureInfo.InvariantCulture, out _))
            ? [.. seen.OrderBy(s => double.Parse(s, CultureInfo.InvariantCulture))]
            : [.. AbDesign.ControlFirst(seen)];
        var first = control ?? Without.Select(w => order.Find(o => string.Equals(o, w, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(o => o is not null) ?? order[0];
        order.Remove(first);
        return [first, .. order];
    }

    private static List<string> Seen(IDataset data, string column, StudyContext context)
    {
        var text = Scalar.Column(column).ToText();
        var table = data.Read(new Query { Select = [new Projection("level", Scalar.Aggregate(AggregateFunction.Min, text))], Where = Scalar.Column(column).IsNull().Not(), GroupBy = [text] }, context.Cancellation);
        return [.. Enumerable.Range(0, table.Rows).Select(i => table.Columns[0].Cell(i) as string).OfType<string>().Where(s => !string.IsNullOrWhiteSpace(s)).Order(StringComparer.Ordinal)];
    }

    private static Moments Kept(ArmMetric arm, Func<long, bool> keep) =>
        arm.ByDay.Where(d => d.Key != long.MinValue && keep(d.Key)).OrderBy(d => d.Key).Select(d => d.Value).Aggregate(Moments.Empty, Moments.Merge);
}
