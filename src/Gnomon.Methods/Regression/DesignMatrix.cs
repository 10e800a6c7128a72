namespace Gnomon.Methods.Regression;

/// <summary>The explanatory columns of a regression, one value per row each, with the names of their terms.</summary>
/// <remarks>The columns are read where they are, not copied: they must not change while a fit uses them.</remarks>
public sealed class DesignMatrix
{
    /// <summary>The name of the column of ones.</summary>
    public const string InterceptName = "(intercept)";

    readonly double[][] _columns;
    readonly string[] _names;

    /// <param name="columns">At least one column; all finite and of one length.</param>
    /// <param name="names">One name per column; x1, x2, ... when left out.</param>
    /// <exception cref="ArgumentException">No columns, columns of different lengths, or a value that is not finite; the message names the column.</exception>
    public DesignMatrix(IReadOnlyList<double[]> columns, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
        {
            throw new ArgumentException("A design needs at least one column.", nameof(columns));
        }

        if (names is not null && names.Count != columns.Count)
        {
            throw new ArgumentException($"{names.Count} names for {columns.Count} columns.", nameof(names));
        }

        _columns = [.. columns];
        _names = new string[columns.Count];
        Rows = columns[0].Length;
        Intercept = -1;
        for (var j = 0; j < _columns.Length; j++)
        {
            var column = _columns[j];
            _names[j] = names?[j] ?? $"x{j + 1}";
            if (column.Length != Rows)
            {
                throw new ArgumentException($"Column {_names[j]} has {column.Length} values, the first one has {Rows}.", nameof(columns));
            }

            RegressionGuard.Finite(column, $"Column {_names[j]}");
            if (Intercept < 0 && Rows > 0 && column[0] != 0 && !column.AsSpan().ContainsAnyExcept(column[0]))
            {
                Intercept = j;
            }
        }
    }

    DesignMatrix(double[][] columns, string[] names, int rows, int intercept)
    {
        _columns = columns;
        _names = names;
        Rows = rows;
        Intercept = intercept;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns => _columns.Length;

    /// <summary>Names of the terms, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Index of the first column that holds one value other than 0 in every row; -1 without one.</summary>
    public int Intercept { get; }

    /// <summary>One column.</summary>
    public ReadOnlySpan<double> Column(int index) => _columns[index];

    /// <summary>A column of ones before the given columns.</summary>
    public static DesignMatrix WithIntercept(IReadOnlyList<double[]> columns, IReadOnlyList<string>? names = null, int? rows = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var ones = new double[rows ?? (columns.Count > 0 ? columns[0].Length : 0)];
        Array.Fill(ones, 1.0);
        string[] given = names is null ? [.. Enumerable.Range(1, columns.Count).Select(i => $"x{i}")] : [.. names];
        return new DesignMatrix([ones, .. columns], [InterceptName, .. given]);
    }

    internal double[][] Raw => _columns;

    /// <summary>The design of some columns only.</summary>
    internal DesignMatrix Only(ReadOnlySpan<int> kept)
    {
        if (kept.Length == _columns.Length)
        {
            return this;
        }

        var columns = new double[kept.Length][];
        var names = new string[kept.Length];
        var intercept = -1;
        for (var i = 0; i < kept.Length; i++)
        {
            columns[i] = _columns[kept[i]];
            names[i] = _names[kept[i]];
            intercept = kept[i] == Intercept ? i : intercept;
        }

        return new DesignMatrix(columns, names, Rows, intercept);
    }

    /// <summary>The design with its rows multiplied by the roots of weights.</summary>
    internal double[][] Weighted(double[]? weights)
    {
        if (weights is null)
        {
            return _columns;
        }

        var roots = Array.ConvertAll(weights, Math.Sqrt);
        return Array.ConvertAll(_columns, column =>
        {
            var product = new double[column.Length];
            for (var i = 0; i < product.Length; i++)
            {
                product[i] = column[i] * roots[i];
            }

            return product;
        });
    }

    /// <summary>Row by coefficients, one value per row.</summary>
    internal double[] Times(ReadOnlySpan<double> coefficients)
    {
        var result = new double[Rows];
        for (var j = 0; j < coefficients.Length; j++)
        {
            var column = _columns[j];
            var factor = coefficients[j];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] += factor * column[i];
            }
        }

        return result;
    }
}
