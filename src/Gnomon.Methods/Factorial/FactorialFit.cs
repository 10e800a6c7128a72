using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Factorial;

/// <summary>Effects of crossed factors from the moments of their cells, in effect coding, all terms that can be told apart together.</summary>
/// <remarks>
/// With a spread per cell the answers are least squares with HC2 errors, contrasts with Satterthwaite's degrees of freedom, and terms of several columns by the Welch-James statistic with
/// Johansen's degrees of freedom (Johansen 1980, Biometrika 67), which for one column is the square of Welch's t. With one spread they are the classical F and t.
/// Cells weigh alike in main effects, whatever their sizes (type III).
/// </remarks>
public sealed class FactorialFit
{
    private const double LargestLoading = 0.995;
    private readonly FactorialGrid _grid;
    private readonly double _level;
    private readonly Dictionary<int, int> _place = [];
    private readonly int[] _start;
    private readonly double[] _coefficients;
    private readonly double[] _covariance;
    private readonly double? _residualDegrees;

    // By observed cell: spread of its mean, and the sum of squared parts over their degrees of freedom; empty with one spread.
    private readonly double[] _variance;
    private readonly double[] _parts;
    private readonly double[][] _weights;

    private FactorialFit(FactorialGrid grid, AliasStructure aliases, int[] cells, double[] coefficients, double[] covariance, double? degrees, double[] variance, double[] parts, double[][] weights, FactorialErrors errors, double level)
    {
        (_grid, Aliases, Cells, _coefficients, _covariance, _residualDegrees, _variance, _parts, _weights, Errors, _level) = (grid, aliases, cells, coefficients, covariance, degrees, variance, parts, weights, errors, level);
        _start = FactorialRows.Starts(grid, aliases);
        for (var i = 0; i < aliases.Kept.Count; i++)
        {
            _place[FactorialRows.Mask(aliases.Kept[i].Term)] = i;
        }
    }

    /// <summary>What can be told apart.</summary>
    public AliasStructure Aliases { get; }

    /// <summary>Cells that were run, ascending.</summary>
    public IReadOnlyList<int> Cells { get; }

    /// <summary>How errors are taken.</summary>
    public FactorialErrors Errors { get; }

    /// <param name="grid">The crossed factors.</param>
    /// <param name="runs">Every kind of run that was made, each once; order does not matter.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">Empty cells follow no regular fraction, nothing varies, or no runs are left to judge errors by.</exception>
    public static FactorialFit Of(FactorialGrid grid, IReadOnlyList<FactorialRun> runs, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(runs);
        InferenceGuard.Level(level);
        FactorialRun[] made = [.. runs.Where(r => r.Values.Count > 0).OrderBy(r => r.Block).ThenBy(r => r.Cell)];
        var aliases = AliasStructure.Of(grid, [.. made.Select(r => (r.Cell, r.Block))]);
        if (aliases.Partial.Count > 0 || aliases.Kept.Count == 0)
        {
            throw new NotEstimableException("the cells that were run follow no regular fraction, so effects are tied to mixtures of others.");
        }

        int[] cells = [.. made.Select(r => r.Cell).Distinct().Order()];
        int[] blocks = [.. made.Select(r => r.Block).Distinct().Order()];
        var columns = 1 + aliases.Kept.Sum(k => grid.Columns(k.Term));
        var isComplete = made.Length == cells.Length * blocks.Length && columns == cells.Length && made.All(r => r.Values.Count >= 2);
        if (!isComplete)
        {
            return Pooled(grid, aliases, made, cells, blocks, level);
        }

        var total = (double)made.Sum(r => r.Values.Count);
        var share = blocks.ToDictionary(b => b, b => made.Where(r => r.Block == b).Sum(r => r.Values.Count) / total);
        double[] mean = new double[cells.Length], variance = new double[cells.Length], parts = new double[cells.Length];
        foreach (var run in made)
        {
            var at = Array.BinarySearch(cells, run.Cell);
            var w = share[run.Block];
            mean[at] += w * run.Values.Mean;
            var v = w * w * run.Values.VarianceOfMean;
            variance[at] += v;
            parts[at] += v * v / (run.Values.Count - 1);
        }

        return Own(grid, aliases, cells, mean, variance, parts, blocks.Length > 1 ? FactorialErrors.OwnSpreadByBlock : FactorialErrors.OwnSpread, level);
    }

