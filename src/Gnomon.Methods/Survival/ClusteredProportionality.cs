namespace Gnomon.Methods.Survival;

/// <summary>Does the hazard ratio of two arms whose clusters were assigned change over time?</summary>
/// <param name="Score">Score of the arm times 1 - Kaplan-Meier, added to the fitted model.</param>
/// <param name="Error">Its standard error, by cluster.</param>
/// <param name="Statistic">Score over error: above 0 when the hazard ratio rises.</param>
/// <param name="DegreesOfFreedom">Of Student's t.</param>
/// <param name="PValue">Two-sided; small when hazards are not proportional.</param>
/// <param name="RobustScore">The generalised score statistic without a correction for few clusters: chi-square with 1 degree of freedom.</param>
public sealed record ClusteredProportionalityResult(double Score, double Error, double Statistic, double DegreesOfFreedom, double PValue, double RobustScore);

/// <summary>Grambsch and Therneau's test of proportional hazards for two arms whose clusters were assigned.</summary>
/// <remarks>
/// Sources: Grambsch and Therneau 1994, Biometrika 81 (score form, 1 - Kaplan-Meier as the clock); generalised score test: Boos 1992, American Statistician 46. The residual of the drifting column, less the part that
/// estimating the hazard ratio takes, is summed by cluster (Lin and Wei 1989) and corrected for few clusters as <see cref="ClusteredLogRank"/> is. Without that correction it agrees with the score residuals of R's
/// <c>coxph</c> on data split at the event times to 1e-8 (tests/reference/survival/clustered.json). Ties by Efron.
/// </remarks>
public static class ClusteredProportionality
{
    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="treated">Whether the unit was treated.</param>
    /// <param name="clusters">Cluster of each unit, any whole numbers; a cluster lies in one arm.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters of an arm.</exception>
    /// <exception cref="NotEstimableException">No finite hazard ratio, or all events share one time.</exception>
    public static ClusteredProportionalityResult Test(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<bool> treated, ReadOnlySpan<int> clusters)
    {
        if (treated.Length != times.Length || clusters.Length != times.Length)
            throw new ArgumentException("There must be one arm and one cluster per time.", nameof(clusters));
        var x = new double[times.Length];
        for (var i = 0; i < x.Length; i++)
            x[i] = treated[i] ? 1.0 : 0.0;
        var fit = CoxRegression.Fit(times, events, x, 1);
        var data = new CoxData(times, events, x, 1, SurvivalData.Order(times, events));
        double[] beta = [fit.Coefficients[0].LogHazardRatio];
        var clock = data.EventClock();
        var (drift, plain) = (data.Residuals(beta, clock), data.Residuals(beta));
        var part = Crossed(data, beta, clock) * fit.Covariance[0];
        for (var i = 0; i < drift.Length; i++)
            drift[i] -= part * plain[i];
        var scores = ClusterScores.Of("Proportionality", drift, treated, clusters);
        return new(scores.Score, scores.Error, scores.Statistic, scores.Degrees, scores.PValue, scores.Score * scores.Score / scores.Squares);
    }

    // Information that the drifting column shares with the arm.
    static double Crossed(CoxData data, double[] beta, double[] clock)
    {
        var (sum, now) = (0.0, new double[1]);
        data.Walk(beta, (at, sums) =>
        {
            now[0] = 0;
            for (var k = 0; k < at.Died; k++)
            {
                var share = (double)k / at.Died;
                var (weight, mean) = sums.Mean(share);
                sums.AddCovariance(share, weight, mean, now);
            }

            sum += clock[at.From] * now[0];
        });
        return sum;
    }
}
