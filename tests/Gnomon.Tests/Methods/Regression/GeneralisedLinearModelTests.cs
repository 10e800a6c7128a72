using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>Generalised linear models against R 4.2.2: glm, MASS::glm.nb, sandwich, clubSandwich, refits for profile intervals (tests/reference/regression/make-glm.R).</summary>
public sealed class GeneralisedLinearModelTests
{
    // R stops at a relative change of the deviance of 1e-15, ours at a step of 1e-6 to 1e-9 standard errors.
    private const double Tight = 1e-8;

    private static readonly JsonElement R = MethodReference.Load("regression/glm.json");

    public static TheoryData<string> Models => ["logit", "probit", "shares", "poisson", "gamma", "fixedTheta"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_number_agrees_with_R(string model)
    {
        var e = R.GetProperty(model);
        var fit = Fit(model);
        Assert.True(fit.Converged);
        All(e, "coefficients", [.. fit.Coefficients]);
        MethodReference.Close(e.Number("deviance"), fit.Deviance, Tight);
        MethodReference.Close(e.Number("nullDeviance"), fit.NullDeviance!.Value, Tight);
        MethodReference.Close(e.Number("pearson"), fit.PearsonChiSquared, Tight);
        if (model != "fixedTheta")
        {
            // MASS estimates a dispersion for a fixed theta and has no likelihood of that kind.
            MethodReference.Close(e.Number("dispersion"), fit.Dispersion, Tight);
            MethodReference.Close(e.Number("logLik"), fit.LogLikelihood!.Value, Tight);
            MethodReference.Close(e.Number("aic"), fit.Aic!.Value, Tight);
            All(e, "errors", Errors(RobustErrors.Classical(fit)));
            All(e, "p", [.. RobustErrors.Classical(fit).Table(fit).Select(c => c.PValue!.Value)], 1e-7);
            var interval = ProfileLikelihood.Of(fit, 1)!.Value;
            All(e, "profile", [interval.Low, interval.High], 1e-6);
        }

        All(e, "hc0", Errors(RobustErrors.Heteroskedastic(fit, HcKind.Hc0)));
        All(e, "hc3", Errors(RobustErrors.Heteroskedastic(fit, HcKind.Hc3)));
        All(e, "cr1", Errors(RobustErrors.Clustered(fit, Codes())));
        All(e, "leverage", fit.Leverages()[..10]);
        All(e, "devianceResiduals", fit.DevianceResiduals()[..10]);

        // clubSandwich takes the root of another matrix of the same working model: close, not equal.
        All(e, "cr2", Errors(RobustErrors.BiasReducedClustered(fit, Codes())), 0.02);
    }

    [Fact]
    public void Bias_reduced_errors_of_a_logit_agree_with_the_definition()
    {
        var e = MethodReference.Load("regression/cr2-logit.json");
        var cr2 = RobustErrors.BiasReducedClustered(Fit("logit"), Codes());
        All(e, "errors", Errors(cr2), 1e-7);
        All(e, "degrees", [.. cr2.DegreesOfFreedom], 1e-7);
    }

    [Fact]
    public void Gamma_with_the_inverse_link_agrees_with_R()
    {
        var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([R.Numbers("x")]), R.Numbers("yg"), new GlmOptions { Family = new GlmFamily(OutcomeLaw.Gamma, LinkFunction.Inverse) });
        var e = R.GetProperty("gammaInverse");
        All(e, "coefficients", [.. fit.Coefficients]);
        All(e, "errors", Errors(RobustErrors.Classical(fit)));
    }

    [Fact]
    public void Quasi_Poisson_scales_its_errors_as_R_does()
    {
        var fit = GeneralisedLinearModel.Fit(Design("x", "z"), R.Numbers("yn"), new GlmOptions { Family = GlmFamily.QuasiPoisson });
        var e = R.GetProperty("quasi");
        All(e, "errors", Errors(RobustErrors.Classical(fit)));
        All(e, "p", [.. RobustErrors.Classical(fit).Table(fit).Select(c => c.PValue!.Value)], 1e-7);
        Assert.Null(fit.LogLikelihood);
    }

    [Fact]
    public void The_negative_binomial_shape_agrees_with_glm_nb()
    {
        var fit = GeneralisedLinearModel.FitNegativeBinomial(Design("x", "z"), R.Numbers("yn"));
        var e = R.GetProperty("negbin");

        // glm.nb stops when theta moves by less than 1e-4 of a standard error or so.
        MethodReference.Close(e.Number("theta"), fit.Family.Theta, 1e-6);
        All(e, "coefficients", [.. fit.Coefficients], 1e-6);
        All(e, "errors", Errors(RobustErrors.Classical(fit)), 1e-6);
        MethodReference.Close(e.Number("logLik"), fit.LogLikelihood!.Value, 1e-8);
        MethodReference.Close(e.Number("aic"), fit.Aic!.Value, 1e-8);
    }

