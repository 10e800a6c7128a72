using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Survival;

/// <summary>The curve at one event time.</summary>
/// <param name="Time">When.</param>
/// <param name="AtRisk">Units under observation just before.</param>
/// <param name="Events">Units with the event at this time.</param>
/// <param name="Survival">Share without the event just after.</param>
/// <param name="StandardError">Greenwood's.</param>
/// <param name="Low">Lower limit, by the complementary log-log transform; 0 where it cannot be computed because nobody is left.</param>
/// <param name="High">Upper limit.</param>
public sealed record SurvivalStep(double Time, int AtRisk, int Events, double Survival, double StandardError, double Low, double High);

/// <summary>A restricted mean: the area under the curve up to a horizon.</summary>
/// <param name="Mean">Mean time without the event up to the horizon, in the unit of the times.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="Horizon">The horizon.</param>
public sealed record RestrictedMean(double Mean, double StandardError, double Low, double High, double Horizon);

/// <summary>The share of units without the event over time, with units that were lost or not followed long enough counted for as long as they were seen.</summary>
/// <remarks>
/// Sources: Kaplan and Meier 1958; Greenwood 1926; log-log limits: Kalbfleisch and Prentice 2002; median: Brookmeyer and Crowley 1982; restricted mean: Royston and Parmar 2013.
/// Censoring must not depend on what would have happened. Agrees with R survival 3.5 (conf.type = "log-log") to 1e-10.
/// </remarks>
public sealed class KaplanMeier
{
    readonly double _lastTime;

    KaplanMeier(IReadOnlyList<SurvivalStep> steps, double level, int count, double lastTime)
    {
        Steps = steps;
        Level = level;
        Count = count;
        _lastTime = lastTime;
    }

    /// <summary>One per event time, earliest first; empty when no unit had the event.</summary>
    public IReadOnlyList<SurvivalStep> Steps { get; }

    /// <summary>Confidence level of all limits.</summary>
    public double Level { get; }

    public int Count { get; }

    /// <summary>Longest follow-up.</summary>
    public double LastTime => _lastTime;

    public int Events => Steps.Sum(s => s.Events);

    /// <summary>When half of the units have had the event; null when the curve never falls so far.</summary>
    public double? Median => Crossing(s => s.Survival, 0.5);

    /// <summary>Limits of the median; an end is null when its curve never falls to one half.</summary>
    public (double? Low, double? High) MedianLimits => (Crossing(s => s.Low, 0.5), Crossing(s => s.High, 0.5));

