namespace Gnomon.Methods.Planning;

/// <summary>How repeated measurements of the metric are analysed.</summary>
public enum RepeatedAnalysis
{
    /// <summary>The mean of the measurements after the start, adjusted for the mean of those before it: never worse than the other two.</summary>
    Adjusted,

    /// <summary>The mean of the measurements after the start.</summary>
    After,

    /// <summary>Mean after minus mean before.</summary>
    Change,
}

/// <summary>What measuring every unit several times saves: the variance of its summary, over that of one measurement.</summary>
/// <remarks>
/// Source: Frison and Pocock 1992, Statistics in Medicine 11; equal correlation of all measurements. One measurement before and one after, adjusted, is what
/// experimenters call CUPED: 1 - correlation^2.
/// </remarks>
public static class RepeatedMeasures
{
    /// <param name="after">Measurements after the start, at least 1.</param>
    /// <param name="before">Measurements before it, at least 0; an analysis of change needs 1.</param>
    /// <param name="correlation">Correlation of two measurements of a unit, in [0, 1).</param>
    /// <param name="analysis">What is compared.</param>
    public static double VarianceFactor(int after, int before, double correlation, RepeatedAnalysis analysis = RepeatedAnalysis.Adjusted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(before, analysis == RepeatedAnalysis.Change ? 1 : 0);
        if (!(correlation >= 0 && correlation < 1))
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation of a unit's measurements lies in 0 to below 1.");
        var mean = (1 + (after - 1) * correlation) / after;
        return (before, analysis) switch
        {
            (0, _) or (_, RepeatedAnalysis.After) => mean,
            (_, RepeatedAnalysis.Change) => mean + (1 + (before - 1) * correlation) / before - 2 * correlation,
            _ => mean - before * correlation * correlation / (1 + (before - 1) * correlation),
        };
    }
}
