using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bayes;

/// <summary>Settings of a sampled regression.</summary>
public sealed record BayesianRegressionOptions
{
    /// <summary>Gaussian with identity link, binomial with logit or Poisson with log link.</summary>
    public GlmFamily Family { get; init; } = GlmFamily.Gaussian;

    /// <summary>
    /// Prior of every coefficient but the intercept, for columns centred and divided by their standard deviation; for a normal outcome in standard deviations of the outcome too.
    /// normal(0, 2.5) says that a standard deviation of a column rarely multiplies odds or means by more than e^5.
    /// </summary>
    public CoefficientPrior Prior { get; init; } = CoefficientPrior.Normal(0, 2.5);

    /// <summary>Prior of the intercept at the columns' means, on the same scale; for counts around the logarithm of the mean rate.</summary>
    public CoefficientPrior InterceptPrior { get; init; } = CoefficientPrior.Normal(0, 10);

    /// <summary>Weight of each row, positive (trials of a binomial share); null for 1.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Added to the linear predictor with coefficient 1; null for none.</summary>
    public IReadOnlyList<double>? Offset { get; init; }

    public int Chains { get; init; } = 4;

    /// <summary>Draws of each chain that only tune the step.</summary>
    public int Warmup { get; init; } = 500;

    /// <summary>Draws kept of each chain.</summary>
    public int Draws { get; init; } = 1000;

    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; null for all. The result does not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>Level of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    internal void Check()
    {
        Prior.Check();
        InterceptPrior.Check();
        BetaMixture.InferenceLevel(Level);
        if (Family is not ({ Law: OutcomeLaw.Gaussian, Link: LinkFunction.Identity } or { Law: OutcomeLaw.Binomial, Link: LinkFunction.Logit } or { Law: OutcomeLaw.Poisson, Link: LinkFunction.Log }) || Family.IsQuasi)
            throw new ArgumentException($"A sampled regression is gaussian, binomial or Poisson with its usual link; got {Family}.", nameof(Family));
        ArgumentOutOfRangeException.ThrowIfLessThan(Chains, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Warmup, 50);
        ArgumentOutOfRangeException.ThrowIfLessThan(Draws, 50);
    }
}

/// <summary>One parameter after the data.</summary>
/// <param name="Term">Name of the column; <c>sigma</c> is the residual standard deviation.</param>
/// <param name="Mean">Posterior mean, per unit of the column.</param>
/// <param name="StandardDeviation">Posterior standard deviation.</param>
/// <param name="Interval">Equal-tailed credible interval.</param>
/// <param name="ChanceAbove">Share of draws above 0.</param>
/// <param name="PriorScale">Scale of its prior per unit of the column; null for sigma.</param>
/// <param name="Diagnostic">R-hat, effective sizes and Monte Carlo errors.</param>
public sealed record SampledParameter(string Term, double Mean, double StandardDeviation, Interval Interval, double ChanceAbove, double? PriorScale, ChainDiagnostic Diagnostic);

/// <summary>Draws from the posterior of a regression.</summary>
public sealed class BayesianRegressionFit
{
    internal BayesianRegressionFit(DesignMatrix design, double[] response, BayesianRegressionOptions options, IReadOnlyList<SampledParameter> parameters, double[][][] draws, int divergences) =>
        (Design, Response, Options, Parameters, DrawsOf, Divergences) = (design, response, options, parameters, draws, divergences);

    public BayesianRegressionOptions Options { get; }

    /// <summary>In the order of the columns; for a normal outcome sigma comes last.</summary>
    public IReadOnlyList<SampledParameter> Parameters { get; }

    /// <summary>Paths that left the region where the integrator can be trusted, after warm-up: any at all is a warning.</summary>
    public int Divergences { get; }

    internal DesignMatrix Design { get; }

    internal double[] Response { get; }

    // [parameter][chain][draw]
    internal double[][][] DrawsOf { get; }

    /// <summary>The draws of one parameter, chain after chain.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Chains(int parameter) => DrawsOf[parameter];
}

