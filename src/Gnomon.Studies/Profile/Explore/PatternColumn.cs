using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>A column as the search reads it: numbers with NaN for none, or groups with -1 for none.</summary>
internal sealed class PatternColumn
{
    private const double MostlyOneValue = 0.9;
    private readonly SampleColumn _sample;

    private PatternColumn(SampleColumn sample, double[]? numbers, int[]? groups, IReadOnlyList<string> names)
    {
        (_sample, Numbers, Groups, Names) = (sample, numbers, groups, names);
        IsComplete = numbers is null ? !groups!.Contains(-1) : !Array.Exists(numbers, double.IsNaN);
    }

    public string Name => _sample.Name;

    /// <summary>Values of a number; null for groups.</summary>
    public double[]? Numbers { get; }

    /// <summary>Groups by value; null for a number.</summary>
    public int[]? Groups { get; }

    public IReadOnlyList<string> Names { get; }

    public bool IsComplete { get; }

    public bool IsNumber => Numbers is not null;

    /// <summary>Two values: read as a group, and as an outcome of 0 and 1.</summary>
    public bool IsFlag => Groups is not null && Names.Count == 2;

    public string Show(double value) => _sample.Facts.Show(value);

    public bool IsMissing(int row) => Groups is null ? double.IsNaN(Numbers![row]) : Groups[row] < 0;

    /// <summary>What is measured of a row: the number, or whether a flag has its second value.</summary>
    public double Outcome(int row) => Numbers is not null ? Numbers[row] : Groups![row] < 0 ? double.NaN : Groups[row];

    /// <summary>The outcome in words.</summary>
    public string Metric => IsNumber ? Name : $"{Name} = {Names[1]}";

    /// <returns>Null for columns in which nothing can be looked for: labels, free text, keys, one value.</returns>
    public static PatternColumn? Of(SampleColumn sample)
    {
        var facts = sample.Facts;
        if (facts.Role is Role.Empty or Role.Constant or Role.Key or Role.Identifier or Role.Text)
        {
            return null;
        }

        if (facts.IsGrouping)
        {
            var names = Enumerable.Range(0, sample.Groups.Max() + 1).Select(sample.GroupName).ToList();
            return names.Count < 2 ? null : new PatternColumn(sample, null, sample.Groups, names);
        }

        if (!sample.IsOrdered || !(facts.IsNumber || facts.IsTemporal))
        {
            return null;
        }

        // A number that is one value nine times of ten says whether it is that value; ranks would say little else.
        if (facts.Top is { } top && top.Count > MostlyOneValue * facts.Present && Mode(sample.Numbers) is { } mode)
        {
            var groups = Array.ConvertAll(sample.Numbers, v => double.IsNaN(v) ? -1 : v == mode ? 0 : 1);
            return new PatternColumn(sample, null, groups, [facts.Show(mode), $"other than {facts.Show(mode)}"]);
        }

        return new PatternColumn(sample, sample.Numbers, null, []);
    }

    private static double? Mode(double[] numbers)
    {
        var most = numbers.Where(v => !double.IsNaN(v)).GroupBy(v => v).MaxBy(g => g.Count());
        return most is null || most.Count() == numbers.Length ? null : most.Key;
    }
}

/// <summary>Some of the rows, in the order of the file or of the time: what one half of the search sees.</summary>
internal sealed class PatternHalf
{
    private readonly Dictionary<PatternColumn, double[]> _scores = [];
    private readonly Dictionary<PatternColumn, DistanceColumn?> _distances = [];

    public PatternHalf(IReadOnlyList<PatternColumn> columns, int[] rows)
    {
        Rows = rows;
        foreach (var column in columns)
        {
            _scores[column] = Score(column);
            _distances[column] = column is { IsNumber: true, IsComplete: true } && rows.Length >= 4 ? DistanceColumn.Of(Midranks.Of(Array.ConvertAll(rows, i => column.Numbers![i]))) : null;
        }
    }

    /// <summary>Row numbers of the sample, in order.</summary>
    public int[] Rows { get; }

    public int Count => Rows.Length;

    /// <summary>Normal scores of a number, 0 and 1 of a flag, NaN where missing; aligned with <see cref="Rows"/>.</summary>
    public double[] Scores(PatternColumn column) => _scores[column];

    /// <summary>Ranks prepared for distance correlation; null where cells are missing.</summary>
    public DistanceColumn? Distances(PatternColumn column) => _distances[column];

    private double[] Score(PatternColumn column)
    {
        var scores = Array.ConvertAll(Rows, i => column.IsNumber || column.IsFlag ? column.Outcome(i) : double.NaN);
        if (!column.IsNumber)
        {
            return scores;
        }

        var normal = RowFeatures.Scores(scores);
        for (var i = 0; i < normal.Length; i++)
        {
            normal[i] = double.IsNaN(scores[i]) ? double.NaN : normal[i];
        }

        return normal;
    }
}

/// <summary>What kind of pattern it is.</summary>
internal enum PatternKind
{
    /// <summary>Two columns go together.</summary>
    Pair,

    /// <summary>One group of a column differs in another.</summary>
    Subgroup,

    /// <summary>A column changes along the rows.</summary>
    Step,

    /// <summary>A difference turns round inside the groups of a third column.</summary>
    Reversal,
}

/// <summary>A question asked of one half of the rows, with the choices that its answer made.</summary>
internal sealed record Pattern(PatternKind Kind, PatternColumn First, PatternColumn? Second, double PValue)
{
    /// <summary>The group that stood out, or the cut between low and high.</summary>
    public int Group { get; init; } = -1;

    /// <summary>The value at which a number is cut in two.</summary>
    public double Cut { get; init; }

    /// <summary>The column within whose groups a difference turns round.</summary>
    public PatternColumn? Within { get; init; }

    /// <summary>1 or -1: the way it went in the half that explored.</summary>
    public int Sign { get; init; }

    /// <summary>The first sample row after a change.</summary>
    public int FirstRowAfter { get; init; }

    public IEnumerable<string> Names => new[] { First.Name, Second?.Name, Within?.Name }.OfType<string>();
}
