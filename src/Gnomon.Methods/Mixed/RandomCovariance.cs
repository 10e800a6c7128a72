namespace Gnomon.Methods.Mixed;

/// <summary>Estimated covariance of the effects of one random term (or of one effect of an uncorrelated term).</summary>
/// <param name="Group">Name of the grouping column.</param>
/// <param name="Groups">Number of groups.</param>
/// <param name="Names">Names of the effects.</param>
/// <param name="Covariance">Row by row, in squared units of the outcome over the units of the columns.</param>
public sealed record RandomCovariance(string Group, int Groups, IReadOnlyList<string> Names, IReadOnlyList<double> Covariance)
{
    /// <summary>Standard deviation of one effect between groups.</summary>
    public double StandardDeviation(int index) => Math.Sqrt(Covariance[index * Names.Count + index]);

    /// <summary>Correlation of two effects; null when one of them does not vary.</summary>
    public double? Correlation(int i, int j) =>
        StandardDeviation(i) * StandardDeviation(j) is > 0 and var scale ? Math.Clamp(Covariance[i * Names.Count + j] / scale, -1.0, 1.0) : null;
}

/// <summary>Predicted effect of one group: its conditional mode, shrunken towards 0.</summary>
/// <param name="Group">Name of the grouping column.</param>
/// <param name="Level">Code of the group.</param>
/// <param name="Effect">Name of the effect.</param>
/// <param name="Value">In the outcome's unit over the unit of the column.</param>
/// <param name="ConditionalDeviation">Standard deviation of the effect given the data and the parameters.</param>
public sealed record GroupEffect(string Group, int Level, string Effect, double Value, double ConditionalDeviation);

/// <summary>How the variance of the outcome is shared out.</summary>
/// <param name="Fixed">Variance of the fixed part over the rows.</param>
/// <param name="Random">Mean variance of the random part over the rows, one value per grouping.</param>
/// <param name="Residual">Mean residual variance.</param>
/// <remarks>Sources: Nakagawa and Schielzeth 2013, Methods Ecol. Evol. 4; Johnson 2014, Methods Ecol. Evol. 5, for random slopes.</remarks>
public sealed record VarianceShares(double Fixed, IReadOnlyList<KeyValuePair<string, double>> Random, double Residual)
{
    /// <summary>Share of the outcome's variance that the fixed part explains, 0..1.</summary>
    public double MarginalRSquared => Fixed / Total;

    /// <summary>Share that fixed and random parts explain together, 0..1.</summary>
    public double ConditionalRSquared => (Total - Residual) / Total;

    /// <summary>Share of what the fixed part leaves that lies between groups, 0..1: the intra-class correlation, adjusted for the fixed part.</summary>
    public double IntraClassCorrelation => 1.0 - Residual / (Total - Fixed);

    double Total => Fixed + Random.Sum(r => r.Value) + Residual;
}
