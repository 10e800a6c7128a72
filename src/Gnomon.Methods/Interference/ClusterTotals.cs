namespace Gnomon.Methods.Interference;

/// <summary>The clusters of one arm: what each adds to the numerator and to the denominator of the arm's mean.</summary>
/// <param name="Sums">Total of the metric in each cluster, in the metric's unit.</param>
/// <param name="Sizes">What the total is divided by: rows, units or trials of the cluster; above 0.</param>
public sealed record ClusterTotals(double[] Sums, double[] Sizes)
{
    /// <summary>Number of clusters.</summary>
    public int Count => Sums.Length;

    /// <summary>Mean over all units of the arm: total over total.</summary>
    public double Mean => Sums.Sum() / Sizes.Sum();

    internal void Require(string arm, int least)
    {
        if (Sums.Length != Sizes.Length)
            throw new ArgumentException("There must be one size per sum.", nameof(Sizes));
        if (Sums.Length < least)
            throw new TooFewRowsException($"The set of clusters of {arm}", Sums.Length, least, "cluster");
        for (var i = 0; i < Sums.Length; i++)
        {
            if (!(Sizes[i] > 0) || !double.IsFinite(Sizes[i]) || !double.IsFinite(Sums[i]))
                throw new ArgumentOutOfRangeException(nameof(Sizes), Sizes[i], "Every cluster needs a size above 0 and a finite sum.");
        }
    }
}
