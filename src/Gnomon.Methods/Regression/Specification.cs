using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>Is the straight line the right shape?</summary>
/// <remarks>Source: Ramsey 1969 (RESET on the fitted values). Agrees with R lmtest <c>resettest</c>.</remarks>
public static class Specification
{
    /// <summary>Do powers of the fitted values explain what the columns did not?</summary>
    /// <param name="fit">A linear model.</param>
    /// <param name="highest">Highest power, at least 2.</param>
    /// <exception cref="TooFewRowsException">No rows left for the powers.</exception>
    /// <exception cref="NotEstimableException">The fit is perfect or its fitted values do not vary.</exception>
    public static WaldTest Reset(LinearFit fit, int highest = 3)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfLessThan(highest, 2);
        var fitted = fit.Fitted();
        var centre = StandardisedColumns.Centre(fitted);
        var spread = 0.0;
        foreach (var f in fitted)
        {
            spread = Math.Max(spread, Math.Abs(f - centre));
        }

        if (!(spread > 0) || !(fit.ResidualSumOfSquares > 0))
        {
            throw new NotEstimableException("The fitted values do not vary, or fit perfectly: there is no shape to test.");
        }

        // Powers of centred, scaled values span the same space as those of the values and are far better conditioned.
        var columns = new List<double[]>(fit.Design.Raw);
        for (var power = 2; power <= highest; power++)
        {
            var exponent = power;
            columns.Add(Array.ConvertAll(fitted, f => Math.Pow((f - centre) / spread, exponent)));
        }

        var wider = LeastSquares.Fit(new DesignMatrix(columns), fit.Response, fit.WorkingWeights);
        var added = wider.Coefficients.Count - fit.Coefficients.Count;
        if (added == 0)
        {
            throw new NotEstimableException("Powers of the fitted values are columns of the model already.");
        }

        var f1 = Math.Max(0.0, fit.ResidualSumOfSquares - wider.ResidualSumOfSquares) / added / wider.Dispersion;
        return new WaldTest(f1, added, wider.ResidualDegrees, FisherF.Sf(f1, added, wider.ResidualDegrees));
    }

    /// <summary>How much smaller squared errors on held-out rows become with a wider design, by cross-validation with folds i mod <paramref name="folds"/>.</summary>
    /// <param name="narrow">The design in use.</param>
    /// <param name="wide">The design with splines or interactions added.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <exception cref="TooFewRowsException">A fold leaves too few rows.</exception>
    public static HeldOutGain Gain(DesignMatrix narrow, DesignMatrix wide, ReadOnlySpan<double> y, int folds = 10)
    {
        ArgumentNullException.ThrowIfNull(narrow);
        ArgumentNullException.ThrowIfNull(wide);
        RegressionGuard.SameRows(narrow.Rows, y.Length);
        RegressionGuard.SameRows(narrow.Rows, wide.Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var gain = new double[y.Length];
        var explained = 0.0;
        for (var fold = 0; fold < folds; fold++)
        {
            var first = HeldOut(narrow, y, folds, fold);
            var second = HeldOut(wide, y, folds, fold);
            var mean = 0.0;
            var n = 0;
            for (var i = 0; i < y.Length; i++)
            {
                if (i % folds != fold)
                {
                    mean += y[i];
                    n++;
                }
            }

            mean /= n;
            for (var (i, at) = (fold, 0); i < y.Length; i += folds, at++)
            {
                gain[i] = first[at] - second[at];
                explained += (y[i] - mean) * (y[i] - mean) - second[at];
            }
        }

        double average = 0.0, m2 = 0.0;
        for (var i = 0; i < gain.Length; i++)
        {
            var delta = gain[i] - average;
            average += delta / (i + 1);
            m2 += delta * (gain[i] - average);
        }

        var error = Math.Sqrt(m2 / (gain.Length - 1.0) / gain.Length);
        return new HeldOutGain(average, error, explained / y.Length);
    }

    // Squared errors of the held-out rows in order.
    static double[] HeldOut(DesignMatrix design, ReadOnlySpan<double> y, int folds, int fold)
    {
        var outcome = new List<double>();
        for (var i = 0; i < y.Length; i++)
        {
            if (i % folds != fold)
            {
                outcome.Add(y[i]);
            }
        }

        var columns = design.Raw.Select(c => c.Where((_, i) => i % folds != fold).ToArray()).ToList();
        var fit = LeastSquares.Fit(new DesignMatrix(columns, design.Names), outcome.ToArray());
        var index = new int[fit.Coefficients.Count];
        for (var j = 0; j < index.Length; j++)
        {
            index[j] = IndexOf(design.Names, fit.Design.Names[j]);
        }

        var errors = new List<double>();
        for (var i = fold; i < y.Length; i += folds)
        {
            var predicted = 0.0;
            for (var j = 0; j < index.Length; j++)
            {
                predicted += fit.Estimates[j] * design.Raw[index[j]][i];
            }

            errors.Add((y[i] - predicted) * (y[i] - predicted));
        }

        return [.. errors];
    }

    static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"No column is named '{name}'.", nameof(name));
    }
}

/// <summary>Gain of a wider model on held-out rows.</summary>
/// <param name="Mean">Mean reduction of the squared error, in squared units of the outcome.</param>
/// <param name="StandardError">Its standard error over rows.</param>
/// <param name="Explained">Squared error that the wider model takes from the mean alone, per row.</param>
public sealed record HeldOutGain(double Mean, double StandardError, double Explained);
