using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>A question held against the data. References: pandas counts and scikit-learn's kappa (tests/reference/profile/question.py).</summary>
public sealed class ProfileQuestionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-question-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Base_rates_are_exact_and_kappas_agree_with_scikit_learn()
    {
        var r = MethodReference.Load("profile/question.json");
        var table = Table.With("account", r.Items("account").Select(v => (string?)v.GetString())).And("at", r.Items("at").Select(v => DateOnly.Parse(v.GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToList());
        var finding = Ask(table, "{ \"ask\": \"Churn feels high.\", \"unit\": \"account\" }");
        foreach (var d in r.Items("definitions"))
        {
            var rate = finding.Estimates.Single(e => e.Name == "base rate" && e.Metric == $"no event for {d.GetProperty("days").GetInt32()} days");
            Assert.Equal(d.GetProperty("units").GetInt64(), rate.N);
            Assert.Equal(d.GetProperty("gone").GetInt64() / (double)rate.N, rate.Value);
        }

        foreach (var k in r.Items("kappas"))
        {
            var kappa = finding.Estimates.Single(e => e.Name == "kappa" && e.Metric == $"no event for {k.GetProperty("first").GetInt32()} days and no event for {k.GetProperty("second").GetInt32()} days");
            MethodReference.Close(k.Number("kappa"), kappa.Value, 1e-9);
            MethodReference.Close(k.Number("low"), kappa.Low, 1e-9);
        }
    }

    [Fact]
    public void A_vague_ask_names_what_is_open_and_a_rival_definition()
    {
        var finding = Ask(Logins(1), "{ \"ask\": \"Churn feels high, can we do data science on it?\" }");
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "label-noise"));
        Assert.Contains(finding.Limitations, l => l.StartsWith("question card on file, 9 fields missing", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("have the owner confirm one", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains(finding.Tables.Single(t => t.Id == "answers").Rows, r => ((string)r[0]!).StartsWith("description", StringComparison.Ordinal));
    }

    [Fact]
    public void A_complete_card_with_an_explicit_outcome_is_answered_without_a_word()
    {
        var finding = Ask(Logins(2, cancels: true), Complete);
        Assert.All(finding.Checks, c => Assert.True(c.Status is CheckStatus.Pass or CheckStatus.Skipped, $"{c.Id}: {c.Evidence}"));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.All(finding.Tables.Single(t => t.Id == "question").Rows, r => Assert.Equal("ok", r[3]));
        Assert.Contains("event = cancel within 60 days", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal("act from a chance of 4.76 % on", finding.Tables.Single(t => t.Id == "question").Rows.Single(r => (string)r[0]! == "costs")[2]);
    }

    [Theory]
    [InlineData("\"horizonDays\": 400", "horizon", "not enough history")]
    [InlineData("\"asOf\": \"2031-01-01\"", "as-of date", "outside the data")]
    [InlineData("\"smallestEffect\": 0.0001", "smallest worthwhile effect", "too small to be seen")]
    public void A_field_that_the_data_cannot_carry_is_open(string field, string name, string verdict)
    {
        var finding = Ask(Logins(3), $"{{ \"unit\": \"account\", \"outcome\": {{ \"inactiveDays\": 60 }}, {field} }}");
        Assert.Equal(verdict, finding.Tables.Single(t => t.Id == "question").Rows.Single(r => (string)r[0]! == name)[3]);
    }

    [Fact]
    public void A_confirmed_definition_has_no_rivals()
    {
        var finding = Ask(Logins(4), "{ \"unit\": \"account\", \"outcome\": { \"inactiveDays\": 60 } }");
        Assert.DoesNotContain(finding.Checks, c => c.Id == "label-noise" && c.Status == CheckStatus.Warn);
        Assert.Contains(finding.Estimates, e => e.Name == "kappa");
    }

    [Fact]
    public void Few_cases_are_named()
    {
        var finding = Ask(Logins(5, cancels: true, rate: 0.0002), Complete);
        Assert.Contains(finding.Checks, c => c.Id == "too-few-events" && c.Status is CheckStatus.Warn or CheckStatus.Fail);
    }

    [Fact]
    public void The_draft_can_be_read_again()
    {
        var draft = Path.Combine(_folder, "draft.json");
        ProfileData.Ask(Logins(6), new ProfileOptions { WriteQuestion = draft });
        Assert.Equal("account", JsonDocument.Parse(File.ReadAllText(draft)).RootElement.GetProperty("unit").GetString());
        Assert.Equal("ok", ProfileData.Ask(Logins(6), new ProfileOptions { Question = draft }).Tables.Single(t => t.Id == "question").Rows.Single(r => (string)r[0]! == "unit")[3]);
    }

    [Theory]
    [InlineData("{ \"outcom\": 1 }", "bad-question")]
    [InlineData("{ \"horizonDays\": \"sixty\" }", "bad-question")]
    [InlineData("{ \"goal\": \"explain\" }", "bad-question")]
    [InlineData("{ \"asOf\": \"1 June\" }", "bad-question")]
    [InlineData("not json", "bad-question")]
    [InlineData("{ \"unit\": \"customer\" }", "column-not-found")]
    public void Wrong_cards_are_refused_by_name(string card, string code) => Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask(Logins(1), card)).Code);

    [Fact]
    public void A_table_without_events_says_what_is_missing()
    {
        var finding = Ask(Table.With("x", Enumerable.Range(0, 200).Select(i => (double)(i * 7 % 200))).And("y", Enumerable.Range(0, 200).Select(i => (double)(i * 13 % 200))), "{ }");
        Assert.Contains("no outcome can be derived", finding.Decision.Summary, StringComparison.Ordinal);
    }

    private const string Complete = """
        { "ask": "Who cancels next?", "goal": "predict", "unit": "account", "population": "accounts with an event before the as-of date", "outcome": { "column": "event", "value": "cancel" },
          "asOf": "2026-03-01", "horizonDays": 60, "action": "call the account", "costs": { "falseAlarm": 10, "missed": 200 }, "metric": "accounts kept per call", "smallestEffect": 0.1 }
        """;

    private Finding Ask(Table table, string card)
    {
        var path = Path.Combine(_folder, "card.json");
        File.WriteAllText(path, card);
        return ProfileData.Ask(table, new ProfileOptions { Question = path });
    }

    // 1,500 accounts over 18 months, each with its own rhythm; some stop, and with cancels say so.
    private static Table Logins(int seed, bool cancels = false, double rate = 0.0025)
    {
        var rng = new Rng(seed).Stream("logins");
        var (account, at, what) = (new List<string?>(), new List<DateOnly>(), new List<string?>());
        for (var i = 0; i < 1_500; i++)
        {
            var pace = 2.3 + (0.6 * rng.NextNormal());
            var stop = rng.NextExponential() / (cancels ? rate : 0.0003);
            for (var day = 200 * rng.NextDouble(); day < 540; day += Math.Exp(pace + (0.8 * rng.NextNormal())))
            {
                var gone = day > stop;
                if (!gone || cancels)
                {
                    account.Add($"a{10_000 + i}");
                    at.Add(new DateOnly(2025, 1, 1).AddDays((int)day));
                    what.Add(gone ? "cancel" : rng.NextDouble() < 0.7 ? "login" : "order");
                }

                if (gone)
                {
                    break;
                }
            }
        }

        return Table.With("account", account).And("at", at).And("event", what);
    }
}
