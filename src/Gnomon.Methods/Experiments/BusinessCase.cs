using Gnomon.Methods.Bayes;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>What an effect is worth against what it costs.</summary>
/// <param name="Monthly">Worth of the effect in a month, in money.</param>
/// <param name="MonthlyInterval">Its interval.</param>
/// <param name="Net">Worth over the horizon, discounted, less the cost.</param>
/// <param name="NetInterval">Its interval.</param>
/// <param name="PaybackMonths">Months until the undiscounted worth covers the cost; null when the effect brings nothing, 0 when it costs nothing.</param>
/// <param name="ChanceItPays">Chance that the net worth is above 0, with no opinion before the data.</param>
/// <param name="LossOfLaunching">Expected loss of launching, where the truth is that it does not pay.</param>
/// <param name="LossOfLeaving">Expected loss of not launching, where the truth is that it pays.</param>
/// <param name="ValueOfCertainty">What knowing the effect for certain before the decision would be worth.</param>
/// <param name="ValueOfSameAgain">What as many units again would be worth before the decision.</param>
public sealed record BusinessCaseResult(
    double Monthly, Interval MonthlyInterval, double Net, Interval NetInterval, double? PaybackMonths, double ChanceItPays, double LossOfLaunching, double LossOfLeaving, double ValueOfCertainty, double ValueOfSameAgain);

/// <summary>Payback, net worth, the cost of a wrong call and the worth of more data for an effect with a normal estimate.</summary>
/// <remarks>
/// Present value of equal monthly amounts at a twelfth of the yearly rate (ordinary annuity); losses and the worth of information under a flat prior, by the unit normal loss (Raiffa and
/// Schlaifer 1961; <see cref="NormalBelief"/>). Cost is certain and spent at once; the effect is taken to last for the horizon.
/// </remarks>
public static class BusinessCase
{
    /// <param name="effect">Effect per unit, positive is better.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="moneyPerEffect">Money that one unit of the effect brings in a month: worth of one unit of the metric times units reached; positive.</param>
    /// <param name="cost">Money spent once, not negative.</param>
    /// <param name="months">Horizon, positive.</param>
    /// <param name="yearlyRate">Discount rate a year, in [0, 1).</param>
    /// <param name="level">Confidence level of the intervals.</param>
    public static BusinessCaseResult Of(double effect, double standardError, double moneyPerEffect, double cost, double months, double yearlyRate = 0, double level = 0.95)
    {
        InferenceGuard.Level(level);
        InferenceGuard.Finite(effect);
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is positive and finite.");
        if (!(moneyPerEffect > 0) || !double.IsFinite(moneyPerEffect))
            throw new ArgumentOutOfRangeException(nameof(moneyPerEffect), moneyPerEffect, "The worth of the effect is positive and finite.");
        if (!(cost >= 0) || !double.IsFinite(cost))
            throw new ArgumentOutOfRangeException(nameof(cost), cost, "A cost is finite and not negative.");
        if (!(months > 0) || !double.IsFinite(months))
            throw new ArgumentOutOfRangeException(nameof(months), months, "A horizon is positive and finite.");
        var annuity = Annuity(months, yearlyRate);
        var (monthly, monthlyError) = (effect * moneyPerEffect, standardError * moneyPerEffect);
        var (net, netError) = (monthly * annuity - cost, monthlyError * annuity);
        var z = Normal.UpperQuantile((1 - level) / 2);
        var belief = new NormalBelief(net, netError);
        return new(
            monthly, new(monthly - z * monthlyError, monthly + z * monthlyError), net, new(net - z * netError, net + z * netError),
            cost == 0 ? 0 : monthly > 0 ? cost / monthly : null, belief.Above(0), belief.LossOfActing, belief.LossOfWaiting, belief.ValueOfPerfectInformation, belief.ValueOfSample(netError));
    }

    /// <summary>Present value of 1 a month for so many months.</summary>
    /// <param name="months">Months, positive.</param>
    /// <param name="yearlyRate">Discount rate a year, in [0, 1); a month bears a twelfth of it.</param>
    public static double Annuity(double months, double yearlyRate)
    {
        if (!(yearlyRate >= 0 && yearlyRate < 1))
            throw new ArgumentOutOfRangeException(nameof(yearlyRate), yearlyRate, "A discount rate lies in 0 to 1, below 1.");
        var r = yearlyRate / 12;
        return r == 0 ? months : -Numerics.Special.Elementary.Expm1(-months * Numerics.Special.Elementary.Log1p(r)) / r;
    }
}
