using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>Ego clusters from the links to the answer: <c>design --kind ego</c> cuts them out, <c>ab --ego</c> reads them.</summary>
public sealed class EgoVerbTests : IDisposable
{
    private const int Units = 1_500;
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-ego").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("same")]
    [InlineData("own")]
    public void From_links_to_the_effects_of_a_launch(string egoArm)
    {
        var (finding, read) = Run(egoArm, 1.0, 1.5);
        Assert.Contains("egos with", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("egos keep", finding.Decision.Summary, StringComparison.Ordinal);
        var total = read.Estimates.Single(e => e.Name == "total effect");
        Assert.Equal(DecisionAction.Ship, read.Decision.Action);
        Assert.InRange(2.5, total.Low - 0.6, total.High + 0.6);
        if (egoArm == "own")
        {
            var direct = read.Estimates.Single(e => e.Name == "direct effect");
            var full = read.Estimates.Single(e => e.Name == "spill-over, none to all neighbours");
            Assert.InRange(1.0, direct.Low - 0.3, direct.High + 0.3);
            Assert.InRange(1.5, full.Low - 0.4, full.High + 0.4);
        }
        else
        {
            Assert.Contains(read.Limitations, l => l.Contains("not told apart", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        var (_, read) = Run("own", 0, 0);
        Assert.Equal(DecisionAction.Inconclusive, read.Decision.Action);
    }

    [Fact]
    public void Faults_have_names()
    {
        var edges = Edges();
        var units = Enumerable.Range(0, 40).ToArray();
        Table Of(Func<int, string?> arm, Func<int, string?> ego) => Table.With("unit", units.Select(i => (string?)$"u{i}")).And("arm", units.Select(arm)).And("ego", units.Select(ego)).And("y", units.Select(i => (double)i));
        var options = new AbOptions { Unit = "unit", Edges = edges, Ego = "ego", Variant = "arm", Metric = ["y"] };
        Assert.Equal("no-egos", Assert.Throws<GnomonError>(() => Ask.Ab(Of(i => i % 2 == 0 ? "a" : "b", _ => "nobody"), options)).Code);
        Assert.Equal("ego-arms", Assert.Throws<GnomonError>(() => Ask.Ab(Of(i => $"{i % 3}", i => $"u{i}"), options)).Code);
        Assert.Contains((options with { Edges = null }).Validate(), e => e.Where == "--edges");
        Assert.Contains((options with { Pre = ["y"] }).Validate(), e => e.Code == "options-conflict");
        Assert.Contains((options with { Metric = ["y", "z"] }).Validate(), e => e.Where == "--metric");
        Assert.Contains(new DesignOptions { Kind = "ego" }.Validate(), e => e.Code == "data-missing");
        Assert.Contains(new DesignOptions { Kind = "geo", Egos = "x.csv" }.Validate(), e => e.Where == "--egos");
    }

    private (Finding Design, Finding Read) Run(string egoArm, double direct, double through)
    {
        var (edges, arms) = (Edges(), Path.Combine(_folder, $"{egoArm}{direct}.csv"));
        var finding = Ask.Design(new DesignOptions { Data = edges, Kind = "ego", Kept = 0.75, EgoArm = egoArm, Egos = arms, Sd = 1, Mde = "0.5" });
        var drawn = File.ReadAllLines(arms).Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => (Ego: c[1], Arm: c[2]));
        var links = File.ReadAllLines(edges).Skip(1).Select(l => l.Split(',')).Where(l => l[0] != l[1]).SelectMany(l => new[] { (l[0], l[1]), (l[1], l[0]) }).Distinct().ToLookup(l => l.Item1, l => l.Item2);
        var rng = new Rng(5).Stream("outcomes");
        var names = Enumerable.Range(0, Units).Select(i => $"u{i}").ToArray();
        bool Treated(string unit) => drawn.TryGetValue(unit, out var d) && d.Arm == "treatment";
        double[] y = [.. names.Select(n => 5 + (Treated(n) ? direct : 0) + (links[n].Any() ? through * links[n].Average(o => Treated(o) ? 1.0 : 0) : 0) + rng.NextNormal())];
        var table = Table.With("unit", names.Select(n => (string?)n)).And("ego", names.Select(n => drawn.TryGetValue(n, out var d) ? d.Ego : null)).And("arm", names.Select(n => drawn.TryGetValue(n, out var d) ? d.Arm : null)).And("y", y);
        return (finding, Ask.Ab(table, new AbOptions { Unit = "unit", Edges = edges, Ego = "ego", Variant = "arm", Metric = ["y"] }));
    }

    private string Edges()
    {
        var path = Path.Combine(_folder, "edges.csv");
        var rng = new Rng(3).Stream("edges");
        File.WriteAllLines(path, Enumerable.Range(0, 2 * Units).Select(_ => $"u{rng.NextInt(Units)},u{rng.NextInt(Units)}").Prepend("a,b"));
        return path;
    }
}
