using Gnomon.Methods.Data;
using Gnomon.Numerics;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>Everything one pass learned about one column on its own.</summary>
internal sealed record ColumnScan
{
    public required ColumnPlan Plan { get; init; }

    public required long Rows { get; init; }

    public required long Nulls { get; init; }

    public Moments? Moments { get; init; }

    /// <summary>Counts by value bits (numbers) or by hash (wide numbers, hashed text); null for text with a dictionary.</summary>
    public ValueTable? Values { get; init; }

    public QuantileSketch? Sketch { get; init; }

    public double Pivot { get; init; }

    public TextCounts? Texts { get; init; }

    public double? MeanLength { get; init; }

    public string Name => Plan.Field.Name;

    public long Present => Rows - Nulls;

    public bool IsText => Plan.IsText;

    /// <summary>Distinct values, nulls apart; an estimate when <see cref="DistinctIsExact"/> is false.</summary>
    public long Distinct
    {
        get
        {
            if (Texts is { IsComplete: true } t)
            {
                return t.Texts.Count;
            }

            // Where none of the values followed occurs twice, every cell is taken to differ.
            return Values is null ? 0 : !Values.IsExact && Values.ExtraKept() == 0 ? Present : Math.Min(Present, (long)Math.Round(Values.Distinct));
        }
    }

    public bool DistinctIsExact => Texts is { IsComplete: true } || Values is null or { IsExact: true };

    /// <summary>Cells beyond the first of their value, as a share of cells: 0 for a key.</summary>
    public double RepeatShare
    {
        get
        {
            if (Present == 0)
            {
                return 0;
            }

            if (Texts is { IsComplete: true } t)
            {
                return (double)(Present - t.Texts.Count) / Present;
            }

            if (Values is null || Values.Kept == 0)
            {
                return 0;
            }

            var extra = Values.ExtraKept();
            return (double)extra / (extra + Values.Kept);
        }
    }

    /// <summary>Pairs of rows that agree in this column, missing cells taken as equal: exact, or unbiased from the values kept.</summary>
    public double PairsAlike()
    {
        var pairs = Nulls * (Nulls - 1.0) / 2;
        if (Texts is { IsComplete: true } t)
        {
            return pairs + t.Counts.Sum(c => c * (c - 1.0) / 2);
        }

        return pairs + (Values is null ? 0 : Math.ScaleB(Values.Values().Sum(v => v.Value * (v.Value - 1.0) / 2), Values.Level));
    }

    /// <summary>Every number with its count, ascending; null when they were too many to keep or are not numbers.</summary>
    public ValueCount[]? Counts()
    {
        if (Plan.Reading is not (Reading.Whole or Reading.Number) || Values is not { IsExact: true })
        {
            return null;
        }

        var all = new List<ValueCount>(Values.Kept);
        foreach (var (key, count) in Values.Values())
        {
            all.Add(new ValueCount(Plan.Reading == Reading.Whole ? (long)key : BitConverter.UInt64BitsToDouble(key) + 0.0, count));
        }

        all.Sort((a, b) => a.Value.CompareTo(b.Value));
        var merged = new List<ValueCount>(all.Count);
        foreach (var value in all)
        {
            // 0 and -0, and whole numbers beyond 2^53, share a double.
            if (merged.Count > 0 && merged[^1].Value == value.Value)
            {
                merged[^1] = value with { Count = merged[^1].Count + value.Count };
            }
            else
            {
                merged.Add(value);
            }
        }

        return [.. merged];
    }
}
