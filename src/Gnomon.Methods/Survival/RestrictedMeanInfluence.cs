namespace Gnomon.Methods.Survival;

/// <summary>What each unit adds to a restricted mean: how far the area under the Kaplan-Meier curve would move if the unit counted a little more.</summary>
/// <remarks>
/// Infinitesimal jackknife (Efron 1982; Therneau and Grambsch 2000, section 7). The values sum to 0 and their squares to Greenwood's variance of the mean; summed
/// over the rows of one unit first, to a variance that allows any dependence within units. O(n log n).
/// Agrees with R survival 3.5 <c>residuals(survfit, type = "auc")</c> to 1e-9.
/// </remarks>
public static class RestrictedMeanInfluence
{
    /// <param name="times">Follow-up times, not negative.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="horizon">Positive, at most the longest follow-up.</param>
    /// <returns>One value per row, in the unit of the times.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 2 rows.</exception>
    /// <exception cref="NotEstimableException">Nobody was followed so long.</exception>
    public static double[] Of(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, double horizon)
    {
        var order = SurvivalData.Order(times, events);
        var curve = KaplanMeier.Fit(times, events);
        _ = curve.Mean(horizon); // refuses a horizon that nobody reached
        var steps = curve.Steps.TakeWhile(s => s.Time < horizon).ToArray();
        var behind = new double[steps.Length];
        var (area, end) = (0.0, horizon);
        for (var k = steps.Length - 1; k >= 0; k--)
        {
            area += steps[k].Survival * (end - steps[k].Time);
            (behind[k], end) = (area, steps[k].Time);
        }

        // Being at risk when others have the event lifts the curve; having it oneself lowers it. Where the last units all have it nothing lies behind.
        var influence = new double[times.Length];
        var (lifted, next) = (0.0, 0);
        foreach (var i in order)
        {
            for (; next < steps.Length && steps[next].Time <= times[i]; next++)
            {
                var s = steps[next];
                lifted += s.AtRisk == s.Events ? 0 : behind[next] * s.Events / ((double)s.AtRisk * (s.AtRisk - s.Events));
            }

            influence[i] = lifted;
            if (events[i] && times[i] < horizon)
            {
                var s = steps[next - 1];
                influence[i] -= s.AtRisk == s.Events ? 0 : behind[next - 1] / (s.AtRisk - s.Events);
            }
        }

        return influence;
    }
}
