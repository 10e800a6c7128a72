using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>What is believed of the difference between two rates, treatment minus control.</summary>
/// <remarks>
/// Exact up to quadrature: control's rate is integrated over in log odds, where its density is smooth for every shape, and treatment's is a tail of the beta distribution. Where that
/// tail reaches the end of the unit interval its derivatives jump, so the panels of Gauss-Legendre nodes shrink towards that point. Agreement with scipy's adaptive
/// quadrature: 1e-8.
/// </remarks>
public sealed class RateDifference : IEffectBelief
{
    const int Panels = 8;
    const int Halvings = 24;
    const long MostUnits = 200_000;
    const double LeftOut = 1e-17;
    const double Tolerance = 1e-11;
    static readonly GaussLegendre Rule = new(32);

    readonly BetaMixture _treatment;
    readonly BetaMixture _control;

    public RateDifference(BetaMixture treatment, BetaMixture control)
    {
        ArgumentNullException.ThrowIfNull(treatment);
        ArgumentNullException.ThrowIfNull(control);
        (_treatment, _control) = (treatment, control);
        Mean = treatment.Mean - control.Mean;
        StandardDeviation = Math.Sqrt(treatment.Variance + control.Variance);
    }

    public double Mean { get; }

    public double StandardDeviation { get; }

    /// <summary>Chance that treatment's rate exceeds control's by more than the margin.</summary>
    public double Above(double value = 0) => Expect(rate => _treatment.Above(rate + value), value < 0 ? -value : 1 - value);

    /// <summary>Equal-tailed credible interval of the difference.</summary>
    public Interval Interval(double level = 0.95)
    {
        BetaMixture.InferenceLevel(level);
        var tail = (1 - level) / 2;
        return new(Quantile(1 - tail), Quantile(tail));
    }

    /// <summary>Expected loss of choosing treatment: by how much control's rate is the higher one, on average, counting nothing where it is not.</summary>
    public double LossOfTreatment => Expect(rate => rate * _treatment.Cdf(rate) - PartialMean(rate), 1);

    /// <summary>Expected loss of staying with control.</summary>
    public double LossOfControl => LossOfTreatment + Mean;

