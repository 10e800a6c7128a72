namespace Gnomon.Methods.Privacy;

/// <summary>Rows that share all values of some columns, and what an attacker who knows these values can do with that.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Classes">Different combinations.</param>
/// <param name="Smallest">k: rows of the smallest class; 0 without rows.</param>
/// <param name="Unique">Rows whose combination no other row has.</param>
/// <param name="Below">Rows in classes smaller than the k asked for.</param>
/// <param name="AverageRisk">Chance to pick the right row of a person known to be in the table, over all rows: classes over rows.</param>
/// <param name="Diversity">l: fewest different sensitive values in a class; null without a sensitive column.</param>
/// <param name="EntropyDiversity">exp of the smallest entropy of sensitive values in a class; null without a sensitive column.</param>
/// <param name="Told">Rows in classes that hold one sensitive value only: to know the class is to know the value.</param>
public sealed record AnonymityResult(long Rows, long Classes, long Smallest, long Unique, long Below, double AverageRisk, long? Diversity, double? EntropyDiversity, long? Told)
{
    /// <summary>Largest chance to pick the right row: 1 over the smallest class.</summary>
    public double LargestRisk => Smallest == 0 ? 0 : 1.0 / Smallest;
}

/// <summary>k-anonymity, l-diversity and the risk of being recognised.</summary>
/// <remarks>Sources: Sweeney 2002 (k); Machanavajjhala et al. 2007 (distinct and entropy l); El Emam and Dankar 2008 (risk of a person known to be in the table).</remarks>
public static class Anonymity
{
    /// <param name="classes">Class of each row; see <see cref="Classes"/>.</param>
    /// <param name="count">Number of classes.</param>
    /// <param name="k">Rows that a class should have, at least 2.</param>
    /// <param name="sensitive">Code of each row's sensitive value, 0 up; empty without one.</param>
    public static AnonymityResult Measure(ReadOnlySpan<int> classes, int count, int k, ReadOnlySpan<int> sensitive = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        if (!sensitive.IsEmpty && sensitive.Length != classes.Length)
            throw new ArgumentException($"{classes.Length} rows and {sensitive.Length} sensitive values do not pair.", nameof(sensitive));
        var sizes = Sizes(classes, count);
        long smallest = classes.Length == 0 ? 0 : long.MaxValue, unique = 0, below = 0, used = 0;
        foreach (var size in sizes)
        {
            if (size == 0)
                continue;
            used++;
            smallest = Math.Min(smallest, size);
            unique += size == 1 ? 1 : 0;
            below += size < k ? size : 0;
        }
        var average = classes.Length == 0 ? 0 : used / (double)classes.Length;
        if (sensitive.IsEmpty)
            return new(classes.Length, used, smallest, unique, below, average, null, null, null);
        var (fewest, entropy, told) = Diversity(classes, sizes, sensitive);
        return new(classes.Length, used, smallest, unique, below, average, fewest, entropy, told);
    }

    /// <summary>Rows of every class.</summary>
    public static int[] Sizes(ReadOnlySpan<int> classes, int count)
    {
        var sizes = new int[count];
        foreach (var c in classes)
            sizes[c]++;
        return sizes;
    }

    /// <summary>Numbers the combinations of several columns, in the order in which they first occur.</summary>
    /// <param name="columns">Codes of each column, 0 up, one for each row; a missing value is a code like any other.</param>
    /// <param name="rows">Rows; all in one class without columns.</param>
    /// <returns>Class of each row and the number of classes.</returns>
    public static (int[] Classes, int Count) Classes(IReadOnlyList<int[]> columns, int rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var classes = new int[rows];
        var count = rows > 0 ? 1 : 0;
        foreach (var column in columns)
            count = Refine(classes, column);
        return (classes, count);
    }

    /// <summary>Splits classes by one more column, in place.</summary>
    /// <returns>The new number of classes.</returns>
    public static int Refine(int[] classes, int[] column)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(column);
        if (classes.Length != column.Length)
            throw new ArgumentException($"{column.Length} codes for {classes.Length} rows.", nameof(column));
        var numbers = new Dictionary<long, int>();
        for (var i = 0; i < classes.Length; i++)
        {
            var key = ((long)classes[i] << 32) | (uint)column[i];
            if (!numbers.TryGetValue(key, out var number))
                numbers[key] = number = numbers.Count;
            classes[i] = number;
        }
        return numbers.Count;
    }

    static (long Fewest, double Entropy, long Told) Diversity(ReadOnlySpan<int> classes, int[] sizes, ReadOnlySpan<int> sensitive)
    {
        var counts = new Dictionary<long, int>();
        for (var i = 0; i < classes.Length; i++)
        {
            var key = ((long)classes[i] << 32) | (uint)sensitive[i];
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        var (different, entropy) = (new int[sizes.Length], new double[sizes.Length]);
        foreach (var (key, n) in counts)
        {
            var c = (int)(key >> 32);
            var share = n / (double)sizes[c];
            different[c]++;
            entropy[c] -= share * Math.Log(share);
        }
        long fewest = classes.Length == 0 ? 0 : long.MaxValue, told = 0;
        var least = double.PositiveInfinity;
        for (var c = 0; c < sizes.Length; c++)
        {
            if (sizes[c] == 0)
                continue;
            fewest = Math.Min(fewest, different[c]);
            least = Math.Min(least, entropy[c]);
            told += different[c] == 1 ? sizes[c] : 0;
        }
        return (fewest, double.IsFinite(least) ? Math.Exp(least) : 0, told);
    }
}
