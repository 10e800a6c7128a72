using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Families;

/// <summary>q-values and the estimated share of true null hypotheses behind them.</summary>
/// <param name="NullShare">Estimated share of hypotheses without an effect, in (0, 1].</param>
/// <param name="QValues">One per hypothesis, in the order they came: the false discovery rate of calling everything up to it.</param>
public sealed record StoreyResult(double NullShare, IReadOnlyList<double> QValues);

/// <summary>Storey's q-values: Benjamini and Hochberg, sharpened by an estimate of how many hypotheses are null.</summary>
/// <remarks>
/// Source: Storey, Taylor and Siegmund 2004, Journal of the Royal Statistical Society B 66: the null share is (1 + number of p above lambda) / ((1 - lambda) m), which keeps the
/// false discovery rate in finite samples under independence; each q-value is Benjamini and Hochberg's adjusted p-value times that share. For hundreds of tests.
/// </remarks>
public static class StoreyQ
{
    /// <param name="pValues">p-values in [0, 1].</param>
    /// <param name="lambda">Above it p-values are taken to come from nulls, in [0, 1).</param>
    public static StoreyResult Of(ReadOnlySpan<double> pValues, double lambda = 0.5)
    {
        if (!(lambda >= 0 && lambda < 1))
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "lambda must lie in 0 to 1, below 1.");
        var adjusted = Multiplicity.BenjaminiHochberg(pValues);
        if (adjusted.Length == 0)
            return new(1, adjusted);
        var above = 0;
        foreach (var p in pValues)
            above += p > lambda ? 1 : 0;
        var share = Math.Min(1, (1 + above) / ((1 - lambda) * adjusted.Length));
        for (var i = 0; i < adjusted.Length; i++)
            adjusted[i] *= share;
        return new(share, adjusted);
    }
}
