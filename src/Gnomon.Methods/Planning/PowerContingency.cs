using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable effect of the chi-square test of a table: inverses of one another.</summary>
/// <remarks>Source: Cohen 1988, chapter 7: noncentral chi-square with noncentrality n w2. Asymptotic; expected counts below 5 make it an approximation.</remarks>
public static class PowerContingency
{
    /// <param name="n">Units of the whole table, positive.</param>
    /// <param name="effect">Cohen's w: root of the sum of (p - p0)^2 / p0 over the cells, at least 0.</param>
    /// <param name="degreesOfFreedom">(rows - 1) (columns - 1), or categories - 1 for goodness of fit.</param>
    /// <param name="alpha">Size of the test.</param>
    public static double Power(double n, double effect, int degreesOfFreedom, double alpha = 0.05)
    {
        Check(degreesOfFreedom, alpha);
        SizeSearch.Units(n, 0);
        if (!(effect >= 0) || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "w is finite and at least 0.");
        return Core(n * effect * effect, degreesOfFreedom, alpha);
    }

    /// <summary>Units of the whole table for the wanted power, not rounded.</summary>
    public static double SampleSize(double effect, int degreesOfFreedom, double power, double alpha = 0.05) =>
        effect > 0 && double.IsFinite(effect)
            ? Noncentrality(degreesOfFreedom, power, alpha) / (effect * effect)
            : throw new ArgumentOutOfRangeException(nameof(effect), effect, "No sample size detects an effect of zero.");

    /// <summary>The smallest w that is detected with the wanted power.</summary>
    public static double MinimumDetectableEffect(double n, int degreesOfFreedom, double power, double alpha = 0.05)
    {
        SizeSearch.Units(n, 0);
        return Math.Sqrt(Noncentrality(degreesOfFreedom, power, alpha) / n);
    }

    /// <summary>w of a table of probabilities against independence of its rows and columns.</summary>
    /// <param name="cells">Probabilities of the cells, row by row, adding up to 1.</param>
    /// <param name="columns">Columns of the table, at least 2.</param>
    public static double EffectOf(ReadOnlySpan<double> cells, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 2);
        if (cells.Length < 2 * columns || cells.Length % columns != 0)
            throw new ArgumentException($"The cells do not fill rows of {columns}.", nameof(cells));
        var rows = cells.Length / columns;
        var rowTotals = new double[rows];
        var columnTotals = new double[columns];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!(cells[i] >= 0))
                throw new ArgumentOutOfRangeException(nameof(cells), cells[i], "A probability is not negative.");
            rowTotals[i / columns] += cells[i];
            columnTotals[i % columns] += cells[i];
        }
        if (Math.Abs(rowTotals.Sum() - 1) > 1e-9)
            throw new ArgumentOutOfRangeException(nameof(cells), rowTotals.Sum(), "Probabilities add up to 1.");
        var square = 0.0;
        for (var i = 0; i < cells.Length; i++)
        {
            var expected = rowTotals[i / columns] * columnTotals[i % columns];
            if (!(expected > 0))
                throw new ArgumentOutOfRangeException(nameof(cells), "A row or column of the table has no probability at all.");
            square += (cells[i] - expected) * (cells[i] - expected) / expected;
        }
        return Math.Sqrt(square);
    }

    static double Noncentrality(int degreesOfFreedom, double power, double alpha)
    {
        Check(degreesOfFreedom, alpha);
        PowerTwoProportions.Target(power, new PowerOptions { Alpha = alpha });
        return SizeSearch.Effect(l => Core(l, degreesOfFreedom, alpha), power, 10 + degreesOfFreedom)!.Value;
    }

    static double Core(double noncentrality, int degreesOfFreedom, double alpha) =>
        NoncentralChiSquared.Sf(ChiSquared.UpperQuantile(alpha, degreesOfFreedom), degreesOfFreedom, noncentrality);

    static void Check(int degreesOfFreedom, double alpha)
    {
        SequentialArguments.Alpha(alpha);
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
    }
}
