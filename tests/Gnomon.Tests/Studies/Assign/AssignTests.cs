using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Assign;
using Gnomon.Studies.Design;
using Gnomon.Tests.Methods;
using Gnomon.Tests.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Assign;

/// <summary><c>assign</c>: files, SQL, layers, refusals, and the analysis that follows the assignment.</summary>
public sealed class AssignTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-assign").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("hashed", "")]
    [InlineData("stratified", "country")]
    [InlineData("stratified", "country,plan")]
    [InlineData("layer", "country,plan")]
    [InlineData("layer", "")]
    [InlineData("rerandomised", "")]
    public void The_engine_gives_the_same_arms_from_the_expression(string kind, string strata)
    {
        var units = Units();
        var options = new AssignOptions
        {
            Data = units, Unit = "user_id", Salt = "checkout", Arms = ["old", "new"], Split = kind == "layer" ? "70/30" : null, Strata = strata.Length == 0 ? [] : strata.Split(','),
            Layer = kind == "layer" ? "growth" : null, Share = kind == "layer" ? "20-45%" : null, Rerandomise = kind == "rerandomised" ? ["age", "spend"] : [], Acceptance = 0.05, Out = File("arms.csv"),
        };
        var finding = Ask.Assign(options);
        var expression = (string)finding.Tables.Single(t => t.Id == "assignment").Rows.Single(r => (string)r[0]! == "DuckDB")[1]!;
        using var engine = Engines.Embedded();
        using var data = engine.Open(
            new SourceOptions { Sql = $"select count(*) as units, count(a.arm) as given, sum((u.arm is not distinct from a.arm)::int) as same from (select user_id::varchar as id, {expression} as arm from '{units}') u left join (select user_id::varchar as id, arm from '{options.Out}') a using (id)" },
            TestContext.Current.CancellationToken);
        var table = data.Read(Query.Of(new Projection("units", Scalar.Column("units").ToDouble()), new Projection("given", Scalar.Column("given").ToDouble()), new Projection("same", Scalar.Column("same").ToDouble())), TestContext.Current.CancellationToken);
        var (all, given, same) = ((double)table.Columns[0].Cell(0)!, (double)table.Columns[1].Cell(0)!, (double)table.Columns[2].Cell(0)!);
        Assert.Equal((1_500.0, 1_500.0), (all, same));
        Assert.InRange(given, kind == "layer" ? 320 : 1_500, kind == "layer" ? 430 : 1_500);
        Assert.Equal(given, finding.Tables.Single(t => t.Id == "arms").Rows.Sum(r => (long)r[2]!));
        Assert.All(finding.Checks, c => Assert.NotEqual(CheckStatus.Fail, c.Status));
    }

    // The very expressions were run by a server (tests/reference/assignment/make-postgres.py); they give the arms that are written to the file.
    [Fact]
    public void PostgreSql_gave_the_same_arms_from_the_same_expressions()
    {
        var reference = MethodReference.Load("assignment/postgres.json");
        List<string[]> rows = [.. reference.Items("rows").Select(r => r.EnumerateArray().Select(v => v.GetString()!).ToArray())];
        System.IO.File.WriteAllLines(File("list.csv"), ["user_id,country,plan", .. rows.Select(r => string.Join(',', r))]);
        foreach (var (run, i) in reference.Items("runs").Select((r, i) => (r, i)))
        {
            List<string> args = [.. run.Items("args").Select(a => a.GetString()!)];
            string? Arg(string name) => args.IndexOf(name) is var at && at < 0 ? null : args[at + 1];
            var finding = Ask.Assign(new AssignOptions
            {
                Data = File("list.csv"), Unit = "user_id", Salt = Arg("--salt"), Split = Arg("--split"), Strata = Arg("--strata")?.Split(',') ?? [], Layer = Arg("--layer"), Share = Arg("--share"), Out = File($"arms-{i}.csv"),
            });
            Assert.Equal(run.GetProperty("expression").GetString(), finding.Tables.Single(t => t.Id == "assignment").Rows.Single(r => (string)r[0]! == "PostgreSQL")[1]);
            var given = System.IO.File.ReadAllLines(File($"arms-{i}.csv")).Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => c[1]);
            Assert.Equal(run.Items("arms").Select(a => a.GetString()), rows.Select(r => given.GetValueOrDefault(r[0], string.Empty)));
        }
    }

    [Fact]
    public void Files_are_not_overwritten_and_the_arms_are_the_same_every_time()
    {
        var options = Options() with { Out = File("a.csv"), Plan = File("p.json") };
        Ask.Assign(options);
        var first = System.IO.File.ReadAllText(options.Out!);
        Assert.StartsWith("user_id,arm\n", first, StringComparison.Ordinal);
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Assign(options with { Plan = null })).Code);
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Assign(options with { Out = File("b.csv") })).Code);
        Assert.False(System.IO.File.Exists(File("b.csv")), "nothing is written when one of the files exists");
        Ask.Assign(options with { Out = File("c.csv"), Plan = null, Seed = 9, Threads = 1 });
        Assert.Equal(first, System.IO.File.ReadAllText(File("c.csv")));
        Ask.Assign(options with { Out = File("d.csv"), Plan = null, Salt = "another" });
        Assert.NotEqual(first, System.IO.File.ReadAllText(File("d.csv")));
    }

    [Fact]
    public void A_plan_of_design_keeps_its_fields_and_gains_the_assignment()
    {
        Ask.Design(new DesignOptions { Baseline = 0.2, Mde = "10%", Unit = "user_id", Control = "old", Metric = "converted", Experiment = "pricing", Split = "70/30", Plan = File("design.json") });
        Ask.Assign(Options() with { Rerandomise = ["age"], Acceptance = 0.1, FromPlan = File("design.json"), Plan = File("plan.json") });
        using var plan = JsonDocument.Parse(System.IO.File.ReadAllText(File("plan.json")));
        var root = plan.RootElement;
        Assert.Equal("pricing", root.GetProperty("experiment").GetString());
        Assert.Equal("10%", root.GetProperty("mde").GetString());
        Assert.Equal("old=70,new=30", root.GetProperty("split").GetString());
        var block = root.GetProperty("assignment");
        Assert.Equal("rerandomised", block.GetProperty("kind").GetString());
        Assert.StartsWith("checkout#", block.GetProperty("salt").GetString(), StringComparison.Ordinal);
        Assert.Equal(0.1, block.GetProperty("acceptance").GetDouble());
        Assert.Equal("plan-assigned", Assert.Throws<GnomonError>(() => Ask.Assign(Options() with { FromPlan = File("plan.json"), Plan = File("again.json") })).Code);
    }

    [Fact]
    public void The_analysis_follows_the_plan_and_is_narrower()
    {
        // A quarter of the variance lies between countries, three fifths along age and spend.
        foreach (var (kind, options, most) in new[] { ("stratified", Options() with { Strata = ["country"] }, 0.9), ("rerandomised", Options() with { Rerandomise = ["age", "spend"], Acceptance = 0.01 }, 0.7) })
        {
            var (plan, data) = Experiment(kind, options);
            var ab = new AbOptions { Data = data, Unit = "user_id", Variant = "arm", Metric = ["minutes"] };
            var plain = AbData.Primary(Ask.Ab(ab));
            var finding = Ask.Ab(ab with { Plan = plan });
            var followed = AbData.Primary(finding);
            Assert.True(followed.High - followed.Low < most * (plain.High - plain.Low), $"{kind}: {followed.High - followed.Low} against {plain.High - plain.Low}");
            Assert.InRange(1.0, followed.Low, followed.High);
            Assert.Contains(finding.Estimates, e => e.Role == "sensitivity" && e.Method.StartsWith("as if the arms", StringComparison.Ordinal) && Math.Abs(e.Low - plain.Low) < 1e-9);
            Assert.Contains(finding.Limitations, l => l.Contains("of the variance of minutes", StringComparison.Ordinal));
            Assert.Contains(finding.Estimates, e => e.Name == "lift");
        }
    }

    // A value far off all others: the second answer with it capped follows the assignment as the first does, and no interval stands beside them that does not.
    [Fact]
    public void Capped_values_are_compared_by_the_assignment_too()
    {
        foreach (var (kind, options) in new[] { ("stratified", Options() with { Strata = ["country"] }), ("rerandomised", Options() with { Rerandomise = ["age", "spend"], Acceptance = 0.01 }) })
        {
            var (plan, data) = Experiment($"tail-{kind}", options);
            var lines = System.IO.File.ReadAllLines(data);
            var last = lines[^1].Split(',');
            System.IO.File.WriteAllLines(data, [.. lines[..^1], string.Join(',', [.. last[..^1], "90"])]);
            var finding = Ask.Ab(new AbOptions { Data = data, Unit = "user_id", Variant = "arm", Metric = ["minutes"], Plan = plan });
            var first = AbData.Primary(finding);
            var capped = finding.Estimates.Single(e => e.Method.Contains("values capped at", StringComparison.Ordinal));
            Assert.StartsWith(kind == "stratified" ? "difference within strata" : first.Method[..12], capped.Method, StringComparison.Ordinal);
            Assert.InRange(capped.High - capped.Low, 0.8 * (first.High - first.Low), 1.02 * (first.High - first.Low));
            Assert.Contains(finding.Limitations, l => l.StartsWith("With minutes capped at", StringComparison.Ordinal) && l.EndsWith("the same answer.", StringComparison.Ordinal));
            Assert.DoesNotContain(finding.Estimates, e => e.Method.Contains("bootstrap", StringComparison.Ordinal));
            Assert.Contains(finding.Limitations, l => l.StartsWith("No bootstrap interval stands beside the answer", StringComparison.Ordinal));
            Assert.DoesNotContain(finding.Limitations, l => l.Contains("fragile", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_plan_whose_columns_are_gone_is_refused_by_name_and_one_that_cannot_be_followed_says_so()
    {
        var (plan, data) = Experiment("stratified", Options() with { Strata = ["country"] });
        var query = new AbOptions { Query = $"select user_id, arm, minutes from '{data}'", Unit = "user_id", Variant = "arm", Metric = ["minutes"], Plan = plan };
        Assert.Equal("plan-column-missing", Assert.Throws<GnomonError>(() => Ask.Ab(query)).Code);
        var finding = Ask.Ab(query with { Query = $"select *, 1.0 as one from '{data}'", Metric = [], Ratio = ["minutes/one"] });
        Assert.Contains(finding.Limitations, l => l.StartsWith("The plan's assignment (stratified) is not followed", StringComparison.Ordinal));
        System.IO.File.WriteAllText(File("odd.json"), """{ "assignment": { "kind": "rerandomised" } }""");
        Assert.Equal("plan-assignment", Assert.Throws<GnomonError>(() => Ask.Ab(query with { Plan = File("odd.json") })).Code);
    }

    // The plan's control stays the control, whatever the arms are called by default.
    [Theory]
    [InlineData("""{ "control": "A", "split": "50/50" }""", "A,treatment")]
    [InlineData("""{ "control": "A", "split": "new=50,A=50" }""", "A,new")]
    [InlineData("""{ "split": "50/50" }""", "control,treatment")]
    [InlineData("""{ "control": "old" }""", "old,treatment")]
    public void Arms_that_are_not_named_follow_the_plan(string plan, string arms)
    {
        System.IO.File.WriteAllText(File("start.json"), """{ "schema": "gnomon.plan/1", "primary": ["minutes"], """ + plan.TrimStart('{'));
        var finding = Ask.Assign(Options() with { Arms = [], FromPlan = File("start.json"), Plan = File("made.json") });
        Assert.Equal(arms, string.Join(',', finding.Tables.Single(t => t.Id == "arms").Rows.Select(r => (string)r[0]!)));
        var made = System.Text.Json.Nodes.JsonNode.Parse(System.IO.File.ReadAllText(File("made.json")))!;
        Assert.Equal(arms.Split(',')[0], (string)made["control"]!);
        Assert.StartsWith($"{arms.Split(',')[0]}=50,", (string)made["split"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "control": "A", "split": "50/50" }""", "control,treatment", "plan-control")]
    [InlineData("""{ "control": "A", "split": "50/50" }""", "new,A", "plan-control")]
    [InlineData("""{ "control": "A", "split": "40/30/30" }""", "", "plan-arms")]
    [InlineData("""{ "control": "treatment", "split": "50/50" }""", "", "plan-arms")]
    public void Arms_that_contradict_the_plan_are_refused_and_nothing_is_written(string plan, string arms, string code)
    {
        System.IO.File.WriteAllText(File("start.json"), """{ "schema": "gnomon.plan/1", """ + plan.TrimStart('{'));
        Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Assign(Options() with { Arms = arms.Length == 0 ? [] : arms.Split(','), FromPlan = File("start.json"), Plan = File("none.json"), Out = File("none.csv") })).Code);
        Assert.False(System.IO.File.Exists(File("none.json")) || System.IO.File.Exists(File("none.csv")));
    }

    [Fact]
    public void Without_a_list_the_expressions_are_given_and_wrong_options_are_named()
    {
        var finding = Ask.Assign(new AssignOptions { Unit = "user_id", Salt = "search", Layer = "growth", Share = "0-20%", Sql = "postgresql" });
        Assert.Contains(finding.Next, n => n.Contains("'growth:'", StringComparison.Ordinal) && n.Contains("::bit(32)", StringComparison.Ordinal));
        Assert.Empty(finding.Checks);
        foreach (var (code, options) in new[]
        {
            ("option-missing", new AssignOptions { Unit = "id" }), ("option-missing", new AssignOptions { Salt = "s" }), ("options-conflict", Options() with { Strata = ["a"], Rerandomise = ["b"] }),
            ("options-conflict", Options() with { Rerandomise = ["age"], Arms = ["a", "b", "c"] }), ("data-missing", new AssignOptions { Unit = "id", Salt = "s", Strata = ["a"] }), ("option-missing", Options() with { Layer = "x" }),
            ("bad-share", Options() with { Layer = "x", Share = "40-20%" }), ("options-conflict", Options() with { Layer = "checkout", Share = "0-20%" }), ("bad-name", Options() with { Salt = "o'clock" }),
            ("option-missing", Options() with { FromPlan = "x.json" }), ("option-out-of-range", Options() with { Arms = ["a"] }), ("column-not-usable", Options() with { Rerandomise = ["country"] }), ("bad-split", Options() with { Split = "50/30/20" }),
            ("column-not-found", Options() with { Strata = ["contry"] }), ("plan-unreadable", Options() with { FromPlan = File("none.json"), Plan = File("x.json") }),
        })
        {
            Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Assign(options)).Code);
        }

        System.IO.File.WriteAllText(File("twice.csv"), "user_id\nu1\nu2\nu1\n");
        Assert.Equal("unit-repeats", Assert.Throws<GnomonError>(() => Ask.Assign(Options() with { Data = File("twice.csv") })).Code);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Plans_of_strata_and_draws_keep_the_interval_honest()
    {
        // Whole experiments through both verbs: 40 of each kind; the band is wide, the methods are simulated by themselves.
        foreach (var kind in new[] { "stratified", "rerandomised" })
        {
            var covered = Enumerable.Range(0, 40).Count(seed =>
            {
                var options = Options() with { Salt = $"run {seed}", Strata = kind == "stratified" ? ["country"] : [], Rerandomise = kind == "stratified" ? [] : ["age", "spend"], Acceptance = 0.1 };
                var (plan, data) = Experiment($"{kind}-{seed}", options, seed);
                var e = AbData.Primary(Ask.Ab(new AbOptions { Data = data, Unit = "user_id", Variant = "arm", Metric = ["minutes"], Plan = plan }));
                return e.Low <= 1 && 1 <= e.High;
            });
            Assert.InRange(covered, 33, 40);
        }
    }

    // Outcomes for the units that assign gave arms to: minutes hang on country, age and spend; the new arm adds 1.
    private (string Plan, string Data) Experiment(string name, AssignOptions options, int seed = 0)
    {
        var (plan, arms) = (File($"{name}.json"), File($"{name}-arms.csv"));
        Ask.Assign(options with { Plan = plan, Out = arms });
        var rng = new Rng(seed).Stream("minutes");
        var arm = System.IO.File.ReadAllLines(arms).Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => c[1]);
        var lines = System.IO.File.ReadAllLines(options.Data!);
        var path = File($"{name}-data.csv");
        System.IO.File.WriteAllLines(path, [$"{lines[0]},arm,minutes", .. lines.Skip(1).Select(l =>
        {
            var c = l.Split(',');
            var minutes = 20 + (c[1] == "DE" ? 6 : c[1] == "FR" ? 3 : 0) + 0.15 * double.Parse(c[3], CultureInfo.InvariantCulture) + (c[4].Length > 0 ? 0.2 * double.Parse(c[4], CultureInfo.InvariantCulture) : 4) + 2 * rng.NextNormal() + (arm[c[0]] == "new" ? 1 : 0);
            return string.Create(CultureInfo.InvariantCulture, $"{l},{arm[c[0]]},{minutes:0.####}");
        })]);
        return (plan, path);
    }

    private AssignOptions Options() => new() { Data = Units(), Unit = "user_id", Salt = "checkout", Arms = ["old", "new"] };

    private string File(string name) => Path.Combine(_folder, name);

    private string Units()
    {
        var path = File("units.csv");
        if (!System.IO.File.Exists(path))
        {
            var rng = new Rng(4);
            string[] countries = ["DE", "FR", "IT", ""];
            System.IO.File.WriteAllLines(path, ["user_id,country,plan,age,spend", .. Enumerable.Range(0, 1_500).Select(i => string.Create(CultureInfo.InvariantCulture, $"u{i},{countries[rng.NextInt(4)]},{(rng.NextDouble() < 0.2 ? "pro" : "free")},{18 + rng.NextInt(60)},{(rng.NextDouble() < 0.05 ? string.Empty : (10 * rng.NextGamma(2)).ToString("0.##", CultureInfo.InvariantCulture))}"))]);
        }

        return path;
    }
}
