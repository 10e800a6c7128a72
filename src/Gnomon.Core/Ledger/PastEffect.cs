namespace Gnomon.Core.Ledger;

/// <summary>The leading relative effect that a past experiment ended with.</summary>
/// <param name="Metric">The primary metric.</param>
/// <param name="Contrast">The contrast, for example <c>B / A - 1</c>.</param>
/// <param name="Lift">Relative effect: 0.02 is a rise of 2 %.</param>
/// <param name="StandardError">Its standard error.</param>
public sealed record PastEffect(string Metric, string Contrast, double Lift, double StandardError)
{
    /// <summary>The finding said to ship: the idea won, after every correction and check.</summary>
    public bool Won { get; init; }
}
