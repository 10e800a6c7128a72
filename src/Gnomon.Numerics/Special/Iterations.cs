namespace Gnomon.Numerics.Special;

/// <summary>Limits for series and continued fractions whose length grows with the square root of a parameter.</summary>
internal static class Iterations
{
    public static int For(double parameter) => (int)Math.Min(1000.0 + 60.0 * Math.Sqrt(parameter), 1e9);

    public static ArithmeticException Exhausted(string what) => new($"{what} did not converge within its iteration limit.");
}
