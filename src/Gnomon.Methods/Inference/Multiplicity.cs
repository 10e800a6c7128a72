using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Inference;

/// <summary>p-values adjusted for the number of tests, in the order they came.</summary>
/// <remarks>
/// Reject where the adjusted value is at most alpha. Bonferroni and Holm 1979 hold the chance of any false alarm under any dependence; Hochberg 1988 under
/// independence or positive dependence; Benjamini and Hochberg 1995 hold the share of false alarms likewise; Benjamini and Yekutieli 2001 under any dependence.
/// Agrees with statsmodels <c>multipletests</c> to 1e-12.
/// </remarks>
public static class Multiplicity
{
    /// <summary>p times the number of tests.</summary>
    public static double[] Bonferroni(ReadOnlySpan<double> pValues)
    {
        Check(pValues);
        var adjusted = new double[pValues.Length];
        for (var i = 0; i < adjusted.Length; i++)
        {
            adjusted[i] = Math.Min(1.0, pValues[i] * adjusted.Length);
        }

        return adjusted;
    }

    /// <summary>Sidak's 1 - (1 - p)^m: exact for independent tests, safe for positively dependent ones (Sidak 1967).</summary>
    public static double[] Sidak(ReadOnlySpan<double> pValues)
    {
        Check(pValues);
        var adjusted = new double[pValues.Length];
        for (var i = 0; i < adjusted.Length; i++)
        {
            adjusted[i] = Power(pValues[i], adjusted.Length);
        }

        return adjusted;
    }

    /// <summary>Holm's step-down with Sidak's sizes, under the same conditions as <see cref="Sidak"/> and a little stronger than Holm.</summary>
    public static double[] HolmSidak(ReadOnlySpan<double> pValues)
    {
        var order = Order(pValues);
        var adjusted = new double[order.Length];
        var running = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            running = Math.Max(running, Power(pValues[order[rank]], order.Length - rank));
            adjusted[order[rank]] = running;
        }

        return adjusted;
    }

    /// <summary>Holm's step-down: as safe as Bonferroni and never weaker.</summary>
    public static double[] Holm(ReadOnlySpan<double> pValues) => StepDown(pValues, (rank, m) => m - rank);

    /// <summary>Hochberg's step-up.</summary>
    public static double[] Hochberg(ReadOnlySpan<double> pValues) => StepUp(pValues, (rank, m) => m - rank);

    /// <summary>Benjamini and Hochberg's step-up for the false discovery rate.</summary>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> pValues) => StepUp(pValues, (rank, m) => m / (rank + 1.0));

    /// <summary>Benjamini and Yekutieli's step-up for the false discovery rate under any dependence.</summary>
    public static double[] BenjaminiYekutieli(ReadOnlySpan<double> pValues)
    {
        var harmonic = 0.0;
        for (var i = pValues.Length; i >= 1; i--)
        {
            harmonic += 1.0 / i;
        }

        return StepUp(pValues, (rank, m) => harmonic * m / (rank + 1.0));
    }

    // 1 - (1 - p)^m without loss for tiny p.
    static double Power(double p, int tests) => p >= 1 ? 1 : -Elementary.Expm1(tests * Elementary.Log1p(-p));

    // The factor takes the rank of a p-value, from 0 for the smallest, and the number of tests.
    static double[] StepDown(ReadOnlySpan<double> pValues, Func<int, int, double> factor)
    {
        var order = Order(pValues);
        var adjusted = new double[order.Length];
        var running = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            running = Math.Max(running, Math.Min(1.0, pValues[order[rank]] * factor(rank, order.Length)));
            adjusted[order[rank]] = running;
        }

        return adjusted;
    }

    static double[] StepUp(ReadOnlySpan<double> pValues, Func<int, int, double> factor)
    {
        var order = Order(pValues);
        var adjusted = new double[order.Length];
        var running = 1.0;
        for (var rank = order.Length - 1; rank >= 0; rank--)
        {
            running = Math.Min(running, pValues[order[rank]] * factor(rank, order.Length));
            adjusted[order[rank]] = running;
        }

        return adjusted;
    }

    static int[] Order(ReadOnlySpan<double> pValues)
    {
        Check(pValues);
        var order = new int[pValues.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(pValues.ToArray(), order);
        return order;
    }

    static void Check(ReadOnlySpan<double> pValues)
    {
        for (var i = 0; i < pValues.Length; i++)
        {
            if (!(pValues[i] >= 0 && pValues[i] <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(pValues), pValues[i], $"The p-value at index {i} does not lie in 0 to 1.");
            }
        }
    }
}
