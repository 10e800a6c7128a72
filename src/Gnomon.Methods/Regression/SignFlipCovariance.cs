using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Regression;

/// <summary>HC3 errors whose coefficient tests are made for few rows: the sign-flip score test, and Bell-McCaffrey's degrees of freedom for a column that splits the rows in two.</summary>
/// <remarks>
/// Sources: see <see cref="SignFlip"/> and <see cref="BellMcCaffrey"/>. A column of two values compares two groups, whose smaller one may have few signs to flip; there Bell and
/// McCaffrey's t is Welch's. The intercept is treated as such a column. Joint tests, predictions and sums that mix both kinds keep HC3. A sum
/// that the flips cannot bound, as with a handful of rows, takes Bell and McCaffrey's interval.
/// </remarks>
public sealed class SignFlipCovariance : CoefficientCovariance
{
    const string FlipMethod = "sign-flip score test, robust to unequal spread";
    const string PlainMethod = "HC3, robust to unequal spread";

    readonly LinearFit _fit;
    readonly bool[] _split;
    readonly CoefficientCovariance _degrees;
    Known? _table;

    SignFlipCovariance(LinearFit fit, CoefficientCovariance plain, int? threads)
        : base(plain.Matrix, [.. plain.DegreesOfFreedom], FlipMethod)
    {
        _fit = fit;
        _degrees = BellMcCaffrey.Errors(fit, threads);
        _split = [.. Enumerable.Range(0, fit.Estimates.Length).Select(j => HasTwoValues(fit, j))];
    }

    /// <param name="fit">A linear model by least squares.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    public static SignFlipCovariance Of(LinearFit fit, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new SignFlipCovariance(fit, RobustErrors.Heteroskedastic(fit, HcKind.Hc3, threads), threads);
    }

    /// <inheritdoc/>
    public override string MethodOf(ReadOnlySpan<double> weights) => Of(weights) switch
    {
        Way.Flip => FlipMethod,
        Way.Degrees => _degrees.Method,
        _ => PlainMethod,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<CoefficientEstimate> Table(RegressionFit fit, double level = 0.95)
    {
        if (!ReferenceEquals(fit, _fit))
        {
            return base.Table(fit, level);
        }

        if (_table is { } known && known.Level == level)
        {
            return known.Rows;
        }

        var weights = new double[Size];
        var rows = new CoefficientEstimate[Size];
        for (var j = 0; j < rows.Length; j++)
        {
            weights[j] = 1.0;
            rows[j] = Contrast(fit, weights, fit.Design.Names[j], level);
            weights[j] = 0.0;
        }

        _table = new Known(level, rows);
        return rows;
    }

    /// <inheritdoc/>
    public override CoefficientEstimate Contrast(RegressionFit fit, ReadOnlySpan<double> weights, string name = "contrast", double level = 0.95)
    {
        var plain = base.Contrast(fit, weights, name, level);
        if (!ReferenceEquals(fit, _fit) || !(plain.StandardError > 0))
        {
            return plain;
        }

        return Of(weights) switch
        {
            Way.Flip => SignFlip.Test(_fit, weights, name, level) is { Interval: { } interval } test
                ? plain with { Low = interval.Low, High = interval.High, PValue = test.PValue }
                : _degrees.Contrast(fit, weights, name, level),
            Way.Degrees => _degrees.Contrast(fit, weights, name, level),
            _ => plain,
        };
    }

    /// <inheritdoc/>
    public override double? PValueOf(RegressionFit fit, int index) =>
        !ReferenceEquals(fit, _fit) || !(StandardError(index) > 0) ? base.PValueOf(fit, index)
        : _split[index] ? _degrees.PValueOf(fit, index)
        : SignFlip.BoundedPValue(_fit, fit.Design.Names[index], 0.95) ?? _degrees.PValueOf(fit, index);

    Way Of(ReadOnlySpan<double> weights)
    {
        var (split, whole) = (false, false);
        for (var j = 0; j < weights.Length; j++)
        {
            split |= weights[j] != 0 && _split[j];
            whole |= weights[j] != 0 && !_split[j];
        }

        return split && whole ? Way.Plain : split ? Way.Degrees : Way.Flip;
    }

    static bool HasTwoValues(LinearFit fit, int column)
    {
        var values = fit.Design.Column(column);
        double first = values[0], second = first;
        foreach (var v in values)
        {
            if (v == first || v == second)
            {
                continue;
            }

            if (second != first)
            {
                return false;
            }

            second = v;
        }

        return true;
    }

    enum Way
    {
        Flip, Degrees, Plain,
    }

    sealed record Known(double Level, CoefficientEstimate[] Rows);
}
