namespace Gnomon.Methods.Experiments;

/// <summary>Whether a test may also stop because a gain is out of sight.</summary>
public enum FutilityStopping
{
    /// <summary>The test stops only with an effect.</summary>
    None,

    /// <summary>The futility bound must be obeyed: the bounds for an effect take credit for it, and the size is lost when it is overruled.</summary>
    Binding,

    /// <summary>The futility bound is advice: the size holds whether or not it is obeyed.</summary>
    NonBinding,
}

/// <summary>When a test that is read several times may stop.</summary>
/// <remarks>
/// Futility is on the side of the planned effect: the error of missing it (beta) is spent by a function of the same family
/// (Pampallona, Tsiatis and Kim 2001; Anderson and Keaven 2004 call the two forms test types 3 and 4 of gsDesign).
/// </remarks>
public sealed record StoppingRule
{
    /// <summary>|z| of p = 0.001, two-sided: the usual interim bound of Haybittle and Peto for products; trials often write 3.</summary>
    public const double UsualInterimZ = 3.2905267314919255;

    /// <summary>How the size is spent.</summary>
    public AlphaSpending Spending { get; init; } = AlphaSpending.ObrienFleming;

    /// <summary>Exponent of the power family, positive: 1 is near Pocock, 3 near O'Brien and Fleming.</summary>
    public double Rho { get; init; } = 3;

    /// <summary>Bound of |z| before the end under Haybittle and Peto's rule.</summary>
    public double InterimZ { get; init; } = UsualInterimZ;

    /// <summary>Whether and how the test stops for futility.</summary>
    public FutilityStopping Futility { get; init; }

    /// <summary>How the chance of missing the planned effect is spent; <see cref="AlphaSpending.HaybittlePeto"/> is not a function of information and is refused.</summary>
    public AlphaSpending BetaSpending { get; init; } = AlphaSpending.ObrienFleming;

    /// <summary>Exponent of the power family for futility.</summary>
    public double BetaRho { get; init; } = 3;

    /// <summary>Two-sided error allowed up to a share of the information.</summary>
    /// <param name="information">Share of the planned information in [0, 1].</param>
    /// <param name="alpha">Two-sided error in all.</param>
    /// <exception cref="ArgumentException">Haybittle and Peto's rule before the end: its error follows from its bound.</exception>
    public double Spent(double information, double alpha) => Spent(Spending, Rho, information, alpha, sides: 2);

    /// <summary>Chance of missing the planned effect that is allowed up to a share of the information.</summary>
    /// <param name="information">Share of the planned information in [0, 1].</param>
    /// <param name="beta">That chance in all: one minus the power.</param>
    public double BetaSpent(double information, double beta) => Spent(BetaSpending, BetaRho, information, beta, sides: 1);

    static double Spent(AlphaSpending spending, double rho, double information, double error, int sides)
    {
        SequentialArguments.Alpha(error);
        SequentialArguments.Information(information);
        return spending switch
        {
            AlphaSpending.ObrienFleming => GroupSequential.ObrienFlemingSpend(information, error, sides),
            AlphaSpending.Pocock => GroupSequential.PocockSpend(information, error),
            AlphaSpending.KimDeMets when rho > 0 && double.IsFinite(rho) => error * Math.Pow(information, rho),
            AlphaSpending.KimDeMets => throw new ArgumentOutOfRangeException(nameof(rho), rho, "The exponent of the power family must be positive."),
            _ when information == 1 => error,
            _ => throw new ArgumentException("Haybittle and Peto's rule fixes its bound before the end, not the error spent by then.", nameof(spending)),
        };
    }
}