    /// <param name="times">Follow-up times, not negative.</param>
    /// <param name="events">Whether the unit had the event at its time; otherwise it was last seen then.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static KaplanMeier Fit(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var order = SurvivalData.Order(times, events);
        var z = Normal.UpperQuantile((1 - level) / 2);
        var steps = new List<SurvivalStep>();
        double survival = 1, sum = 0;
        for (var i = 0; i < order.Length;)
        {
            var time = times[order[i]];
            var atRisk = order.Length - i;
            var died = 0;
            for (; i < order.Length && times[order[i]] == time; i++)
                died += events[order[i]] ? 1 : 0;
            if (died == 0)
                continue;
            survival = died == atRisk ? 0 : survival * (1 - (double)died / atRisk);
            sum = died == atRisk ? double.PositiveInfinity : sum + (double)died / ((double)atRisk * (atRisk - died));
            steps.Add(Step(time, atRisk, died, survival, sum, z));
        }
        return new(steps, level, order.Length, times[order[^1]]);
    }

    /// <summary>As <see cref="Fit"/>, for units that are counted already: the same curve as of the units one by one.</summary>
    /// <param name="times">Different follow-up times, ascending, not negative.</param>
    /// <param name="events">Units that had the event at each of them.</param>
    /// <param name="censored">Units that were last seen then.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">There is no unit.</exception>
    public static KaplanMeier FitCounts(ReadOnlySpan<double> times, ReadOnlySpan<int> events, ReadOnlySpan<int> censored, double level = 0.95)
    {
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfNotEqual(events.Length, times.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(censored.Length, times.Length);
        var all = 0;
        for (var i = 0; i < times.Length; i++)
        {
            if (!(times[i] >= 0) || (i > 0 && !(times[i] > times[i - 1])) || events[i] < 0 || censored[i] < 0)
                throw new ArgumentException("Times must ascend from 0 on, and counts must not be negative.", nameof(times));
            all = checked(all + events[i] + censored[i]);
        }
        if (all == 0)
            throw new TooFewRowsException("The set of units", 0, 1);
        var z = Normal.UpperQuantile((1 - level) / 2);
        var steps = new List<SurvivalStep>();
        double survival = 1, sum = 0, last = 0;
        var atRisk = all;
        for (var i = 0; i < times.Length; i++)
        {
            var died = events[i];
            if (died > 0)
            {
                survival = died == atRisk ? 0 : survival * (1 - (double)died / atRisk);
                sum = died == atRisk ? double.PositiveInfinity : sum + (double)died / ((double)atRisk * (atRisk - died));
                steps.Add(Step(times[i], atRisk, died, survival, sum, z));
            }
            last = died + censored[i] > 0 ? times[i] : last;
            atRisk -= died + censored[i];
        }
        return new(steps, level, all, last);
    }

    /// <summary>Share without the event at a time, as a step function from the right.</summary>
    public double At(double time)
    {
        var survival = 1.0;
        foreach (var step in Steps)
        {
            if (step.Time > time)
                break;
            survival = step.Survival;
        }
        return survival;
    }

    /// <summary>Mean time without the event up to a horizon.</summary>
    /// <param name="horizon">Positive, at most the longest follow-up.</param>
    /// <exception cref="NotEstimableException">Nobody was followed so long.</exception>
    public RestrictedMean Mean(double horizon)
    {
        if (!(horizon > 0))
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be positive.");
        if (horizon > _lastTime && !(Steps.Count > 0 && Steps[^1].Survival == 0))
            throw new NotEstimableException($"Nobody was followed to {horizon}; the longest follow-up is {_lastTime}.");
        var inside = Steps.Where(s => s.Time < horizon).ToList();
        double area = 0, variance = 0;
        var end = horizon;

        // From the last step backwards: the area behind a step is what its event can still change.
        for (var k = inside.Count - 1; k >= 0; k--)
        {
            var s = inside[k];
            area += s.Survival * (end - s.Time);
            variance += s.AtRisk == s.Events ? 0 : area * area * s.Events / ((double)s.AtRisk * (s.AtRisk - s.Events));
            end = s.Time;
        }
        area += end;
        var error = Math.Sqrt(variance);
        var half = Normal.UpperQuantile((1 - Level) / 2) * error;
        return new(area, error, area - half, area + half, horizon);
    }

    // When a curve falls below a share; where it rests exactly on it, the middle of the rest (as in R).
    double? Crossing(Func<SurvivalStep, double> curve, double share)
    {
        for (var k = 0; k < Steps.Count; k++)
        {
            var value = curve(Steps[k]);
            if (Math.Abs(value - share) < 1e-12)
                return k + 1 < Steps.Count ? 0.5 * (Steps[k].Time + Steps[k + 1].Time) : Steps[k].Time;
            if (value < share)
                return Steps[k].Time;
        }
        return null;
    }

    static SurvivalStep Step(double time, int atRisk, int died, double survival, double sum, double z)
    {
        if (survival == 0)
            return new(time, atRisk, died, 0, 0, 0, 0);
        var log = Math.Log(survival);
        var half = z * Math.Sqrt(sum) / -log;
        return new(time, atRisk, died, survival, survival * Math.Sqrt(sum), Math.Exp(log * Math.Exp(half)), Math.Exp(log * Math.Exp(-half)));
    }
}
