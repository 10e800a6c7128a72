namespace Gnomon.Numerics.Distributions;

/// <summary>Sums over Poisson weights in log space, from the largest term outwards: the noncentral chi-square and F tails.</summary>
internal static class PoissonMixture
{
    // exp(-40) of the largest term is below its last bit.
    const double Negligible = 40.0;

    /// <summary>Logarithm of the sum of exp(logTerm(j)) over j = 0, 1, ...; the terms rise and then fall.</summary>
    /// <param name="logTerm">Logarithm of term j.</param>
    /// <param name="high">A j that the largest term does not lie beyond.</param>
    public static double LogSum(Func<long, double> logTerm, long high)
    {
        // Bisection on the sign of the difference of neighbours.
        var mode = DiscreteQuantile.Smallest(0, high, j => logTerm(j + 1) <= logTerm(j));
        var top = logTerm(mode);
        return double.IsNegativeInfinity(top) ? top : top + Math.Log(1.0 + OneSide(logTerm, mode, 1, top) + OneSide(logTerm, mode, -1, top));
    }

    static double OneSide(Func<long, double> logTerm, long mode, int direction, double top)
    {
        var sum = 0.0;
        for (var j = mode + direction; j >= 0; j += direction)
        {
            var log = logTerm(j) - top;
            if (log < -Negligible)
            {
                break;
            }

            sum += Math.Exp(log);
        }

        return sum;
    }
}
