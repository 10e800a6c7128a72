namespace Gnomon.Methods.Interference;

/// <summary>How a test of regions is read.</summary>
public enum RegionMethod
{
    /// <summary>Analysis of covariance on regions, errors by region.</summary>
    Covariance,

    /// <summary>The same, tested by assigning the few regions again.</summary>
    CovarianceReassigned,

    /// <summary>Differences within pairs, errors by pair.</summary>
    Pairs,

    /// <summary>The same, tested by swapping the few pairs.</summary>
    PairsSwapped,

    /// <summary>Synthetic control of few treated regions, tested by placebo assignments.</summary>
    Synthetic,
}

/// <summary>The method that the number of regions allows: one rule for planning a test and for reading it.</summary>
public static class RegionMethods
{
    /// <summary>Below so many regions, or pairs, the test assigns them again in every way.</summary>
    public const int Few = 12;

    // The error of a mean over fewer treated regions than this hangs on one of them; what the others foretell is surer.
    const int FewTreated = 5;
    const int FewestOthers = 4;
    const int FewestPeriods = 8;

    /// <param name="treated">Treated regions.</param>
    /// <param name="control">Other regions.</param>
    /// <param name="before">Periods before the start.</param>
    /// <param name="isPaired">One region of every pair was drawn.</param>
    public static RegionMethod Choose(int treated, int control, int before, bool isPaired) =>
        isPaired ? treated < Few ? RegionMethod.PairsSwapped : RegionMethod.Pairs
        : treated < FewTreated && control >= 2 * treated && control >= FewestOthers && before >= FewestPeriods ? RegionMethod.Synthetic
        : treated + control < Few ? RegionMethod.CovarianceReassigned : RegionMethod.Covariance;
}