    /// <summary>The same effects on the log-odds scale, from the shares of the cells (averaged over blocks, if any); normal limits.</summary>
    /// <inheritdoc cref="Of"/>
    /// <exception cref="NotEstimableException">Also when a share is 0 or 1, or blocks are not complete.</exception>
    public static FactorialFit LogOdds(FactorialGrid grid, IReadOnlyList<FactorialRun> runs, double level = 0.95)
    {
        var linear = Of(grid, runs, level);
        if (linear.Errors == FactorialErrors.OneSpread)
        {
            throw new NotEstimableException("log-odds need every cell in every block.");
        }

        var made = runs.Where(r => r.Values.Count > 0).ToList();
        var total = (double)made.Sum(r => r.Values.Count);
        double[] mean = new double[linear.Cells.Count], variance = new double[linear.Cells.Count];
        for (var c = 0; c < mean.Length; c++)
        {
            double p = 0, v = 0;
            foreach (var run in made.Where(r => r.Cell == linear.Cells[c]))
            {
                var w = made.Where(r => r.Block == run.Block).Sum(r => r.Values.Count) / total;
                var m = run.Values.Mean;
                p += w * m;
                v += w * w * m * (1 - m) / run.Values.Count;
            }

            if (!(p > 0 && p < 1) || !(v > 0))
            {
                throw new NotEstimableException("a cell holds no event, or nothing else, so its log-odds are not finite.");
            }

            (mean[c], variance[c]) = (Math.Log(p / (1 - p)), v / (p * (1 - p) * p * (1 - p)));
        }

        return Own(grid, linear.Aliases, [.. linear.Cells], mean, variance, new double[mean.Length], linear.Errors, level);
    }

    /// <summary>A weighted sum of a term's columns, for example <see cref="FactorialGrid.Contrast"/>.</summary>
    /// <param name="term">A term that is kept.</param>
    /// <param name="weights">One per column of it.</param>
    /// <returns>Value in the outcome's unit with its interval and two-sided p.</returns>
    public ContrastResult Effect(IReadOnlyList<int> term, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var whole = new double[_coefficients.Length];
        var at = _start[_place[FactorialRows.Mask(term)]];
        for (var j = 0; j < weights.Count; j++)
        {
            whole[at + j] = weights[j];
        }

        return Combine(whole);
    }

