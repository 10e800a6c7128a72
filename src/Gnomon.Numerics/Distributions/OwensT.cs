using Gnomon.Numerics.Optimizers;

namespace Gnomon.Numerics.Distributions;

/// <summary>Owen's T function: the chance that two independent unit normals fall in X above h and 0 below Y below a X.</summary>
/// <remarks>
/// Source: Owen 1956, Annals of Mathematical Statistics 27. For |a| at most 1 its defining integral by Gauss-Legendre quadrature, whose integrand is positive; beyond,
/// Owen's reflection onto 1 / a, written in upper tails so that nothing cancels. Agrees with 50-digit values to 1e-14 relative, where it does not underflow.
/// </remarks>
public static class OwensT
{
    const double InverseTwoPi = 0.15915494309189533577;

    // exp(-x^2 / 2) beyond this adds nothing to the integral.
    const double Reach = 9.3;

    static readonly GaussLegendre Rule = new(48);

    /// <param name="h">Where the wedge begins; T(-h, a) = T(h, a).</param>
    /// <param name="a">Slope of the wedge, infinite allowed; T(h, -a) = -T(h, a).</param>
    public static double Of(double h, double a)
    {
        Require.NotNaN(h);
        Require.NotNaN(a);
        var value = Positive(Math.Abs(h), Math.Abs(a));
        return a < 0 ? -value : value;
    }

    static double Positive(double h, double a)
    {
        if (double.IsPositiveInfinity(a))
        {
            return 0.5 * Normal.Sf(h);
        }

        if (h == 0)
        {
            return Math.Atan(a) * InverseTwoPi;
        }

        if (a <= 1)
        {
            return Wedge(h, a);
        }

        var near = Normal.Sf(h);
        var far = Normal.Sf(a * h);
        return 0.5 * near + (0.5 * far - near * far - Wedge(a * h, 1 / a));
    }

    // exp(-h^2 / 2) / (2 pi) times the integral of exp(-h^2 x^2 / 2) / (1 + x^2) from 0 to a, a at most 1.
    static double Wedge(double h, double a)
    {
        var end = Math.Min(a, Reach / h);
        var sum = Rule.Integrate(x => Math.Exp(-0.5 * h * h * x * x) / (1 + x * x), 0, end);

        // exp(-h^2 / 2) from h itself, the rounding of its square put back.
        var square = h * h;
        var low = Math.FusedMultiplyAdd(h, h, -square);
        return square > 1600 ? 0 : InverseTwoPi * Math.Exp(-0.5 * square) * (1.0 - 0.5 * low) * sum;
    }
}
