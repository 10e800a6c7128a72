namespace Gnomon.Methods.Mixed;

/// <summary>Effects of one grouping that are correlated with each other and with nothing else.</summary>
/// <param name="Term">The term they come from.</param>
/// <param name="Grouping">Index of the grouping.</param>
/// <param name="Offset">First of them among the grouping's columns.</param>
/// <param name="Names">Names of the effects.</param>
/// <param name="ToRaw">Raw effects = ToRaw times effects of the centred, scaled columns; row by row.</param>
internal sealed record CovariancePart(RandomTerm Term, int Grouping, int Offset, IReadOnlyList<string> Names, double[] ToRaw)
{
    public int Width => Names.Count;

    public int Parameters => Width * (Width + 1) / 2;

    /// <summary>ToRaw^-1: the matrix is upper triangular in its first row and diagonal elsewhere.</summary>
    public double[] FromRaw()
    {
        var k = Width;
        var inverse = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            inverse[i * k + i] = 1.0 / ToRaw[i * k + i];
            if (i > 0)
            {
                inverse[i] = -ToRaw[i] / (ToRaw[0] * ToRaw[i * k + i]);
            }
        }

        return inverse;
    }
}

/// <summary>How the parameters of a search become one covariance factor per grouping: each part has the lower triangle of its factor, row by row.</summary>
internal sealed class CovarianceShape
{
    readonly int[] _widths;

    CovarianceShape(IReadOnlyList<Grouping> groupings, IReadOnlyList<CovariancePart> parts)
    {
        Groupings = groupings;
        Parts = parts;
        _widths = [.. groupings.Select(g => g.Width)];
        Parameters = parts.Sum(p => p.Parameters);
    }

    public IReadOnlyList<Grouping> Groupings { get; }

    public IReadOnlyList<CovariancePart> Parts { get; }

    public int Parameters { get; }

    public static CovarianceShape Of(IReadOnlyList<RandomTerm> terms)
    {
        var names = terms.Select(t => t.Group).Distinct(StringComparer.Ordinal).ToList();
        var columns = names.ConvertAll(_ => new List<double[]>());
        var parts = new List<CovariancePart>();
        foreach (var term in terms)
        {
            var g = names.IndexOf(term.Group);
            IEnumerable<int[]> blocks = term.IsCorrelated ? [[.. Enumerable.Range(0, term.Columns.Length)]] : Enumerable.Range(0, term.Columns.Length).Select(j => (int[])[j]);
            foreach (var block in blocks)
            {
                // The constant column, if any, comes first, so that the others can be centred against it.
                int[] order = [.. block.OrderBy(j => IsConstant(term.Columns[j]) ? 0 : 1)];
                var (standard, toRaw) = Standardised(Array.ConvertAll(order, j => term.Columns[j]));
                parts.Add(new CovariancePart(term, g, columns[g].Count, [.. order.Select(j => term.Names[j])], toRaw));
                columns[g].AddRange(standard);
            }
        }

        var groupings = names.Select((n, g) =>
        {
            var first = terms.First(t => t.Group == n);
            return new Grouping(n, first.Codes, first.Levels.Count, [.. columns[g]]);
        });
        return new CovarianceShape([.. groupings], parts);
    }

    public double[] Start(double diagonal)
    {
        var theta = new double[Parameters];
        var at = 0;
        foreach (var part in Parts)
        {
            for (var i = 0; i < part.Width; i++)
            {
                at += i;
                theta[at++] = diagonal;
            }
        }

        return theta;
    }

    public IReadOnlyList<double[]> Factors(ReadOnlySpan<double> theta)
    {
        var result = Array.ConvertAll(_widths, w => new double[w * w]);
        var at = 0;
        foreach (var part in Parts)
        {
            var width = _widths[part.Grouping];
            for (var i = 0; i < part.Width; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    result[part.Grouping][(part.Offset + i) * width + part.Offset + j] = theta[at++];
                }
            }
        }

        return result;
    }

    /// <summary>Lower factor of one part, width by width.</summary>
    public double[] FactorOf(ReadOnlySpan<double> theta, int part)
    {
        var at = Parts.Take(part).Sum(p => p.Parameters);
        var k = Parts[part].Width;
        var l = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                l[i * k + j] = theta[at++];
            }
        }

        return l;
    }

    /// <summary>Covariance of the raw effects of one part in units of the residual variance.</summary>
    public double[] RawCovariance(ReadOnlySpan<double> theta, int part)
    {
        var k = Parts[part].Width;
        var l = FactorOf(theta, part);
        var identity = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            identity[i * k + i] = 1.0;
        }

        return Dense.Sandwich(Parts[part].ToRaw, Dense.Sandwich(l, identity, k), k);
    }

    static bool IsConstant(double[] column) => column.Length > 0 && column[0] != 0.0 && !column.AsSpan().ContainsAnyExcept(column[0]);

    // Without this, a slope of calendar years is all but the intercept, and the search crawls along a ridge.
    static (double[][] Columns, double[] ToRaw) Standardised(double[][] raw)
    {
        var k = raw.Length;
        var toRaw = new double[k * k];
        var result = new double[k][];
        var centres = IsConstant(raw[0]);
        for (var j = 0; j < k; j++)
        {
            var isFirst = centres && j == 0;
            var centre = centres && !isFirst ? Regression.StandardisedColumns.Centre(raw[j]) : 0.0;
            var squares = 0.0;
            foreach (var v in raw[j])
            {
                squares += (v - centre) * (v - centre);
            }

            var scale = Math.Sqrt(squares / Math.Max(1, raw[j].Length));
            scale = scale > 0.0 ? scale : 1.0;
            result[j] = Array.ConvertAll(raw[j], v => (v - centre) / scale);
            toRaw[j * k + j] = 1.0 / scale;
            if (centres && !isFirst)
            {
                toRaw[j] = -centre / (raw[0][0] * scale);
            }
        }

        return (result, toRaw);
    }
}
