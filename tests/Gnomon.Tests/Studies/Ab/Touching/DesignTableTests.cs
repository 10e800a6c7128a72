using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Ab.Metrics;
using Gnomon.Tests.Architecture;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>Which metric every way of assigning arms carries: each cell of the table is asked, and the table of the docs is this one.</summary>
public sealed class DesignTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-designs-").FullName;

    public static TheoryData<string> Designs => [.. MetricsByDesign.Designs];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [Trait("speed", "slow")]
    [MemberData(nameof(Designs))]
    public void Every_cell_answers_or_is_refused_by_name(string design)
    {
        var wrong = new List<string>();
        foreach (var metric in MetricsByDesign.Metrics)
        {
            var (table, options) = Asked(design);
            options = With(options, metric);
            var refusal = MetricsByDesign.Refusal(metric, design);
            try
            {
                var finding = Gnomon.Ask.Ab(table, options);
                var primary = finding.Estimates.FirstOrDefault(e => e.Role == "primary");
                if (refusal is not null)
                {
                    wrong.Add($"{metric} with {design} is answered, and the table says no");
                }
                else if (primary is null)
                {
                    wrong.Add($"{metric} with {design}: {finding.Decision.Summary} {string.Join("; ", finding.Tables.Where(t => t.Id == "not-compared").SelectMany(t => t.Rows).Select(r => r[^1]))}");
                }
                else if (!(primary.Low <= primary.Value && primary.Value <= primary.High))
                {
                    wrong.Add($"{metric} with {design}: {primary.Low} {primary.Value} {primary.High}");
                }
            }
            catch (GnomonError e)
            {
                var isNamed = refusal is not null && e.Message.Contains(metric, StringComparison.Ordinal) && e.Code is "options-conflict" or "several-options-wrong" or "units-repeat";
                if (!isNamed)
                {
                    wrong.Add($"{metric} with {design}: {e.Code}: {e.Message}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void The_docs_show_this_table()
    {
        const string open = "<!-- designs -->\n", close = "<!-- /designs -->";
        var path = Path.Combine(SourceTree.Root, "docs", "verbs", "ab.md");
        var text = File.ReadAllText(path);
        var (from, to) = (text.IndexOf(open, StringComparison.Ordinal) + open.Length, text.IndexOf(close, StringComparison.Ordinal));
        Assert.True(from > open.Length && to >= from, "docs/verbs/ab.md has no marks of the table");
        if (Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1")
        {
            File.WriteAllText(path, text[..from] + MetricsByDesign.Page() + text[to..]);
        }

        Assert.Equal(MetricsByDesign.Page(), text[from..to]);
    }

    private AbOptions With(AbOptions o, string metric) => metric switch
    {
        "--metric" => o with { Metric = ["y"] },
        "--ratio" => o with { Ratio = ["num/den"] },
        "--rate" => o with { Rate = ["num/den"] },
        "--quantile" => o with { Quantile = ["y:p75"] },
        "--two-part" => o with { TwoPart = ["spend"] },
        "--funnel" => o with { Funnel = ["view", "cart", "buy"] },
        "--retention" => o with { Retention = "seen:7", Time = o.Time ?? "joined", AsOf = "2026-06-01" },
        "--survival" => o with { Survival = "watched/left:20" },
        "--oec" => o with { Oec = "0.7*buy+0.3*y" },
        _ => o with { Surrogates = ["visits", "shares"], LongTerm = "retained", History = Past() },
    };

    // One data set for each way of assigning arms, all with the same columns of metrics.
    private (Table Data, AbOptions Options) Asked(string design)
    {
        var plain = new AbOptions { Variant = "arm", Control = "off" };
        (int Rows, Func<int, (long Unit, string Zone, int On, string Hour)> At, AbOptions Options) asked = design switch
        {
            "one by one" => (1_200, i => (i, $"z{i % 40}", Coin(i), Hour(i % 300)), plain with { Unit = "unit" }),
            MetricsByDesign.RowsRepeat => (1_200, i => (i / 3, $"z{i / 3 % 40}", Coin(i / 3), Hour(i % 300)), plain with { Unit = "unit" }),
            "--cluster" => (2_400, i => (i, $"z{i % 48:00}", i % 48 % 2, Hour(i % 300)), plain with { Cluster = "zone" }),
            "--switchback" => (4 * 120 * 3, i => (i, $"z{i % 4}", Coin(i / 12 * 7 + i % 4), Hour(i / 12)), plain with { Switchback = true, Cluster = "zone", Time = "hour", BurnIn = "1" }),
            "--edges" => (960, i => (i, $"z{i / 16:00}", Coin(i / 16), Hour(i % 300)), plain with { Unit = "unit", Cluster = "zone", Edges = Links(960, 16) }),
            "--ego" => (800, i => (i, $"{i / 8 * 8}", Coin(i / 8), Hour(i % 300)), plain with { Unit = "unit", Ego = "zone", Edges = Links(800, 8) }),
            "--crossover" => (400, i => (i / 2, "z", (i / 2 % 2) ^ (i % 2), $"p{i % 2}"), plain with { Crossover = true, Unit = "unit", Time = "hour" }),
            "--saturation" => (60 * 30, i => (i, $"v{i / 30:00}", i % 30 < 12 * (i / 30 % 3) ? 1 : 0, Hour(i % 300)), plain with { Saturation = "share", Cluster = "zone" }),
            "--buyers" => (900, i => (i, $"b{i % 30:00}", 0, Hour(i % 300)), plain with { Variant = null, Control = null, Buyers = "zone:buyer_arm", Sellers = "seller:seller_arm" }),
            "--geo" => (20 * 60, i => (i, $"r{i % 20:00}", i % 20 < 10 ? 1 : 0, new DateOnly(2026, 3, 1).AddDays(i / 20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), plain with { Geo = true, Cluster = "zone", Time = "hour", Start = "2026-04-10" }),
            _ => (1_200, i => (i, $"z{i % 40}", Coin(i), Hour(i % 300)), plain with { Variant = null, Control = null, Factors = ["arm", "colour"] }),
        };
        var rng = new Rng(5);
        var rows = Enumerable.Range(0, asked.Rows).Select(i => (asked.At(i), Noise: rng.NextNormal(), A: rng.NextDouble(), B: rng.NextDouble(), C: rng.NextDouble())).ToList();
        var start = new DateOnly(2026, 3, 2);
        double View(int i) => rows[i].A < 0.7 + 0.05 * rows[i].Item1.On ? 1 : 0;
        double Cart(int i) => View(i) * (rows[i].B < 0.5 ? 1 : 0);
        double Buy(int i) => Cart(i) * (rows[i].C < 0.6 ? 1 : 0);
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        var table = Table.With("unit", rows.Select(r => r.Item1.Unit)).And("zone", rows.Select(r => (string?)r.Item1.Zone)).And("arm", rows.Select(r => (string?)(r.Item1.On == 1 ? "on" : "off"))).And("hour", rows.Select(r => (string?)r.Item1.Hour))
            .And("y", rows.Select(r => 10 + r.Item1.On + r.Noise)).And("num", all.Select(i => (long)(Buy(i) + View(i)))).And("den", all.Select(i => 2L + i % 3))
            .And("spend", all.Select(i => Cart(i) * (5 + rows[i].Noise))).And("view", all.Select(View)).And("cart", all.Select(Cart)).And("buy", all.Select(Buy))
            .And("joined", all.Select(i => start.AddDays(i % 9))).And("seen", all.Select(i => start.AddDays(i % 9 + (rows[i].A < 0.5 ? 9 : 2)))).And("watched", all.Select(i => Math.Round(5 + 30 * rows[i].B, 1))).And("left", all.Select(i => rows[i].C < 0.5 ? 1L : 0L))
            .And("visits", all.Select(i => (long)(i * 11 % 10))).And("shares", all.Select(i => (long)(i * 19 % 4))).And("share", all.Select(i => i / 30 % 3 * 0.4)).And("colour", all.Select(i => (string?)(Coin(i + 7_919) == 1 ? "red" : "blue")))
            .And("buyer_arm", all.Select(i => (string?)(i % 30 % 2 == 1 ? "on" : "off"))).And("seller", all.Select(i => (string?)$"s{i / 30:00}")).And("seller_arm", all.Select(i => (string?)(i / 30 % 2 == 1 ? "on" : "off")));
        return (table, asked.Options);
    }

    private string Past()
    {
        var path = Path.Combine(_folder, "past.csv");
        File.WriteAllLines(path, ["visits,shares,retained", .. Enumerable.Range(0, 400).Select(i => FormattableString.Invariant($"{i * 7 % 10},{i * 13 % 4},{0.1 + 0.05 * (i * 7 % 10) + 0.03 * (i * 13 % 4) + i * 29 % 31 / 100.0:0.000}"))]);
        return path;
    }

    // Drawn by a hash, so that neighbours in the file are not alike.
    private static int Coin(int i) => new Rng(i).NextDouble() < 0.5 ? 1 : 0;

    private static string Hour(int i) => new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc).AddHours(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    // Rings within groups, with a few links between them.
    private string Links(int units, int group)
    {
        var path = Path.Combine(_folder, "links.csv");
        File.WriteAllLines(path, ["from,to", .. Enumerable.Range(0, units).SelectMany(i => new[] { $"{i},{i / group * group + (i + 1) % group}", $"{i},{i / group * group + (i + 3) % group}" }), .. Enumerable.Range(0, units / 20).Select(i => $"{i * 20},{(i * 20 + 137) % units}")]);
        return path;
    }
}
