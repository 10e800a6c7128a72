using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Outcomes that a decision hides, and units that left.</summary>
public sealed class ProfileSelectionTests
{
    [Fact]
    public void A_decision_that_follows_the_score_hides_outcomes_and_leaves_part_of_the_applicants_out()
    {
        var finding = Ask(Loans(1, follows: true));
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "selective-labels"));
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "no-overlap"));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "unrepresentative-sample"));
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.Contains("hardly any of them score up to ", StringComparison.Ordinal));

        // 30 % of all applicants would default, 15 % of the approved: the bounds hold the truth, and so does the random slice.
        var bounds = finding.Estimates.Single(e => e.Name == "rate of all rows, bounds");
        Assert.InRange(0.3, bounds.Low, bounds.High);
        var slice = finding.Estimates.Single(e => e.Name == "rate of the random slice");
        Assert.InRange(0.3, slice.Low, slice.High);
        Assert.True(finding.Estimates.Single(e => e.Name == "rate").High < 0.3);
    }

    [Fact]
    public void Bounds_are_arithmetic()
    {
        var finding = Ask(Loans(2, follows: true));
        var rows = finding.Tables.Single(t => t.Id == "filter").Rows.ToDictionary(r => (string)r[0]!, r => Convert.ToInt64(r[1], System.Globalization.CultureInfo.InvariantCulture));
        var known = rows["with default"];
        var rate = finding.Estimates.Single(e => e.Name == "rate");
        var says = finding.Limitations.Single(l => l.StartsWith("Without any assumption", StringComparison.Ordinal));
        Assert.Contains(Figures.Percent(rate.Value * known / 3_000), says, StringComparison.Ordinal);
        Assert.Contains(Figures.Percent((rate.Value * known + 3_000 - known) / 3_000), says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_by_lot_is_no_flaw()
    {
        var quiet = Enumerable.Range(1, 20).Count(seed => Ask(Loans(seed, follows: false)).Checks.All(c => c.Status is CheckStatus.Pass or CheckStatus.Skipped));
        Assert.InRange(quiet, 18, 20);
    }

    [Fact]
    public void With_a_column_that_moved_only_the_decision_the_model_brings_the_mean_back()
    {
        var rng = new Rng(5).Stream("margin");
        const int n = 3_000;
        var score = ProfileData.Draw(n, rng.NextNormal);
        var officer = ProfileData.Draw(n, rng.NextNormal);
        var hidden = ProfileData.Draw(n, rng.NextNormal);
        var approved = Enumerable.Range(0, n).Select(i => 0.5 * score[i] + officer[i] + hidden[i] > 0).ToArray();
        var margin = Enumerable.Range(0, n).Select(i => approved[i] ? 5 + score[i] + 1.5 * hidden[i] + rng.NextNormal() : double.NaN).ToArray();
        var table = Table.With("score", score).And("officer", officer).And("approved", approved).And("margin", margin);
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "margin", SelectedBy = "approved", DecisionOnly = ["officer"] });
        var mean = finding.Estimates.Single(e => e.Name == "mean of all rows, selection model");
        Assert.InRange(5, mean.Low, mean.High);
        Assert.True(finding.Estimates.Single(e => e.Name == "mean").Low > 5.3);
        Assert.Contains(finding.Tables, t => t.Id == "selection-model");
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "selective-labels"));
    }

    [Fact]
    public void Wrong_roles_are_refused_by_name()
    {
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Loans(1, true), new ProfileOptions { SelectedBy = "approved" })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Loans(1, true), new ProfileOptions { RandomSlice = "lot" })).Code);
        Assert.Equal("not-two-values", Assert.Throws<GnomonError>(() => ProfileData.Ask(Loans(1, true), new ProfileOptions { Target = "default", SelectedBy = "score" })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => ProfileData.Ask(Loans(1, true), new ProfileOptions { Target = "default", SelectedBy = "granted" })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Loans(1, true), new ProfileOptions { Entered = "day" })).Code);
    }

    private static Finding Ask(Table table) => ProfileData.Ask(table, new ProfileOptions { Target = "default", SelectedBy = "approved", RandomSlice = "lot", Columns = ["score", "income", "approved", "lot", "default"] });

    // Default falls with the score and with something the officer saw; 5 % are approved by lot.
    private static Table Loans(int seed, bool follows)
    {
        var rng = new Rng(seed).Stream("loans");
        const int n = 3_000;
        var score = ProfileData.Draw(n, () => Math.Round(600 + 60 * rng.NextNormal()));
        var seen = ProfileData.Draw(n, rng.NextNormal);
        var lot = ProfileData.Draw(n, rng.NextDouble).Select(u => u < 0.05).ToArray();
        var approved = Enumerable.Range(0, n).Select(i => lot[i] || (follows ? (score[i] - 600) / 60 + 0.5 * seen[i] > 0.1 : rng.NextDouble() < 0.5)).ToArray();
        var cut = 0.5244 * Math.Sqrt(1 + 0.64 + 0.25);
        var bad = Enumerable.Range(0, n).Select(i => -0.8 * (score[i] - 600) / 60 - 0.5 * seen[i] + rng.NextNormal() > cut ? "yes" : "no").ToArray();
        return Table.With("score", score).And("income", ProfileData.Draw(n, () => Math.Round(Math.Exp(10 + 0.4 * rng.NextNormal())))).And("approved", approved).And("lot", lot)
            .And("default", Enumerable.Range(0, n).Select(i => approved[i] ? bad[i] : null));
    }
}
