using Gnomon.Data.Ledger;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;

namespace Gnomon.Programme;

/// <summary>One primary result with what it is worth among all of them.</summary>
/// <param name="Test">The hypothesis and its newest p-value.</param>
/// <param name="LordThreshold">Size LORD++ gave it on arrival.</param>
/// <param name="Lord">Whether LORD++ counts it as a discovery.</param>
/// <param name="SaffronThreshold">Size SAFFRON gave it on arrival.</param>
/// <param name="Saffron">Whether SAFFRON counts it as a discovery.</param>
/// <param name="Adjusted">p adjusted by Benjamini and Hochberg over everything recorded so far: the same question asked in hindsight.</param>
public sealed record Discovery(PrimaryTest Test, double LordThreshold, bool Lord, double SaffronThreshold, bool Saffron, double Adjusted);

/// <summary>Which results of a programme of experiments are discoveries, when the share of false ones among them must stay small.</summary>
/// <remarks>
/// A programme has no end, so every result is decided on arrival, at a size that follows from the results before it (<see cref="OnlineFdr"/>). The rate holds for independent,
/// valid p-values: the newest look of a planned test is one, a p-value that was read until it was small is not.
/// </remarks>
public static class Discoveries
{
    /// <summary>Decides every primary result in the order of its first look.</summary>
    /// <param name="stream">From <see cref="LedgerFile.PrimaryTests"/>.</param>
    /// <param name="rate">Wanted false discovery rate, in (0, 1).</param>
    public static IReadOnlyList<Discovery> Of(IReadOnlyList<PrimaryTest> stream, double rate = 0.05)
    {
        ArgumentNullException.ThrowIfNull(stream);
        double[] p = [.. stream.Select(t => t.PValue)];
        var lord = OnlineFdr.Lord(p, rate);
        var saffron = OnlineFdr.Saffron(p, rate);
        var adjusted = p.Length == 0 ? [] : Multiplicity.BenjaminiHochberg(p);
        return [.. stream.Select((t, i) => new Discovery(t, lord[i].Threshold, lord[i].Rejected, saffron[i].Threshold, saffron[i].Rejected, adjusted[i]))];
    }
}
