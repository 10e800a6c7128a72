using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Mixed;

/// <summary>Effects that differ from group to group around 0: an intercept, slopes, or both.</summary>
/// <remarks>Groups with the same <see cref="Group"/> name in several terms are one grouping, and must have the same codes.</remarks>
public sealed class RandomTerm
{
    /// <summary>The name of the column of ones among <see cref="Names"/>.</summary>
    public const string InterceptName = DesignMatrix.InterceptName;

    readonly int[] _codes;
    readonly double[][] _columns;
    readonly string[] _names;

    /// <param name="group">Name of the grouping column.</param>
    /// <param name="codes">Group of each row; any whole numbers.</param>
    /// <param name="columns">What the effects multiply: a column of ones for an intercept, a number for its slope. Finite, one value per row.</param>
    /// <param name="names">One name per column.</param>
    /// <param name="correlated">Whether the effects of one group may be correlated; false is written <c>||</c> in formulas.</param>
    /// <exception cref="ArgumentException">No columns, columns of different lengths, or a value that is not finite.</exception>
    public RandomTerm(string group, ReadOnlySpan<int> codes, IReadOnlyList<double[]> columns, IReadOnlyList<string> names, bool correlated = true)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(names);
        if (columns.Count == 0 || columns.Count != names.Count)
        {
            throw new ArgumentException($"The random term of {group} has {columns.Count} columns and {names.Count} names.", nameof(columns));
        }

        Group = group;
        IsCorrelated = correlated;
        _columns = [.. columns];
        _names = [.. names];
        for (var j = 0; j < _columns.Length; j++)
        {
            RegressionGuard.SameRows(codes.Length, _columns[j].Length, _names[j]);
            RegressionGuard.Finite(_columns[j], $"Column {_names[j]} of the random term of {group}");
        }

        (_codes, Levels) = Compact(codes);
    }

    RandomTerm(RandomTerm from, int[] kept, bool correlated)
    {
        Group = from.Group;
        IsCorrelated = correlated;
        _codes = from._codes;
        Levels = from.Levels;
        _columns = Array.ConvertAll(kept, j => from._columns[j]);
        _names = Array.ConvertAll(kept, j => from._names[j]);
    }

    /// <summary>Name of the grouping column.</summary>
    public string Group { get; }

    /// <summary>Names of what differs between groups.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Whether the effects of one group may be correlated.</summary>
    public bool IsCorrelated { get; }

    /// <summary>Codes of the groups that occur, ascending.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>Rows of each group, in the order of <see cref="Levels"/>.</summary>
    public IReadOnlyList<int> RowsByLevel()
    {
        var rows = new int[Levels.Count];
        foreach (var code in _codes)
        {
            rows[code]++;
        }

        return rows;
    }

    /// <summary>The term as it is written in formulas.</summary>
    public string Text => $"({string.Join(" + ", _names.Select(n => n == InterceptName ? "1" : n).Prepend(_names.Contains(InterceptName) ? string.Empty : "0").Where(n => n.Length > 0))} {(IsCorrelated || _names.Length == 1 ? "|" : "||")} {Group})";

    internal int[] Codes => _codes;

    internal double[][] Columns => _columns;

    /// <summary>An intercept that differs between groups.</summary>
    /// <param name="group">Name of the grouping column.</param>
    /// <param name="codes">Group of each row; any whole numbers.</param>
    public static RandomTerm Intercept(string group, ReadOnlySpan<int> codes)
    {
        var ones = new double[codes.Length];
        Array.Fill(ones, 1.0);
        return new RandomTerm(group, codes, [ones], [InterceptName]);
    }

    /// <summary>The term without one of its effects; null when nothing is left.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public RandomTerm? Without(string name)
    {
        int[] kept = [.. Enumerable.Range(0, _names.Length).Where(j => _names[j] != name)];
        return kept.Length == 0 ? null : new RandomTerm(this, kept, IsCorrelated);
    }

    /// <summary>The term with effects that are not correlated.</summary>
    public RandomTerm Uncorrelated() => new(this, [.. Enumerable.Range(0, _names.Length)], correlated: false);

    static (int[] Codes, int[] Levels) Compact(ReadOnlySpan<int> codes)
    {
        var levels = new SortedSet<int>();
        var last = int.MinValue;
        foreach (var c in codes)
        {
            if (c != last)
            {
                levels.Add(last = c);
            }
        }

        int[] ordered = [.. levels];
        var place = new Dictionary<int, int>(ordered.Length);
        for (var i = 0; i < ordered.Length; i++)
        {
            place.Add(ordered[i], i);
        }

        var result = new int[codes.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = place[codes[i]];
        }

        return (result, ordered);
    }
}
