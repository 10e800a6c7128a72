using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Regression;

/// <summary>HC3 errors whose p-values and intervals come from the restricted wild bootstrap of rows: for few rows of unequal spread.</summary>
/// <remarks>Source: see <see cref="WildBootstrap"/>. Joint tests and predictions keep the HC3 covariance. A sum of coefficients that the bootstrap cannot bound keeps its HC3 interval and p.</remarks>
public sealed class WildCovariance : CoefficientCovariance
{
    readonly LinearFit _fit;
    readonly CoefficientEstimate[] _rows;
    readonly double _level;
    readonly int _draws;
    readonly int _seed;
    readonly int? _threads;

    WildCovariance(LinearFit fit, CoefficientCovariance plain, double level, int draws, int seed, int? threads)
        : base(plain.Matrix, [.. plain.DegreesOfFreedom], "wild bootstrap of rows, null imposed, HC3-studentised")
    {
        (_fit, _level, _draws, _seed, _threads) = (fit, level, draws, seed, threads);
        var table = base.Table(fit, level);
        _rows = new CoefficientEstimate[table.Count];
        for (var j = 0; j < _rows.Length; j++)
        {
            var weights = new double[_rows.Length];
            weights[j] = 1.0;
            _rows[j] = table[j].StandardError > 0
                ? Bootstrapped(table[j], weights, level) ?? throw new NotEstimableException($"{fit.Rows} rows are too few: the wild bootstrap finds no bound for the coefficient of {table[j].Term}.")
                : table[j];
        }
    }

    /// <param name="fit">A linear model by least squares.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="draws">Bootstrap draws, at least 99.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    /// <exception cref="NotEstimableException">The rows are so few that no value of a coefficient would be rejected.</exception>
    public static WildCovariance Of(LinearFit fit, double level = 0.95, int draws = 4_999, int seed = 1, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        return new WildCovariance(fit, RobustErrors.Heteroskedastic(fit, HcKind.Hc3, threads), level, draws, seed, threads);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CoefficientEstimate> Table(RegressionFit fit, double level = 0.95) =>
        level == _level && ReferenceEquals(fit, _fit) ? _rows : fit is LinearFit linear ? Of(linear, level, _draws, _seed, _threads)._rows : base.Table(fit, level);

    /// <inheritdoc/>
    public override CoefficientEstimate Contrast(RegressionFit fit, ReadOnlySpan<double> weights, string name = "contrast", double level = 0.95)
    {
        var plain = base.Contrast(fit, weights, name, level);
        return plain.StandardError > 0 ? Bootstrapped(plain, weights, level) ?? plain : plain;
    }

    CoefficientEstimate? Bootstrapped(CoefficientEstimate plain, ReadOnlySpan<double> weights, double level)
    {
        var wild = WildBootstrap.Test(_fit, weights, plain.Term, _draws, _seed, level, _threads);
        return wild.Interval is { } interval ? plain with { Low = interval.Low, High = interval.High, PValue = wild.PValue } : null;
    }
}
