namespace Gnomon.Core.Evidence.Data;

/// <summary>How far two definitions of one outcome name the same units.</summary>
/// <param name="First">One definition, in words.</param>
/// <param name="Second">The other.</param>
/// <param name="Kappa">Cohen's kappa.</param>
/// <param name="Low">Its lower limit.</param>
/// <param name="High">Its upper limit.</param>
/// <param name="Differ">Units on which they differ.</param>
public sealed record DefinitionAgreement(string First, string Second, double Kappa, double Low, double High, long Differ);
