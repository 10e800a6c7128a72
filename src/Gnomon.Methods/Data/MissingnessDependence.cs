using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Data;

/// <summary>Does a missing cell go with the value of a numeric column?</summary>
/// <param name="Difference">Mean of the other column where cells are missing minus where they are present.</param>
/// <param name="Separation">Chance that its value is larger where cells are missing.</param>
/// <param name="PValue">The smaller of the Welch and Mann-Whitney p-values, doubled for the choice.</param>
public sealed record NumericMissingness(ContrastResult Difference, AucResult Separation, double PValue)
{
    /// <summary>Whether the separation is large enough to matter: its interval lies wholly outside 0.45 to 0.55.</summary>
    public bool IsMaterial => Separation.Low > 0.55 || Separation.High < 0.45;
}

/// <summary>The missing rate in one category against all others.</summary>
/// <param name="Category">Index of the category.</param>
/// <param name="Rate">Missing rate in it.</param>
/// <param name="RateElsewhere">Missing rate outside it.</param>
/// <param name="Difference">Rate minus rate elsewhere, with Newcombe's interval.</param>
public sealed record MissingRate(int Category, double Rate, double RateElsewhere, ContrastResult Difference);

/// <summary>Does a missing cell go with a category?</summary>
/// <param name="Test">Chi-square test of missing by category.</param>
/// <param name="Rates">Missing rates of the categories that hold rows, in input order.</param>
public sealed record CategoryMissingness(ContingencyResult Test, IReadOnlyList<MissingRate> Rates)
{
    /// <summary>p-value of the chi-square test.</summary>
    public double PValue => Test.PValue;

    /// <summary>Whether a rate differs enough to matter: an interval lies wholly beyond one percentage point.</summary>
    public bool IsMaterial => Rates.Any(r => r.Difference.Low > 0.01 || r.Difference.High < -0.01);
}

/// <summary>Tests that a missing-value indicator depends on another column.</summary>
/// <remarks>Several columns are judged together by <see cref="Multiplicity.Holm"/> on their p-values. Sources: Little and Rubin 2019 (missing at random against completely at random); Newcombe 1998; DeLong et al. 1988.</remarks>
public static class MissingnessDependence
{
    /// <param name="whereMissing">The other column's values in rows where the cell is missing, at least 2.</param>
    /// <param name="wherePresent">Its values in the other rows, at least 2.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Null when there are too few rows or the other column does not vary.</returns>
    public static NumericMissingness? Numeric(ReadOnlySpan<double> whereMissing, ReadOnlySpan<double> wherePresent, double level = 0.95)
    {
        if (whereMissing.Length < 2 || wherePresent.Length < 2)
            return null;
        var missing = Moments.Of(whereMissing);
        var present = Moments.Of(wherePresent);
        if (!(missing.M2 > 0) && !(present.M2 > 0))
            return null;
        var difference = WelchT.Test(missing, present, level);
        var separation = AreaUnderCurve.Of(whereMissing, wherePresent, level);
        return new(difference, separation, Math.Min(1, 2 * Math.Min(difference.PValue, separation.PValue)));
    }

    /// <param name="missing">Missing cells per category.</param>
    /// <param name="present">Present cells per category.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Null when nothing is missing, nothing is present, or fewer than two categories hold rows.</returns>
    public static CategoryMissingness? Category(ReadOnlySpan<long> missing, ReadOnlySpan<long> present, double level = 0.95)
    {
        if (missing.Length != present.Length)
            throw new ArgumentException("Every category needs a missing and a present count.", nameof(present));
        if (ContingencyTest.ChiSquare([.. missing, .. present], missing.Length) is not { } test)
            return null;
        long allMissing = 0, allRows = 0;
        for (var i = 0; i < missing.Length; i++)
        {
            allMissing += missing[i];
            allRows += missing[i] + present[i];
        }
        var rates = new List<MissingRate>();
        for (var i = 0; i < missing.Length; i++)
        {
            var rows = missing[i] + present[i];
            if (rows == 0)
                continue;
            var elsewhere = allMissing - missing[i];
            var rowsElsewhere = allRows - rows;
            var difference = TwoProportions.Score(missing[i], rows, elsewhere, rowsElsewhere, level);
            rates.Add(new(i, (double)missing[i] / rows, (double)elsewhere / rowsElsewhere, difference));
        }
        return new(test, rates);
    }
}
