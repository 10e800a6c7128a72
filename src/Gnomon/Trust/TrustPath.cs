using Gnomon.Numerics.Random;

namespace Gnomon.Trust;

/// <summary>One draw of a path: was "no effect" rejected at 5 %, and did the 95 % interval hold the true effect?</summary>
public readonly record struct TrustDraw(bool Rejected, bool Covered);

/// <summary>A method on the kind of data it is chosen for, with what it claims there: size and coverage are measured by drawing such data anew.</summary>
/// <param name="Id">Stable, kebab-case.</param>
/// <param name="Method">The test and interval.</param>
/// <param name="Situation">The data drawn, in words.</param>
/// <param name="Draw">Draws data without an effect (false) or with one (true) and analyses them.</param>
public sealed record TrustPath(string Id, string Method, string Situation, Func<Rng, bool, TrustDraw> Draw)
{
    /// <summary>Size of the test.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>The size is bounded from above only: exact tests of counts cannot spend all of it.</summary>
    public bool IsConservative { get; init; }

    /// <summary>Share of real effects that are promised to be found; null where none is promised.</summary>
    public double? LeastPower { get; init; }

    /// <summary>False for tests that come without an interval.</summary>
    public bool HasInterval { get; init; } = true;
}
