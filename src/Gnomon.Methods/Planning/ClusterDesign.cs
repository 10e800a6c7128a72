namespace Gnomon.Methods.Planning;

/// <summary>What randomising groups instead of units costs.</summary>
/// <remarks>Sources: Donner and Klar 2000, chapter 5; unequal sizes: Eldridge, Ashby and Kerry 2006, International Journal of Epidemiology 35.</remarks>
public static class ClusterDesign
{
    /// <summary>The factor by which the variance of an arm's mean grows: 1 + ((1 + cv^2) m - 1) icc.</summary>
    /// <param name="meanSize">Units of a cluster on average, at least 1.</param>
    /// <param name="icc">Intraclass correlation of the metric, in [0, 1]: the share of its variance that lies between clusters.</param>
    /// <param name="sizeVariation">Coefficient of variation of the sizes, at least 0; 0 when all clusters are equal.</param>
    public static double DesignEffect(double meanSize, double icc, double sizeVariation = 0)
    {
        if (!(meanSize >= 1) || !double.IsFinite(meanSize))
            throw new ArgumentOutOfRangeException(nameof(meanSize), meanSize, "A cluster has at least one unit.");
        if (!(icc >= 0 && icc <= 1))
            throw new ArgumentOutOfRangeException(nameof(icc), icc, "The intraclass correlation lies between 0 and 1.");
        if (!(sizeVariation >= 0) || !double.IsFinite(sizeVariation))
            throw new ArgumentOutOfRangeException(nameof(sizeVariation), sizeVariation, "The variation of sizes cannot be negative.");
        return 1 + ((1 + sizeVariation * sizeVariation) * meanSize - 1) * icc;
    }

    /// <summary>Standard deviation of a cluster's mean around its arm's mean, in the metric's unit: the planning of clusters is that of as many values with this spread.</summary>
    /// <param name="sd">Standard deviation of the metric over units.</param>
    /// <param name="meanSize">Units of a cluster on average.</param>
    /// <param name="icc">Intraclass correlation.</param>
    /// <param name="sizeVariation">Coefficient of variation of the sizes.</param>
    public static double ClusterMeanDeviation(double sd, double meanSize, double icc, double sizeVariation = 0)
    {
        if (!(sd > 0) || !double.IsFinite(sd))
            throw new ArgumentOutOfRangeException(nameof(sd), sd, "The standard deviation must be positive.");
        return sd * Math.Sqrt(DesignEffect(meanSize, icc, sizeVariation) / meanSize);
    }
}
