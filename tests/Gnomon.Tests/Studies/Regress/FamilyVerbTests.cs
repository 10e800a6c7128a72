using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>Families with a fit of their own, through the verb; numbers are those of R that the methods are tested against.</summary>
public sealed class FamilyVerbTests
{
    private static readonly JsonElement Others = MethodReference.Load("regression/others.json");
    private static readonly JsonElement Survival = MethodReference.Load("survival/survival.json");
    private static readonly JsonElement Smooth = MethodReference.Load("regression/families.json");

    [Fact]
    public void Quantiles_are_those_of_quantreg_and_the_first_one_answers()
    {
        var finding = RegressData.Ask(Numbers("y"), new RegressOptions { Family = "quantile", Target = "y", On = ["x1", "x2"], Quantile = ["0.5", "0.9"], Predict = ["x1=0"] });
        var slope = finding.Estimates.First(e => e.Metric == "x1");
        MethodReference.Close(Others.GetProperty("q50").Numbers("coefficients")[1], slope.Value, 1e-7);
        Assert.Equal("primary", slope.Role);
        var high = finding.Estimates.Single(e => e.Metric == "x1" && e.Contrast!.Contains("90 %", StringComparison.Ordinal));
        MethodReference.Close(Others.GetProperty("q90").Numbers("coefficients")[1], high.Value, 1e-7);
        Assert.Equal("descriptive", high.Role);
        Assert.Contains("median of y", finding.Title + finding.Decision.Summary + string.Join(' ', finding.Limitations), StringComparison.Ordinal);
        Assert.Equal(7, finding.Tables.Single(t => t.Id == "predictions").Columns.Count);
    }

    [Fact]
    public void Hubers_line_stands_beside_least_squares()
    {
        var finding = RegressData.Ask(Numbers("ry"), new RegressOptions { Family = "huber", Target = "ry", On = ["x1", "x2", "x3"] });
        MethodReference.Close(Others.GetProperty("huber").Numbers("coefficients")[1], finding.Estimate("x1").Value, 1e-5);
        Assert.Contains(finding.Tables, t => t.Id == "least-squares");
        Assert.NotEmpty(finding.Tables.Single(t => t.Id == "light-rows").Rows);
    }

    [Fact]
    public void Categories_are_read_as_odds_against_the_most_frequent()
    {
        double[] classes = Others.Numbers("classes");
        var names = new[] { "car", "bus", "bike" };
        var table = Numbers("y").And("mode", classes.Select(c => names[(int)c - (int)classes.Min()]));
        var finding = RegressData.Ask(table, new RegressOptions { Family = "multinomial", Target = "mode", On = ["x1", "x2"], Predict = ["x1=0,x2=0"] });
        var frequent = names[(int)classes.GroupBy(c => c).OrderByDescending(g => g.Count()).ThenBy(g => names[(int)g.Key - (int)classes.Min()], StringComparer.Ordinal).First().Key - (int)classes.Min()];
        Assert.Contains(finding.Limitations, l => l.Contains($"'{frequent}'", StringComparison.Ordinal));
        Assert.Equal(4, finding.Estimates.Count);
        Assert.All(finding.Estimates, e => Assert.Equal("odds ratio", e.Unit));
        var chances = finding.Tables.Single(t => t.Id == "predictions").Rows[0].Skip(1).Cast<double>().ToList();
        Assert.Equal(1, chances.Sum(), 1e-12);
    }

