using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Each planted flaw is named by its check; clean tables stay quiet.</summary>
public sealed class ProfileFlawTests
{
    private const int Rows = 3_000;

    [Fact]
    public void A_clean_table_is_an_answer()
    {
        var finding = ProfileData.Ask(ProfileData.Clean(1), new ProfileOptions { Target = "churn" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.StartsWith("600 rows, 13 columns; nothing that would stop an analysis.", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // Size of the family of default checks: 100 clean tables of 13 columns, at most 5 % may warn (3.3 binomial errors of slack).
    [Fact]
    public void All_checks_together_stay_quiet_on_clean_tables()
    {
        var warned = Enumerable.Range(1, 100)
            .Select(seed => (seed, Fired: ProfileData.Ask(ProfileData.Clean(seed), new ProfileOptions { Target = "churn" }).Checks.Where(c => c.Status is CheckStatus.Warn or CheckStatus.Fail).ToList()))
            .Where(s => s.Fired.Count > 0).ToList();
        Assert.True(warned.Count <= 12, $"{warned.Count} of 100 warned: {string.Join("; ", warned.SelectMany(w => w.Fired.Select(f => $"seed {w.seed} {f.Id} {f.Evidence}")))}");
    }

    [Fact]
    public void Cells_missing_by_the_value_of_another_column_are_seen()
    {
        var rng = new Rng(2).Stream("missing");
        var age = ProfileData.Draw(Rows, () => 40 + (10 * rng.NextNormal()));
        var finding = ProfileData.Ask(Table.With("age", age).And("income", age.Select(a => rng.NextDouble() < (a > 45 ? 0.3 : 0.1) ? double.NaN : a * 900)).And("noise", ProfileData.Draw(Rows, rng.NextNormal)));
        Warns(finding, "informative-missingness", "age is higher where income is missing");
        Assert.Contains(finding.Limitations, l => l.Contains("Little's test", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_written_twice_are_seen()
    {
        var rng = new Rng(3).Stream("twice");
        var rows = Enumerable.Range(0, Rows).Concat(Enumerable.Range(0, 120)).ToArray();
        var amount = ProfileData.Draw(Rows, rng.NextNormal);
        Warns(ProfileData.Ask(Table.With("amount", rows.Select(i => amount[i])).And("day", rows.Select(i => (long)(i % 90)))), "duplicate-records", "120 of 3,120 rows");
    }

    [Fact]
    public void A_code_among_numbers_is_seen()
    {
        var rng = new Rng(4).Stream("code");
        Warns(ProfileData.Ask(Table.With("age", ProfileData.Draw(Rows, () => rng.NextDouble() < 0.06 ? -999 : Math.Round(40 + (9 * rng.NextNormal()))))), "sentinel-value", "-999 fills");
    }

    [Fact]
    public void A_column_filled_after_the_outcome_stops_the_decision()
    {
        var rng = new Rng(5).Stream("leak");
        var churn = ProfileData.Text(Rows, () => rng.NextDouble() < 0.2 ? "yes" : "no");
        var table = Table.With("usage", ProfileData.Draw(Rows, rng.NextNormal)).And("exit_fee", churn.Select(c => (c == "yes") == rng.NextDouble() < 0.95 ? 20 + rng.NextNormal() : double.NaN)).And("churn", churn);
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "churn" });
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Equal(["target-leakage"], finding.Decision.Because);
        Assert.Contains("exit_fee is empty", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_tells_the_target_alone_is_named()
    {
        var rng = new Rng(6).Stream("strong");
        var churn = ProfileData.Draw(Rows, () => rng.NextDouble() < 0.3 ? 1 : 0);
        var table = Table.With("risk", churn.Select(c => (4 * c) + rng.NextNormal())).And("noise", ProfileData.Draw(Rows, rng.NextNormal)).And("churn", churn);
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "churn" });
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "target-leakage"));
        Assert.Contains(finding.Limitations, l => l.Contains("tells churn alone: risk (AUC", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_few_cases_stop_the_decision()
    {
        var table = ProfileData.Clean(7).And("fraud", Enumerable.Range(0, 600).Select(i => i % 60 == 0));
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "fraud" });
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "too-few-events"));
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
    }

    [Fact]
    public void Labels_in_the_order_of_the_outcome_are_seen()
    {
        var finding = ProfileData.Ask(Table.With("ticket_id", Enumerable.Range(1, Rows).Select(i => (long)i)).And("late", Enumerable.Range(1, Rows).Select(i => i > Rows / 2)), new ProfileOptions { Target = "late" });
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "identifier-as-feature"));
    }

