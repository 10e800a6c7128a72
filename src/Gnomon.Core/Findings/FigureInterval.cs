namespace Gnomon.Core.Findings;

/// <summary>An interval in words, from <see cref="Figures.Interval(Estimate)"/>.</summary>
/// <param name="Value">Point estimate, rounded, with a sign when it is a change.</param>
/// <param name="Low">Lower bound, same digits.</param>
/// <param name="High">Upper bound, same digits.</param>
/// <param name="Suffix">Unit behind the number: <c>pp</c>, <c>%</c>, <c>EUR</c>; empty for a bare number.</param>
public sealed record FigureInterval(string Value, string Low, string High, string Suffix)
{
    /// <summary><c>+0.31 pp</c>.</summary>
    public string Point => Suffix.Length == 0 ? Value : $"{Value} {Suffix}";

    /// <summary><c>+0.02 to +0.60 pp</c>.</summary>
    public string Range => Suffix.Length == 0 ? $"{Low} to {High}" : $"{Low} to {High} {Suffix}";
}
