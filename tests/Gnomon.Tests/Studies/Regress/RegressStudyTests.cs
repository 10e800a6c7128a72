using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>The verb: what it finds, which errors it takes, what it refuses, and what its checks see.</summary>
public sealed class RegressStudyTests
{
    private static readonly RegressOptions Price = new() { Target = "price", On = ["area", "distance", "district"] };

    [Fact]
    public void A_linear_model_gives_the_numbers_of_the_method()
    {
        var finding = RegressData.Ask(RegressData.Homes(), Price);
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        var table = RegressData.Homes();
        double[] area = [.. ((DoubleColumn)table["area"]).Values], distance = [.. ((DoubleColumn)table["distance"]).Values], price = [.. ((DoubleColumn)table["price"]).Values];
        string[] district = [.. Enumerable.Range(0, 400).Select(i => (string)table["district"].Cell(i)!)];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([area, distance, [.. district.Select(d => d == "south" ? 1.0 : 0)], [.. district.Select(d => d == "west" ? 1.0 : 0)]]), price);
        var expected = SignFlipCovariance.Of(fit).Table(fit);
        var slope = finding.Estimate("area");
        Assert.Equal(expected[1].Value, slope.Value, 1e-10);
        Assert.Equal(expected[1].Low, slope.Low, 1e-9);
        Assert.Equal(expected[1].PValue!.Value, slope.P!.Value, 1e-10);
        Assert.Equal(expected[3].High, finding.Estimate("district", "south - north").High, 1e-8);
        Assert.Contains("sign-flip", slope.Method, StringComparison.Ordinal);
        Assert.Contains("Bell-McCaffrey", finding.Estimate("district", "south - north").Method, StringComparison.Ordinal);
        Assert.Contains("area", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("not know", finding.Next[0].Replace("To know", "not know", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_formula_and_the_plain_options_are_the_same_model() =>
        Assert.Equal(
            RegressData.Ask(RegressData.Homes(), Price).Estimates.Select(e => e.Value),
            RegressData.Ask(RegressData.Homes(), new RegressOptions { Formula = "price ~ area + distance + district" }).Estimates.Select(e => e.Value));

    [Fact]
    public void Two_values_are_a_yes_no_outcome_read_as_odds_and_as_chance()
    {
        var finding = RegressData.Ask(RegressData.Homes(), new RegressOptions { Target = "sold", On = ["area"] });
        var odds = finding.Estimate("area");
        Assert.Equal("odds ratio", odds.Unit);
        Assert.Equal("profile likelihood", odds.Method);
        Assert.InRange(odds.Value, Math.Exp(0.03), Math.Exp(0.075));
        var chance = finding.Estimates.Single(e => e.Name == "average effect");
        Assert.Equal("proportion", chance.Unit);
        Assert.InRange(chance.Value, 0.004, 0.015);
        Assert.Contains("chance", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("sold = yes", StringComparison.Ordinal));
    }

    [Fact]
    public void One_value_of_several_can_be_asked_about() =>
        Assert.Equal("odds ratio", RegressData.Ask(RegressData.Homes(), new RegressOptions { Target = "district=south", On = ["area"] }).Estimate("area").Unit);

    [Theory]
    [InlineData("poisson", "rate ratio")]
    [InlineData("negbin", "rate ratio")]
    [InlineData("gaussian", "viewings")]
    public void Counts_can_be_read_as_ratios(string family, string unit)
    {
        var finding = RegressData.Ask(RegressData.Homes(), new RegressOptions { Target = "viewings", On = ["area"], Family = family });
        Assert.Equal(unit, finding.Estimate("area").Unit);
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
    }

    [Fact]
    public void Counts_with_extra_spread_get_wider_errors_and_a_remark()
    {
        var rng = new Rng(3);
        var x = RegressData.Draw(500, rng.NextNormal);
        var table = Table.With("x", x).And("visits", x.Select(v => (double)rng.NextPoisson(Math.Exp(1 + 0.3 * v) * rng.NextGamma(1))).ToArray());
        var automatic = RegressData.Ask(table, new RegressOptions { Target = "visits", On = ["x"], Family = "poisson" });
        Assert.Equal("Pass", automatic.Status("overdispersion"));
        Assert.Contains(automatic.Limitations, l => l.Contains("quasi-Poisson", StringComparison.Ordinal));
        var classical = RegressData.Ask(table, new RegressOptions { Target = "visits", On = ["x"], Family = "poisson", Errors = "classical" });
        Assert.Equal("Warn", classical.Status("overdispersion"));
        Assert.True(automatic.Estimate("x").High > classical.Estimate("x").High);
    }

    [Fact]
    public void Interactions_splines_and_polynomials_are_read_as_average_changes()
    {
        var finding = RegressData.Ask(RegressData.Homes(), new RegressOptions { Formula = "price ~ ns(area) + poly(distance, 2) + C(district, ref=west) * distance" });
        Assert.Contains("area from", finding.Estimates.First(e => e.Metric == "area").Contrast, StringComparison.Ordinal);
        Assert.NotNull(finding.Estimate("district", "south - west"));
        Assert.Contains(finding.Tables.Single(t => t.Id == "terms").Rows, r => (string)r[0]! == "ns(area, 4)");
        var straight = RegressData.Ask(RegressData.Homes(), new RegressOptions { Formula = "price ~ area * distance" });
        Assert.InRange(straight.Estimate("area").Value, 1.8, 2.2);
    }

    [Fact]
    public void Clusters_that_were_named_get_clustered_errors()
    {
        var finding = RegressData.Ask(Stores(1), new RegressOptions { Target = "sales", On = ["staff"], Cluster = ["store"] });
        Assert.StartsWith("CR2", finding.Estimate("staff").Method, StringComparison.Ordinal);
        Assert.Equal("Pass", finding.Status("unit-of-analysis-error"));
        Assert.Equal("Pass", finding.Status("too-few-clusters"));
        var two = RegressData.Ask(Stores(1), new RegressOptions { Target = "sales", On = ["staff"], Cluster = ["store", "week"] });
        Assert.Contains("two ways", two.Estimate("staff").Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_that_nobody_named_are_found_and_used()
    {
        var finding = RegressData.Ask(Stores(2, "store_id"), new RegressOptions { Target = "sales", On = ["staff"] });
        Assert.StartsWith("CR2", finding.Estimate("staff").Method, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("store_id", StringComparison.Ordinal) && l.Contains("did not name", StringComparison.Ordinal));
        Assert.Equal("Pass", finding.Status("unit-of-analysis-error"));
    }

    [Fact]
    public void Errors_by_row_on_clustered_rows_stop_the_answer()
    {
        var finding = RegressData.Ask(Stores(1), new RegressOptions { Target = "sales", On = ["staff"], Cluster = ["store"], Errors = "hc3" });
        Assert.Equal("Fail", finding.Status("unit-of-analysis-error"));
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Contains("--cluster store", finding.Checks.Single(c => c.Id == "unit-of-analysis-error").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Five_clusters_are_answered_by_the_bootstrap_and_warned_of()
    {
        var finding = RegressData.Ask(Stores(4, stores: 5), new RegressOptions { Target = "sales", On = ["staff"], Cluster = ["store"] });
        Assert.StartsWith("wild cluster bootstrap", finding.Estimate("staff").Method, StringComparison.Ordinal);
        Assert.Equal("Warn", finding.Status("too-few-clusters"));
    }

    [Fact]
    public void Order_of_time_gives_errors_that_respect_it()
    {
        var finding = RegressData.Ask(Series(0.5, 300), new RegressOptions { Target = "y", On = ["x"], Time = "day" });
        Assert.StartsWith("Newey-West", finding.Estimate("x").Method, StringComparison.Ordinal);
        Assert.Equal("Warn", finding.Status("autocorrelated-residuals"));
        var plain = RegressData.Ask(Series(0.5, 300), new RegressOptions { Target = "y", On = ["x"], Time = "day", Errors = "hc3" });
        Assert.Equal("Fail", plain.Status("autocorrelated-residuals"));
        Assert.Equal(DecisionAction.Investigate, plain.Decision.Action);
        Assert.Equal("Pass", RegressData.Ask(Series(0, 300), new RegressOptions { Target = "y", On = ["x"], Time = "day" }).Status("autocorrelated-residuals"));
    }

    [Fact]
    public void The_order_of_rows_in_the_file_does_not_matter_when_time_is_named()
    {
        var series = Series(0.5, 120);
        var turned = new Table([.. series.Columns.Select(Turned)]);
        var options = new RegressOptions { Target = "y", On = ["x"], Time = "day" };
        Assert.Equal(RegressData.Ask(series, options).Estimate("x").High, RegressData.Ask(turned, options).Estimate("x").High, 1e-9);
    }

    [Fact]
    public void A_regression_of_one_wandering_series_on_another_fails()
    {
        var rng = new Rng(11);
        double a = 0, b = 0;
        double[] x = new double[300], y = new double[300];
        for (var t = 0; t < 300; t++)
        {
            (x[t], y[t]) = (a += rng.NextNormal(), b += rng.NextNormal());
        }

        var finding = RegressData.Ask(Table.With("day", Enumerable.Range(1, 300).Select(i => (long)i)).And("x", x).And("y", y), new RegressOptions { Target = "y", On = ["x"], Time = "day" });
        var check = finding.Checks.Single(c => c.Id == "autocorrelated-residuals");
        Assert.Equal("Fail", check.Status.ToString());
        Assert.Contains("differences", check.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_twins_and_a_typing_error_are_seen()
    {
        var rng = new Rng(21);
        var x = RegressData.Draw(300, rng.NextNormal);
        var curve = RegressData.Ask(Table.With("x", x).And("y", x.Select(v => v * v + rng.NextNormal()).ToArray()), new RegressOptions { Target = "y", On = ["x"] });
        Assert.Equal("Warn", curve.Status("missed-nonlinearity"));
        Assert.Contains("a bend does", curve.Decision.Summary, StringComparison.Ordinal);
        var few = RegressData.Draw(60, rng.NextNormal);
        var twins = RegressData.Ask(
            Table.With("x", few).And("twin", few.Select(v => v + 0.2 * rng.NextNormal()).ToArray()).And("y", few.Select(v => 2 * v + 4 * rng.NextNormal()).ToArray()), new RegressOptions { Target = "y", On = ["x", "twin"] });
        Assert.Equal("Warn", twins.Status("multicollinearity"));
        var typed = x.Select((v, i) => i == 7 ? 1_000 : v).ToArray();
        Assert.Equal("Warn", RegressData.Ask(Table.With("x", typed).And("y", x.Select(v => v + rng.NextNormal()).ToArray()), new RegressOptions { Target = "y", On = ["x"] }).Status("influential-rows"));
    }

    [Fact]
    public void A_column_that_others_determine_is_named_with_its_equation_and_a_plain_one_is_not()
    {
        var rng = new Rng(23);
        var (food, rent) = (RegressData.Draw(80, rng.NextNormal), RegressData.Draw(80, rng.NextNormal));
        var y = food.Select((v, i) => v + rent[i] + rng.NextNormal()).ToArray();
        var table = Table.With("food", food).And("rent", rent).And("total", food.Select((v, i) => v + (2.5 * rent[i]) + 7).ToArray()).And("y", y);
        var finding = RegressData.Ask(table, new RegressOptions { Target = "y", On = ["food", "rent", "total"] });
        Assert.Equal("Warn", finding.Status("multicollinearity"));
        Assert.Contains("total = food + 2.5 × rent + 7:", finding.Checks.Single(c => c.Id == "multicollinearity").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("total = food + 2.5 × rent + 7", StringComparison.Ordinal));
        Assert.Equal("Pass", RegressData.Ask(table, new RegressOptions { Target = "y", On = ["food", "rent"] }).Status("multicollinearity"));
        Assert.Equal("Warn", RegressData.Ask(table, new RegressOptions { Target = "y", On = ["food", "rent", "total"], Family = "quantile" }).Status("multicollinearity"));
    }

    [Fact]
    public void Few_groups_of_a_mixed_model_warn_though_the_data_show_no_difference_between_them()
    {
        var rng = new Rng(29);
        var x = RegressData.Draw(40, rng.NextNormal);
        var table = Table.With("g", Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "a" : "b").ToArray()).And("x", x).And("y", x.Select((v, i) => (i / 2 % 2 == 0 ? 1 : -1) + (0.01 * v)).ToArray());
        var finding = RegressData.Ask(table, new RegressOptions { Formula = "y ~ x + (1 | g)" });
        Assert.Equal("Warn", finding.Status("too-few-clusters"));
    }

    [Fact]
    public void A_column_that_knows_the_outcome_is_named_and_the_estimate_stays_finite()
    {
        var rng = new Rng(31);
        var x = RegressData.Draw(200, rng.NextNormal);
        bool[] y = [.. x.Select(v => rng.NextDouble() < 1 / (1 + Math.Exp(-v)))];
        var table = Table.With("x", x).And("churned", y).And("refund", y.Select(v => v && rng.NextDouble() < 0.4));
        var finding = RegressData.Ask(table, new RegressOptions { Target = "churned", On = ["x", "refund"] });
        Assert.Equal("Warn", finding.Status("separation"));

        // Only the penalised ratio is shown: an average effect by the delta method would contradict its interval.
        Assert.DoesNotContain(finding.Estimates, e => e.Unit == "proportion" && e.Contrast is not null);
        Assert.Contains("refund", finding.Checks.Single(c => c.Id == "separation").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("Firth", StringComparison.Ordinal));
    }

    [Fact]
    public void Separated_counts_with_extra_spread_are_answered_too()
    {
        var rng = new Rng(33);
        var level = Enumerable.Range(0, 300).Select(i => i < 20 ? "closed" : i % 2 == 0 ? "north" : "south").ToArray();
        var visits = level.Select(l => l == "closed" ? 0.0 : rng.NextPoisson(4 * rng.NextGamma(1))).ToArray();
        var finding = RegressData.Ask(Table.With("level", level).And("visits", visits), new RegressOptions { Target = "visits", On = ["level"], Family = "poisson" });
        Assert.Equal("Warn", finding.Status("separation"));
        Assert.Equal("Warn", finding.Status("overdispersion"));
    }

    [Fact]
    public void A_significant_effect_below_what_is_worth_having_is_called_that()
    {
        var finding = RegressData.Ask(RegressData.Homes(1, 3000), Price with { Focus = "area", Mde = 5 });
        Assert.Equal("Warn", finding.Status("significance-without-importance"));
        Assert.Equal("secondary", finding.Estimate("distance").Role);
        Assert.Contains("area", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_beyond_chance_is_inconclusive_with_what_the_data_allow()
    {
        var rng = new Rng(41);
        var finding = RegressData.Ask(Table.With("x", RegressData.Draw(80, rng.NextNormal)).And("y", RegressData.Draw(80, rng.NextNormal)), new RegressOptions { Target = "y", On = ["x"] });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains("anything from", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_rows_are_counted_by_column()
    {
        var homes = RegressData.Homes();
        double[] area = [.. ((DoubleColumn)homes["area"]).Values];
        area[3] = double.NaN;
        area[9] = double.PositiveInfinity;
        var table = new Table([.. homes.Columns.Where(c => c.Name != "area")]).And("area", area);
        var finding = RegressData.Ask(table, Price);
        Assert.Equal(398, finding.Estimates[0].N);
        Assert.Contains(finding.Limitations, l => l.Contains("2 of 400 rows", StringComparison.Ordinal) && l.Contains("area: 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dependent_column_is_named_and_the_others_answer()
    {
        var homes = RegressData.Homes();
        var finding = RegressData.Ask(homes.And("double_area", ((DoubleColumn)homes["area"]).Values.ToArray().Select(v => 2 * v).ToArray()), Price with { On = ["area", "double_area"] });
        Assert.Contains(finding.Limitations, l => l.StartsWith("double_area: no coefficient", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Estimates, e => e.Metric == "double_area");
    }

    [Fact]
    public void Predictions_have_two_intervals_and_say_what_they_assume()
    {
        var finding = RegressData.Ask(RegressData.Homes(), Price with { Predict = ["area=100,district=south"] });
        var row = finding.Tables.Single(t => t.Id == "predictions").Rows[0];
        Assert.Contains("distance = 5", (string)row[0]!, StringComparison.Ordinal);
        Assert.Contains("(mean)", (string)row[0]!, StringComparison.Ordinal);
        Assert.InRange((double)row[1]!, 270, 290);
        Assert.True((double)row[4]! < (double)row[2]!);
    }

    [Fact]
    public void The_design_is_written_as_csv()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("gnomon-design-").FullName, "design.csv");
        _ = RegressData.Ask(RegressData.Homes(), Price with { Design = file });
        var lines = File.ReadAllLines(file);
        Assert.Equal("row,price,(intercept),area,distance,district = south,district = west,fitted,residual", lines[0]);
        Assert.Equal(401, lines.Length);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public void Threads_change_no_number()
    {
        var one = RegressData.Ask(RegressData.Homes(1, 30_000), Price with { Threads = 1 });
        var two = RegressData.Ask(RegressData.Homes(1, 30_000), Price with { Threads = 2 });
        Assert.Equal(one.Estimates, two.Estimates);
        Assert.Equal(one.Checks, two.Checks);
    }

    public static TheoryData<string, RegressOptions, string> Refusals => new()
    {
        { "column-not-found", Price with { On = ["aera"] }, "Did you mean 'area'?" },
        { "bad-formula", new() { Formula = "price ~ area ** 2" }, "^" },
        { "bad-formula", new() { Formula = "price ~ " }, "ends where a column was expected" },
        { "bad-formula", new() { Formula = "price ~ root(area)" }, "Functions:" },
        { "options-conflict", new() { Formula = "price ~ area", Target = "price" }, "one way" },
        { "options-conflict", Price with { On = ["price"] }, "explains itself" },
        { "option-missing", new() { Target = "price" }, "--on" },
        { "option-missing", Price with { Mde = 1 }, "--focus" },
        { "option-missing", Price with { Errors = "cr2" }, "--cluster" },
        { "constant-outcome", new() { Target = "price", On = ["area"], Where = "price = (select min(price) from data)" }, string.Empty },
        { "outcome-not-numeric", new() { Target = "district", On = ["area"] }, "district=VALUE" },
        { "outcome-out-of-range", new() { Target = "price", On = ["area"], Family = "binomial" }, "0 to 1" },
        { "too-few-rows", Price with { Where = "area > (select area from data order by area desc limit 1 offset 3)" }, "coefficients" },
        { "no-rows", Price with { Where = "area > 1e9" }, "--where" },
        { "level-not-found", new() { Formula = "price ~ C(district, ref=nort)" }, "Did you mean 'north'?" },
        { "value-out-of-range", new() { Formula = "viewings ~ log(viewings2)" }, string.Empty },
        { "column-not-numeric", new() { Formula = "price ~ log(district)" }, "needs numbers" },
        { "column-not-found", Price with { Focus = "aera" }, "Did you mean 'area'?" },
        { "level-not-found", Price with { Predict = ["district=sout"] }, "Did you mean 'south'?" },
        { "bad-number", Price with { Predict = ["area=big"] }, "not a number" },
        { "one-cluster", Price with { Cluster = ["country"] }, "one value" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Bad_input_is_refused_by_name(string code, RegressOptions options, string says)
    {
        var homes = RegressData.Homes().And("country", Enumerable.Repeat<string?>("DE", 400)).And("viewings2", Enumerable.Range(-5, 400).Select(i => (double)i).ToArray());
        var wrong = Assert.Throws<GnomonError>(() => RegressData.Ask(homes, options));
        Assert.True(wrong.Code == code, $"{wrong.Code}: {wrong.Message} {wrong.Hint}");
        Assert.Contains(says, $"{wrong.Message} {wrong.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public void Perfect_data_constant_columns_and_twelve_rows_are_answers()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var perfect = RegressData.Ask(Table.With("x", x).And("y", x.Select(v => 2 * v + 1).ToArray()), new RegressOptions { Target = "y", On = ["x"] });
        Assert.Equal(2, perfect.Estimates[0].Value);
        Assert.Contains(perfect.Limitations, l => l.Contains("perfectly", StringComparison.Ordinal));
        _ = RegressData.Ask(Table.With("x", x).And("c", Enumerable.Repeat(3.0, 12)).And("y", x.Select((v, i) => v + (i % 3)).ToArray()), new RegressOptions { Target = "y", On = ["x", "c"] });
        _ = RegressData.Ask(Table.With("g", Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "a" : "b")).And("y", x), new RegressOptions { Target = "y", On = ["g"] });
    }

    private static Table Stores(int seed, string name = "store", int stores = 40)
    {
        var rng = new Rng(seed).Stream("stores");
        var level = RegressData.Draw(stores, rng.NextNormal);
        var usual = RegressData.Draw(stores, rng.NextNormal);
        var store = Enumerable.Range(0, stores * 20).Select(i => i / 20).ToArray();
        double[] staff = [.. store.Select(s => 5 + usual[s] + 0.3 * rng.NextNormal())];
        return Table.With(name, store.Select(s => (string?)$"S{s}")).And("week", Enumerable.Range(0, stores * 20).Select(i => (long)(i % 20))).And("staff", staff)
            .And("sales", staff.Select((v, i) => 10 + 2 * v + 2 * level[store[i]] + rng.NextNormal()).ToArray());
    }

    private static Table Series(double rho, int rows)
    {
        var rng = new Rng(9).Stream("series");
        double s = 0, e = 0;
        double[] x = new double[rows], y = new double[rows];
        for (var t = 0; t < rows; t++)
        {
            s = 0.7 * s + rng.NextNormal();
            e = rho * e + rng.NextNormal();
            (x[t], y[t]) = (s, 1 + 0.5 * s + e);
        }

        return Table.With("x", x).And("y", y).And("day", Enumerable.Range(0, rows).Select(i => new DateOnly(2026, 1, 1).AddDays(i)));
    }

    private static Column Turned(Column column) => column switch
    {
        DoubleColumn d => new DoubleColumn(d.Name, [.. d.Values.ToArray().Reverse()]),
        IntegerColumn i => new IntegerColumn(i.Name, i.Type, [.. i.Values.ToArray().Reverse()]),
        _ => column,
    };

    [Fact]
    public void Predictions_outside_the_data_and_walks_are_seen()
    {
        var rng = new Rng(22);
        var x = RegressData.Draw(200, () => 4 + (20 * rng.NextDouble()));
        var table = Table.With("x", x).And("y", x.Select(v => (3 * v) + rng.NextNormal()).ToArray());
        Assert.Equal("Warn", RegressData.Ask(table, new RegressOptions { Target = "y", On = ["x"], Predict = ["x=200"] }).Status("out-of-support-prediction"));
        Assert.Equal("Pass", RegressData.Ask(table, new RegressOptions { Target = "y", On = ["x"], Predict = ["x=24.5"] }).Status("out-of-support-prediction"));

        // Two walks that know nothing of each other.
        var walks = (A: new double[200], B: new double[200]);
        for (var i = 1; i < 200; i++)
        {
            (walks.A[i], walks.B[i]) = (walks.A[i - 1] + rng.NextNormal(), walks.B[i - 1] + rng.NextNormal());
        }

        var walk = RegressData.Ask(Table.With("day", Enumerable.Range(1, 200).Select(i => (long)i)).And("x", walks.A).And("y", walks.B), new RegressOptions { Target = "y", On = ["x"], Time = "day" });
        Assert.Equal("Fail", walk.Status("autocorrelated-residuals"));
    }

    [Theory]
    [InlineData("huber", "y ~ s(x)", "smooth-not-available")]
    [InlineData("quantile", "y ~ x + (1 | person)", "random-effects-not-available")]
    public void Families_refuse_what_they_cannot_hold(string family, string formula, string code)
    {
        var rng = new Rng(23);
        var x = RegressData.Draw(60, rng.NextNormal);
        var table = Table.With("x", x).And("person", Enumerable.Range(0, 60).Select(i => (long)(i / 3))).And("y", x.Select(v => v + rng.NextNormal()).ToArray());
        var wrong = Assert.Throws<Gnomon.Core.Errors.GnomonError>(() => RegressData.Ask(table, new RegressOptions { Formula = formula, Family = family }));
        Assert.Equal(code, wrong.Code);
    }
}