    // NIST StRD Misra1a, certified values: 9 digits here.
    [Fact]
    public void A_curve_of_the_users_own_meets_certified_values()
    {
        double[] y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78], x = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0];
        var options = new RegressOptions { Family = "nonlinear", Formula = "y ~ b1*(1-exp(-b2*x))", Start = ["b1=500", "b2=0.0001"], Predict = ["x=500"] };
        var finding = RegressData.Ask(Table.With("y", y).And("x", x), options);
        MethodReference.Close(2.3894212918E+02, finding.Estimate("b1").Value, 1e-8);
        MethodReference.Close(5.5015643181E-04, finding.Estimate("b2").Value, 1e-8);
        var rows = finding.Tables.Single(t => t.Id == "coefficients").Rows;
        MethodReference.Close(2.7070075241E+00, (double)rows[0][2]!, 1e-7);
        Assert.Contains("Parameter b1 is 238.9", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("hardly be told apart", StringComparison.Ordinal));
        MethodReference.Close(238.94212918 * (1 - Math.Exp(-5.5015643181E-04 * 500)), (double)finding.Tables.Single(t => t.Id == "predictions").Rows[0][1]!, 1e-8);
        var data = Table.With("y", y).And("x", x).And("name", x.Select(_ => "a"));
        Code("bad-formula", data, options with { Formula = "y ~ b1*(1-exp(-b2*x)" });
        Code("bad-formula", data, options with { Formula = "y ~ b1*(1-exp(-b2*z))" });
        Code("bad-formula", data, options with { Formula = "y ~ b1 + b2" });
        Code("column-not-numeric", data, options with { Formula = "y ~ b1 + b2*name" });
        Code("option-out-of-range", data, options with { Start = ["b1=500", "b2=1", "b3=2"] });
        Code("option-out-of-range", data, options with { Start = ["b1"] });
        Code("option-missing", data, options with { Start = [] });
        Code("options-conflict", data, options with { Weights = "x" });
    }

    [Fact]
    public void Hazard_ratios_are_those_of_coxph_with_and_without_clusters()
    {
        var c = Survival.GetProperty("cox");
        var table = Table.With("days", Survival.Numbers("time")).And("ended", Survival.Numbers("event").Select(e => (long)e)).And("x1", Survival.Numbers("x1")).And("x2", Survival.Numbers("x2"))
            .And("x3", Survival.Numbers("x3")).And("site", Survival.Numbers("cluster").Select(v => $"s{v}"));
        var options = new RegressOptions { Family = "cox", Target = "days", Event = "ended", On = ["x1", "x2", "x3"], Predict = ["x1=1"] };
        var finding = RegressData.Ask(table, options);
        MethodReference.Close(Math.Exp(c.Numbers("coef")[1]), finding.Estimate("x2").Value, 1e-6);
        MethodReference.Close(c.Number("concordance"), (double)finding.Tables.Single(t => t.Id == "fit").Rows.Single(r => (string)r[0]! == "concordance")[1]!, 1e-9);
        Assert.Contains("chance of the event (ended)", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal("Pass", finding.Status("non-proportional-hazards"));
        var clustered = RegressData.Ask(table, options with { Cluster = ["site"] }).Estimate("x2");
        MethodReference.Close(2 * 1.959963984540054 * c.Numbers("clustered")[1], Math.Log(clustered.High / clustered.Low), 1e-5);
        Code("option-missing", table, options with { Event = null });
        Code("no-events", table.And("none", Survival.Numbers("event").Select(_ => 0L)), options with { Event = "none" });
        Code("value-out-of-range", table.And("negative", Survival.Numbers("time").Select(t => t - 5)), options with { Target = "negative" });
        Code("options-conflict", table, options with { Family = "huber" });
    }

    [Fact]
    public void Smooth_curves_are_those_of_mgcv()
    {
        var table = Table.With("y", Smooth.Numbers("y")).And("x", Smooth.Numbers("x")).And("u", Smooth.Numbers("u")).And("z", Smooth.Numbers("z")).And("sold", Smooth.Numbers("z").Select(v => v > 0 ? "yes" : "no"));
        var options = new RegressOptions { Formula = "y ~ z + s(x) + s(u, 8)", Predict = ["x=0.5,u=50,z=0"] };
        var finding = RegressData.Ask(table, options);
        MethodReference.Close(Smooth.GetProperty("twoSmooths").Numbers("coefficients")[1], finding.Estimate("z").Value, 1e-4);
        MethodReference.Close(Smooth.GetProperty("twoSmooths").Numbers("edf")[0], (double)finding.Tables.Single(t => t.Id == "smooths").Rows[0][1]!, 1e-3);
        MethodReference.Close(Smooth.GetProperty("twoSmooths").Numbers("at")[2], (double)finding.Tables.Single(t => t.Id == "predictions").Rows[0][1]!, 2e-3);
        Assert.Contains(finding.Plots, p => p.Id == "curve-2");
        Code("options-conflict", table, options with { Formula = "sold ~ s(x)" });
        Code("options-conflict", table, options with { Cluster = ["sold"] });
        Code("bad-formula", table, options with { Formula = "y ~ z:s(x)" });
        Code("bad-formula", table, options with { Formula = "y ~ s(x, 2)" });
    }

    [Fact]
    public void A_series_can_be_given_errors_that_remember()
    {
        var table = Table.With("y", Smooth.Numbers("ya")).And("day", Smooth.Numbers("t")).And("w", Smooth.Numbers("w")).And("same", Smooth.Numbers("t").Select(t => Math.Floor(t / 2)));
        var options = new RegressOptions { Target = "y", On = ["day", "w"], Time = "day", Errors = "ar1" };
        var finding = RegressData.Ask(table, options);
        MethodReference.Close(Smooth.GetProperty("ar1Restricted").Numbers("coefficients")[2], finding.Estimate("w").Value, 1e-4);
        Assert.Equal("Pass", finding.Status("autocorrelated-residuals"));
        Assert.Contains("cosines", RegressData.Ask(table, options with { Errors = "har" }).Estimate("w").Method, StringComparison.Ordinal);
        Assert.Contains("Newey-West", RegressData.Ask(table, options with { Errors = "hac" }).Estimate("w").Method, StringComparison.Ordinal);
        Assert.Contains("Bell-McCaffrey", RegressData.Ask(table, options with { Errors = "hc2-bm", Time = null }).Estimate("w").Method, StringComparison.Ordinal);
        Assert.StartsWith("wild bootstrap of rows", RegressData.Ask(table, options with { Errors = "wild", Time = null }).Estimate("w").Method, StringComparison.Ordinal);
        Code("options-conflict", table, options with { Errors = "wild" });
        Code("option-missing", table, options with { Time = null });
        Code("several-rows-per-time", table, options with { Time = "same" });
        Code("options-conflict", table, options with { Family = "poisson" });
    }

    [Fact]
    public void Amounts_with_zeros_are_read_as_ratios_of_means()
    {
        var rng = new Rng(3);
        var x = RegressData.Draw(600, rng.NextNormal);
        var y = x.Select(v =>
        {
            var count = rng.NextPoisson(Math.Exp(0.2 + (0.5 * v)));
            return count == 0 ? 0.0 : rng.NextGamma(2.0 * count);
        }).ToArray();
        var table = Table.With("spend", y).And("x", x);
        var options = new RegressOptions { Family = "tweedie", Target = "spend", On = ["x"] };
        var finding = RegressData.Ask(table, options);
        Assert.Equal("mean ratio", finding.Estimate("x").Unit);
        Assert.InRange(finding.Estimate("x").Value, Math.Exp(0.35), Math.Exp(0.65));
        var power = (double)finding.Tables.Single(t => t.Id == "fit").Rows.Single(r => (string)r[0]! == "power")[1]!;
        Assert.InRange(power, 1.2, 1.5);
        Assert.Equal(1.7, (double)RegressData.Ask(table, options with { Power = 1.7 }).Tables.Single(t => t.Id == "fit").Rows.Single(r => (string)r[0]! == "power")[1]!);
        Code("not-estimable", Table.With("spend", y.Select(v => v + 1)).And("x", x), options);
        Code("options-conflict", table, options with { Family = "gamma", Power = 1.5 });
    }

    [Fact]
    public void A_constant_outcome_or_a_foreign_focus_is_refused()
    {
        var table = Numbers("y").And("flat", Others.Numbers("y").Select(_ => 1.0));
        Code("constant-outcome", table, new RegressOptions { Family = "quantile", Target = "flat", On = ["x1"] });
        Code("column-not-found", table, new RegressOptions { Family = "huber", Target = "y", On = ["x1"], Focus = "nothing" });
        Code("option-out-of-range", table, new RegressOptions { Family = "quantile", Target = "y", On = ["x1"], Quantile = ["1.5"] });
        Code("options-conflict", table, new RegressOptions { Target = "y", On = ["x1"], Quantile = ["0.5"] });
    }

    private static Table Numbers(string outcome) =>
        Table.With(outcome, Others.Numbers(outcome)).And("x1", Others.Numbers("x1")).And("x2", Others.Numbers("x2")).And("x3", Others.Numbers("x3"));

    private static void Code(string code, Table table, RegressOptions options) => Assert.Equal(code, Assert.Throws<GnomonError>(() => RegressData.Ask(table, options)).Code);
}
