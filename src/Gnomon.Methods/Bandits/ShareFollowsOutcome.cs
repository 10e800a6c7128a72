using Gnomon.Methods.Data;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bandits;

/// <summary>One day of two arms.</summary>
/// <param name="First">Rows in the first arm.</param>
/// <param name="Second">Rows in the second arm.</param>
/// <param name="FirstSum">Sum of the outcome in the first arm.</param>
/// <param name="SecondSum">Sum of the outcome in the second arm.</param>
/// <param name="FirstSquares">Sum of squared deviations of the outcome within the first arm.</param>
/// <param name="SecondSquares">The same within the second.</param>
public readonly record struct ShareDay(long First, long Second, double FirstSum, double SecondSum, double FirstSquares, double SecondSquares)
{
    /// <summary>Share of rows in the second arm.</summary>
    public double Share => (double)Second / Math.Max(1, First + Second);
}

/// <summary>Did the share of an arm follow the outcomes seen before?</summary>
/// <remarks>
/// Daily counts of the second arm are regressed (logistic) on a curve of the day (its square included) and on the z of the difference of means over all earlier days. Under a split that nobody
/// touched, or that follows a smooth calendar, the coefficient of z is 0. Overdispersed days widen its error (quasi-likelihood, McCullagh and Nelder 1989). Steps of a rollout beside a wandering z can still look related
/// (Granger and Newbold 1974), so the changes from day to day must agree: Spearman's correlation of the change of the share with the change of z the day before. When it is not below 0.05 its p is returned if larger.
/// The idea, that a probability that answers to past rewards is what breaks plain means: Nie, Tian, Taylor and Zou 2018.
/// </remarks>
public static class ShareFollowsOutcome
{
    const int FewestDays = 8;
    const double ChangesAgree = 0.05;
    const double Furthest = 6.0;

    /// <param name="days">Days in order, each with rows.</param>
    /// <returns>Two-sided p; null with fewer than 8 days that have earlier ones, or when nothing was known before any of them.</returns>
    public static double? PValue(IReadOnlyList<ShareDay> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        List<double> share = [], weight = [], day = [], seen = [];
        double n0 = 0, n1 = 0, s0 = 0, s1 = 0, q0 = 0, q1 = 0;
        for (var d = 0; d < days.Count; d++)
        {
            var now = days[d];
            if (n0 >= 2 && n1 >= 2 && now.First + now.Second > 0)
            {
                var error = Math.Sqrt((q0 / n0 / n0) + (q1 / n1 / n1));
                if (error > 0)
                {
                    share.Add(now.Share);
                    weight.Add(now.First + now.Second);
                    day.Add(d);
                    seen.Add(Math.Clamp(((s1 / n1) - (s0 / n0)) / error, -Furthest, Furthest));
                }
            }

            (n0, n1, s0, s1, q0, q1) = (n0 + now.First, n1 + now.Second, s0 + now.FirstSum, s1 + now.SecondSum, q0 + now.FirstSquares, q1 + now.SecondSquares);
        }

        if (share.Count < FewestDays || share.All(v => v is 0 or 1))
        {
            return null;
        }

        try
        {
            var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([[.. day], [.. day.Select(v => (v - (days.Count / 2.0)) * (v - (days.Count / 2.0)))], [.. seen]], ["day", "bend", "seen"]), [.. share], new GlmOptions { Family = GlmFamily.QuasiBinomial, Weights = [.. weight] });
            var column = fit.Design.Names.ToList().IndexOf("seen");
            if (column < 0)
            {
                return null;
            }

            // Days that spread less than chance do not make the test surer.
            var dispersion = Math.Max(1.0, fit.PearsonDispersion);
            var error = RobustErrors.Classical(fit).StandardError(column) * Math.Sqrt(dispersion / Math.Max(fit.Dispersion, 1e-300));
            if (!(error > 0))
            {
                return null;
            }

            var level = StudentT.TwoSided(fit.Coefficients[column] / error, share.Count - fit.Design.Columns);
            var changes = Changes(share, weight, seen);
            return changes < ChangesAgree ? level : Math.Max(level, changes);
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException or OutcomeRangeException)
        {
            return null;
        }
    }

    // What was seen before day d answers for the share of day d; both lose their slow movements by differences.
    static double Changes(List<double> share, List<double> weight, List<double> seen)
    {
        var n = share.Count - 1;
        var (x, y) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            (x[i], y[i]) = (LogOdds(share[i + 1], weight[i + 1]) - LogOdds(share[i], weight[i]), seen[i + 1] - seen[i]);
        }

        return Association.Spearman(x, y)?.PValue ?? 1.0;
    }

    static double LogOdds(double share, double rows) => Math.Log((share * rows + 0.5) / ((1 - share) * rows + 0.5));
}
