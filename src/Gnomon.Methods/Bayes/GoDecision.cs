namespace Gnomon.Methods.Bayes;

/// <summary>What can be done with a result.</summary>
public enum GoAction
{
    /// <summary>Take the new thing now.</summary>
    Go,

    /// <summary>Stay with the old one.</summary>
    Stop,

    /// <summary>Pay for more data first.</summary>
    RunMore,
}

/// <summary>Expected net benefit of going, stopping and running more, all in the unit of the gain.</summary>
/// <param name="BreakEven">Effect at which going pays for itself.</param>
/// <param name="NetOfGo">Expected gain of going now, its cost taken off; stopping has 0.</param>
/// <param name="ChanceThatGoPays">Chance of an effect beyond break-even.</param>
/// <param name="PerfectInformation">Expected value of perfect information: what knowing the effect for certain before deciding would be worth. No data are worth more.</param>
/// <param name="SampleInformation">Expected value of sample information: what the further sample is worth before its own cost; null when none was described.</param>
/// <param name="NetOfSample">The same less the sample's cost; null when none was described.</param>
/// <param name="Best">The action of largest expected net benefit.</param>
public sealed record GoDecisionResult(
    double BreakEven, double NetOfGo, double ChanceThatGoPays, double PerfectInformation, double? SampleInformation, double? NetOfSample, GoAction Best);

/// <summary>Go, stop or run more, when going gains in proportion to the effect and costs a fixed amount.</summary>
/// <remarks>Sources: Raiffa and Schlaifer 1961; Claxton 1999, Journal of Health Economics 18; Ades, Lu and Claxton 2004, Medical Decision Making 24.</remarks>
public static class GoDecision
{
    /// <param name="belief">The effect after the data.</param>
    /// <param name="gain">What one unit of the effect is worth; not 0, negative where a lower metric is the better one.</param>
    /// <param name="cost">What going costs whatever the effect is.</param>
    /// <param name="excessAfter">E[(posterior mean - threshold)+] after the further sample; null when none is considered.</param>
    /// <param name="sampleCost">What the further sample costs.</param>
    public static GoDecisionResult Of(IEffectBelief belief, double gain, double cost, Func<double, double>? excessAfter = null, double sampleCost = 0)
    {
        ArgumentNullException.ThrowIfNull(belief);
        if (gain == 0 || !double.IsFinite(gain))
            throw new ArgumentOutOfRangeException(nameof(gain), gain, "A gain is finite and not 0.");
        if (!double.IsFinite(cost) || !double.IsFinite(sampleCost) || sampleCost < 0)
            throw new ArgumentOutOfRangeException(nameof(cost), cost, "Costs are finite, and a sample's is not negative.");
        var breakEven = cost / gain;
        var net = gain * (belief.Mean - breakEven);
        var now = Math.Max(0, net);
        var perfect = Math.Max(0, gain > 0 ? gain * belief.Excess(breakEven) - now : -gain * belief.Shortfall(breakEven) - now);
        double? sample = null;
        if (excessAfter is not null)
        {
            var excess = excessAfter(breakEven);
            var after = gain > 0 ? gain * excess : -gain * (excess - belief.Mean + breakEven);
            sample = Math.Clamp(after - now, 0, perfect);
        }
        var netOfSample = sample - sampleCost;
        var pays = belief.Above(breakEven);
        return new(breakEven, net, gain > 0 ? pays : 1 - pays, perfect, sample, netOfSample, netOfSample > 0 ? GoAction.RunMore : net > 0 ? GoAction.Go : GoAction.Stop);
    }
}
