namespace Gnomon.Core.Findings.Plots;

/// <summary>How the values of a plot are measured; rates are drawn as percentages.</summary>
/// <param name="Unit">Unit of the contract: <c>proportion</c>, <c>relative</c>, or the metric's own.</param>
/// <param name="Change">True when the values are differences between arms.</param>
public sealed record PlotUnit(string Unit, bool Change = false)
{
    /// <summary>What a value is multiplied with on its way to the axis.</summary>
    internal double Factor => Unit is "proportion" or "relative" ? 100 : 1;

    /// <summary>Where "no difference" lies; null for levels.</summary>
    internal double? NoEffect => Unit.EndsWith("ratio", StringComparison.OrdinalIgnoreCase) && !(Change && Unit == "ratio") ? 1 : Change || Unit == "relative" ? 0 : null;

    /// <summary>The axis title: <c>Effect on converted (percentage points)</c>.</summary>
    internal string Title(string what) => Unit switch
    {
        "proportion" => $"{what} ({(Change ? "percentage points" : "%")})",
        "relative" => $"{what} (%)",
        "" or "1" or "number" => what,
        _ when what.Contains(Unit, StringComparison.OrdinalIgnoreCase) => what,
        _ => $"{what} ({Unit})",
    };
}
