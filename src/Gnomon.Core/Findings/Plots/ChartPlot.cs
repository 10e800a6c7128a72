namespace Gnomon.Core.Findings.Plots;

/// <summary>The chart that a user asks for: pages draw it as every plot, and a terminal draws it, too.</summary>
public static class ChartPlot
{
    /// <summary>The id of the plot: bars of <c>label</c> and <c>value</c>, or points of <c>at</c> or <c>x</c>, <c>value</c> and <c>series</c>.</summary>
    public const string Id = "chart";
}
