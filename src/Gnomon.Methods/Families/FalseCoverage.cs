namespace Gnomon.Methods.Families;

/// <summary>Intervals of results that were picked because they stood out.</summary>
/// <remarks>
/// Source: Benjamini and Yekutieli 2005, Journal of the American Statistical Association 100. Of the intervals shown, at most a share alpha is expected to miss its parameter, when
/// selection was by Benjamini and Hochberg (or any simple rule) and the estimates are independent or positively dependent.
/// </remarks>
public static class FalseCoverage
{
    /// <summary>The level at which each selected interval is computed: 1 - selected * alpha / tested.</summary>
    /// <param name="selected">Results shown, at least 1.</param>
    /// <param name="tested">Results looked at, at least as many.</param>
    /// <param name="level">Wanted level over the selected ones, in (0, 1).</param>
    public static double Level(int selected, int tested, double level = 0.95)
    {
        if (selected < 1 || tested < selected)
            throw new ArgumentOutOfRangeException(nameof(selected), selected, "At least one result is selected, and no more than were tested.");
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level must lie between 0 and 1.");
        return 1 - (1 - level) * selected / tested;
    }
}
