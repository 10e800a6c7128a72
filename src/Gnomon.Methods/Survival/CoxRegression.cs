using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Survival;

/// <summary>Settings of a Cox regression.</summary>
public sealed record CoxOptions
{
    public double Level { get; init; } = 0.95;

    /// <summary>Most Newton steps.</summary>
    public int MostIterations { get; init; } = 50;
}

/// <summary>One coefficient.</summary>
/// <param name="LogHazardRatio">Change of the log hazard for one unit of the column.</param>
/// <param name="StandardError">From the information matrix.</param>
/// <param name="RobustError">From the residuals (by cluster when clusters were given): right too when hazards are not quite proportional or rows go together.</param>
/// <param name="HazardRatio">exp of the coefficient.</param>
/// <param name="Low">Lower limit of the hazard ratio, from the robust error when clusters were given, else from the information.</param>
/// <param name="High">Upper limit.</param>
/// <param name="PValue">Two-sided Wald p-value with the same error.</param>
/// <param name="ProportionalityP">Grambsch and Therneau's score test against Kaplan-Meier time: small when the hazard ratio changes over time.</param>
public sealed record CoxCoefficient(
    double LogHazardRatio, double StandardError, double RobustError, double HazardRatio, double Low, double High, double PValue, double ProportionalityP);

/// <summary>A fitted Cox regression.</summary>
/// <param name="Coefficients">In the order of the columns.</param>
/// <param name="Covariance">Inverse information, row by row.</param>
/// <param name="LogLikelihood">Partial log likelihood at the estimate.</param>
/// <param name="NullLogLikelihood">With all coefficients 0.</param>
/// <param name="Count">Rows.</param>
/// <param name="Events">Events.</param>
/// <param name="Concordance">Share of comparable pairs in which the unit with the higher hazard had the event first; ties count half (Harrell 1982).</param>
/// <param name="Iterations">Newton steps taken.</param>
public sealed record CoxFit(
    IReadOnlyList<CoxCoefficient> Coefficients, IReadOnlyList<double> Covariance, double LogLikelihood, double NullLogLikelihood, int Count, int Events, double Concordance, int Iterations)
{
    /// <summary>Covariance behind the limits: robust (by cluster) when clusters were given, else from the information.</summary>
    public required CoefficientCovariance Errors { get; init; }

    /// <summary>Twice the gain in log likelihood: chi-square with one degree of freedom per column.</summary>
    public double LikelihoodRatio => 2 * (LogLikelihood - NullLogLikelihood);

    public double LikelihoodRatioP => ChiSquared.Sf(Math.Max(0, LikelihoodRatio), Coefficients.Count);
}

/// <summary>Cox's proportional hazards: what goes with an earlier event, without a word on how the hazard runs over time.</summary>
/// <remarks>
/// Sources: Cox 1972; ties: Efron 1977; robust error: Lin and Wei 1989; proportionality: Grambsch and Therneau 1994 (score form). Newton's method with step halving on centred columns. Agrees with R
/// survival 3.5 (ties = "efron") to 1e-8.
/// </remarks>
public static class CoxRegression
{
    const double Tolerance = 1e-11;
    const double FarOff = 25;
    const double Flat = 20;

    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="x">Columns, row by row: times.Length rows of <paramref name="columns"/> finite values.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <param name="clusters">Cluster of each row, or empty when rows are independent.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="NotEstimableException">No event; columns that do not vary or determine one another; a column that puts every event at one end (its coefficient would be infinite).</exception>
    public static CoxFit Fit(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<double> x, int columns, ReadOnlySpan<int> clusters = default, CoxOptions? options = null)
    {
        options ??= new();
        InferenceGuard.Level(options.Level);
        var order = SurvivalData.Order(times, events);
        var data = new CoxData(times, events, x, columns, order);
        if (!clusters.IsEmpty && clusters.Length != times.Length)
            throw new ArgumentException("There must be one cluster per time.", nameof(clusters));
        if (data.Events == 0)
            throw new NotEstimableException("No unit had the event.");
        var beta = new double[columns];
        var state = data.Evaluate(beta);
        var start = state.LogLikelihood;
        var iterations = 0;
        for (var isDone = false; !isDone; iterations++)
        {
            if (iterations == options.MostIterations)
                throw new NotEstimableException($"The fit did not settle within {options.MostIterations} steps.");
            (beta, state, isDone) = Step(data, beta, state);
        }
        return Finish(data, beta, state, start, clusters, iterations, options.Level);
    }