    /// <summary>Is the whole term 0?</summary>
    public FactorialTest Test(IReadOnlyList<int> term)
    {
        var place = _place[FactorialRows.Mask(term)];
        var (at, q) = (_start[place], _grid.Columns(Aliases.Kept[place].Term));
        var own = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                own[i * q + j] = _covariance[(at + i) * _coefficients.Length + at + j];
            }
        }

        var factor = SmallMatrix.Cholesky(own, q, 1e-13) ?? throw new NotEstimableException("nothing varies, so the term has no error to be judged by.");
        double[] value = _coefficients[at..(at + q)];
        var wald = SmallMatrix.Dot(value, SmallMatrix.SolveCholesky(factor, value));
        if (_residualDegrees is { } residual)
        {
            return new FactorialTest(wald / q, q, residual, FisherF.Sf(wald / q, q, residual));
        }

        var a = 0.0;
        for (var c = 0; c < _variance.Length; c++)
        {
            var column = Enumerable.Range(at, q).Select(i => _weights[i][c]).ToArray();
            var share = SmallMatrix.Dot(column, SmallMatrix.SolveCholesky(factor, column));
            a += share * share * _parts[c];
        }

        if (a == 0)
        {
            return new FactorialTest(wald / q, q, null, ChiSquared.Sf(wald, q));
        }

        // Johansen's correction; for q = 1 the divisor is 1 and the degrees of freedom are Satterthwaite's.
        var f = wald / (q + 2 * a - 6 * a / (q + 2));
        var degrees = q * (q + 2) / (3 * a);
        return new FactorialTest(f, q, degrees, FisherF.Sf(f, q, degrees));
    }

    /// <summary>Mean of a cell that was run, blocks weighing by their sizes, in the outcome's unit.</summary>
    public double Value(int cell) => SmallMatrix.Dot(Row(cell), _coefficients);

    /// <summary>The same with its interval; null when the cell does not vary.</summary>
    public ContrastResult? Mean(int cell) => TryCombine(Row(cell));

    /// <summary>Mean of one cell less that of another, both run; null when neither varies.</summary>
    public ContrastResult? Difference(int cell, int from) => TryCombine([.. Row(cell).Zip(Row(from), (x, y) => x - y)]);

    /// <summary>Mean of one cell less a multiple of the mean of another: with 1 - m, what a relative margin m of a guardrail is tested on (Fieller 1954).</summary>
    /// <param name="cell">A cell that the model tells of.</param>
    /// <param name="from">Another one.</param>
    /// <param name="factor">What its mean is multiplied by; 1 is <see cref="Difference"/>.</param>
    /// <returns>In the outcome's unit; null when neither cell varies.</returns>
    public ContrastResult? ScaledDifference(int cell, int from, double factor) => TryCombine([.. Row(cell).Zip(Row(from), (x, y) => x - factor * y)]);

    /// <summary>Every other cell that was run less one of them; intervals and p hold together.</summary>
    /// <returns>By cell, ascending, without those that have no error because neither cell varies. Dunnett's distribution with a spread per cell; Bonferroni with one spread.</returns>
    public IReadOnlyList<(int Cell, ContrastResult Contrast)> Against(int reference)
    {
        var judged = Cells.Where(c => c != reference).Select(c => (Cell: c, Plain: Difference(c, reference))).Where(c => c.Plain is not null).ToList();
        int[] others = [.. judged.Select(c => c.Cell)];
        var plain = judged.Select(c => c.Plain!).ToList();
        if (others.Length == 0)
        {
            return [];
        }

        if (_residualDegrees is not null || _variance.Length == 0)
        {
            return [.. others.Zip(plain, (c, p) => (c, Wider(p, StudentT.UpperQuantile((1 - _level) / 2 / others.Length, p.DegreesOfFreedom!.Value), Math.Min(1, others.Length * p.PValue), "t, Bonferroni")))];
        }

        // A loading below its own only widens; beside cells that hardly vary it would tie comparisons wholly together.
        var shared = Mean(reference)?.StandardError ?? 0;
        var largest = new DunnettDistribution([.. plain.Select(p => Math.Min(shared / p.StandardError, LargestLoading))]);
        return [.. others.Zip(plain, (c, p) =>
        {
            var degrees = p.DegreesOfFreedom ?? double.PositiveInfinity;
            return (c, Wider(p, largest.UpperQuantile(1 - _level, degrees), largest.Sf(Math.Abs(p.Statistic), degrees), "Dunnett, unequal spread"));
        })];
    }

    private static ContrastResult Wider(ContrastResult p, double reach, double pValue, string method) =>
        p with { Low = p.Value - reach * p.StandardError, High = p.Value + reach * p.StandardError, PValue = pValue, Method = method };

    private double[] Row(int cell)
    {
        var row = new double[_coefficients.Length];
        row[0] = 1;
        for (var i = 0; i < Aliases.Kept.Count; i++)
        {
            _grid.Row(Aliases.Kept[i].Term, cell).CopyTo(row, _start[i]);
        }

        return row;
    }

    private ContrastResult Combine(double[] whole) => TryCombine(whole) ?? throw new NotEstimableException("nothing varies in the cells compared, so their difference has no error to be judged by.");

    private ContrastResult? TryCombine(double[] whole)
    {
        var value = SmallMatrix.Dot(whole, _coefficients);
        double variance;
        double? degrees = _residualDegrees;
        if (degrees is not null)
        {
            variance = SmallMatrix.Dot(whole, SmallMatrix.Times(_covariance, whole));
        }
        else
        {
            (variance, var parts) = (0.0, 0.0);
            for (var c = 0; c < _variance.Length; c++)
            {
                var weight = 0.0;
                for (var i = 0; i < whole.Length; i++)
                {
                    weight += whole[i] * _weights[i][c];
                }

                variance += weight * weight * _variance[c];
                parts += weight * weight * weight * weight * _parts[c];
            }

            degrees = parts > 0 ? variance * variance / parts : null;
        }

        if (!(variance > 0))
        {
            return null;
        }

        var error = Math.Sqrt(variance);
        var t = value / error;
        var reach = error * (degrees is { } df ? StudentT.UpperQuantile((1 - _level) / 2, df) : Normal.UpperQuantile((1 - _level) / 2));
        var p = degrees is { } own ? StudentT.TwoSided(t, own) : 2 * Normal.Sf(Math.Abs(t));
        return new ContrastResult(value, value - reach, value + reach, error, t, degrees, p, _level, Errors == FactorialErrors.OneSpread ? "effect coding, one spread" : degrees is null ? "effect coding, normal limit" : "effect coding, a spread per cell");
    }

    private static FactorialFit Own(FactorialGrid grid, AliasStructure aliases, int[] cells, double[] mean, double[] variance, double[] parts, FactorialErrors errors, double level)
    {
        var (start, k) = (FactorialRows.Starts(grid, aliases), cells.Length);
        var model = cells.Select(c => FactorialRows.ModelRow(grid, aliases, start, c, k)).ToArray();
        var inverse = FactorialRows.Normalised(model, [.. cells.Select(_ => 1.0)]);
        double[] coefficients = new double[k], covariance = new double[k * k];
        var weights = new double[k][];
        for (var i = 0; i < k; i++)
        {
            weights[i] = new double[k];
            for (var c = 0; c < k; c++)
            {
                for (var j = 0; j < k; j++)
                {
                    weights[i][c] += inverse[i * k + j] * model[c][j];
                }

                coefficients[i] += weights[i][c] * mean[c];
            }
        }

        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var c = 0; c < k; c++)
                {
                    covariance[i * k + j] += weights[i][c] * weights[j][c] * variance[c];
                }
            }
        }

        return new FactorialFit(grid, aliases, cells, coefficients, covariance, null, variance, parts, weights, errors, level);
    }

    private static FactorialFit Pooled(FactorialGrid grid, AliasStructure aliases, FactorialRun[] made, int[] cells, int[] blocks, double level)
    {
        var start = FactorialRows.Starts(grid, aliases);
        var terms = 1 + aliases.Kept.Sum(a => grid.Columns(a.Term));
        var k = terms + blocks.Length - 1;
        var total = made.Sum(r => r.Values.Count);
        if (total <= k)
        {
            throw new NotEstimableException($"{total} runs for {k} effects leave none to judge errors by.");
        }

        var share = blocks.Select(b => made.Where(r => r.Block == b).Sum(r => r.Values.Count) / (double)total).ToArray();
        var model = made.Select(r =>
        {
            var row = FactorialRows.ModelRow(grid, aliases, start, r.Cell, k);
            for (var b = 1; b < blocks.Length; b++)
            {
                row[terms + b - 1] = (r.Block == blocks[b] ? 1.0 : 0.0) - share[b];
            }

            return row;
        }).ToArray();
        var inverse = FactorialRows.Normalised(model, [.. made.Select(r => (double)r.Values.Count)]);
        var right = new double[k];
        for (var g = 0; g < made.Length; g++)
        {
            for (var i = 0; i < k; i++)
            {
                right[i] += made[g].Values.Count * made[g].Values.Mean * model[g][i];
            }
        }

        var coefficients = SmallMatrix.Times(inverse, right);
        var residual = 0.0;
        for (var g = 0; g < made.Length; g++)
        {
            var off = made[g].Values.Mean - SmallMatrix.Dot(model[g], coefficients);
            residual += made[g].Values.M2 + made[g].Values.Count * off * off;
        }

        var sigma2 = residual / (total - k);
        double[] covariance = [.. inverse.Select(v => v * sigma2)];
        return new FactorialFit(grid, aliases, cells, coefficients, covariance, total - k, [], [], [], FactorialErrors.OneSpread, level);
    }
}
