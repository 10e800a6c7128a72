using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Json;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class PlotsTests
{
    private static readonly PlotUnit Points = new("proportion", Change: true);
    private static readonly DateTimeOffset Day = new(2026, 1, 2, 0, 0, 0, TimeSpan.FromHours(2));

    private static JsonObject[] All =>
    [
        IntervalPlot.Build([new IntervalRow("a", 0.01, 0, 0.02)], "Effect", Points, [new ReferenceLine("margin", -0.005, "proportion")]),
        HistogramPlot.Build([new HistogramBin(0, 1, 5), new HistogramBin(1, 2, 3)], "value", new PlotUnit("EUR")),
        LinePlot.Build([new LinePoint(Day, 0.1, "A", 0.05, 0.15), new LinePoint(Day, 0.2, "B")], "rate", new PlotUnit("proportion")),
        BarPlot.Build([new Bar("x", 0.4, 0.3, 0.5)], "share", new PlotUnit("proportion")),
        EcdfPlot.Build([new EcdfPoint(1, 0.5, "A"), new EcdfPoint(2, 1, "A")], "value", new PlotUnit("EUR")),
    ];

    // A moment that parts the time has its line and its name; dates that would run into their neighbours are left out.
    [Fact]
    public void A_moment_is_an_upright_line_with_its_name()
    {
        var start = DateTimeOffset.UnixEpoch.AddDays(7);
        LinePoint[] points = [.. Enumerable.Range(0, 14).Select(d => new LinePoint(DateTimeOffset.UnixEpoch.AddDays(d), d, "B"))];
        var spec = LinePlot.Build(points, "sales", new PlotUnit("sales"), moment: new LineMoment(start, "start"));
        var upright = spec["layer"]!.AsArray().Single(l => l!["data"] is not null)!;
        Assert.Equal("1970-01-08T00:00:00", (string?)upright["data"]!["values"]![0]!["at"]);
        Assert.Equal("start", (string?)upright["data"]!["values"]![0]!["name"]);
        Assert.Equal("greedy", (string?)upright["layer"]![0]!["encoding"]!["x"]!["axis"]!["labelOverlap"]);
        Assert.DoesNotContain(LinePlot.Build(points, "sales", new PlotUnit("sales"))["layer"]!.AsArray(), l => l!["data"] is not null);
    }

    // What is cut off is often what tells rows apart: long labels are broken at spaces and their rows are taller, short ones stand as they are.
    [Fact]
    public void Long_labels_of_rows_are_broken_and_keep_every_word()
    {
        const string label = "plan is pro, age above 39 and at most 50 (not confirmed)";
        var spec = IntervalPlot.Build([new IntervalRow(label, 1, 0, 2), new IntervalRow("plan is free", 1, 0, 2)], "effect", new PlotUnit("y"));
        var labels = spec["data"]!["values"]!.AsArray().Select(v => (string)v!["label"]!).ToList();
        Assert.Equal(label, labels[0].Replace('\n', ' '));
        Assert.All(labels[0].Split('\n'), line => Assert.InRange(line.Length, 1, 32));
        Assert.Equal("plan is free", labels[1]);
        Assert.True(spec["height"]!.GetValue<int>() >= 2 * 13 * labels[0].Split('\n').Length);
    }

    [Fact]
    public void Every_plot_fits_its_place_carries_its_data_and_fetches_nothing()
    {
        foreach (var spec in All)
        {
            Assert.Equal("container", (string?)spec["width"]);
            Assert.Equal("https://vega.github.io/schema/vega-lite/v6.json", (string?)spec["$schema"]);
            Assert.NotEmpty(spec["data"]!["values"]!.AsArray());
            Assert.DoesNotContain("\"url\"", spec.ToJsonString(), StringComparison.Ordinal);
            Assert.True(spec.ContainsKey("mark") ^ spec.ContainsKey("layer"));
        }
    }

    [Fact]
    public void Rates_are_drawn_as_percentages_and_other_units_as_they_are()
    {
        Assert.Equal("Effect (percentage points)", (string?)All[0]["layer"]![2]!["encoding"]!["x"]!["title"]);
        Assert.Equal(1.0, (double)All[0]["data"]!["values"]![0]!["value"]!, 1e-12);
        Assert.Equal("value (EUR)", (string?)All[1]["encoding"]!["x"]!["title"]);
        Assert.Equal("2026-01-01T22:00:00", (string?)All[2]["data"]!["values"]![0]!["at"]);
    }

    [Fact]
    public void No_effect_and_reference_lines_are_layers_of_their_own()
    {
        var layers = All[0]["layer"]!.AsArray();
        Assert.Equal(4, layers.Count);
        Assert.Equal(0.0, (double)layers[0]!["data"]!["values"]![0]!["at"]!);
        Assert.Equal(-0.5, (double)layers[1]!["data"]!["values"]![0]!["at"]!, 1e-12);
        Assert.Equal(1.0, (double)IntervalPlot.Build([new IntervalRow("a", 2, 1, 3)], "x", new PlotUnit("odds ratio"))["layer"]![0]!["data"]!["values"]![0]!["at"]!);
    }

    [Fact]
    public void Points_without_a_band_have_no_edges_and_one_series_has_no_colour()
    {
        Assert.False(All[2]["data"]!["values"]![1]!.AsObject().ContainsKey("low"));
        Assert.True(All[2]["layer"]![0]!["encoding"]!.AsObject().ContainsKey("color"));
        Assert.False(All[1]["encoding"]!.AsObject().ContainsKey("color"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Values_that_are_not_finite_are_refused_by_name(double bad)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => BarPlot.Build([new Bar("revenue", bad)], "x", new PlotUnit("EUR")));
        Assert.Contains("'revenue'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalPlot.Build([new IntervalRow("a", 0, bad, 1)], "x", Points));
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramPlot.Build([new HistogramBin(0, bad, 1)], "x", Points));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinePlot.Build([new LinePoint(Day, 1, "A", bad, 2)], "x", Points));
        Assert.Throws<ArgumentOutOfRangeException>(() => EcdfPlot.Build([new EcdfPoint(bad, 1, "A")], "x", Points));
    }

    [Fact]
    public void Reference_lines_travel_through_json()
    {
        ReferenceLine[] lines = [new("margin", -0.002, "proportion", "refunds"), new("planned effect", 1, "EUR")];
        var finding = Samples.Minimal(DecisionAction.Answer) with { Tables = [ReferenceLines.Table(lines)] };
        Assert.Equal(lines, ReferenceLines.Of(FindingJson.Read(FindingJson.Write(finding))));
        Assert.Empty(ReferenceLines.Of(Samples.Minimal(DecisionAction.Answer)));
    }
}
