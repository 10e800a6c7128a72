using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Compare;
using Gnomon.Studies.Design;
using Gnomon.Tests.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Studies.Design;

/// <summary>Each kind of design against the R call in its comment; its size, power and effect against one another; plans and what later analyses make of them.</summary>
public sealed class DesignKindsTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, DesignOptions, long> Sizes => new()
    {
        { "power.t.test(delta = 1, sd = 3, type = 'paired', power = 0.8): 72.58", new DesignOptions { Kind = "paired", Sd = 3, Mde = "1" }, 73 },
        { "the same, sd = 3 sqrt(2 (1 - 0.5))", new DesignOptions { Kind = "paired", Sd = 3, Correlation = 0.5, Mde = "1" }, 73 },
        { "power.t.test(delta = 0.5, sd = 1, type = 'one.sample', power = 0.8): 33.37", new DesignOptions { Kind = "one-mean", Sd = 1, Mde = "0.5" }, 34 },
        { "pwr.anova.test(k = 4, f = 0.8 / sqrt(8), power = 0.8): 35.06 a group", new DesignOptions { Kind = "groups", Arms = 4, Sd = 2.5, Mde = "2" }, 36 },
        { "pwr.f2.test(u = 1, f2 = 0.1 / 0.9, power = 0.8): v = 70.6", new DesignOptions { Kind = "regression", Mde = "0.1" }, 73 },
        { "pwr.chisq.test(w = 0.2, df = 2, power = 0.8): 240.9", new DesignOptions { Kind = "table", Cells = "3x2", Mde = "0.2" }, 241 },
        { "Noether: 2.8016^2 / (6 * 0.07^2)", new DesignOptions { Kind = "rank", Mde = "0.07" }, 267 },
        { "rpact getSampleSizeRates(thetaH0 = -0.1, pi1 = pi2 = 0.8, alpha = 0.025): 254.2 an arm", new DesignOptions { Baseline = 0.8, Margin = "0.1" }, 255 },
        { "rpact getSampleSizeMeans(thetaH0 = -0.5, alternative = 0, alpha = 0.025): 63.8 an arm", new DesignOptions { Kind = "mean", Sd = 1, Margin = "0.5" }, 64 },
        { "power.prop.test(p1 = 0.1, p2 = 0.11, sig.level = 0.05 / 3, power = 0.8) times 1 - 0.25", new DesignOptions { Baseline = 0.1, Mde = "0.01", Metrics = 3, CovariateCorrelation = 0.5 }, 14_757 },
        { "power.t.test(delta = 0.5, sd = sqrt(0.625 - 0.25), power = 0.8): 4 measurements after, 1 before, correlation 0.5", new DesignOptions { Kind = "mean", Sd = 1, Mde = "0.5", Measures = 4, MeasuresBefore = 1, Correlation = 0.5 }, 25 },
        { "power.prop.test(p1 = 0.1, p2 = 0.11, power = 0.8): 14750.79", new DesignOptions { Baseline = 0.1, Mde = "0.01" }, 14_751 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_size_is_what_r_says(string source, DesignOptions options, long expected)
    {
        Assert.NotEmpty(source);
        Assert.Equal(expected, Arms(Ask.Design(options))[0]);
    }

    public static TheoryData<DesignOptions> Kinds =>
    [
        new DesignOptions { Kind = "one-proportion", Baseline = 0.3 },
        new DesignOptions { Kind = "one-mean", Sd = 2 },
        new DesignOptions { Kind = "paired", Sd = 2, Correlation = 0.4 },
        new DesignOptions { Kind = "mcnemar", Baseline = 0.3, Discordant = 0.3 },
        new DesignOptions { Kind = "groups", Arms = 3, Sd = 2 },
        new DesignOptions { Kind = "factorial", Factors = "2x3", EffectOf = "1x2", Sd = 2 },
        new DesignOptions { Kind = "correlation" },
        new DesignOptions { Kind = "regression", Baseline = 0.2, Held = 3 },
        new DesignOptions { Kind = "logistic", Baseline = 0.2 },
        new DesignOptions { Kind = "logistic", Baseline = 0.2, Exposed = 0.3 },
        new DesignOptions { Kind = "table", Cells = "3x4" },
        new DesignOptions { Kind = "rank" },
        new DesignOptions { Kind = "rate", Baseline = 0.8, Dispersion = 1.5 },
        new DesignOptions { Kind = "rmst", Baseline = 0.4, Lost = 0.1 },
        new DesignOptions { Kind = "mean", Sd = 2, Arms = 4, Correction = "dunnett" },
        new DesignOptions { Baseline = 0.2, Metrics = 4, CovariateCorrelation = 0.6 },
    ];

    // mde(size) given back as --mde asks for the same size, up to whole units; power(size, mde) is the power asked for.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Size_effect_and_power_of_a_kind_undo_one_another(DesignOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        const long units = 1_200;
        var effect = Facts(options with { Units = units }).Effect!.Value;
        var written = options.Kind == "logistic" ? FormattableString.Invariant($"{effect * 100:R}%") : FormattableString.Invariant($"{effect:R}");
        Assert.InRange(Arms(Ask.Design(options with { Mde = written })).Sum(), units - 4, units + 12);
        Assert.Equal(0.8, Facts(options with { Mde = written, Units = units }).Power, 2e-3);
    }

    [Theory]
    [InlineData("option-missing", "mcnemar", null)]
    [InlineData("option-missing", "factorial", null)]
    [InlineData("option-missing", "table", null)]
    [InlineData("bad-shape", "table", "axb")]
    [InlineData("bad-effect", "logistic", null)]
    [InlineData("bad-effect", "correlation", null)]
    public void What_is_missing_or_impossible_has_a_message(string code, string kind, string? cells)
    {
        var error = Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Kind = kind, Cells = cells, Sd = kind == "factorial" ? 1 : null, Baseline = kind is "mcnemar" or "logistic" ? 0.2 : null, Mde = kind == "correlation" ? "1.5" : "0.1" }));
        Assert.Equal(code, error.Code);
        Assert.NotEmpty(error.Hint!);
    }

    [Fact]
    public void An_effect_chosen_to_fit_the_traffic_is_refused_unless_it_has_a_precedent()
    {
        var options = new DesignOptions { Baseline = 0.1, Mde = "80%", Traffic = "500/day" };
        Assert.Equal("fantasy-effect", Assert.Throws<GnomonError>(() => Ask.Design(options)).Code);
        Assert.Contains("power", Ask.Design(options with { Precedent = "the free-shipping test of 2024" }).Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("power", Ask.Design(options with { Mde = "-50%" }).Decision.Summary, StringComparison.Ordinal);
        Assert.NotNull(Ask.Design(options with { Traffic = null }));
    }

    [Fact]
    public void A_margin_and_a_width_are_said_as_what_they_are()
    {
        Assert.Contains("show that the change of the share is above -1 pp, when there is none", Ask.Design(new DesignOptions { Baseline = 0.1, Margin = "10%" }).Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("less than 1 either way", Ask.Design(new DesignOptions { Kind = "mean", Sd = 3, Margin = "1", Equivalence = true }).Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("no wider than ±1 pp with a chance of 0.8", Ask.Design(new DesignOptions { Baseline = 0.1, Width = "0.01" }).Decision.Summary, StringComparison.Ordinal);
        Assert.Equal("bad-margin", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Baseline = 0.1, Margin = "0.01", Mde = "-0.02" })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Kind = "rank", Margin = "0.01" })).Code);
    }

    [Fact]
    public void Days_are_counted_by_new_units_and_the_count_by_rows_is_shown_beside()
    {
        // 100 new visitors a day, 160 visits.
        var rows = Enumerable.Range(0, 28).SelectMany(d => Enumerable.Range(0, 160).Select(i => (Unit: i < 100 ? d * 100L + i : (d * 100L + i - 100), Day: new DateOnly(2026, 3, 2).AddDays(d), Value: i < 100 ? (i % 10 == 0 ? 1.0 : 0.0) : double.NaN))).ToArray();
        var table = Table.With("visitor", rows.Select(r => r.Unit)).And("day", rows.Select(r => r.Day)).And("ordered", rows.Select(r => r.Value));
        var finding = Ask.Design(table, new DesignOptions { Metric = "ordered", Unit = "visitor", Time = "day", Mde = "50%" });

        // power.prop.test(p1 = 0.1, p2 = 0.15, power = 0.8): 685.6, so 1,372 in all.
        Assert.Equal([686, 686], Arms(finding));
        Assert.Contains(finding.Limitations, l => l.Contains("on day 14", StringComparison.Ordinal) && l.Contains("by rows (160 a day) it would seem to be there on day 9", StringComparison.Ordinal));
        Assert.Contains("2 whole weeks", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(["power", "detectable"], finding.Plots.Select(p => p.Id));
    }

    [Fact]
    public void Later_analyses_list_every_departure_from_the_plan()
    {
        var path = Path.Combine(_folder.Folder, "plan.json");
        using var ledger = _folder.Open();
        var settings = new AskSettings { Ledger = ledger };
        Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "20%", Metric = "converted", Unit = "unit", Control = "A", Experiment = "checkout", Hypothesis = "h", Plan = path, Guardrail = ["refunds<=+1%"], Exclude = ["staff"] }, settings);

        var early = Ask.Ab(Data(400), new AbOptions { Unit = "unit", Variant = "arm", Control = "B", Metric = ["extras"], Level = 0.9, Experiment = "checkout" }, settings);
        var said = early.Checks.Single(c => c.Id == "plan-incomplete").Evidence;
        foreach (var clause in new[] { "planned primary converted is not read", "extras is read as primary and was not planned", "planned control A, compared with B", "400 of 7,682 planned units are in" })
        {
            Assert.Contains(clause, said, StringComparison.Ordinal);
        }


        // What the plan on record says of level and guardrails is done, not only missed.
        Assert.Equal(0.95, early.Estimates.First(e => e.Role == "primary").Level, 1e-12);
        Assert.Contains(early.Estimates, e => e.Metric == "refunds" && e.Role == "guardrail");
        Assert.Contains(early.Limitations, l => l.StartsWith("The plan leaves out: staff.", StringComparison.Ordinal));
        Ask.Ab(Data(500), new AbOptions { Unit = "unit", Variant = "arm", Control = "A", Metric = ["converted"], Experiment = "checkout" }, settings);
        var again = Ask.Ab(Data(600), new AbOptions { Unit = "unit", Variant = "arm", Control = "A", Metric = ["converted"], Guardrail = ["refunds<=+5%"], Experiment = "checkout" }, settings);
        var second = again.Checks.Single(c => c.Id == "plan-incomplete").Evidence;
        Assert.Contains("read 3 times, where the plan reads once", second, StringComparison.Ordinal);
        Assert.Contains("guardrail refunds<=+5% instead of the planned refunds<=+1%", second, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_that_names_the_experiment_leaves_its_look_and_is_held_to_the_plan()
    {
        using var ledger = _folder.Open();
        var settings = new AskSettings { Ledger = ledger };
        Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "20%", Metric = "converted", Experiment = "pages", Hypothesis = "h", Plan = Path.Combine(_folder.Folder, "p.json"), Exclude = ["staff"] }, settings);
        var options = new CompareOptions { Metric = "converted", By = "arm", Control = "A", Randomized = true, Experiment = "pages" };
        var first = Ask.Compare(Data(400), options, settings);
        Assert.Contains("written before the first look", first.Checks.Single(c => c.Id == "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.Contains(first.Limitations, l => l.StartsWith("The plan leaves out: staff.", StringComparison.Ordinal));
        var second = Ask.Compare(Data(800), options, settings);
        Assert.Contains("read 2 times, where the plan reads once", second.Checks.Single(c => c.Id == "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.Contains("800 of 7,682 planned units are in", second.Checks.Single(c => c.Id == "plan-incomplete").Evidence, StringComparison.Ordinal);

        // The same data again are no third look.
        Assert.Contains("read 2 times", Ask.Compare(Data(800), options, settings).Checks.Single(c => c.Id == "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(Ask.Compare(Data(400), options with { Experiment = null }, settings).Checks, c => c.Id == "plan-incomplete");
    }

    private static Table Data(int n) =>
        Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("converted", Enumerable.Range(0, n).Select(i => i % 11 == 0 ? 1L : 0L)).And("refunds", Enumerable.Range(0, n).Select(i => i % 23 == 0 ? 1.0 : 0.0))
            .And("extras", Enumerable.Range(0, n).Select(i => i % 19 * 0.5));

    private static List<long> Arms(Finding finding) => [.. finding.Tables.Single(t => t.Id == "arms").Rows.Select(r => (long)r[2]!)];

    private static DesignFacts Facts(DesignOptions options) => DesignFacts.Read(options, new Core.Studies.StudyContext(null, Core.Ledger.NoLedger.Instance, 1, default, default));
}
