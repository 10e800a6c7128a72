using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Experiments;

/// <summary>What a long-term outcome is expected to be, given early ones, as past units had it.</summary>
/// <param name="Centre">Means of the surrogates in the history.</param>
/// <param name="Level">Mean of the long-term outcome there.</param>
/// <param name="Slopes">One per surrogate; 0 for those that the others determine.</param>
/// <param name="Covariance">Of the level and the slopes, (p + 1) x (p + 1) row by row, right for unequal spread (HC1).</param>
/// <param name="Explained">Share of the outcome's variance that the surrogates explain in the history.</param>
/// <param name="Count">Units of the history.</param>
public sealed record SurrogateModel(IReadOnlyList<double> Centre, double Level, IReadOnlyList<double> Slopes, IReadOnlyList<double> Covariance, double Explained, long Count)
{
    /// <summary>Degrees of freedom behind the slopes' errors; infinite where past units are taken as independent and many.</summary>
    public double Degrees { get; init; } = double.PositiveInfinity;
}

/// <summary>An effect on the expected long-term outcome.</summary>
/// <param name="Difference">First minus second arm, its error from both samples.</param>
/// <param name="Lift">First over second arm, less 1.</param>
/// <param name="X">Expected outcome of the first arm.</param>
/// <param name="Y">Expected outcome of the second arm.</param>
/// <param name="ExperimentError">The part of the error that comes from the units of the experiment.</param>
/// <param name="ModelError">The part that comes from the history, in which the model was fitted.</param>
public sealed record SurrogateIndexResult(ContrastResult Difference, LiftResult Lift, MeanEstimate X, MeanEstimate Y, double ExperimentError, double ModelError);

/// <summary>Estimates an effect on an outcome that nobody has seen yet from early outcomes that carry it.</summary>
/// <remarks>
/// Source: Athey, Chetty, Imbens and Kang 2019, NBER 26463. The outcome is regressed on the surrogates in a history that holds both; the experiment's units get
/// their expected outcome, and the arms' means of it are compared. It is the long-term effect only if the treatment acts through the surrogates alone
/// (surrogacy) and the history's relation holds for the experiment's units (comparability); neither can be seen in these data. The regression is linear. The
/// error adds the sampling of the experiment and of the first stage: with d the difference of the arms' surrogate means, d'Vd, V the slopes' covariance.
/// </remarks>
public static class SurrogateIndex
{
    /// <param name="outcome">The long-term outcome per past unit, finite.</param>
    /// <param name="surrogates">One column per surrogate, as long as <paramref name="outcome"/>.</param>
    /// <exception cref="TooFewRowsException">Fewer than p + 10 units.</exception>
    /// <exception cref="NotEstimableException">No surrogate varies, or the outcome does not.</exception>
    public static SurrogateModel Fit(double[] outcome, IReadOnlyList<double[]> surrogates)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(surrogates);
        var p = surrogates.Count;
        ArgumentOutOfRangeException.ThrowIfZero(p, nameof(surrogates));
        if (outcome.Length < p + 10)
        {
            throw new TooFewRowsException("The history", outcome.Length, p + 10);
        }

        var joint = CoMoments.OfColumns([outcome, .. surrogates]);
        var matrix = new double[p * p];
        var with = new double[p];
        for (var i = 0; i < p; i++)
        {
            with[i] = joint.CrossProduct(i + 1, 0);
            for (var j = 0; j < p; j++)
            {
                matrix[i * p + j] = joint.CrossProduct(i + 1, j + 1);
            }
        }

        var factor = PivotedCholesky.Factor(matrix, p);
        if (factor.Rank == 0 || !(joint.CrossProduct(0, 0) > 0))
        {
            throw new NotEstimableException(factor.Rank == 0 ? "No surrogate varies in the history." : "The long-term outcome does not vary in the history.");
        }