    [Fact]
    public void Ends_before_starts_are_counted()
    {
        var start = Enumerable.Range(0, Rows).Select(i => new DateOnly(2024, 1, 1).AddDays(i % 300)).ToArray();
        var table = Table.With("n", Enumerable.Range(0, Rows).Select(i => (long)i)).And("start_date", start).And("end_date", start.Select((s, i) => s.AddDays(i % 100 == 0 ? -2 : i % 20)));
        Warns(ProfileData.Ask(table), "event-order-violation", "30 of 3,000 rows have end_date before start_date");
    }

    [Fact]
    public void A_change_inside_the_file_is_seen_and_an_arranged_file_only_noted()
    {
        var rng = new Rng(9).Stream("drift");
        var x = Enumerable.Range(0, Rows).Select(i => rng.NextNormal() + (i < Rows / 2 ? 0 : 0.5)).ToArray();
        Warns(ProfileData.Ask(Table.With("x", x).And("y", ProfileData.Draw(Rows, rng.NextNormal))), "population-drift", "x moves");
        var arranged = ProfileData.Ask(Table.With("x", x).And("site", Enumerable.Range(0, Rows).Select(i => (string?)(i < Rows / 2 ? "A" : "B"))));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(arranged, "population-drift"));
        Assert.Contains(arranged.Limitations, l => l.Contains("arranged by site", StringComparison.Ordinal));
    }

    // Rows shuffled against time: the file is even, the years are not.
    [Fact]
    public void A_change_over_a_declared_time_is_seen_in_any_order_of_rows()
    {
        var rng = new Rng(10).Stream("time");
        var day = ProfileData.Order(Rows, rng);
        var table = Table.With("day", day.Select(d => new DateOnly(2020, 1, 1).AddDays(d).DayNumber).Select(d => (long)d)).And("x", day.Select(d => rng.NextNormal() + (d < Rows / 2 ? 0 : 0.5)));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(ProfileData.Ask(table), "population-drift"));
        var finding = ProfileData.Ask(table, new ProfileOptions { Time = "day" });
        Assert.Contains("the earlier half by day", finding.Checks.Single(c => c.Id == "population-drift").Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "population-drift"));
    }

    [Fact]
    public void Spellings_of_one_value_are_asked_about()
    {
        var cities = Enumerable.Range(0, Rows).Select(i => (string?)(i % 50 == 0 ? "ny " : i % 75 == 1 ? "N.Y." : i % 2 == 0 ? "NY" : "LA")).ToArray();
        var finding = ProfileData.Ask(Table.With("city", cities).And("x", Enumerable.Range(0, Rows).Select(i => (double)(i * 7919 % 3001))));
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains(finding.Next, q => q.Contains("'NY'", StringComparison.Ordinal) && q.Contains("'ny '", StringComparison.Ordinal));
    }

    [Fact]
    public void Cards_are_a_warning_and_addresses_a_note()
    {
        var table = Table.With("card", Enumerable.Range(0, 200).Select(i => (string?)Luhn(400_000_000_000_000L + (i * 7919L)))).And("mail", Enumerable.Range(0, 200).Select(i => (string?)$"person{i}@example.org"));
        var finding = ProfileData.Ask(table);
        Warns(finding, "sensitive-data-exposed", "card holds payment card numbers");
        Assert.Contains("mail holds e-mail addresses", finding.Checks.Single(c => c.Id == "sensitive-data-exposed").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Twins_and_constants_are_noted_without_alarm()
    {
        var rng = new Rng(12).Stream("twins");
        var x = ProfileData.Draw(Rows, rng.NextNormal);
        var finding = ProfileData.Ask(Table.With("x", x).And("x_copy", x.Select(v => (v * 2) + 1)).And("always", x.Select(_ => 3.0)));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.Contains("x and x_copy", StringComparison.Ordinal) && l.Contains("always", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_clocks_in_one_column_are_seen()
    {
        var times = Enumerable.Range(0, 300).Select(i => (string?)$"2024-05-{1 + (i % 28):00}T1{i % 10}:00:00{(i % 3 == 0 ? "+02:00" : "Z")}").ToArray();
        Warns(ProfileData.Ask(Table.With("at", times).And("n", Enumerable.Range(0, 300).Select(i => (long)(i * 31 % 307)))), "timezone-mismatch", "+02:00");
    }

    private static void Warns(Finding finding, string id, string says)
    {
        var check = finding.Checks.Single(c => c.Id == id);
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains(says, check.Evidence, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
    }

    private static string Luhn(long body)
    {
        var digits = body.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var sum = digits.Reverse().Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(d => d > 9 ? d - 9 : d);
        return digits + ((10 - (sum % 10)) % 10);
    }
}
