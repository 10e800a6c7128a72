namespace Gnomon.Core.Evidence.Data;

/// <summary>How far two annotators of the same rows agree beyond chance.</summary>
/// <param name="First">Column of the first annotator's labels.</param>
/// <param name="Second">Column of the second's.</param>
/// <param name="Kappa">Cohen's kappa.</param>
/// <param name="Low">Its lower limit.</param>
/// <param name="High">Its upper limit.</param>
/// <param name="Rows">Rows with both labels.</param>
/// <param name="Differ">Of these, rows on which the two differ.</param>
public sealed record AnnotatorAgreement(string First, string Second, double Kappa, double Low, double High, long Rows, long Differ);
