namespace Gnomon.Methods.Regression;

/// <summary>A value of the outcome that the chosen family cannot have: a negative count, a share above 1.</summary>
public sealed class OutcomeRangeException : ArgumentException
{
    /// <param name="message">What the family allows, and the first row outside it.</param>
    public OutcomeRangeException(string message)
        : base(message)
    {
    }
}
