using Gnomon.Methods.Counts;
using Gnomon.Numerics;

namespace Gnomon.Studies.Compare;

/// <summary>What kind of thing is compared.</summary>
internal enum MetricKind
{
    /// <summary>Zeros and ones: shares.</summary>
    Binary,

    /// <summary>Numbers: means.</summary>
    Mean,

    /// <summary>Ordered scores: the chance of the higher value.</summary>
    Ordered,

    /// <summary>Names: shares of each.</summary>
    Category,
}

/// <summary>One group: its values and, aligned with them, the other columns.</summary>
internal sealed record GroupData
{
    public required string Name { get; init; }

    /// <summary>Numbers; zeros and ones; or codes of categories.</summary>
    public required double[] Values { get; init; }

    /// <summary>Units of the group without a value.</summary>
    public long Missing { get; init; }

    /// <summary>Codes of each other column, -1 where it is empty.</summary>
    public int[][] Columns { get; init; } = [];

    /// <summary>Counts, where values were never listed (typed in).</summary>
    public (long Events, long Units)? Counts { get; init; }

    public long N => Counts?.Units ?? Values.LongLength;

    public long Events => Counts?.Events ?? Values.LongCount(v => v == 1);

    private Moments? _moments;
    private double[]? _sorted;

    /// <summary>The values in rising order.</summary>
    public double[] Sorted
    {
        get
        {
            if (_sorted is null)
            {
                _sorted = (double[])Values.Clone();
                Numerics.Kernels.RadixSort.Sort(_sorted);
            }

            return _sorted;
        }
    }

    public Moments Moments => _moments ??= Counts is { } c ? BernoulliMoments.Of(c.Events, c.Units) : Moments.Of(Values);
}

/// <summary>A column beside metric and group: a possible reason for the difference.</summary>
/// <param name="Name">Its name, with "(fifths)" when a number was cut.</param>
/// <param name="Levels">Its values, in the order of the codes.</param>
internal sealed record OtherColumn(string Name, IReadOnlyList<string> Levels);

/// <summary>Rows that repeat within what looks like the unit.</summary>
internal sealed record RepeatedUnits(string Column, long Rows, long Units, double IntraClass, double IntraClassLow, double NaiveError, double ClusteredError);

/// <summary>Everything read, reduced to what the comparison needs.</summary>
internal sealed record CompareInput
{
    public required string Metric { get; init; }

    public required MetricKind Kind { get; init; }

    public required string By { get; init; }

    /// <summary>Control first; at least two.</summary>
    public required IReadOnlyList<GroupData> Groups { get; init; }

    /// <summary>Names of the categories, for <see cref="MetricKind.Category"/>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Strata first, then the columns to look through.</summary>
    public IReadOnlyList<OtherColumn> Others { get; init; } = [];

    public int StrataCount { get; init; }

    /// <summary>True when value i of every group belongs to the same pair.</summary>
    public bool IsPaired { get; init; }

    public long Rows { get; init; }

    public IReadOnlyList<Core.Ledger.Exclusion> Exclusions { get; init; } = [];

    public RepeatedUnits? Repeats { get; init; }

    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Unit of levels and differences.</summary>
    public string Unit => Kind is MetricKind.Binary ? "proportion" : Metric;

    public long N => Groups.Sum(g => g.N);
}
