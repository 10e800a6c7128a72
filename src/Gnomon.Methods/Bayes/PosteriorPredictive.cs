using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bayes;

/// <summary>One feature of the data beside the same feature of data the model would make.</summary>
/// <param name="Feature">What is measured, in words.</param>
/// <param name="Observed">Its value in the data, averaged over draws of the parameters.</param>
/// <param name="Replicated">Its mean in replicated data.</param>
/// <param name="P">Share of draws in which replicated data show at least as much of it as the data do. Not a p-value: it crowds around one half even when the model is right, so only values near 0 or 1 speak.</param>
public sealed record PredictiveFeature(string Feature, double Observed, double Replicated, double P);

/// <summary>Would the fitted model make data like these? For each draw of the parameters new outcomes are drawn, and a feature of them is held against the data's.</summary>
/// <remarks>
/// Sources: Rubin 1984; Gelman, Meng and Stern 1996, Statistica Sinica 6 (features that depend on parameters). Features the model does not fit by itself: normal outcomes by skewness, kurtosis of
/// the residuals; counts by their spread against the mean and by zeros; yes/no outcomes by events in tenths of the predicted chance.
/// </remarks>
public static class PosteriorPredictive
{
    const int MostDraws = 1000;
    const int Tenths = 10;

    /// <param name="fit">A sampled regression.</param>
    /// <returns>One row per feature of the family.</returns>
    public static IReadOnlyList<PredictiveFeature> Check(BayesianRegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var law = fit.Options.Family.Law;
        var (y, k, n) = (fit.Response, fit.Design.Columns, fit.Design.Rows);
        string[] features = law switch
        {
            OutcomeLaw.Gaussian => ["skewness of the residuals", "kurtosis of the residuals"],
            OutcomeLaw.Poisson => ["spread of the counts against their mean", "share of zeros"],
            _ => ["distance of events from predicted chances, by tenths"],
        };
        var chains = fit.DrawsOf[0].Length;
        var length = fit.DrawsOf[0][0].Length;
        var every = Math.Max(1, chains * length / MostDraws);
        var rng = new Rng(fit.Options.Seed).Stream("posterior-predictive");
        var (observed, replicated, above, count) = (new double[features.Length], new double[features.Length], new double[features.Length], 0);
        var (mean, draw) = (new double[n], new double[n]);
        for (var at = 0; at < chains * length; at += every, count++)
        {
            var (c, i) = (at / length, at % length);
            for (var r = 0; r < n; r++)
            {
                var eta = fit.Options.Offset?[r] ?? 0;
                for (var j = 0; j < k; j++)
                    eta += fit.DrawsOf[j][c][i] * fit.Design.Raw[j][r];
                mean[r] = law switch { OutcomeLaw.Gaussian => eta, OutcomeLaw.Poisson => Math.Exp(Math.Min(eta, 34)), _ => 1 / (1 + Math.Exp(-eta)) };
            }
            var sigma = law == OutcomeLaw.Gaussian ? fit.DrawsOf[k][c][i] : 1;
            for (var r = 0; r < n; r++)
            {
                var w = fit.Options.Weights?[r] ?? 1;
                draw[r] = law switch
                {
                    OutcomeLaw.Gaussian => mean[r] + sigma / Math.Sqrt(w) * rng.NextNormal(),
                    OutcomeLaw.Poisson => rng.NextPoisson(w * mean[r]) / w,
                    _ => rng.NextBinomial(Math.Max(1, (long)Math.Round(w)), mean[r]) / Math.Max(1, Math.Round(w)),
                };
            }
            var order = law == OutcomeLaw.Binomial ? Order(mean) : [];
            var (own, new1) = (Measure(law, y, mean, fit.Options.Weights, order), Measure(law, draw, mean, fit.Options.Weights, order));
            for (var f = 0; f < features.Length; f++)
            {
                observed[f] += own[f];
                replicated[f] += new1[f];
                above[f] += new1[f] > own[f] ? 1 : new1[f] == own[f] ? 0.5 : 0;
            }
        }
        return [.. features.Select((name, f) => new PredictiveFeature(name, observed[f] / count, replicated[f] / count, above[f] / count))];
    }

    static int[] Order(double[] mean)
    {
        var order = Enumerable.Range(0, mean.Length).ToArray();
        Array.Sort((double[])mean.Clone(), order);
        return order;
    }

    static double[] Measure(OutcomeLaw law, double[] y, double[] mean, IReadOnlyList<double>? weights, int[] order)
    {
        if (law == OutcomeLaw.Gaussian)
        {
            double second = 0, third = 0, fourth = 0;
            for (var i = 0; i < y.Length; i++)
            {
                var r = (y[i] - mean[i]) * Math.Sqrt(weights?[i] ?? 1);
                second += r * r / y.Length;
                third += r * r * r / y.Length;
                fourth += r * r * r * r / y.Length;
            }
            return second > 0 ? [third / Math.Pow(second, 1.5), fourth / (second * second)] : [0, 0];
        }
        if (law == OutcomeLaw.Poisson)
        {
            double pearson = 0, zeros = 0;
            for (var i = 0; i < y.Length; i++)
            {
                pearson += (weights?[i] ?? 1) * (y[i] - mean[i]) * (y[i] - mean[i]) / Math.Max(mean[i], 1e-300) / y.Length;
                zeros += y[i] == 0 ? 1.0 / y.Length : 0;
            }
            return [pearson, zeros];
        }
        var sum = 0.0;
        for (var b = 0; b < Tenths; b++)
        {
            double events = 0, expected = 0, variance = 0;
            for (var i = (int)((long)b * order.Length / Tenths); i < (int)((long)(b + 1) * order.Length / Tenths); i++)
            {
                var w = weights?[order[i]] ?? 1;
                events += w * y[order[i]];
                expected += w * mean[order[i]];
                variance += w * mean[order[i]] * (1 - mean[order[i]]);
            }
            sum += variance > 0 ? (events - expected) * (events - expected) / variance : 0;
        }
        return [sum];
    }
}
