namespace Gnomon.Methods.Inference;

/// <summary>A covariate that predicts the outcome: numbers or categories, known before the treatment.</summary>
public sealed class PredictorColumn
{
    PredictorColumn(double[]? numbers, int[]? codes, int levels) => (Numbers, Codes, Levels) = (numbers, codes, levels);

    /// <summary>Values; NaN where there is none. Null for categories.</summary>
    internal double[]? Numbers { get; }

    /// <summary>Categories 0 .. levels - 1; -1 where there is none. Null for numbers.</summary>
    internal int[]? Codes { get; }

    internal int Levels { get; }

    /// <summary>Rows.</summary>
    public int Length => Numbers?.Length ?? Codes!.Length;

    /// <param name="values">One value per unit; NaN marks a missing one.</param>
    /// <exception cref="ArgumentException">A value is infinite.</exception>
    public static PredictorColumn OfNumbers(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Array.Exists(values, double.IsInfinity) ? throw new ArgumentException("A covariate holds an infinite value.", nameof(values)) : new(values, null, 0);
    }

    /// <param name="codes">One category per unit, 0 .. levels - 1; -1 marks a missing one.</param>
    /// <param name="levels">Number of categories.</param>
    public static PredictorColumn OfCategories(int[] codes, int levels)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return Array.Exists(codes, c => c < -1 || c >= levels) ? throw new ArgumentException($"Categories lie between 0 and {levels - 1}, or are -1.", nameof(codes)) : new(null, codes, levels);
    }

    /// <summary>The rows named, in that order.</summary>
    /// <param name="rows">Places in this column.</param>
    public PredictorColumn Take(int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Numbers is { } numbers ? new(Array.ConvertAll(rows, i => numbers[i]), null, 0) : new(null, Array.ConvertAll(rows, i => Codes![i]), Levels);
    }
}
