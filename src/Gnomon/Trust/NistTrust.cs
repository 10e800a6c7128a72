using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Trust;

/// <summary>One certified number beside Gnomon's.</summary>
/// <param name="Set">The set, for example <c>Longley</c>; nonlinear sets carry their starting point.</param>
/// <param name="Kind"><c>univariate</c>, <c>linear</c>, <c>nonlinear</c> or <c>anova</c>.</param>
/// <param name="Level">Difficulty by NIST.</param>
/// <param name="Quantity">What was compared.</param>
/// <param name="Digits">Smallest number of correct significant digits (log relative error, at most 15) over the numbers of this quantity.</param>
/// <param name="Promised">Digits promised.</param>
public sealed record NistResult(string Set, string Kind, string Level, string Quantity, double Digits, double Promised)
{
    /// <summary>Whether the promise holds.</summary>
    public bool Kept => Digits >= Promised;
}

/// <summary>How many digits of NIST's Statistical Reference Datasets Gnomon reproduces.</summary>
/// <remarks>Log relative error as in McCullough 1998, The American Statistician 52: -log10 |x - c| / |c|, or -log10 |x| where c is 0.</remarks>
public static class NistTrust
{
    private const double MostDigits = 15;

    /// <summary>Measures every set.</summary>
    /// <param name="sets">From <see cref="NistSets.Read"/>.</param>
    /// <param name="cancellation">Looked at between two sets.</param>
    public static IReadOnlyList<NistResult> Measure(IReadOnlyList<NistSet> sets, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var results = new List<NistResult>();
        foreach (var set in sets)
        {
            cancellation.ThrowIfCancellationRequested();
            results.AddRange(set.Kind switch
            {
                "univariate" => Univariate(set),
                "linear" => Linear(set),
                "anova" => Anova(set),
                "nonlinear" => Nonlinear(set),
                _ => [],
            });
        }

        return results;
    }

    /// <summary>Correct significant digits of x beside the certified value, at most 15, at least 0.</summary>
    public static double Digits(double x, double certified)
    {
        if (x == certified)
        {
            return MostDigits;
        }

        var error = Math.Abs(x - certified) / (certified == 0 ? 1 : Math.Abs(certified));
        return double.IsFinite(error) ? Math.Clamp(-Math.Log10(error), 0, MostDigits) : 0;
    }

    private static IEnumerable<NistResult> Nonlinear(NistSet set)
    {
        if (NistCurves.Of(set.Name) is not { } curve)
        {
            yield break;
        }

        var y = NistCurves.Outcome(set);
        var inputs = set.Columns.Where(c => c.Key != "y").Select(c => c.Value).ToList();
        double[][] rows = [.. Enumerable.Range(0, y.Length).Select(i => inputs.Select(x => x[i]).ToArray())];
        foreach (var (which, start) in new[] { ("first", set.Parameters.Select(p => p.FirstStart)), ("second", set.Parameters.Select(p => p.SecondStart)) })
        {
            double[] from = [.. start.Select(v => v ?? 0)];
            double estimates = 0, errors = 0;
            try
            {
                var fit = NonlinearLeastSquares.Fit(curve, rows, y, from);
                estimates = set.Parameters.Select((p, j) => Digits(fit.Parameters[j].Value, p.Estimate)).Min();
                errors = set.Parameters.Select((p, j) => Digits(fit.Parameters[j].StandardError, p.StandardDeviation)).Min();
            }
            catch (Methods.NotEstimableException)
            {
                // No digit is right, which is what the result then says.
            }

            yield return new NistResult($"{set.Name}, {which} start", set.Kind, set.Level, "parameters", estimates, 4);

            // Lanczos1 has a residual standard deviation of 9e-14, which is the rounding of its own data: even an exact fit (60 decimals) to the data as doubles has 3.4 digits of the certified errors.
            yield return new NistResult($"{set.Name}, {which} start", set.Kind, set.Level, "standard errors", errors, set.Name == "Lanczos1" ? 2 : 4);
        }
    }

    private static IEnumerable<NistResult> Univariate(NistSet set)
    {
        // The decimals of NumAcc3 and NumAcc4 (1,000,000.1; 10,000,000.1) do not fit a double: what is left of them sets the limit, whatever the method.
        var (spread, memory) = set.Name switch { "NumAcc3" => (9.0, 12.0), "NumAcc4" => (8.0, 10.0), _ => (13.0, 13.0) };
        var y = set.Columns["y"];
        var moments = Moments.MeanVariance(y);
        yield return new NistResult(set.Name, set.Kind, set.Level, "mean", Digits(moments.Mean, set.Certified["mean"]), 13);
        yield return new NistResult(set.Name, set.Kind, set.Level, "standard deviation", Digits(moments.StandardDeviation, set.Certified["sd"]), spread);
        yield return new NistResult(set.Name, set.Kind, set.Level, "lag 1 autocorrelation", Digits(SerialCorrelation.Autocorrelations(y, 1)[0], set.Certified["lag1_autocorrelation"]), memory);
    }

    private static IEnumerable<NistResult> Linear(NistSet set)
    {
        var fit = LeastSquares.Fit(Design(set), set.Columns["y"]);
        var errors = RobustErrors.Classical(fit);
        var promised = set.Name switch { "Longley" => 10, "Filip" => 7, _ => 12 };
        var complete = fit.SetAside.Count == 0;
        yield return new NistResult(set.Name, set.Kind, set.Level, "coefficients", complete ? set.Parameters.Select((p, j) => Digits(fit.Coefficients[j], p.Estimate)).Min() : 0, promised);
        yield return new NistResult(set.Name, set.Kind, set.Level, "standard errors", complete ? set.Parameters.Select((p, j) => Digits(errors.StandardError(j), p.StandardDeviation)).Min() : 0, Math.Min(promised, 10));
    }

    private static DesignMatrix Design(NistSet set)
    {
        var x = set.Columns.Where(c => c.Key != "y").Select(c => c.Value).ToList();
        if (set.Parameters[0].Name == "B1")
        {
            return new DesignMatrix(x);
        }

        return set.Parameters.Count == x.Count + 1
            ? DesignMatrix.WithIntercept(x)
            : DesignMatrix.WithIntercept([.. Enumerable.Range(1, set.Parameters.Count - 1).Select(power => Array.ConvertAll(x[0], v => Power(v, power)))]);
    }

    private static double Power(double x, int power)
    {
        var product = x;
        for (var i = 1; i < power; i++)
        {
            product *= x;
        }

        return product;
    }

    private static IEnumerable<NistResult> Anova(NistSet set)
    {
        var y = set.Columns["y"];
        var group = set.Columns["group"];
        var levels = group.Distinct().Order().Skip(1).Select(l => Array.ConvertAll(group, g => g == l ? 1.0 : 0.0)).ToList();
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept(levels), y, exactly: true);
        var promised = set.Level switch { "lower" => 12, "average" => 9, _ => 4 };
        yield return new NistResult(set.Name, set.Kind, set.Level, "F", Digits(fit.ModelTest!.Statistic, set.Certified["f"]), promised);
        yield return new NistResult(set.Name, set.Kind, set.Level, "residual standard deviation", Digits(fit.Sigma, set.Certified["residual_sd"]), promised);
    }
}
