namespace Gnomon.Core.Findings;

/// <summary>How a unit of the contract is written.</summary>
/// <param name="Factor">What the JSON number is multiplied with.</param>
/// <param name="Suffix">What stands behind it.</param>
/// <param name="Signed">True for changes: an increase carries a plus.</param>
/// <param name="NoEffect">The value that means "no difference", in JSON units; null for levels.</param>
public sealed record FigureUnit(double Factor, string Suffix, bool Signed, double? NoEffect)
{
    /// <summary>The unit of an estimate, as a change where it is a contrast.</summary>
    public static FigureUnit Of(Estimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        return Of(estimate.Unit, IsChange(estimate));
    }

    /// <param name="unit">Unit of the contract.</param>
    /// <param name="change">True for a difference between arms, false for a level.</param>
    public static FigureUnit Of(string unit, bool change)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return unit switch
        {
            "proportion" => new(100, change ? "pp" : "%", change, change ? 0 : null),
            "relative" => new(100, "%", true, 0),

            // A metric that is a total over a total: its difference between arms is about 0, unlike a ratio of arms.
            "ratio" when change => new(1, string.Empty, true, 0),
            _ when IsRatio(unit) => new(1, string.Empty, false, 1),
            "" or "1" or "count" or "number" => new(1, string.Empty, change, change ? 0 : null),
            _ => new(1, unit, change, change ? 0 : null),
        };
    }

    private static bool IsChange(Estimate e) =>
        e.Contrast is not null || e.Name.Contains("difference", StringComparison.OrdinalIgnoreCase) || e.Name.Contains("effect", StringComparison.OrdinalIgnoreCase);

    // "odds ratio", "hazard-ratio": equal arms give 1.
    private static bool IsRatio(string unit) => unit.EndsWith("ratio", StringComparison.OrdinalIgnoreCase);
}