/// <summary>Regression with priors on its coefficients, by Hamiltonian Monte Carlo in several chains.</summary>
/// <remarks>
/// Columns are centred and scaled, and the chains run in coordinates in which the posterior at its mode is round, so that the no-U-turn sampler needs few steps. Residual spread of a normal
/// outcome: exponential prior with the outcome's standard deviation as mean (the default of Goodrich et al., rstanarm). Sources: Hoffman and Gelman 2014; Gelman et al. 2008, Annals of Applied Statistics
/// 2 (scaled priors). Checked by simulation-based calibration (Talts et al. 2018) and against quadrature, within the Monte Carlo error.
/// </remarks>
public static class BayesianRegression
{
    /// <param name="design">Columns; a column of ones is the intercept.</param>
    /// <param name="y">Outcome: finite; 0 to 1 for binomial, whole and not negative for Poisson.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 rows.</exception>
    /// <exception cref="NotEstimableException">A column or a normal outcome does not vary.</exception>
    /// <exception cref="OutcomeRangeException">An outcome outside of the law's range.</exception>
    public static BayesianRegressionFit Fit(DesignMatrix design, ReadOnlySpan<double> y, BayesianRegressionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        options ??= new();
        options.Check();
        RegressionGuard.SameRows(design.Rows, y.Length);
        RegressionGuard.Finite(y, "The outcome");
        if (y.Length < 2)
            throw new TooFewRowsException("The outcome", y.Length, 2);
        options.Family.Check(y);
        var weights = options.Weights is null ? null : RegressionGuard.Weights([.. options.Weights], design.Rows);
        double[]? offset = options.Offset is null ? null : [.. options.Offset];
        if (offset is not null)
        {
            RegressionGuard.SameRows(design.Rows, offset.Length);
            RegressionGuard.Finite(offset, "The offset");
        }
        var scaled = ScaledDesign.Of(design, y, offset, weights, options);
        var posterior = new RegressionPosterior(scaled.Columns, scaled.Response, weights, offset, scaled.Priors, options.Family.Law);
        var (mode, factor) = posterior.Mode();
        var draws = new double[options.Chains][][];
        var divergences = new int[options.Chains];
        var rng = new Rng(options.Seed);
        Parallel.For(0, options.Chains, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1, CancellationToken = cancellation }, c =>
        {
            var round = new RoundPosterior(posterior, mode, factor);
            var sampler = new NoUTurnSampler(round.Log, posterior.Dimension, rng.Stream("chain", c));
            draws[c] = Array.ConvertAll(sampler.Run(options.Warmup, options.Draws, cancellation), round.Original);
            divergences[c] = sampler.Divergences;
        });
        return Summarise(design, y.ToArray(), options, scaled, draws, divergences.Sum());
    }

    static BayesianRegressionFit Summarise(DesignMatrix design, double[] y, BayesianRegressionOptions options, ScaledDesign scaled, double[][][] draws, int divergences)
    {
        var k = design.Columns;
        var isNormal = options.Family.Law == OutcomeLaw.Gaussian;
        var own = Enumerable.Range(0, k + (isNormal ? 1 : 0)).Select(_ => draws.Select(d => new double[d.Length]).ToArray()).ToArray();
        for (var c = 0; c < draws.Length; c++)
        {
            for (var i = 0; i < draws[c].Length; i++)
            {
                var natural = scaled.Natural(draws[c][i]);
                for (var j = 0; j < natural.Length; j++)
                    own[j][c][i] = natural[j];
            }
        }
        var parameters = own.Select((chains, j) => Summary(j < k ? design.Names[j] : "sigma", chains, options.Level, j < k ? scaled.PriorScale(j) : null)).ToArray();
        return new(design, y, options, parameters, own, divergences);
    }

    static SampledParameter Summary(string term, double[][] chains, double level, double? priorScale)
    {
        var all = chains.SelectMany(c => c).ToArray();
        var moments = Moments.Of(all);
        Array.Sort(all);
        var tail = (1 - level) / 2;
        return new(term, moments.Mean, moments.StandardDeviation, new(Quantile(all, tail), Quantile(all, 1 - tail)), all.Count(v => v > 0) / (double)all.Length, priorScale, ChainDiagnostics.Of(chains));
    }

    static double Quantile(double[] sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var k = Math.Min((int)at, sorted.Length - 2);
        return sorted[k] + (at - k) * (sorted[k + 1] - sorted[k]);
    }

    // The posterior in coordinates in which it is round at its mode: at = mode + L^-T z with L L' the curvature there.
    internal sealed class RoundPosterior(RegressionPosterior posterior, double[] mode, double[] factor)
    {
        readonly double[] _at = new double[mode.Length];
        readonly double[] _gradient = new double[mode.Length];

        public double Log(ReadOnlySpan<double> z, Span<double> gradient)
        {
            Place(z, _at);
            var log = posterior.Log(_at, _gradient);
            var k = mode.Length;
            for (var i = 0; i < k; i++)
            {
                var sum = _gradient[i];
                for (var j = 0; j < i; j++)
                    sum -= factor[i * k + j] * gradient[j];
                gradient[i] = sum / factor[i * k + i];
            }
            return log;
        }

        public double[] Original(double[] z)
        {
            var at = new double[z.Length];
            Place(z, at);
            return at;
        }

        void Place(ReadOnlySpan<double> z, double[] at)
        {
            var k = mode.Length;
            for (var i = k - 1; i >= 0; i--)
            {
                var sum = z[i];
                for (var j = i + 1; j < k; j++)
                    sum -= factor[j * k + i] * at[j];
                at[i] = sum / factor[i * k + i];
            }
            for (var i = 0; i < k; i++)
                at[i] += mode[i];
        }
    }
}
