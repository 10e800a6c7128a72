using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>A profile with a population, a training file or the cohort beside it: planted differences are named, halves of one source are not.</summary>
public sealed class ProfileSecondFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-second-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_survey_short_of_rural_people_is_named_and_weighted()
    {
        var finding = ProfileData.Ask(Survey(1, 8_000, 0.04), new ProfileOptions { Target = "renewed", Reference = Write("population.csv", Survey(2, 20_000, 0.21)) });
        var check = finding.Checks.Single(c => c.Id == "unrepresentative-sample");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("area = rural", check.Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "no-overlap"));
        var raw = finding.Estimates.Single(e => e.Role == "primary");
        var weighted = finding.Estimates.Single(e => e.Name.StartsWith("rate weighted to", StringComparison.Ordinal));
        Assert.Contains(finding.Estimates, e => e.Name == "rate, trimmed weights");

        // One margin: the weighted rate is the sum of the rates by area times the population's shares.
        Assert.InRange(weighted.Value, raw.Value - 0.05, raw.Value - 0.005);
        Assert.InRange((double)ProfileData.Cell(finding, "coverage", "area = rural", "rows implied")!, 1_600, 1_780);
        var effective = (double)finding.Tables.Single(t => t.Id == "weights").Rows[0][1]!;
        Assert.InRange(effective, 4_000, 5_000);
    }

    [Fact]
    public void Margins_do_as_well_as_rows_and_their_faults_are_named()
    {
        var margins = Text("margins.csv", "variable,value,share\narea,rural,21\narea,town,79\nplan,basic,50\nplan,plus,30\nplan,premium,20\n");
        var finding = ProfileData.Ask(Survey(1, 8_000, 0.04), new ProfileOptions { Target = "renewed", Reference = margins });
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "unrepresentative-sample"));
        Assert.Equal(1_680.0, Convert.ToDouble(ProfileData.Cell(finding, "coverage", "area = rural", "rows implied"), System.Globalization.CultureInfo.InvariantCulture), 1.0);
        foreach (var (text, code) in new[]
        {
            ("variable,value,share\nregion,rural,1\n", "column-not-found"), ("variable,value,share\narea,rural,0.2\narea,town,0.5\n", "bad-margins"),
            ("variable,value,share\narea,Rural,0.2\narea,Town,0.8\n", "bad-margins"), ("variable,value,share\nage,30,0.2\nage,40,0.8\n", "bad-margins"), ("variable,value,share\narea,rural,0.5\narea,rural,0.5\n", "bad-margins"),
        })
        {
            var wrong = Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 400, 0.1), new ProfileOptions { Reference = Text("wrong.csv", text) }));
            Assert.Equal(code, wrong.Code);
        }
    }

    [Fact]
    public void A_region_without_rows_cannot_be_spoken_for()
    {
        var margins = Text("margins.csv", "variable,value,share\narea,rural,0.04\narea,town,0.76\narea,island,0.2\n");
        var finding = ProfileData.Ask(Survey(1, 2_000, 0.05), new ProfileOptions { Target = "renewed", Reference = margins });
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "no-overlap"));
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.Contains("Nothing here can be claimed about area = island", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Two_samples_of_one_population_agree()
    {
        var fired = Enumerable.Range(0, 40).Count(seed =>
        {
            var finding = ProfileData.Ask(ProfileData.Clean(500 + seed), new ProfileOptions { Target = "churn", Reference = Write("reference.csv", ProfileData.Clean(900 + seed, 900)) });
            return finding.Checks.Any(c => c.Id is "unrepresentative-sample" or "no-overlap" && c.Status is CheckStatus.Warn or CheckStatus.Fail);
        });
        Assert.InRange(fired, 0, 2);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Halves_of_one_source_are_a_clean_split()
    {
        string[] ids = ["near-duplicate-across-split", "group-leakage-across-splits", "unseen-category", "schema-drift", "population-drift"];
        var fired = Enumerable.Range(0, 40).Count(seed =>
        {
            var finding = ProfileData.Ask(ProfileData.Clean(100 + seed), new ProfileOptions { Target = "churn", Train = Write("train.csv", ProfileData.Clean(300 + seed)) });
            return finding.Checks.Any(c => ids.Contains(c.Id) && c.Status is CheckStatus.Warn or CheckStatus.Fail);
        });
        Assert.InRange(fired, 0, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Copied_rows_are_found_also_when_one_cell_was_changed(bool edited)
    {
        var (test, train) = Split(copies: 40, edited);
        var finding = ProfileData.Ask(test, new ProfileOptions { Target = "churn", Train = Write("train.csv", train) });
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "near-duplicate-across-split"));
        Assert.Contains(edited ? "but for one column" : "6.67 % of rows are in", finding.Checks.Single(c => c.Id == "near-duplicate-across-split").Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, CheckStatus.Fail)]
    [InlineData(0, CheckStatus.Pass)]
    public void Texts_with_a_few_words_changed_are_copies(int copies, CheckStatus status)
    {
        var rng = new Rng(21);
        string Draw() => string.Join(' ', Enumerable.Range(0, 40).Select(_ => $"w{rng.NextInt(3_000)}"));
        var train = Enumerable.Range(0, 400).Select(_ => Draw()).ToArray();
        var test = Enumerable.Range(0, 400).Select(i => i < copies ? $"Re: {train[i]}!" : Draw()).ToArray();
        Table Of(string[] texts) => Table.With("review", texts).And("stars", texts.Select(_ => (double)rng.NextInt(5)));
        var finding = ProfileData.Ask(Of(test), new ProfileOptions { Train = Write("train.csv", Of(train)) });
        var check = finding.Checks.Single(c => c.Id == "near-duplicate-across-split");
        Assert.Equal(status, check.Status);
        Assert.True(copies == 0 || check.Evidence.Contains("10 % with nearly the same review", StringComparison.Ordinal), check.Evidence);
    }

    [Fact]
    public void Few_values_make_equal_rows_by_chance()
    {
        var rng = new Rng(8);
        Table Draw() => Table.With("a", ProfileData.Text(600, () => rng.NextInt(2) == 0 ? "x" : "y")).And("b", ProfileData.Text(600, () => $"v{rng.NextInt(4)}")).And("c", ProfileData.Text(600, () => $"w{rng.NextInt(5)}"));
        var finding = ProfileData.Ask(Draw(), new ProfileOptions { Train = Write("train.csv", Draw()) });
        var check = finding.Checks.Single(c => c.Id == "near-duplicate-across-split");
        Assert.Equal(CheckStatus.Pass, check.Status);
        Assert.Contains("as chance has it", check.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_customers_new_plans_and_a_changed_schema_are_named()
    {
        var rng = new Rng(9);
        Table Draw(int from, bool changed)
        {
            var table = Table.With("customer_id", Enumerable.Range(0, 600).Select(i => (long)(from + (7 * (i / 2))))).And("amount", ProfileData.Draw(600, () => (changed ? 130 : 100) + (20 * rng.NextNormal())));
            return changed ? table.And("plan", ProfileData.Text(600, () => rng.NextDouble() < 0.05 ? "student" : "basic")).And("note", ProfileData.Text(600, () => "n")) : table.And("plan", ProfileData.Text(600, () => rng.NextInt(2) == 0 ? "plus" : "basic")).And("age", ProfileData.Draw(600, () => rng.NextInt(80)));
        }

        var finding = ProfileData.Ask(Draw(1_000, true), new ProfileOptions { Train = Write("train.csv", Draw(1_700, false)), Groups = ["customer_id"] });
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "group-leakage-across-splits"));
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "schema-drift"));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "unseen-category"));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "population-drift"));
        var guessed = ProfileData.Ask(Draw(1_000, true), new ProfileOptions { Train = Write("train.csv", Draw(1_700, false)) });
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(guessed, "group-leakage-across-splits"));
    }

    [Fact]
    public void Those_who_left_are_counted_and_described()
    {
        var all = Survey(4, 3_000, 0.2);
        var ages = ((DoubleColumn)all["age"]).Values.ToArray();
        var stay = Enumerable.Range(0, 3_000).Where(i => ages[i] > 40 || i % 2 == 0).ToArray();
        var active = Table.With("id", stay.Select(i => (long)i)).And("age", stay.Select(i => ages[i]));
        var finding = ProfileData.Ask(active, new ProfileOptions { Key = ["id"], Cohort = Write("signups.csv", all) });
        var check = finding.Checks.Single(c => c.Id == "survivorship-bias");
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Contains($"{3_000 - stay.Length} of 3,000 units", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("age has median", check.Evidence, StringComparison.Ordinal);
        var whole = ProfileData.Ask(all, new ProfileOptions { Key = ["id"], Cohort = Write("signups.csv", all) });
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(whole, "survivorship-bias"));
    }

    [Fact]
    public void Wrong_options_are_refused_by_name()
    {
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 100, 0.2), new ProfileOptions { Groups = ["id"] })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 100, 0.2), new ProfileOptions { Cohort = "x.csv" })).Code);
        Assert.Equal("too-few-columns", Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 100, 0.2), new ProfileOptions { Entities = ["area"] })).Code);
        Assert.Equal("too-few-columns", Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 100, 0.2), new ProfileOptions { Entities = ["auto"] })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 100, 0.2), new ProfileOptions { Out = "x.csv" })).Code);
        Assert.Equal("nothing-to-compare", Assert.Throws<GnomonError>(() => ProfileData.Ask(Survey(1, 100, 0.2), new ProfileOptions { Reference = Text("other.csv", "a,b\n1,2\n2,3\n") })).Code);
    }

    private static Table Survey(int seed, int rows, double rural)
    {
        var rng = new Rng(seed).Stream("survey");
        var area = ProfileData.Text(rows, () => rng.NextDouble() < rural ? "rural" : "town");
        return Table.With("id", Enumerable.Range(0, rows).Select(i => (long)i)).And("area", area).And("age", ProfileData.Draw(rows, () => Math.Round(45 + (14 * rng.NextNormal()))))
            .And("plan", ProfileData.Text(rows, () => rng.NextDouble() switch { < 0.5 => "basic", < 0.8 => "plus", _ => "premium" }))
            .And("renewed", area.Select(a => rng.NextDouble() < 0.35 - (a == "rural" ? 0.12 : 0) ? "yes" : "no"));
    }

    private static (Table Test, Table Train) Split(int copies, bool edited)
    {
        var (test, train) = (ProfileData.Clean(11), ProfileData.Clean(12));
        Table copied = new([]);
        foreach (var column in test.Columns.Where(c => c.Name != "customer_id"))
        {
            var source = train[column.Name];
            var cells = Enumerable.Range(0, test.Rows).Select(i => i < copies ? source.Cell(i) : column.Cell(i)).ToList();
            copied = column switch
            {
                TextColumn => copied.And(column.Name, cells.Cast<string?>()),
                DoubleColumn => copied.And(column.Name, cells.Select((c, i) => c is null ? double.NaN : (double)c + (edited && column.Name == "age" && i < copies ? 1 : 0))),
                _ when column.Type == ColumnType.Boolean => copied.And(column.Name, cells.Cast<bool>()),
                _ => copied.And(column.Name, cells.Cast<DateOnly>()),
            };
        }

        return (copied, train);
    }

    private string Text(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Write(string name, Table table) => Text(name, string.Concat(Enumerable.Range(-1, table.Rows + 1).Select(i =>
        string.Join(',', table.Columns.Select(c => i < 0 ? c.Name : Cell(c.Cell(i)))) + "\n")));

    private static string Cell(object? cell) => cell switch
    {
        null => string.Empty,
        DateOnly day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => FormattableString.Invariant($"{cell}"),
    };
}
