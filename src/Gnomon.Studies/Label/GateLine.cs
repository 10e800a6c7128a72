using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>A scenario before and after: today's model or one from random rows, against one from chosen rows.</summary>
/// <param name="Scenario">Its number.</param>
/// <param name="Difference">Error after less error before; null where groups are too few.</param>
/// <param name="AdjustedP">One-sided p-value of "no worse than before", Holm over scenarios.</param>
internal sealed record GateLine(int Scenario, GroupedDifference? Difference, double? AdjustedP);
