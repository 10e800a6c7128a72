using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Factorial;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Planning;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Factorial;

/// <summary>Crossed factors against statsmodels, R and closed forms (tests/reference/factorial).</summary>
public sealed class FactorialFitTests
{
    private const double Tight = 1e-8; // double rounding of two routes to the same least squares

    private static readonly JsonElement Reference = MethodReference.Load("factorial/factorial.json");

    [Fact]
    public void Contrasts_and_terms_are_those_of_least_squares_with_HC2_errors()
    {
        foreach (var model in Reference.Items("ols"))
        {
            var levels = model.GetProperty("levels").EnumerateArray().Select(v => v.GetInt32()).ToArray();
            Compare(levels, Rows(levels.Length, model.GetProperty("rows")), model.GetProperty("terms"));
        }
    }

    [Fact]
    public void Warpbreaks_as_in_R()
    {
        var lines = File.ReadAllLines(MethodReference.DataFile("experiments/warpbreaks_factorial.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        var rows = lines.Select(l => ((int[])[l[2] == "B" ? 1 : 0, Array.IndexOf(["H", "L", "M"], l[3])], double.Parse(l[1], System.Globalization.CultureInfo.InvariantCulture))).ToList();
        Compare([2, 3], rows, Reference.GetProperty("warpbreaks"));

        // R lm with sandwich::vcovHC(type = "HC2"), r.txt: wool averaged over tension.
        var fit = FactorialFit.Of(new FactorialGrid([2, 3]), Runs(new FactorialGrid([2, 3]), rows));
        var wool = fit.Effect([0], [2]);
        MethodReference.Close(-5.77777777778, wool.Value, 1e-10);
        MethodReference.Close(2.97756817025, wool.StandardError, 1e-10);
    }

    [Fact]
    public void Blocks_of_npk_give_the_classical_table_and_name_what_they_swallow()
    {
        var grid = new FactorialGrid([2, 2, 2]);
        var lines = File.ReadAllLines(MethodReference.DataFile("experiments/npk_factorial.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        var runs = lines.Select(l => new FactorialRun(
            grid.Cell([int.Parse(l[2], null), int.Parse(l[3], null), int.Parse(l[4], null)]), int.Parse(l[1], null), Moments.Of([double.Parse(l[5], System.Globalization.CultureInfo.InvariantCulture)]))).ToList();
        var fit = FactorialFit.Of(grid, runs);
        Assert.Equal(FactorialErrors.OneSpread, fit.Errors);
        Assert.Equal([0, 1, 2], Assert.Single(fit.Aliases.WithBlocks));
        Assert.Equal(6, fit.Aliases.Kept.Count);
        var table = Reference.GetProperty("npk");
        foreach (var (name, term) in new (string, int[])[] { ("N", [0]), ("P", [1]), ("K", [2]), ("N,P", [0, 1]), ("N,K", [0, 2]), ("P,K", [1, 2]) })
        {
            var test = fit.Test(term);
            MethodReference.Close(table.GetProperty("terms").GetProperty(name).Number("f"), test.Statistic, Tight);
            MethodReference.Close(table.GetProperty("terms").GetProperty(name).Number("p"), test.PValue, Tight);
            Assert.Equal(12, test.DenominatorDegrees!.Value, 1e-12);
        }

        MethodReference.Close(table.GetProperty("means_difference").Number("N"), fit.Effect([0], [2]).Value, Tight);
    }

    [Fact]
    public void A_half_fraction_is_the_model_of_its_representatives_and_names_its_aliases()
    {
        var e = Reference.GetProperty("fraction");
        var grid = new FactorialGrid([2, 2, 2, 2]);
        var fit = FactorialFit.Of(grid, Runs(grid, Rows(4, e.GetProperty("rows"))));
        Assert.Equal([0, 1, 2, 3], Assert.Single(fit.Aliases.WithMean));
        Assert.Equal(4, fit.Aliases.Resolution);
        Assert.Equal([2, 3], Assert.Single(fit.Aliases.Kept.Single(k => k.Term.SequenceEqual([0, 1])).With));
        Assert.Equal([1, 2, 3], Assert.Single(fit.Aliases.Kept.Single(k => k.Term.SequenceEqual([0])).With));
        var terms = e.Items("terms").Select(t => t.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToList();
        for (var i = 0; i < terms.Count; i++)
        {
            var effect = fit.Effect(terms[i], grid.Contrast(terms[i], [.. terms[i].Select(_ => 1)]));
            Assert.Equal(e.Numbers("value")[i], effect.Value, 1e-9);
            MethodReference.Close(e.Numbers("se")[i], effect.StandardError, Tight);
        }
    }

    // 2^(7-4) is too large for the verb and not for the method: seven factors in eight runs tie each main effect to three pairs.
    [Fact]
    public void Aliases_follow_the_generators()
    {
        var grid = new FactorialGrid([2, 2, 2, 2, 2, 2, 2]);
        var runs = Enumerable.Range(0, 8).Select(i => (A: i >> 2 & 1, B: i >> 1 & 1, C: i & 1)).Select(r => (grid.Cell([r.A, r.B, r.C, r.A ^ r.B ^ 1, r.A ^ r.C ^ 1, r.B ^ r.C ^ 1, r.A ^ r.B ^ r.C]), 0)).ToList();
        var aliases = AliasStructure.Of(grid, runs);
        Assert.Equal(3, aliases.Resolution);
        Assert.Equal(7, aliases.Kept.Count);
        Assert.Equal(15, aliases.WithMean.Count);
        Assert.All(aliases.Kept, k => Assert.Equal(3, k.With.Count(w => w.Count == 2)));
    }

    [Fact]
    public void Complete_blocks_are_averaged_by_their_sizes()
    {
        var e = Reference.GetProperty("blocked");
        var grid = new FactorialGrid([2, 2]);
        var runs = e.Items("rows").Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray()).GroupBy(r => (Block: (int)r[0], A: (int)r[1], B: (int)r[2]))
            .Select(g => new FactorialRun(grid.Cell([g.Key.A, g.Key.B]), g.Key.Block, Moments.Of([.. g.Select(r => r[3])]))).ToList();
        var fit = FactorialFit.Of(grid, runs);
        Assert.Equal(FactorialErrors.OwnSpreadByBlock, fit.Errors);
        var effect = fit.Effect([0, 1], [4]);
        var expected = e.GetProperty("interaction");
        MethodReference.Close(expected.Number("value"), effect.Value, Tight);
        MethodReference.Close(expected.Number("se"), effect.StandardError, Tight);
        MethodReference.Close(expected.Number("df"), effect.DegreesOfFreedom!.Value, Tight);
    }

    [Fact]
    public void Log_odds_are_those_of_the_logistic_model()
    {
        var grid = new FactorialGrid([2, 2]);
        var fit = FactorialFit.LogOdds(grid, Cells(grid));
        foreach (var (term, expected) in new int[][] { [0], [1], [0, 1] }.Zip(Reference.GetProperty("logit").Items("terms")))
        {
            var effect = fit.Effect(term, grid.Contrast(term, [.. term.Select(_ => 1)]));
            MethodReference.Close(expected.Number("value"), effect.Value, Tight);
            MethodReference.Close(expected.Number("se"), effect.StandardError, Tight);
            MethodReference.Close(expected.Number("p"), effect.PValue, 1e-7);
        }
    }

    [Fact]
    public void Cells_against_one_are_Dunnetts()
    {
        var grid = new FactorialGrid([2, 2]);
        var against = FactorialFit.Of(grid, Cells(grid)).Against(0);
        foreach (var (ours, expected) in against.Zip(Reference.GetProperty("dunnett").Items("contrasts")))
        {
            MethodReference.Close(expected.Number("value"), ours.Contrast.Value, Tight);
            MethodReference.Close(expected.Number("se"), ours.Contrast.StandardError, Tight);
            Assert.Equal(expected.Number("p_normal"), ours.Contrast.PValue, 2e-5); // quasi-Monte Carlo there
        }

        // The same as the method for groups, which takes Welch's degrees of freedom per comparison.
        var groups = Dunnett.Welch([.. Cells(grid).Select(r => r.Values)], 0);
        Assert.All(groups.Zip(against), p => MethodReference.Close(p.First.Contrast.PValue, p.Second.Contrast.PValue, 1e-9));
        Assert.All(groups.Zip(against), p => MethodReference.Close(p.First.Contrast.High, p.Second.Contrast.High, 1e-10));
    }

    [Fact]
    public void One_factor_is_Welchs_analysis_of_variance()
    {
        var rng = new Rng(3).Stream("welch");
        Moments[] groups = [.. Enumerable.Range(0, 4).Select(g => Moments.Of([.. Enumerable.Range(0, 6 + g).Select(_ => g * 0.4 + (1 + g) * rng.NextNormal())]))];
        var test = FactorialFit.Of(new FactorialGrid([4]), [.. groups.Select((m, i) => new FactorialRun(i, 0, m))]).Test([0]);
        var welch = WelchAnova.Test(groups);
        MethodReference.Close(welch.Statistic, test.Statistic, 1e-10);
        MethodReference.Close(welch.PValue, test.PValue, 1e-10);
    }

    [Fact]
    public void Means_are_drawn_in_as_Morris_says()
    {
        foreach (var e in Reference.Items("morris"))
        {
            var drawn = ShrunkenMeans.Of(e.Numbers("means"), e.Numbers("variances"));
            Assert.All(e.Numbers("shrunken").Zip(drawn), p => MethodReference.Close(p.First, p.Second, 1e-9));
        }

        Assert.Throws<TooFewRowsException>(() => ShrunkenMeans.Of([1, 2, 3], [1, 1, 1]));
    }

    [Fact]
    public void Sizes_are_the_closed_form_and_keep_their_power()
    {
        var e = Reference.GetProperty("size");
        var variances = e.Numbers("variances");
        MethodReference.Close(e.Number("interaction"), PowerFactorial.UnitsPerCell([1, -1, -1, 1], variances, 0.02), 1e-10);
        MethodReference.Close(e.Number("main"), PowerFactorial.UnitsPerCell([-0.5, -0.5, 0.5, 0.5], variances, 0.03), 1e-10);
        Assert.Equal(e.Number("power_simulated"), PowerFactorial.Power(13_649, [1, -1, -1, 1], variances, 0.02), 0.02);
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerFactorial.UnitsPerCell([1, -1], [1, 1], 0));
    }

    [Fact]
    public void Empty_cells_single_runs_and_constants_are_refused_by_name()
    {
        var grid = new FactorialGrid([2, 2]);
        var two = Moments.Of([1.0, 2.0]);
        Assert.Contains("regular fraction", Assert.Throws<NotEstimableException>(() => FactorialFit.Of(grid, [new(0, 0, two), new(1, 0, two), new(2, 0, two)])).Message, StringComparison.Ordinal);
        Assert.Contains("leave none", Assert.Throws<NotEstimableException>(() => FactorialFit.Of(grid, [.. Enumerable.Range(0, 4).Select(c => new FactorialRun(c, 0, Moments.Of([c])))])).Message, StringComparison.Ordinal);
        var flat = FactorialFit.Of(grid, [.. Enumerable.Range(0, 4).Select(c => new FactorialRun(c, 0, Moments.Of([5.0, 5.0])))]);
        Assert.Throws<NotEstimableException>(() => flat.Test([0]));
        Assert.Contains("log-odds", Assert.Throws<NotEstimableException>(() => FactorialFit.LogOdds(grid, [.. Enumerable.Range(0, 4).Select(c => new FactorialRun(c, 0, Moments.Of(c == 0 ? [0.0, 0.0] : [0.0, 1.0])))])).Message, StringComparison.Ordinal);
    }

    // Four unequal spreads and sizes: the interaction's interval keeps its level, and the test of a three-level term its size.
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_and_tests_keep_their_size()
    {
        const int draws = 4_000;
        var rng = new Rng(11).Stream("factorial");
        var (grid, wide) = (new FactorialGrid([2, 2]), new FactorialGrid([2, 3]));
        int covered = 0, rejected = 0;
        for (var d = 0; d < draws; d++)
        {
            covered += FactorialFit.Of(grid, Drawn(4, c => c == 3 ? 1.5 : 0)).Effect([0, 1], [4]) is { } e && e.Low <= 1.5 && e.High >= 1.5 ? 1 : 0;
            rejected += FactorialFit.Of(wide, Drawn(6, _ => 0)).Test([0, 1]).PValue < 0.05 ? 1 : 0;
        }

        // 3.3 binomial errors at 0.95 and 4,000 draws are 0.0114; Johansen's approximation is within that at 8 to 18 units per cell.
        Assert.InRange(covered / (double)draws, 0.9386, 0.9614);
        Assert.InRange(rejected / (double)draws, 0.0386, 0.0614);

        IReadOnlyList<FactorialRun> Drawn(int cells, Func<int, double> mean) =>
            [.. Enumerable.Range(0, cells).Select(c => new FactorialRun(c, 0, Moments.Of([.. Enumerable.Range(0, 8 + 2 * c).Select(_ => mean(c) + (1 + 0.7 * c) * rng.NextNormal())])))];
    }

    private static void Compare(int[] levels, IReadOnlyList<(int[] Levels, double Value)> rows, JsonElement terms)
    {
        var grid = new FactorialGrid(levels);
        var fit = FactorialFit.Of(grid, Runs(grid, rows));
        Assert.Equal(FactorialErrors.OwnSpread, fit.Errors);
        Assert.Equal(terms.GetArrayLength(), fit.Aliases.Kept.Count);
        foreach (var e in terms.EnumerateArray())
        {
            var term = e.GetProperty("term").EnumerateArray().Select(v => v.GetInt32()).ToArray();
            foreach (var c in e.Items("contrasts"))
            {
                var effect = fit.Effect(term, grid.Contrast(term, [.. c.GetProperty("to").EnumerateArray().Select(v => v.GetInt32())]));
                Assert.Equal(c.Number("value"), effect.Value, 1e-9);
                MethodReference.Close(c.Number("se"), effect.StandardError, Tight);
                MethodReference.Close(c.Number("df"), effect.DegreesOfFreedom!.Value, Tight);
                MethodReference.Close(c.Number("p"), effect.PValue, 1e-7);
                Assert.Equal(c.Number("low"), effect.Low, 1e-8);
                Assert.Equal(c.Number("high"), effect.High, 1e-8);
            }

            var (test, expected) = (fit.Test(term), e.GetProperty("test"));
            MethodReference.Close(expected.Number("f"), test.Statistic, 1e-7);
            MethodReference.Close(expected.Number("denominator"), test.DenominatorDegrees!.Value, 1e-7);
            MethodReference.Close(expected.Number("p"), test.PValue, 1e-7);
        }
    }

    private static List<(int[] Levels, double Value)> Rows(int factors, JsonElement rows) =>
        [.. rows.EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray()).Select(r => (r.Take(factors).Select(v => (int)v).ToArray(), r[factors]))];

    private static IReadOnlyList<FactorialRun> Runs(FactorialGrid grid, IEnumerable<(int[] Levels, double Value)> rows) =>
        [.. rows.GroupBy(r => grid.Cell(r.Levels)).Select(g => new FactorialRun(g.Key, 0, Moments.Of([.. g.Select(r => r.Value)])))];

    private static IReadOnlyList<FactorialRun> Cells(FactorialGrid grid) =>
        [.. Reference.GetProperty("logit").Items("counts").Select(c => c.EnumerateArray().Select(v => v.GetInt32()).ToArray())
            .Select(c => new FactorialRun(grid.Cell([c[0], c[1]]), 0, new Moments(c[3], (double)c[2] / c[3], (double)c[2] * (c[3] - c[2]) / c[3])))];
}