    static (double[] Beta, CoxState State, bool IsDone) Step(CoxData data, double[] beta, CoxState state)
    {
        var factor = PivotedCholesky.Factor(state.Information, beta.Length);
        if (!factor.IsFullRank)
        {
            var column = factor.Dropped[0];
            throw new NotEstimableException(Math.Abs(beta[column]) * data.Spread(column) > 5
                ? $"Column {column} puts the events at one end: its coefficient would be infinite."
                : $"Column {column} does not vary while events happen, or the other columns determine it.");
        }
        var step = factor.Solve(state.Score);
        for (var scale = 1.0; ; scale /= 2)
        {
            var next = new double[beta.Length];
            for (var j = 0; j < next.Length; j++)
            {
                next[j] = beta[j] + scale * step[j];
                if (Math.Abs(next[j]) * data.Spread(j) > FarOff)
                    throw new NotEstimableException($"Column {j} puts the events at one end: its coefficient would be infinite.");
            }
            var after = data.Evaluate(next);
            var gain = after.LogLikelihood - state.LogLikelihood;
            if (gain >= 0 || Math.Abs(gain) <= Tolerance * Math.Abs(state.LogLikelihood))
                return (next, after, Math.Abs(gain) <= Tolerance * (Math.Abs(state.LogLikelihood) + 1e-3));
            if (scale < 1e-6)
                return (beta, state, true);
        }
    }

    static CoxFit Finish(CoxData data, double[] beta, CoxState state, double start, ReadOnlySpan<int> clusters, int iterations, double level)
    {
        var p = beta.Length;
        var covariance = Inverse(PivotedCholesky.Factor(state.Information, p), p);
        var changes = Robust(data.Residuals(beta), clusters, covariance, p);
        var robust = Roots(changes, p);
        var proportionality = ProportionalityScore.Test(data, beta, covariance);
        var z = Normal.UpperQuantile((1 - level) / 2);
        var coefficients = new CoxCoefficient[p];
        for (var j = 0; j < p; j++)
        {
            var error = Math.Sqrt(covariance[j * p + j]);

            // The likelihood is flat out there: it would rise for ever.
            if (error * data.Spread(j) > Flat)
                throw new NotEstimableException($"Column {j} puts the events at one end: its coefficient would be infinite.");
            var used = clusters.IsEmpty ? error : robust[j];
            coefficients[j] = new(
                beta[j], error, robust[j], Math.Exp(beta[j]), Math.Exp(beta[j] - z * used), Math.Exp(beta[j] + z * used), 2 * Normal.Sf(Math.Abs(beta[j]) / used), proportionality[j]);
        }
        return new(coefficients, covariance, state.LogLikelihood, start, data.Count, data.Events, data.Concordance(beta), iterations)
        {
            Errors = CoefficientCovariance.Of(
                clusters.IsEmpty ? covariance : changes, p, double.PositiveInfinity, clusters.IsEmpty ? "Cox partial likelihood, Efron ties" : "Cox partial likelihood, Efron ties, errors robust by cluster"),
        };
    }

    static double[] Inverse(PivotedCholesky factor, int p)
    {
        var inverse = new double[p * p];
        var unit = new double[p];
        for (var j = 0; j < p; j++)
        {
            unit[j] = 1;
            factor.Solve(unit).CopyTo(inverse, j * p);
            unit[j] = 0;
        }
        return inverse;
    }

    // D'D, where D holds the change of the estimate when a row (or cluster) is left out.
    static double[] Robust(double[] residuals, ReadOnlySpan<int> clusters, double[] covariance, int p)
    {
        var n = residuals.Length / p;
        var sums = new Dictionary<int, double[]>();
        var variance = new double[p * p];
        for (var i = 0; i < n; i++)
        {
            var row = residuals.AsSpan(i * p, p);
            if (clusters.IsEmpty)
            {
                AddSquares(row, covariance, variance);
                continue;
            }
            if (!sums.TryGetValue(clusters[i], out var sum))
                sums.Add(clusters[i], sum = new double[p]);
            for (var j = 0; j < p; j++)
                sum[j] += row[j];
        }
        foreach (var (_, sum) in sums.OrderBy(s => s.Key))
            AddSquares(sum, covariance, variance);
        return variance;
    }

    static double[] Roots(double[] matrix, int p)
    {
        var roots = new double[p];
        for (var j = 0; j < p; j++)
            roots[j] = Math.Sqrt(matrix[j * p + j]);
        return roots;
    }

    static void AddSquares(ReadOnlySpan<double> score, double[] covariance, double[] variance)
    {
        var p = score.Length;
        var change = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < p; k++)
                change[j] += covariance[j * p + k] * score[k];
        }
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < p; k++)
                variance[j * p + k] += change[j] * change[k];
        }
    }
}