    /// <summary>Mean of the part of the difference beyond a threshold: E[(difference - threshold)+].</summary>
    public double Excess(double threshold)
    {
        if (!double.IsFinite(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be finite.");
        return Math.Max(0, Mean - threshold + Expect(rate => Under(rate + threshold), threshold < 0 ? -threshold : 1 - threshold));
    }

    /// <summary>
    /// The same after further units have been seen, on average over what they may show: E[(posterior mean - threshold)+]. Exact: the counts to come are beta-binomial, and the
    /// posterior means rise with them.
    /// </summary>
    /// <param name="threshold">Threshold of the difference.</param>
    /// <param name="treatmentUnits">Further units of treatment, at least 0.</param>
    /// <param name="controlUnits">Further units of control, at least 0.</param>
    public double ExcessAfter(double threshold, int treatmentUnits, int controlUnits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(treatmentUnits);
        ArgumentOutOfRangeException.ThrowIfNegative(controlUnits);
        var (t, tp) = Foreseen(_treatment, treatmentUnits);
        var (c, cp) = Foreseen(_control, controlUnits);

        // For each count of treatment, control's counts whose mean lies low enough are the first few.
        double sum = 0, chance = 0, weighted = 0;
        var k = 0;
        for (var i = 0; i < t.Length; i++)
        {
            for (; k < c.Length && c[k] < t[i] - threshold; k++)
            {
                chance += cp[k];
                weighted += cp[k] * c[k];
            }
            sum += tp[i] * ((t[i] - threshold) * chance - weighted);
        }
        return sum;
    }

    /// <summary>
    /// How surprising two groups' difference is under this belief, before they are seen: twice the smaller chance of an observed difference at least as far on one side (Box 1980, on the difference).
    /// Exact by the beta-binomial chances of all counts; normal beyond 200,000 units.
    /// </summary>
    /// <param name="events">Events of treatment.</param>
    /// <param name="n">Units of treatment, at least 1.</param>
    /// <param name="controlEvents">Events of control.</param>
    /// <param name="controlN">Units of control, at least 1.</param>
    public double PredictiveTail(long events, long n, long controlEvents, long controlN)
    {
        if (n < 1 || controlN < 1 || events < 0 || events > n || controlEvents < 0 || controlEvents > controlN)
            throw new ArgumentOutOfRangeException(nameof(events), events, "Each group has units, and events between 0 and them.");
        var (share, other) = ((double)events / n, (double)controlEvents / controlN);
        if (Math.Max(n, controlN) > MostUnits)
        {
            var noise = _treatment.Mean * (1 - _treatment.Mean) / n + _control.Mean * (1 - _control.Mean) / controlN;
            return Math.Min(1, 2 * Normal.Sf(Math.Abs(share - other - Mean) / Math.Sqrt(StandardDeviation * StandardDeviation + noise)));
        }
        var (_, t) = Foreseen(_treatment, (int)n);
        var (_, c) = Foreseen(_control, (int)controlN);

        // The further control's count rises, the smaller the difference: for each count of treatment a suffix of control's lies at or below the observed one.
        double atMost = 0, atLeast = 0, suffix = 1, prefix = 0;
        var (low, high) = (0, 0);
        for (var i = 0; i < t.Length; i++)
        {
            for (; low < c.Length && Side(i, low) > 0; low++)
                suffix -= c[low];
            for (; high < c.Length && Side(i, high) >= 0; high++)
                prefix += c[high];
            atMost += t[i] * suffix;
            atLeast += t[i] * prefix;
        }
        return Math.Clamp(2 * Math.Min(atMost, atLeast), 0, 1);

        // Sign of a possible difference less the observed one, in whole numbers.
        int Side(long k, long m) => ((Int128)k * controlN - (Int128)m * n).CompareTo((Int128)events * controlN - (Int128)controlEvents * n);
    }

    // Posterior mean and chance of every count among further units.
    static (double[] Means, double[] Chances) Foreseen(BetaMixture belief, int units)
    {
        var (means, chances) = (new double[units + 1], new double[units + 1]);
        for (var k = 0; k <= units; k++)
        {
            means[k] = belief.After(k, units).Mean;
            chances[k] = Math.Exp(belief.LogPredictive(k, units));
        }
        return (means, chances);
    }

    // Mean of (x - treatment's rate)+.
    double Under(double x) => x <= 0 ? 0 : x >= 1 ? x - _treatment.Mean : x * _treatment.Cdf(x) - PartialMean(x);

    // Difference that is exceeded with this chance.
    double Quantile(double upper) => Brent.Root(d => Above(d) - upper, -1, 1, Tolerance).X;

    // Mean of treatment's rate over the part at or below x.
    double PartialMean(double x) => x <= 0 ? 0 : x >= 1
        ? _treatment.Mean
        : _treatment.Components.Sum(c => c.Weight * c.A / (c.A + c.B) * BetaDistribution.Cdf(x, c.A + 1, c.B));

    // The mean of a function of control's rate whose derivatives may jump at one rate.
    double Expect(Func<double, double> function, double jump)
    {
        double sum = 0, total = 0;
        foreach (var c in _control.Components)
        {
            var low = LogOdds(BetaDistribution.Quantile(LeftOut, c.A, c.B), lower: true, c);
            var high = LogOdds(BetaDistribution.UpperQuantile(LeftOut, c.A, c.B), lower: false, c);
            var logBeta = Beta.Log(c.A, c.B);
            var at = jump is > 0 and < 1 ? Math.Log(jump) - Elementary.Log1p(-jump) : low;
            foreach (var (from, to) in at > low && at < high ? Graded(low, at, high) : Even(low, high))
            {
                var half = 0.5 * (to - from);
                for (var i = 0; i < Rule.Nodes.Length; i++)
                {
                    var w = from + half * (1 + Rule.Nodes[i]);
                    var weight = c.Weight * Rule.Weights[i] * half * Math.Exp(-c.A * Softplus(-w) - c.B * Softplus(w) - logBeta);
                    total += weight;
                    sum += weight * function(1 / (1 + Math.Exp(-w)));
                }
            }
        }
        return sum / total;
    }

    static IEnumerable<(double From, double To)> Even(double low, double high) =>
        Enumerable.Range(0, Panels).Select(k => (low + k * (high - low) / Panels, low + (k + 1) * (high - low) / Panels));

    // Panels that halve towards the jump from both sides; the last ones are too short to matter.
    static IEnumerable<(double From, double To)> Graded(double low, double jump, double high)
    {
        for (var k = 0; k < Halvings; k++)
        {
            var (far, near) = (Math.ScaleB(1, -k), k == Halvings - 1 ? 0 : Math.ScaleB(1, -k - 1));
            yield return (jump - (jump - low) * far, jump - (jump - low) * near);
            yield return (jump + (high - jump) * near, jump + (high - jump) * far);
        }
    }

    static double Softplus(double x) => x > 0 ? x + Elementary.Log1p(Math.Exp(-x)) : Elementary.Log1p(Math.Exp(x));

    // A quantile that is 0 or 1 in double precision stands for the exponential tail of the density in log odds.
    static double LogOdds(double rate, bool lower, BetaComponent c) => lower
        ? rate > 1e-300 ? Math.Log(rate) - Elementary.Log1p(-rate) : Math.Log(LeftOut) / c.A - 5
        : rate < 1 ? Math.Log(rate) - Elementary.Log1p(-rate) : -Math.Log(LeftOut) / c.B + 5;
}
