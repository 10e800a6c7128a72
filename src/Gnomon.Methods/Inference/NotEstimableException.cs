namespace Gnomon.Methods;

/// <summary>These data, though well formed, do not determine the quantity asked for: no variation at all, a ratio over 0, and the like.</summary>
public sealed class NotEstimableException : InvalidOperationException
{
    /// <param name="message">What cannot be estimated and why.</param>
    public NotEstimableException(string message)
        : base(message)
    {
    }
}
