using System.Text.RegularExpressions;
using Gnomon.Checks.Evaluation;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Compare;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>The Bayesian side of the verb. Numbers of the go decision: the casebook's, from beta quadrature and draws in scipy (tests/reference/bayes).</summary>
public sealed partial class CompareBayesTests
{
    private static readonly CompareOptions Agreeing = new()
    {
        Counts = ["control=135/300", "drug=171/300"], Randomized = true, Margin = "0.05", Prior = "trial:control=24/60,drug=36/60",
    };

    private static readonly CompareOptions Conflicting = Agreeing with { Counts = ["control=135/300", "drug=132/300"] };

    [Fact]
    public void Priors_that_agree_give_the_numbers_of_the_second_trial()
    {
        var finding = Answer(Agreeing);
        Assert.Equal(0.96, Cell(finding, "posteriors", "flat", "chance above the margin"), 0.005);
        Assert.Equal(0.99, Cell(finding, "posteriors", "earlier trial at weight 1", "chance above the margin"), 0.005);
        Assert.Equal(0.989, Cell(finding, "posteriors", "sceptical normal(0 pp, 5 pp)", "chance above 0"), 0.0005);
        Assert.Equal(0.762, Cell(finding, "posteriors", "sceptical normal(0 pp, 5 pp)", "chance above the margin"), 0.0005);
        Assert.Equal(CheckStatus.Pass, Check(finding, "prior-sensitivity").Status);
        var row = finding.Tables.Single(t => t.Id == "posteriors").Rows[0];
        Assert.Equal(1, (double)row[5]! + (double)row[6]! + (double)row[7]!, 1e-9);
        Assert.Contains("95 % interval +4.0 to +19.8 pp", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("credible interval", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prior_that_the_data_contradict_is_named()
    {
        var finding = Answer(Conflicting);
        Assert.Equal(0.40, Cell(finding, "posteriors", "flat", "chance above 0"), 0.005);
        Assert.Equal(0.75, Cell(finding, "posteriors", "earlier trial at weight 1", "chance above 0"), 0.005);
        Assert.Equal(0.038, Cell(finding, "priors", "earlier trial at weight 1", "surprise of the data"), 0.0006);
        Assert.Equal(CheckStatus.Warn, Check(finding, "prior-sensitivity").Status);
        Assert.Contains("disagree", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_goes_stops_or_runs_more_and_never_pools_what_disagrees()
    {
        var gain = Agreeing with { Gain = "2000000/0.01", Cost = 2_000_000, More = "300=500000" };
        Assert.Equal(DecisionAction.Ship, Answer(gain).Decision.Action);
        Assert.Equal(DecisionAction.DoNotShip, Answer(gain with { Cost = 60_000_000 }).Decision.Action);
        Assert.Equal(DecisionAction.KeepRunning, Answer(gain with { Counts = Conflicting.Counts }).Decision.Action);

        // Break-even inside the posterior: knowing more is worth more than it costs.
        var open = Answer(gain with { Prior = "flat", Cost = 24_000_000, More = "3000=1000" });
        Assert.Equal(DecisionAction.KeepRunning, open.Decision.Action);
        Assert.True(Cell(open, "choices", "expected value of 3,000 further units in each group", "value") < Cell(open, "choices", "expected value of perfect information", "value"));

        // Lower is better: the sign of the gain turns the decision.
        Assert.Equal(DecisionAction.DoNotShip, Answer(gain with { Gain = "-2000000/0.01", Cost = 0 }).Decision.Action);
    }

    [Fact]
    public void A_flat_prior_on_many_units_gives_the_confidence_interval()
    {
        var finding = Answer(new CompareOptions { Counts = ["old=1000/20000", "new=1100/20000"], Randomized = true, Prior = "flat" });
        var test = finding.Estimates.Single(e => e.Role == "primary");
        var posterior = finding.Estimates.First(e => e.Name == "posterior difference");
        Assert.Equal(test.Low, posterior.Low, 1e-3);
        Assert.Equal(test.High, posterior.High, 1e-3);
        Assert.Equal(CheckStatus.Pass, Check(finding, "prior-sensitivity").Status);
        Assert.Equal(5, finding.Tables.Single(t => t.Id == "frameworks").Columns.Count);
        Assert.Contains(finding.Plots, p => p.Id == "bayes-factor");
    }

    // 5,000 trials: coverage 95 % within 3.3 binomial errors, 1.0 points.
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_the_design_cover_and_peeking_costs()
    {
        var finding = Answer(new CompareOptions { Counts = ["old=1000/20000", "new=1100/20000"], Randomized = true, Prior = "flat", Simulate = 5_000 });
        var rows = finding.Tables.Single(t => t.Id == "long-run").Rows;
        foreach (var row in rows)
        {
            Assert.All(new[] { 1, 2, 3 }, c => Assert.InRange((double)row[c]!, 0.94, 0.96));
        }

        Assert.InRange((double)rows[0][5]!, 0.04, 0.06);
        Assert.InRange((double)rows[0][6]!, 0.16, 0.23); // Armitage, McPherson and Rowe 1969: 19.3 % at ten looks
        Assert.Contains(finding.Limitations, l => l.Contains("no licence to peek", StringComparison.Ordinal));
    }

    [Fact]
    public void Means_pairs_and_strata_take_a_prior_on_the_difference()
    {
        var rng = new Rng(8);
        var table = Table.With("value", [.. Enumerable.Range(0, 80).Select(i => (i % 2) + rng.NextNormal())])
            .And("arm", Enumerable.Range(0, 80).Select(i => i % 2 == 0 ? "A" : "B")).And("who", Enumerable.Range(0, 80).Select(i => (double)(i / 2))).And("site", Enumerable.Range(0, 80).Select(i => i % 3 == 0 ? "x" : "y"));
        var options = new CompareOptions { Metric = "value", By = "arm", Prior = "normal:0,0.5", Margin = "0.2", Randomized = true };
        var finding = Ask(table, options);
        var test = finding.Estimates.First(e => e.Role == "primary");
        var posterior = finding.Estimates.First(e => e.Name == "posterior difference");
        Assert.True(posterior.Value > 0 && posterior.Value < test.Value && posterior.High - posterior.Low < test.High - test.Low);

        // Under a flat prior the posterior of a mean difference is the t distribution of Welch's test.
        var flat = Ask(table, options with { Prior = "flat" }).Estimates.First(e => e.Name == "posterior difference");
        Assert.Equal(test.Low, flat.Low, 1e-8);
        Assert.Equal(test.High, flat.High, 1e-8);
        foreach (var other in new[] { options with { Paired = "who" }, options with { Strata = ["site"] }, options with { PriorRobust = 0.2 }, options with { Gain = "10", Cost = 1, More = "50" } })
        {
            Assert.Contains(Ask(table, other).Estimates, e => e.Name == "posterior difference");
        }

        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask(table, options with { Prior = "beta:1,1" })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask(table, options with { Scale = "ordered" })).Code);
    }

    [Theory]
    [InlineData("--prior", "bad-prior", "beta:0,1", null)]
    [InlineData("--prior", "bad-prior", "trial:24/60,36/60", null)]
    [InlineData("--prior", "bad-prior", "normal:0,-1", null)]
    [InlineData("--prior-weight", "option-out-of-range", "flat", 0.5)]
    [InlineData("--prior-weight", "option-out-of-range", "trial:control=24/60,drug=36/60", 1.5)]
    public void A_wrong_prior_has_one_message(string where, string code, string prior, double? weight)
    {
        var wrong = Assert.Single((Agreeing with { Prior = prior, PriorWeight = weight }).Validate());
        Assert.Equal((where, code), (wrong.Where, wrong.Code));
    }

    [Fact]
    public void Options_of_the_decision_need_each_other()
    {
        Assert.Equal("--prior", Assert.Single((Agreeing with { Prior = null, Gain = "1" }).Validate()).Where);
        Assert.Equal("--gain", Assert.Single((Agreeing with { Cost = 5 }).Validate()).Where);
        Assert.Equal("--randomized", Assert.Single((Agreeing with { Gain = "1", Randomized = false }).Validate()).Where);
        Assert.Equal("--more", Assert.Single((Agreeing with { Gain = "1", More = "many" }).Validate()).Where);
        Assert.Equal("bad-gain", Assert.Single((Agreeing with { Gain = "0" }).Validate()).Code);
        Assert.Equal("group-not-found", Assert.Throws<GnomonError>(() => Answer(Agreeing with { Prior = "trial:placebo=24/60,drug=36/60" })).Code);
        Assert.Equal("not-estimable", Assert.Throws<GnomonError>(() => Answer(Agreeing with { Counts = ["control=0/20", "drug=0/20"], Prior = "normal:0,0.1" })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Answer(Agreeing with { Counts = ["a=1/20", "b=3/20", "c=4/30"] })).Code);

        // Nobody has the event: shares still have a posterior.
        Assert.Contains(Answer(Agreeing with { Counts = ["control=0/20", "drug=0/20"], Prior = "beta:1,1" }).Estimates, e => e.Name == "posterior difference");
    }

    // The readings that must never be printed: a probability for a hypothesis or for chance, a real effect, an accepted null.
    [Fact]
    public void No_sentence_reads_p_or_an_interval_as_a_probability_of_a_hypothesis()
    {
        var rng = new Rng(11);
        var judge = new UnsupportedClaim();
        for (var i = 0; i < 40; i++)
        {
            var (n, m) = (20 + rng.NextInt(2_000), 20 + rng.NextInt(2_000));
            var options = new CompareOptions
            {
                Counts = [$"old={rng.NextBinomial(n, 0.3)}/{n}", $"new={rng.NextBinomial(m, 0.2 + 0.3 * rng.NextDouble())}/{m}"], Randomized = true, Margin = i % 3 == 0 ? "0.05" : null,
                Prior = (i % 4) switch { 0 => "flat", 1 => "beta:3,7", 2 => "normal:0.1,0.05", _ => "trial:old=10/40,new=25/40" }, Gain = i % 2 == 0 ? "1000/0.01" : null, Cost = i % 2 == 0 ? 3000 : null, More = i % 4 == 0 ? "500=200" : null,
            };
            var finding = Answer(options);
            foreach (var sentence in finding.Limitations.Concat(finding.Next).SelectMany(Sentences).Concat(Sentences(finding.Decision.Summary)))
            {
                Assert.DoesNotMatch(Misreading(), sentence);
                Assert.DoesNotMatch(@"(?<![\d.])(0|100)(\.0+)? % (chance|probability)|chance of (0|100)(\.0+)? %", sentence);
                if (!sentence.Contains("Under", StringComparison.Ordinal) && !sentence.Contains("under", StringComparison.Ordinal) && !sentence.Contains("prior", StringComparison.Ordinal))
                {
                    var result = judge.Evaluate(new StatedReading { Text = sentence, IsRandomized = true });
                    Assert.True(result.Status is CheckStatus.Pass or CheckStatus.Skipped, result.Says);
                }
            }
        }
    }

    [Fact]
    public void A_misread_claim_is_refused_and_a_posterior_one_is_held_against_the_posterior()
    {
        var options = new CompareOptions { Counts = ["old=1000/20000", "new=1100/20000"], Randomized = true };
        Assert.Equal(CheckStatus.Warn, Check(Answer(options with { Claim = "There is a 98 % probability that the effect is real" }), "unsupported-claim").Status);
        Assert.Equal(CheckStatus.Warn, Check(Answer(options with { Claim = "There is a 99 % probability that the effect is real", Prior = "flat" }), "unsupported-claim").Status);
        Assert.Equal(CheckStatus.Warn, Check(Answer(options with { Claim = "There is an 80 % chance that new is better", Prior = "flat" }), "unsupported-claim").Status);
        Assert.Equal(CheckStatus.Pass, Check(Answer(options with { Claim = "There is a 99 % chance that new is better", Prior = "flat" }), "unsupported-claim").Status);
        Assert.DoesNotContain(Answer(options with { Claim = "p=0.025" }).Checks, c => c.Id == "unsupported-claim" && c.Status == CheckStatus.Warn);
    }

    [GeneratedRegex(@"due to chance|effect is real|accept(ed)? the null|p-value is the probability|proves?|probability (of|that) (the )?(null|hypothesis)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Misreading();

    private static IEnumerable<string> Sentences(string text) => text.Split(". ", StringSplitOptions.RemoveEmptyEntries);

    private static Finding Answer(CompareOptions options)
    {
        var finding = Gnomon.Ask.Compare(options);
        _ = FindingJson.Write(finding); // throws on a number that is not finite
        return finding;
    }

    private static Finding Ask(Table table, CompareOptions options)
    {
        var finding = Gnomon.Ask.Compare(table, options);
        _ = FindingJson.Write(finding);
        return finding;
    }

    private static CheckReport Check(Finding finding, string id) => finding.Checks.Single(c => c.Id == id);

    private static double Cell(Finding finding, string table, string row, string column)
    {
        var t = finding.Tables.Single(x => x.Id == table);
        return (double)t.Rows.Single(r => (string?)r[0] == row)[t.Columns.ToList().IndexOf(column)]!;
    }
}
