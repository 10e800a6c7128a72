namespace Gnomon.Methods.Regression;

/// <summary>What leaving out one row would do.</summary>
/// <param name="Row">Index of the row.</param>
/// <param name="Leverage">How far the row's columns lie from the others, 0..1.</param>
/// <param name="StudentisedResidual">Residual over its standard error, the row left out of the latter; null where the leverage is 1.</param>
/// <param name="CookDistance">Squared distance that all coefficients move, in units of their covariance, per coefficient.</param>
/// <param name="LargestDfbetas">Largest movement of one coefficient in its standard errors, the row left out of the latter; signed.</param>
/// <param name="Term">Name of that coefficient.</param>
public sealed record RowInfluence(int Row, double Leverage, double? StudentisedResidual, double CookDistance, double LargestDfbetas, string Term);

/// <summary>Rows that carry the result: leverage, studentised residuals, Cook's distance and DFBETAS, without refitting.</summary>
/// <remarks>
/// Sources: Belsley, Kuh and Welsch 1980; Cook 1977. For generalised models from the last weighted regression (one step; Pregibon 1981).
/// Agrees with R <c>cooks.distance</c>, <c>rstudent</c> and <c>dfbetas</c> for linear models to 1e-9.
/// </remarks>
public static class Influence
{
    /// <summary>The rows with the largest Cook's distances, largest first.</summary>
    /// <param name="fit">A fitted model.</param>
    /// <param name="most">Rows to return.</param>
    public static IReadOnlyList<RowInfluence> Largest(RegressionFit fit, int most = 10)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        var leverage = fit.Leverages();
        var cook = CookDistances(fit, leverage);
        var order = new int[cook.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => cook[a] != cook[b] ? cook[b].CompareTo(cook[a]) : a.CompareTo(b));
        var rows = new RowInfluence[Math.Min(most, order.Length)];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = order[i];
            var dfbetas = Dfbetas(fit, row, leverage[row]);
            var largest = 0;
            for (var j = 1; j < dfbetas.Length; j++)
            {
                largest = Math.Abs(dfbetas[j]) > Math.Abs(dfbetas[largest]) ? j : largest;
            }

            rows[i] = new RowInfluence(row, leverage[row], Studentised(fit, row, leverage[row]), cook[row], dfbetas[largest], fit.Design.Names[largest]);
        }

        return rows;
    }

    /// <summary>Cook's distance of every row; 0 where a coefficient of its own fits the row exactly.</summary>
    public static double[] CookDistances(RegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return CookDistances(fit, fit.Leverages());
    }

    /// <summary>Movement of each coefficient when one row is left out, in standard errors estimated without it.</summary>
    public static double[] Dfbetas(RegressionFit fit, int row)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Dfbetas(fit, row, fit.Leverages()[row]);
    }

    /// <summary>Residual of a row over its standard error, estimated without the row; null where the leverage is 1 or nothing is left.</summary>
    public static double? StudentisedResidual(RegressionFit fit, int row)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Studentised(fit, row, fit.Leverages()[row]);
    }

    static double[] CookDistances(RegressionFit fit, double[] leverage)
    {
        var k = fit.Estimates.Length;
        var result = new double[leverage.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var rest = 1.0 - leverage[i];
            if (rest > 1e-10 && fit.Dispersion > 0)
            {
                var e = fit.WorkingResiduals[i];
                result[i] = (fit.WorkingWeights?[i] ?? 1.0) * e * e * leverage[i] / (rest * rest * k * fit.Dispersion);
            }
        }

        return result;
    }

    static double[] Dfbetas(RegressionFit fit, int row, double leverage)
    {
        var k = fit.Estimates.Length;
        var x = new double[k];
        for (var j = 0; j < k; j++)
        {
            x[j] = fit.Design.Raw[j][row];
        }

        var moved = SmallMatrix.Times(fit.Bread, x);
        var rest = 1.0 - leverage;
        var spread = SpreadWithout(fit, row, leverage);
        for (var j = 0; j < k; j++)
        {
            moved[j] = rest > 1e-10 && spread > 0
                ? moved[j] * (fit.WorkingWeights?[row] ?? 1.0) * fit.WorkingResiduals[row] / rest / Math.Sqrt(spread * fit.Bread[j * k + j])
                : 0.0;
        }

        return moved;
    }

    static double? Studentised(RegressionFit fit, int row, double leverage)
    {
        var rest = 1.0 - leverage;
        var spread = SpreadWithout(fit, row, leverage);
        return rest > 1e-10 && spread > 0 ? fit.WorkingResiduals[row] * Math.Sqrt(fit.WorkingWeights?[row] ?? 1.0) / Math.Sqrt(spread * rest) : null;
    }

    static double SpreadWithout(RegressionFit fit, int row, double leverage)
    {
        if (!fit.UsesStudent)
        {
            return fit.Dispersion;
        }

        var rest = 1.0 - leverage;
        if (fit.ResidualDegrees < 2 || rest <= 1e-10)
        {
            return 0.0;
        }

        var e = fit.WorkingResiduals[row];
        var left = fit.Dispersion * fit.ResidualDegrees - (fit.WorkingWeights?[row] ?? 1.0) * e * e / rest;
        return Math.Max(0.0, left) / (fit.ResidualDegrees - 1);
    }
}
