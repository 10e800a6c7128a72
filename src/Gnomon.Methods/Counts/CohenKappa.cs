using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Counts;

/// <summary>How disagreement is weighed by its distance.</summary>
public enum KappaWeights
{
    /// <summary>Any disagreement counts fully: for names.</summary>
    None,

    /// <summary>By the distance of the categories: for ordered ones.</summary>
    Linear,

    /// <summary>By its square.</summary>
    Quadratic,
}

/// <summary>Agreement of two raters beyond chance.</summary>
/// <remarks>Sources: Cohen 1960 and 1968; Fleiss, Cohen and Everitt 1969, Psychological Bulletin 72, for the errors. Agrees with statsmodels <c>cohens_kappa</c> to 1e-12.</remarks>
public static class CohenKappa
{
    /// <param name="counts">Square table in row order: row the first rater's category, column the second's.</param>
    /// <param name="categories">Number of categories, at least 2.</param>
    /// <param name="weights">Weighing of disagreement.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Kappa with its large-sample interval; z and p test that agreement is what chance gives.</returns>
    /// <exception cref="NotEstimableException">The table is empty, or all ratings are one and the same category.</exception>
    public static ContrastResult Test(ReadOnlySpan<long> counts, int categories, KappaWeights weights = KappaWeights.None, double level = 0.95)
    {
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 2);
        if (counts.Length != categories * categories)
        {
            throw new ArgumentException($"{counts.Length} counts do not fill a table of {categories} by {categories}.", nameof(counts));
        }

        var n = 0.0;
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            n += count;
        }

        if (n == 0)
        {
            throw new NotEstimableException("The table is empty, so there is no agreement to measure.");
        }

        var rows = new double[categories];
        var columns = new double[categories];
        for (var i = 0; i < categories; i++)
        {
            for (var j = 0; j < categories; j++)
            {
                rows[i] += counts[i * categories + j] / n;
                columns[j] += counts[i * categories + j] / n;
            }
        }

        // Mean agreement weight of each category against the other rater's margin.
        var rowMeans = new double[categories];
        var columnMeans = new double[categories];
        double seen = 0, chance = 0;
        for (var i = 0; i < categories; i++)
        {
            for (var j = 0; j < categories; j++)
            {
                var w = Agreement(i, j, categories, weights);
                seen += w * counts[i * categories + j] / n;
                chance += w * rows[i] * columns[j];
                rowMeans[i] += w * columns[j];
                columnMeans[j] += w * rows[i];
            }
        }

        if (!(chance < 1))
        {
            throw new NotEstimableException("All ratings are one and the same category, so chance alone explains the agreement.");
        }

        double spread = 0, nullSpread = 0;
        for (var i = 0; i < categories; i++)
        {
            for (var j = 0; j < categories; j++)
            {
                var w = Agreement(i, j, categories, weights);
                var part = w * (1.0 - chance) - (rowMeans[i] + columnMeans[j]) * (1.0 - seen);
                spread += counts[i * categories + j] / n * part * part;
                var nullPart = w - (rowMeans[i] + columnMeans[j]);
                nullSpread += rows[i] * columns[j] * nullPart * nullPart;
            }
        }

        var kappa = (seen - chance) / (1.0 - chance);
        var centre = seen * chance - 2.0 * chance + seen;
        var error = Math.Sqrt(Math.Max(0.0, spread - centre * centre) / n) / ((1.0 - chance) * (1.0 - chance));
        var nullVariance = Math.Max(0.0, nullSpread - chance * chance) / n;
        if (!(nullVariance > 0))
        {
            throw new NotEstimableException("A rater uses one category only, so chance agreement has no spread.");
        }

        var z = (seen - chance) / Math.Sqrt(nullVariance);
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        var name = weights switch
        {
            KappaWeights.None => "Cohen's kappa",
            KappaWeights.Linear => "Cohen's kappa, linear weights",
            _ => "Cohen's kappa, quadratic weights",
        };
        return new(kappa, Math.Max(-1.0, kappa - reach), Math.Min(1.0, kappa + reach), error, z, null, TwoByTwo.TwoSided(z), level, name);
    }

    static double Agreement(int i, int j, int categories, KappaWeights weights)
    {
        var distance = Math.Abs(i - j) / (categories - 1.0);
        return weights switch
        {
            KappaWeights.None => i == j ? 1.0 : 0.0,
            KappaWeights.Linear => 1.0 - distance,
            _ => 1.0 - distance * distance,
        };
    }
}