    [Fact]
    public void Counts_without_extra_spread_give_a_shape_at_the_border()
    {
        double[] y = [.. Enumerable.Range(0, 60).Select(i => (double)(2 + i % 2))];
        Assert.True(GeneralisedLinearModel.FitNegativeBinomial(DesignMatrix.WithIntercept([], rows: 60), y).Family.Theta > 1e6);
    }

    [Fact]
    public void Logistic_with_one_switch_is_the_log_odds_ratio()
    {
        // 30 of 100 and 45 of 120.
        double[] x = [.. Enumerable.Range(0, 220).Select(i => i < 100 ? 0.0 : 1.0)];
        double[] y = [.. Enumerable.Range(0, 220).Select(i => i < 30 || (i >= 100 && i < 145) ? 1.0 : 0.0)];
        var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([x]), y);
        MethodReference.Close(Math.Log(45.0 / 75.0 / (30.0 / 70.0)), fit.Coefficients[1], 1e-10);
        MethodReference.Close(Math.Sqrt(1.0 / 45 + 1.0 / 75 + 1.0 / 30 + 1.0 / 70), RobustErrors.Classical(fit).StandardError(1), 1e-10);
        var effect = MarginalEffects.Switch(fit, RobustErrors.Classical(fit), 1);
        MethodReference.Close(45.0 / 120 - 0.3, effect.Value, 1e-10);
        MethodReference.Close(Math.Sqrt(0.375 * 0.625 / 120 + 0.3 * 0.7 / 100), effect.StandardError, 1e-9);
    }

    [Fact]
    public void A_row_of_weight_two_is_two_rows()
    {
        double[] y = [.. R.Numbers("yb")];
        var twice = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([[.. R.Numbers("x"), .. R.Numbers("x")]]), [.. y, .. y]);
        var weighted = GeneralisedLinearModel.Fit(Design("x"), y, new GlmOptions { Weights = [.. y.Select(_ => 2.0)] });
        MethodReference.Close(twice.Coefficients[1], weighted.Coefficients[1], 1e-10);
        MethodReference.Close(RobustErrors.Classical(twice).StandardError(1), RobustErrors.Classical(weighted).StandardError(1), 1e-10);
        MethodReference.Close(twice.LogLikelihood!.Value, weighted.LogLikelihood!.Value, 1e-10);
    }

    [Fact]
    public void Separated_data_are_found_and_penalised_as_an_optimiser_finds()
    {
        var e = R.GetProperty("firth");
        var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([e.Numbers("x"), e.Numbers("z")], ["x", "z"]), e.Numbers("y"));
        Assert.True(fit.IsPenalised);
        Assert.Contains("x", fit.Separation!.Terms);
        Assert.True(fit.Separation.IsComplete);

        // The optimiser stops at a relative change of 1e-17 of the likelihood: half the digits in the arguments.
        All(e, "coefficients", [.. fit.Coefficients], 1e-5);
        var interval = ProfileLikelihood.Of(fit, 1)!.Value;
        All(e, "limits", [interval.Low, interval.High], 1e-4);
        Assert.Throws<NotEstimableException>(() => GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([e.Numbers("x")]), e.Numbers("y"), new GlmOptions { FirthWhenSeparated = false }));
    }

    [Fact]
    public void The_penalty_of_a_two_by_two_table_adds_half_a_row_to_each_cell()
    {
        // 0 of 20 and 6 of 25: the saturated Firth estimate is the log odds ratio with 1/2 added (Firth 1993).
        double[] x = [.. Enumerable.Range(0, 45).Select(i => i < 20 ? 0.0 : 1.0)];
        double[] y = [.. Enumerable.Range(0, 45).Select(i => i >= 20 && i < 26 ? 1.0 : 0.0)];
        var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([x], ["x"]), y);
        Assert.True(fit.IsPenalised);
        Assert.False(fit.Separation!.IsComplete);
        MethodReference.Close(Math.Log(6.5 * 20.5 / (19.5 * 0.5)), fit.Coefficients[1], 1e-8);
        Assert.NotNull(ProfileLikelihood.Of(fit, 0));
    }

    [Fact]
    public void Separation_is_exact_on_planted_and_clean_data()
    {
        var rng = new Rng(5);
        for (var seed = 0; seed < 60; seed++)
        {
            var n = 40 + rng.NextInt(400);
            var x = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, n).Select(_ => rng.NextNormal()).ToArray()).ToArray();
            double[] direction = [1, -2, 0.5, 0];
            double[] score = [.. Enumerable.Range(0, n).Select(i => x.Select((c, j) => c[i] * direction[j]).Sum() - 0.3)];
            double[] separated = [.. score.Select(s => s > 0 ? 1.0 : 0.0)];
            var design = DesignMatrix.WithIntercept(x);
            Assert.True(Separation.Detect(design, separated, new GlmOptions())!.IsComplete);

            // One row on the wrong side, well inside the other class, ends it.
            var overlap = (double[])separated.Clone();
            overlap[Array.IndexOf(score, score.Max())] = 0;
            overlap[Array.IndexOf(score, score.Min())] = 1;
            Assert.Null(Separation.Detect(design, overlap, new GlmOptions()));
        }
    }

    [Fact]
    public void A_level_with_counts_of_zero_only_separates_counts()
    {
        var rng = new Rng(8);
        double[] level = [.. Enumerable.Range(0, 200).Select(i => i < 15 ? 1.0 : 0.0)];
        double[] x = [.. level.Select(_ => rng.NextNormal())];
        double[] y = [.. level.Select(l => l == 1 ? 0.0 : rng.NextPoisson(2))];
        var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([level, x], ["level", "x"]), y, new GlmOptions { Family = GlmFamily.Poisson });
        Assert.Equal(["level"], fit.Separation!.Terms);
        Assert.InRange(fit.Coefficients[1], -8, -1);
        Assert.Throws<NotEstimableException>(() => GeneralisedLinearModel.FitNegativeBinomial(DesignMatrix.WithIntercept([level, x], ["level", "x"]), y));
    }

    [Fact]
    public void Refusals_have_names()
    {
        var design = Design("x");
        Assert.Contains("row 3", Assert.Throws<OutcomeRangeException>(() => GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([[1, 2, 3]]), [0, 1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<OutcomeRangeException>(() => GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([[1, 2, 3]]), [0, 1, -2], new GlmOptions { Family = GlmFamily.Poisson }));
        Assert.Throws<NotEstimableException>(() => GeneralisedLinearModel.Fit(design, new double[150]));
        Assert.Throws<TooFewRowsException>(() => GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([[1, 2]]), [0, 1]));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_and_many_rows_converge()
    {
        var (design, y) = Many(120_000, 6);
        var one = GeneralisedLinearModel.Fit(design, y, new GlmOptions { Threads = 1 });
        var four = GeneralisedLinearModel.Fit(design, y, new GlmOptions { Threads = 4 });
        Assert.Equal(one.Coefficients, four.Coefficients);
        Assert.InRange(one.Iterations, 3, 12);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(7.5)]
    [InlineData(1234.5)]
    public void Digamma_is_the_slope_of_log_gamma(double x)
    {
        // Recurrence and reflection of the definition: psi(x + 1) = psi(x) + 1/x; a central difference of log gamma to its own accuracy.
        Assert.Equal(1.0 / x, Digamma.Of(x + 1) - Digamma.Of(x), 1e-13 * Math.Max(1, 1 / x));
        var h = 1e-4 * x;
        Assert.Equal((Gamma.Log(x + h) - Gamma.Log(x - h)) / (2 * h), Digamma.Of(x), 1e-6 * Math.Max(1, Math.Abs(Digamma.Of(x))));
        Assert.Equal((Digamma.Of(x + h) - Digamma.Of(x - h)) / (2 * h), Digamma.Derivative(x), 1e-6 * Math.Max(1e-3, Digamma.Derivative(x)));
        Assert.Equal(-0.57721566490153286, Digamma.Of(1), 1e-15);
        Assert.Equal(Math.PI * Math.PI / 6, Digamma.Derivative(1), 1e-15);
    }

    [Fact]
    public void Marginal_effects_agree_with_statsmodels()
    {
        // statsmodels 0.13.5 Logit and Poisson get_margeff(dummy=True), make.py.
        var e = MethodReference.Load("regression/margins.json");
        var logit = GeneralisedLinearModel.Fit(Design("x", "f"), R.Numbers("yb"));
        var v = RobustErrors.Classical(logit);
        CoefficientEstimate[] seen = [MarginalEffects.Slope(logit, v, 1), MarginalEffects.Switch(logit, v, 2)];
        All(e, "logit", [.. seen.Select(s => s.Value)]);
        All(e, "logitErrors", [.. seen.Select(s => s.StandardError)]);
        var poisson = GeneralisedLinearModel.Fit(Design("x", "f"), R.Numbers("yp"), new GlmOptions { Family = GlmFamily.Poisson });
        v = RobustErrors.Classical(poisson);
        seen = [MarginalEffects.Slope(poisson, v, 1), MarginalEffects.Switch(poisson, v, 2)];
        All(e, "poisson", [.. seen.Select(s => s.Value)]);
        All(e, "poissonErrors", [.. seen.Select(s => s.StandardError)]);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_as_often_as_they_say()
    {
        // 1,000 draws of n = 80: logit by profile likelihood, Poisson by Wald, negative binomial by Wald, separated tables by penalised profile.
        var rng = new Rng(20260103);
        int logit = 0, poisson = 0, firth = 0;
        const int draws = 1_000;
        for (var d = 0; d < draws; d++)
        {
            double[] x = [.. Enumerable.Range(0, 80).Select(_ => rng.NextNormal())];
            double[] yb = [.. x.Select(v => rng.NextDouble() < 1 / (1 + Math.Exp(-v)) ? 1.0 : 0.0)];
            logit += ProfileLikelihood.Of(GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([x]), yb), 1)!.Value.Contains(1) ? 1 : 0;
            double[] yp = [.. x.Select(v => (double)rng.NextPoisson(Math.Exp(0.5 + 0.5 * v)))];
            var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([x]), yp, new GlmOptions { Family = GlmFamily.Poisson });
            var row = RobustErrors.Classical(fit).Table(fit)[1];
            poisson += row.Low <= 0.5 && 0.5 <= row.High ? 1 : 0;
            double[] g = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 0.0 : 1.0)];
            double[] yf = [.. g.Select(v => rng.NextDouble() < (v == 0 ? 0.3 : 0.55) ? 1.0 : 0.0)];
            var penalised = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([g]), yf, new GlmOptions { Firth = true });
            firth += ProfileLikelihood.Of(penalised, 1)!.Value.Contains(Math.Log(0.55 / 0.45 / (0.3 / 0.7))) ? 1 : 0;
        }

        Assert.InRange(logit / (double)draws, 0.927, 0.973);
        Assert.InRange(poisson / (double)draws, 0.92, 0.973);
        Assert.InRange(firth / (double)draws, 0.927, 0.98);
    }

    private static GlmFit Fit(string model) => model switch
    {
        "logit" => GeneralisedLinearModel.Fit(Design("x", "z", "f"), R.Numbers("yb")),
        "probit" => GeneralisedLinearModel.Fit(Design("x", "z", "f"), R.Numbers("yb"), new GlmOptions { Family = GlmFamily.Probit }),
        "shares" => GeneralisedLinearModel.Fit(Design("x", "z"), R.Numbers("ys"), new GlmOptions { Weights = R.Numbers("w") }),
        "poisson" => GeneralisedLinearModel.Fit(Design("x", "z"), R.Numbers("yp"), new GlmOptions { Family = GlmFamily.Poisson, Offset = R.Numbers("off") }),
        "gamma" => GeneralisedLinearModel.Fit(Design("x", "z"), R.Numbers("yg"), new GlmOptions { Family = GlmFamily.Gamma }),
        _ => GeneralisedLinearModel.Fit(Design("x", "z"), R.Numbers("yn"), new GlmOptions { Family = GlmFamily.NegativeBinomial(2.5) }),
    };

    private static DesignMatrix Design(params string[] names) => DesignMatrix.WithIntercept([.. names.Select(n => R.Numbers(n))], names);

    private static int[] Codes() => [.. R.Numbers("cl").Select(v => (int)v)];

    private static double[] Errors(CoefficientCovariance c) => [.. Enumerable.Range(0, c.Size).Select(c.StandardError)];

    private static void All(JsonElement e, string name, double[] seen, double tolerance = Tight)
    {
        var expected = e.Numbers(name);
        Assert.Equal(expected.Length, seen.Length);
        for (var i = 0; i < seen.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - seen[i]) <= tolerance * Math.Abs(expected[i]), $"{name}[{i}]: expected {expected[i]:R}, got {seen[i]:R}");
        }
    }

    private static (DesignMatrix Design, double[] Y) Many(int rows, int columns)
    {
        var rng = new Rng(12);
        var x = Enumerable.Range(0, columns).Select(_ => Enumerable.Range(0, rows).Select(_ => rng.NextNormal()).ToArray()).ToList();
        double[] y = [.. Enumerable.Range(0, rows).Select(i => rng.NextDouble() < 1 / (1 + Math.Exp(-0.3 * x.Sum(c => c[i]))) ? 1.0 : 0.0)];
        return (DesignMatrix.WithIntercept(x), y);
    }
}