        var slopes = factor.Solve(with);
        double[] centre = [.. Enumerable.Range(1, p).Select(joint.Mean)];
        var explained = factor.InverseQuadraticForm(with) / joint.CrossProduct(0, 0);
        return new(centre, joint.Mean(0), slopes, Sandwich(outcome, surrogates, joint, factor, slopes), Math.Clamp(explained, 0, 1), outcome.Length);
    }

    /// <param name="model">The fitted history.</param>
    /// <param name="x">Surrogates of the first arm's units, in the model's order.</param>
    /// <param name="y">Second arm, likewise.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">The expected outcome is the same for all units.</exception>
    public static SurrogateIndexResult Compare(SurrogateModel model, CoMoments x, CoMoments y, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(model);
        InferenceGuard.Rows(x, model.Slopes.Count, 2, "The first arm");
        InferenceGuard.Rows(y, model.Slopes.Count, 2, "The second arm");
        InferenceGuard.Level(level);
        double[] slopes = [.. model.Slopes];
        var (indexX, indexY) = (x.Combine([slopes]).Column(0), y.Combine([slopes]).Column(0));
        var welch = WelchT.Test(indexX, indexY, level);
        var (atX, atY) = (At(model, x), At(model, y));
        double[] gap = [0, .. Enumerable.Range(0, slopes.Length).Select(i => x.Mean(i) - y.Mean(i))];
        var fromModel = Math.Max(0, Form(model, gap, gap));
        var error = Math.Sqrt(welch.StandardError * welch.StandardError + fromModel);
        var degrees = welch.DegreesOfFreedom ?? double.PositiveInfinity;
        var t = welch.Value / error;
        var reach = (welch.High - welch.Value) / welch.StandardError * error;
        var difference = welch with { Low = welch.Value - reach, High = welch.Value + reach, StandardError = error, Statistic = t, PValue = StudentT.TwoSided(t, degrees), Method = "surrogate index, error of the history included" };
        var shift = model.Level - Enumerable.Range(0, slopes.Length).Sum(i => slopes[i] * model.Centre[i]);
        var (meanX, meanY) = (new MeanEstimate(indexX.Mean + shift, indexX.VarianceOfMean + Math.Max(0, Form(model, atX, atX))), new MeanEstimate(indexY.Mean + shift, indexY.VarianceOfMean + Math.Max(0, Form(model, atY, atY))));
        return new(difference, RelativeLift.Compare(meanX, meanY, Form(model, atX, atY), level), meanX, meanY, welch.StandardError, Math.Sqrt(fromModel));
    }

    static double[] At(SurrogateModel model, CoMoments arm) => [1, .. Enumerable.Range(0, model.Slopes.Count).Select(i => arm.Mean(i) - model.Centre[i])];

    internal static double Form(SurrogateModel model, double[] u, double[] v)
    {
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            for (var j = 0; j < v.Length; j++)
            {
                sum += u[i] * v[j] * model.Covariance[i * v.Length + j];
            }
        }

        return sum;
    }

    // B (sum of e^2 z z') B n / (n - k), z = (1, surrogates about their means), B the inverse of their cross-products.
    static double[] Sandwich(double[] outcome, IReadOnlyList<double[]> surrogates, CoMoments joint, PivotedCholesky factor, double[] slopes)
    {
        var p = slopes.Length;
        var n = (double)outcome.Length;
        var meat = new double[(p + 1) * (p + 1)];
        var z = new double[p + 1];
        for (var r = 0; r < outcome.Length; r++)
        {
            z[0] = 1;
            var e = outcome[r] - joint.Mean(0);
            for (var i = 0; i < p; i++)
            {
                z[i + 1] = surrogates[i][r] - joint.Mean(i + 1);
                e -= slopes[i] * z[i + 1];
            }

            for (var i = 0; i <= p; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    meat[i * (p + 1) + j] += e * e * z[i] * z[j];
                }
            }
        }

        var bread = new double[(p + 1) * (p + 1)];
        bread[0] = 1 / n;
        var unit = new double[p];
        for (var j = 0; j < p; j++)
        {
            Array.Clear(unit);
            unit[j] = 1;
            if (!factor.Kept.Contains(j))
            {
                continue;
            }

            var solved = factor.Solve(unit);
            for (var i = 0; i < p; i++)
            {
                bread[(i + 1) * (p + 1) + j + 1] = solved[i];
            }
        }

        var result = new double[(p + 1) * (p + 1)];
        for (var i = 0; i <= p; i++)
        {
            for (var j = 0; j <= p; j++)
            {
                for (var k = 0; k <= p; k++)
                {
                    for (var l = 0; l <= p; l++)
                    {
                        result[i * (p + 1) + j] += bread[i * (p + 1) + k] * meat[Math.Max(k, l) * (p + 1) + Math.Min(k, l)] * bread[j * (p + 1) + l];
                    }
                }
            }
        }

        var scale = n / (n - factor.Rank - 1);
        return Array.ConvertAll(result, v => v * scale);
    }
}
