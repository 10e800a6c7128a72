using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Privacy;
using Xunit;

namespace Gnomon.Tests.Studies.Privacy;

/// <summary>The verb <c>privacy</c> on small tables: what exposes is stopped, what leaves keeps k, what is spent stays spent.</summary>
public sealed class PrivacyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-privacy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_table_without_names_is_not_anonymous()
    {
        var finding = Ask.Privacy(People(1, 2_000), new PrivacyOptions { Quasi = ["age", "job", "district"], Sensitive = "illness" });
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Equal(CheckStatus.Fail, finding.Checks.Single(c => c.Id == "sensitive-data-exposed").Status);
        Assert.Contains("mail", finding.Tables.Single(t => t.Id == "direct-identifiers").Rows.Select(r => (string)r[0]!));
        Assert.Equal(1L, Measure(finding, "smallest group, k", 1));
        Assert.InRange((long)Measure(finding, "smallest group, k", 2)!, 5, 2_000);
        Assert.NotNull(Measure(finding, "fewest sensitive values in a group, l", 2));
    }

    [Fact]
    public void A_coarse_table_passes()
    {
        var finding = Ask.Privacy(Coarse(1, 1_000), new PrivacyOptions { Quasi = ["band", "sex"] });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "sensitive-data-exposed").Status);
    }

    // The file itself is grouped again here: k is not believed, it is counted.
    [Fact]
    public void The_release_keeps_k_and_names_nobody()
    {
        var (file, key) = (Path.Combine(_folder, "release.csv"), Path.Combine(_folder, "key.txt"));
        var finding = Ask.Privacy(People(2, 3_000), new PrivacyOptions { Quasi = ["age", "job", "district"], Unit = "id", KeyFile = key, Release = file, K = 7 });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        var lines = File.ReadAllLines(file);
        var names = lines[0].Split(',');
        Assert.DoesNotContain("mail", names);
        Assert.DoesNotContain("@", string.Concat(lines), StringComparison.Ordinal);
        var known = names.Select((n, i) => (n, i)).Where(x => x.n is "age" or "job" or "district").Select(x => x.i).ToList();
        Assert.True(lines.Skip(1).Select(l => l.Split(',')).GroupBy(c => string.Join('|', known.Select(i => c[i]))).Min(g => g.Count()) >= 7);
        Assert.True(lines.Length - 1 >= 0.95 * 3_000);
        var ids = lines.Skip(1).Select(l => l.Split(',')[Array.IndexOf(names, "id")]).ToList();
        Assert.All(ids, id => Assert.Matches("^p[0-9a-f]{20}$", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());

        // The same key gives the same pseudonym; the release is not written twice.
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Privacy(People(2, 3_000), new PrivacyOptions { Quasi = ["age"], Release = file })).Code);
        _ = Ask.Privacy(People(2, 3_000), new PrivacyOptions { Quasi = ["age"], Unit = "id", KeyFile = key, Release = file + "2" });
        Assert.Contains(ids[0], File.ReadAllText(file + "2"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_adds_up_exactly_and_is_not_overspent()
    {
        var log = Path.Combine(_folder, "log.jsonl");
        PrivacyOptions Count(int times, string total = "1") => new() { Quasi = ["age"], Ask = [.. Enumerable.Repeat("count", times)], Epsilon = "0.1", Log = log, Total = total, NoiseSeed = 1, Purpose = "test" };
        _ = Ask.Privacy(People(3, 300), Count(3));
        _ = Ask.Privacy(People(3, 300), Count(6));
        var before = File.ReadAllText(log);
        Assert.Equal("budget-overspent", Assert.Throws<GnomonError>(() => Ask.Privacy(People(3, 300), Count(2))).Code);
        Assert.Equal(before, File.ReadAllText(log));
        _ = Ask.Privacy(People(3, 300), Count(1));
        Assert.Equal("budget-overspent", Assert.Throws<GnomonError>(() => Ask.Privacy(People(3, 300), Count(1))).Code);
        Assert.Equal("budget-fixed", Assert.Throws<GnomonError>(() => Ask.Privacy(People(3, 300), Count(1, "2"))).Code);
        Assert.Equal(10, File.ReadAllLines(log).Count(l => l.Contains("\"spend\"", StringComparison.Ordinal)));
        File.AppendAllText(log, "torn");
        Assert.Equal("log-broken", Assert.Throws<GnomonError>(() => Ask.Privacy(People(3, 300), Count(1))).Code);
        Assert.Equal("budget-missing", Assert.Throws<GnomonError>(() => Ask.Privacy(People(3, 300), Count(1) with { Total = null, Log = log + "2" })).Code);
    }

    [Fact]
    public void A_log_that_is_held_is_not_read_beside()
    {
        var log = Path.Combine(_folder, "held.jsonl");
        using var held = new FileStream(log, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal("log-in-use", Assert.Throws<GnomonError>(() => Ask.Privacy(People(3, 300), new PrivacyOptions { Quasi = ["age"], Ask = ["count"], Log = log, Total = "1" })).Code);
    }

    [Fact]
    public void Numbers_come_with_noise_and_ranges_are_stated()
    {
        var log = Path.Combine(_folder, "numbers.jsonl");
        var options = new PrivacyOptions { Quasi = ["age"], Ask = ["count", "mean:amount", "histogram:job", "logistic"], Target = "fraud", Epsilon = "1", Log = log, Total = "4", NoiseSeed = 1, Bounds = ["amount=0:10", "age=18:80"] };
        var finding = Ask.Privacy(People(4, 2_000), options);
        var rows = finding.Tables.Single(t => t.Id == "private-numbers").Rows;
        Assert.InRange((long)rows[0][1]!, 1_980, 2_020);
        Assert.InRange((double)rows[1][1]!, 0, 10);
        Assert.Contains(rows, r => ((string)r[0]!).StartsWith("rows with job = ", StringComparison.Ordinal));
        Assert.Contains(rows, r => ((string)r[0]!).StartsWith("logistic: ", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("protect nobody", StringComparison.Ordinal));
        Assert.Equal("bounds-missing", Assert.Throws<GnomonError>(() => Ask.Privacy(People(4, 300), options with { Bounds = [], Target = null, Ask = ["mean:amount"], Total = null })).Code);
        Assert.Equal("not-a-number", Assert.Throws<GnomonError>(() => Ask.Privacy(People(4, 300), options with { Target = null, Ask = ["mean:job"], Total = null })).Code);
    }

    [Fact]
    public void Curves_fall_with_noise_and_nothing_else_changes_with_threads()
    {
        var findings = new[] { 1, 2 }.Select(t => Ask.Privacy(People(5, 3_000), new PrivacyOptions { Quasi = ["age", "job"], Target = "fraud", Bounds = ["amount=0:10", "age=18:80"], Threads = t })).ToList();
        var recall = findings[0].Tables.Single(t => t.Id == "recall-by-epsilon").Rows.Select(r => (double)r[1]!).ToList();
        Assert.True(recall[0] < recall[^1] - 0.1, $"{recall[0]} and {recall[^1]}");
        Assert.Equal(findings[0].Estimates.Select(e => (e.Name, e.Value, e.Low)), findings[1].Estimates.Select(e => (e.Name, e.Value, e.Low)));
        Assert.Contains(findings[0].Plots, p => p.Id == "recall-by-k");
        Assert.All(findings[0].Tables.Single(t => t.Id == "membership").Rows, r => Assert.InRange((double)r[1]!, 0.4, 0.65));
    }

    [Fact]
    public void People_are_forgotten_and_earlier_releases_are_named()
    {
        var (log, key) = (Path.Combine(_folder, "forget.jsonl"), Path.Combine(_folder, "forget.key"));
        var options = new PrivacyOptions { Quasi = ["age"], Unit = "id", KeyFile = key, Log = log, Release = Path.Combine(_folder, "one.csv"), Purpose = "research" };
        _ = Ask.Privacy(People(6, 500), options);
        var finding = Ask.Privacy(People(6, 500), options with { Release = Path.Combine(_folder, "two.csv"), Forget = ["1003", "1007"] });
        Assert.Contains(finding.Limitations, l => l.Contains("one.csv", StringComparison.Ordinal));
        var text = File.ReadAllText(log);
        Assert.DoesNotContain("1003", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Count(l => l.Contains("\"deletion\"", StringComparison.Ordinal)));
        Assert.Equal("value-not-found", Assert.Throws<GnomonError>(() => Ask.Privacy(People(6, 500), options with { Release = null, Forget = ["nobody"] })).Code);
    }

    [Fact]
    public void Wrong_options_are_refused_by_name()
    {
        foreach (var (options, code) in new (PrivacyOptions Options, string Code)[]
        {
            (new() { Quasi = ["none"] }, "column-not-found"), (new() { Epsilon = "0" }, "bad-number"), (new() { Ask = ["median:age"], Log = "x" }, "bad-choice"), (new() { Ask = ["count"] }, "option-missing"),
            (new() { Bounds = ["age=9:1"] }, "bad-bounds"), (new() { Forget = ["1"] }, "option-missing"), (new() { RetainUntil = "soon" }, "bad-date"), (new() { Target = "job" }, "target-not-two-values"),
        })
        {
            Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Privacy(People(7, 60), options)).Code);
        }
    }

    // German credit, counted by pandas 1.5.3 groupby: 310 combinations, 137 rows alone, 424 in groups below 5, 296 in groups with one answer.
    [Fact]
    public void Real_credit_data_are_counted_as_pandas_counts_them()
    {
        var finding = Ask.Privacy(new PrivacyOptions { Data = Gnomon.Tests.Methods.MethodReference.DataFile("credit/german_credit.csv"), Quasi = ["age", "personal_status_sex", "job"], Sensitive = "credit_risk" });
        Assert.Equal((310L, 137L, 424L, 1L, 296L), ((long)Measure(finding, "combinations", 1)!, (long)Measure(finding, "rows alone", 1)!, (long)Measure(finding, "rows in groups below k", 1)!, (long)Measure(finding, "fewest sensitive values in a group, l", 1)!, (long)Measure(finding, "rows whose group tells the sensitive value", 1)!));
    }

    [Fact]
    public void Odd_tables_get_an_answer()
    {
        foreach (var table in new[] { Table.With("a", [1.0, 1.0, 1.0]), Table.With("a", ["x", null, null]), Table.With("a", [double.NaN, 2.0]).And("b", ["", "y"]), Table.With("a", [5L]) })
        {
            var finding = Ask.Privacy(table, new PrivacyOptions());
            Assert.NotNull(finding.Decision.Summary);
        }
    }

    private static object? Measure(Finding finding, string name, int column) => finding.Tables.Single(t => t.Id == "anonymity").Rows.Single(r => (string)r[0]! == name)[column];

    private static Table People(int seed, int rows)
    {
        var rng = new Rng(seed).Stream("privacy-people");
        string[] jobs = ["clerk", "nurse", "driver", "cook"];
        var (amount, age, fraud) = (new double[rows], new long[rows], new string[rows]);
        for (var i = 0; i < rows; i++)
        {
            (amount[i], age[i]) = (Math.Round(10 * rng.NextDouble(), 2), 18 + rng.NextInt(60));
            fraud[i] = rng.NextDouble() < 1 / (1 + Math.Exp(7 - (0.7 * amount[i]))) ? "yes" : "no";
        }

        return Table.With("id", Enumerable.Range(0, rows).Select(i => 1_000L + i)).And("mail", Enumerable.Range(0, rows).Select(i => (string?)$"p{i}@example.org")).And("age", age)
            .And("job", Enumerable.Range(0, rows).Select(_ => (string?)jobs[rng.NextInt(4)])).And("district", Enumerable.Range(0, rows).Select(_ => (string?)$"D{rng.NextInt(15):00}"))
            .And("illness", Enumerable.Range(0, rows).Select(_ => (string?)$"i{rng.NextInt(6)}")).And("amount", amount).And("fraud", fraud);
    }

    private static Table Coarse(int seed, int rows)
    {
        var rng = new Rng(seed).Stream("privacy-coarse");
        return Table.With("band", Enumerable.Range(0, rows).Select(_ => (string?)$"{10 * (2 + rng.NextInt(5))}s")).And("sex", Enumerable.Range(0, rows).Select(_ => (string?)(rng.NextInt(2) == 0 ? "f" : "m")))
            .And("amount", Enumerable.Range(0, rows).Select(_ => 10 * rng.NextDouble()));
    }
}
