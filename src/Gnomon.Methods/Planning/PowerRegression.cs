using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable effect of the F test of some coefficients of a linear regression.</summary>
/// <remarks>
/// Noncentral F with noncentrality f2 n, exact for fixed columns (Cohen 1988, chapter 9, whose f2 is the explained variance over the unexplained). R's pwr.f2.test takes
/// f2 (u + v + 1) instead, which is the same when no other columns are held.
/// </remarks>
public static class PowerRegression
{
    /// <param name="n">Rows; more than all coefficients; need not be whole.</param>
    /// <param name="effect">Cohen's f2: what the tested columns add to R2, over what is left unexplained; see <see cref="EffectOfShares"/>.</param>
    /// <param name="tested">Coefficients tested together, at least 1.</param>
    /// <param name="held">Other coefficients of the model, without the intercept.</param>
    /// <param name="alpha">Size of the test.</param>
    public static double Power(double n, double effect, int tested, int held, double alpha = 0.05)
    {
        Check(tested, held, alpha);
        SizeSearch.Units(n, Fewest(tested, held));
        if (!(effect >= 0) || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "f2 is finite and at least 0.");
        return Core(n, effect, tested, held, alpha);
    }

    /// <summary>Rows for the wanted power, not rounded.</summary>
    public static double SampleSize(double effect, int tested, int held, double power, double alpha = 0.05)
    {
        Check(tested, held, alpha);
        PowerTwoProportions.Target(power, new PowerOptions { Alpha = alpha });
        if (!(effect > 0) || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "No sample size detects an effect of zero.");
        return SizeSearch.Units(n => Core(n, effect, tested, held, alpha), power, Fewest(tested, held), 10 / effect + tested + held);
    }

    /// <summary>The smallest f2 that is detected with the wanted power.</summary>
    public static double MinimumDetectableEffect(double n, int tested, int held, double power, double alpha = 0.05)
    {
        Check(tested, held, alpha);
        SizeSearch.Units(n, Fewest(tested, held));
        PowerTwoProportions.Target(power, new PowerOptions { Alpha = alpha });
        return SizeSearch.Effect(f => Core(n, f, tested, held, alpha), power, 10.0 / n)!.Value;
    }

    /// <summary>f2 of a share of variance explained by the tested columns, beside one explained by the others.</summary>
    /// <param name="added">What the tested columns add to R2, in (0, 1).</param>
    /// <param name="others">R2 of the other columns alone, in [0, 1); together below 1.</param>
    public static double EffectOfShares(double added, double others = 0)
    {
        if (!(added >= 0 && others >= 0 && added + others < 1))
            throw new ArgumentOutOfRangeException(nameof(added), added, "Shares of explained variance are not negative and add up to less than 1.");
        return added / (1 - added - others);
    }

    /// <summary>f2 of one coefficient.</summary>
    /// <param name="slope">The coefficient: change of the outcome for each unit of the column.</param>
    /// <param name="columnSd">Standard deviation of the column.</param>
    /// <param name="residualSd">Standard deviation of the outcome around the whole model.</param>
    /// <param name="overlap">R2 of the column on the other columns, in [0, 1).</param>
    public static double EffectOfCoefficient(double slope, double columnSd, double residualSd, double overlap = 0)
    {
        SizeSearch.Spread(columnSd);
        SizeSearch.Spread(residualSd);
        if (!(overlap >= 0 && overlap < 1))
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "The overlap with other columns lies in 0 to below 1.");
        var standardised = slope * columnSd / residualSd;
        return standardised * standardised * (1 - overlap);
    }

    static double Core(double n, double effect, int tested, int held, double alpha)
    {
        var denominator = n - tested - held - 1;
        return NoncentralF.Sf(FisherF.UpperQuantile(alpha, tested, denominator), tested, denominator, effect * n);
    }

    static double Fewest(int tested, int held) => tested + held + 2;

    static void Check(int tested, int held, double alpha)
    {
        SequentialArguments.Alpha(alpha);
        ArgumentOutOfRangeException.ThrowIfLessThan(tested, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(held);
    }
}
