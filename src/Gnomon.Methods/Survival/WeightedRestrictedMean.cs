using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Survival;

/// <summary>The area under a weighted survival curve up to a horizon, as a mean: every unit contributes the area plus its influence on it, and the contributions' weighted mean is the area.</summary>
/// <remarks>
/// The curve is that of Kaplan and Meier 1958 with weights (Xie and Liu 2005, Statistics in Medicine 24: inverse-probability weights); contributions are those of the infinitesimal jackknife (Therneau and Grambsch 2000,
/// section 7), so that any design that compares weighted means compares mean times without the event: units by what their neighbours were given. With equal weights they are those of <see cref="RestrictedMeanInfluence"/>.
/// Agrees with R survival 3.5 <c>survfit(weights =)</c> and its <c>residuals(type = "auc")</c> to 1e-8 (tests/reference/survival/weighted.json). O(n log n).
/// </remarks>
public sealed class WeightedRestrictedMean
{
    readonly double[] _times;
    readonly double[] _atRisk;
    readonly double[] _events;
    readonly double[] _behind;
    readonly double[] _lifted;
    readonly double[] _tailTimes;
    readonly double[] _tailWeights;

    WeightedRestrictedMean(double horizon, double mean, double weight, double[] times, double[] atRisk, double[] events, double[] behind, double[] lifted, double[] tailTimes, double[] tailWeights)
    {
        (Horizon, Mean, Weight, _times, _atRisk, _events, _behind, _lifted, _tailTimes, _tailWeights) = (horizon, mean, weight, times, atRisk, events, behind, lifted, tailTimes, tailWeights);
    }

    /// <summary>Mean time without the event up to the horizon, in the unit of the times.</summary>
    public double Mean { get; }

    /// <summary>Up to when.</summary>
    public double Horizon { get; }

    /// <summary>Sum of the weights.</summary>
    public double Weight { get; }

    /// <param name="times">Follow-up times, not negative.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="weights">Weight of each unit, not negative; those of weight 0 do not count.</param>
    /// <param name="horizon">Positive, at most the longest follow-up of a unit that counts.</param>
    /// <param name="what">The sample, as messages name it.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 units count.</exception>
    /// <exception cref="NotEstimableException">No unit that counts was followed so long.</exception>
    public static WeightedRestrictedMean Of(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<double> weights, double horizon, string what = "The sample")
    {
        if (weights.Length != times.Length)
            throw new ArgumentException("There must be one weight per time.", nameof(weights));
        if (!(horizon > 0))
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be positive.");
        var order = SurvivalData.Order(times, events);
        var (total, count, longest) = (0.0, 0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || !double.IsFinite(weights[i]))
                throw new ArgumentException("Weights are finite and not negative.", nameof(weights));
            if (weights[i] > 0)
                (total, count, longest) = (total + weights[i], count + 1, Math.Max(longest, times[i]));
        }

        if (count < 2)
            throw new TooFewRowsException(what, count, 2);
        var (t, y, d, s) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (left, survival) = (total, 1.0);
        var (tailTimes, tailWeights) = (new List<double>(), new List<double>());
        for (var i = 0; i < order.Length;)
        {
            var (time, died, gone) = (times[order[i]], 0.0, 0.0);
            for (; i < order.Length && times[order[i]] == time; i++)
            {
                gone += weights[order[i]];
                died += events[order[i]] ? weights[order[i]] : 0;
            }

            tailTimes.Add(time);
            tailWeights.Add(left);
            if (died > 0 && time < horizon)
            {
                // What is left when all have the event is rounding.
                survival = left - died > 1e-12 * total ? survival * (1 - died / left) : 0;
                t.Add(time);
                y.Add(left);
                d.Add(died);
                s.Add(survival);
            }

            left -= gone;
        }

        if (longest < horizon && survival > 0)
            throw new NotEstimableException(FormattableString.Invariant($"{what}: nobody was followed up to {horizon:G6}; the longest follow-up is {longest:G6}."));
        var behind = new double[t.Count];
        var (area, end) = (0.0, horizon);
        for (var k = t.Count - 1; k >= 0; k--)
        {
            area += s[k] * (end - t[k]);
            (behind[k], end) = (area, t[k]);
        }

        var lifted = new double[t.Count];
        for (var k = 0; k < lifted.Length; k++)
            lifted[k] = (k == 0 ? 0 : lifted[k - 1]) + (s[k] > 0 ? behind[k] * d[k] / (y[k] * (y[k] - d[k])) : 0);
        return new(horizon, area + end, total, [.. t], [.. y], [.. d], behind, lifted, [.. tailTimes], [.. tailWeights]);
    }

    /// <summary>What a unit of any weight contributes, in the unit of the times.</summary>
    /// <param name="time">Its follow-up time.</param>
    /// <param name="ended">Whether it had the event then.</param>
    public double Contribution(double time, bool ended)
    {
        var at = Array.BinarySearch(_times, time);
        var last = at >= 0 ? at : ~at - 1;
        var value = Mean + Weight * (last < 0 ? 0 : _lifted[last]);
        if (!ended || time >= Horizon)
            return value;
        if (at >= 0)
            return _atRisk[at] - _events[at] > 1e-12 * Weight ? value - Weight * _behind[at] / (_atRisk[at] - _events[at]) : value;

        // A unit of weight 0 whose event fell between those that count: the curve there, and who was watched.
        var survival = last < 0 ? 1 : Height(last);
        var next = last + 1 < _times.Length ? _times[last + 1] : Horizon;
        var behind = survival * (next - time) + (last + 1 < _behind.Length ? _behind[last + 1] : 0);
        var risk = Array.BinarySearch(_tailTimes, time);
        risk = risk >= 0 ? risk : ~risk;
        return risk < _tailWeights.Length && _tailWeights[risk] > 1e-12 * Weight ? value - Weight * behind / _tailWeights[risk] : value;
    }

    // Share without the event just after a step.
    double Height(int step)
    {
        var next = step + 1 < _times.Length ? _times[step + 1] : Horizon;
        var beyond = step + 1 < _behind.Length ? _behind[step + 1] : 0;
        return (_behind[step] - beyond) / (next - _times[step]);
    }
}
