using System.Globalization;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Layers, strata and rerandomisation against hashlib, numpy and scipy (tests/reference/assignment/make-designs.py), and by simulation.</summary>
public sealed class AssignmentDesignTests
{
    private static readonly System.Text.Json.JsonElement All = MethodReference.Load("assignment/designs.json");

    [Fact]
    public void Strata_are_dealt_out_as_by_hashlib_and_miss_their_shares_by_less_than_a_unit()
    {
        var c = All.GetProperty("stratified");
        string[] units = [.. c.Items("units").Select(u => u.GetString()!)];
        string[] strata = [.. c.Items("strata").Select(u => u.GetString()!)];
        var arms = StratifiedAssignment.Arms("pricing", units, strata, [0.5, 0.3, 0.2]);
        Assert.Equal(c.Counts("arms").Select(a => (int)a), arms);
        foreach (var stratum in strata.Select((s, i) => (s, i)).GroupBy(x => x.s))
        {
            for (var a = 0; a < 3; a++)
            {
                Assert.InRange(Math.Abs(stratum.Count(x => arms[x.i] == a) - stratum.Count() * new[] { 0.5, 0.3, 0.2 }[a]), 0, 1);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedAssignment.Arms("s", units, strata, [0.5, 0.3]));
        Assert.Throws<ArgumentException>(() => StratifiedAssignment.Arms("s", units, strata[1..], [0.5, 0.5]));
    }

    // Each unit of a stratum of one or three has each arm with its share, over salts.
    [Fact]
    public void Small_strata_favour_no_arm()
    {
        string[] units = ["a", "b", "c", "d"];
        string[] strata = ["x", "y", "y", "y"];
        var second = new int[4];
        const int salts = 8_000;
        for (var s = 0; s < salts; s++)
        {
            var arms = StratifiedAssignment.Arms($"salt {s}", units, strata, [0.5, 0.5]);
            for (var i = 0; i < 4; i++)
            {
                second[i] += arms[i];
            }
        }

        Assert.All(second, n => Assert.InRange(n / (double)salts, 0.5 - 0.0185, 0.5 + 0.0185));
    }

    [Fact]
    public void A_million_units_keep_their_shares_salts_are_independent_and_layers_share_nobody()
    {
        const int n = 1_000_000;
        double[] shares = [0.6, 0.3, 0.1];
        var (counts, both, inFirst, inSecond, inBoth, byArm) = (new long[3], new long[9], 0L, 0L, 0L, new long[4]);
        var (first, second) = (new LayerSlot("growth", 0, 0.2), new LayerSlot("growth", 0.2, 0.45));
        for (var i = 0; i < n; i++)
        {
            var unit = i.ToString(CultureInfo.InvariantCulture);
            var (a, b) = (Assignment.Arm("checkout", unit, shares), Assignment.Arm("search", unit, shares));
            counts[a]++;
            both[a * 3 + b]++;
            var (x, y) = (first.Holds(unit), second.Holds(unit));
            inFirst += x ? 1 : 0;
            inSecond += y ? 1 : 0;
            inBoth += x && y ? 1 : 0;
            byArm[x ? Assignment.Arm("checkout", unit, [0.5, 0.5]) : Assignment.Arm("checkout", unit, [0.5, 0.5]) + 2]++;
        }

        Assert.True(SampleRatio.ChiSquare(counts, shares).PValue > 0.001, string.Join(",", counts));
        Assert.True(Gnomon.Methods.Data.ContingencyTest.ChiSquare(both, 3)!.PValue > 0.001);
        Assert.True(SampleRatio.ChiSquare([inFirst, inSecond, n - inFirst - inSecond], [0.2, 0.25, 0.55]).PValue > 0.001);
        Assert.Equal(0, inBoth);

        // The arm knows nothing of the layer.
        Assert.True(Gnomon.Methods.Data.ContingencyTest.ChiSquare(byArm, 2)!.PValue > 0.001);
        Assert.False(first.Overlaps(second));
        Assert.True(first.Overlaps(first with { From = 0.1, To = 0.3 }));
        Assert.False(first.Overlaps(first with { Layer = "ranking" }));
        Assert.Throws<ArgumentException>(() => new LayerSlot("growth", 0.5, 0.2).Holds("u"));
        Assert.Throws<ArgumentException>(() => new LayerSlot("o'clock", 0, 0.2).Sql(AssignmentDialect.DuckDb, "id"));
    }

    [Fact]
    public void Distances_are_those_of_numpy_and_a_draw_is_reproducible_from_its_salt()
    {
        var c = All.GetProperty("distance");
        double[][] columns = [.. c.Items("columns").Select(x => x.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        int[] arms = [.. c.Counts("arms").Select(a => (int)a)];
        MethodReference.Close(c.Number("distance"), Rerandomisation.Distance(columns, arms)!.Value, 1e-10);
        string[] units = [.. Enumerable.Range(0, 40).Select(i => $"u{i}")];
        var draw = Rerandomisation.Draw("pricing", units, columns, acceptance: 0.05);
        Assert.Equal($"pricing#{draw.Draws}", draw.Salt);
        Assert.True(draw.Distance <= draw.Bound);
        Assert.Equal(draw.Arms, units.Select(u => Assignment.Arm(draw.Salt, u, [0.5, 0.5])));
        MethodReference.Close(draw.Distance, Rerandomisation.Distance(columns, [.. draw.Arms])!.Value, 1e-10);

        // A column that others determine adds no dimension.
        Assert.Equal(3, Rerandomisation.Draw("pricing", units, [.. columns, columns[0]], acceptance: 0.5).Dimensions);
        Assert.Throws<NotEstimableException>(() => Rerandomisation.Draw("s", units, [new double[40]]));
        Assert.Throws<TooFewRowsException>(() => Rerandomisation.Draw("s", units[..5], [[1, 2, 3, 4, 5]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rerandomisation.Draw("s", units, columns, acceptance: 0));
    }

    [Fact]
    public void The_law_after_rerandomisation_is_that_of_scipy()
    {
        foreach (var c in All.Items("law"))
        {
            var (r2, k, bound) = (c.Number("r2"), (int)c.Number("k"), c.Number("bound"));
            MethodReference.Close(c.Number("q975"), RerandomisedDifference.Quantile(0.975, r2, k, bound), 1e-8);
            MethodReference.Close(c.Number("upper1"), RerandomisedDifference.Upper(1, r2, k, bound), 1e-8);
        }

        MethodReference.Close(1.959963984540054, RerandomisedDifference.Quantile(0.975, 0, 3, 1), 1e-12);
        var d = All.GetProperty("difference");
        double[][] columns = [.. All.GetProperty("distance").Items("columns").Select(x => x.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        int[] arms = [.. All.GetProperty("distance").Counts("arms").Select(a => (int)a)];
        CoMoments Arm(int arm) => CoMoments.OfColumns([.. new[] { d.Numbers("y") }.Concat(columns).Select(x => x.Where((_, i) => arms[i] == arm).ToArray())]);
        var result = RerandomisedDifference.Compare(Arm(1), Arm(0), d.Number("acceptance"));
        foreach (var (name, got) in new[] { ("value", result.Difference.Value), ("r2", result.RSquared), ("low", result.Difference.Low), ("high", result.Difference.High), ("p", result.Difference.PValue), ("saved", result.VarianceReduction) })
        {
            MethodReference.Close(d.Number(name), got, 1e-8);
        }

        Assert.Throws<NotEstimableException>(() => RerandomisedDifference.Compare(CoMoments.OfColumns([1, 2, 3, 4], [1, 1, 1, 1]), CoMoments.OfColumns([1, 2, 3, 5], [1, 1, 1, 1]), 0.01));
        Assert.Throws<TooFewRowsException>(() => RerandomisedDifference.Compare(CoMoments.OfColumns([1, 2], [1, 3]), CoMoments.OfColumns([1, 2, 3, 5], [1, 4, 1, 1]), 0.01));
    }

    // 1,000 experiments, each with units of its own drawn again until two covariates are alike: the interval covers the population's effect, and is much shorter than the plain one, which covers too often.
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_after_rerandomisation_and_within_strata_cover()
    {
        const int draws = 1_000;
        var (rerandomised, plain, stratified, ratio) = (0, 0, 0, 0.0);
        var gate = new Lock();
        Parallel.For(0, draws, r =>
        {
            var rng = new Rng(r).Stream("designs");
            const int n = 200;
            double[][] x = [[.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())], [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())]];
            string[] units = [.. Enumerable.Range(0, n).Select(i => $"{r}-{i}")];
            double Outcome(int i, bool treated) => 3 + 1.5 * x[0][i] + x[1][i] + (treated ? 0.4 + 0.5 * x[0][i] : 0) + rng.NextNormal();
            var draw = Rerandomisation.Draw("coverage", units, x, acceptance: 0.05);
            double[] y = [.. Enumerable.Range(0, n).Select(i => Outcome(i, draw.Arms[i] == 1))];
            CoMoments Arm(int arm) => CoMoments.OfColumns([.. new[] { y, x[0], x[1] }.Select(c => c.Where((_, i) => draw.Arms[i] == arm).ToArray())]);
            var result = RerandomisedDifference.Compare(Arm(1), Arm(0), 0.05);

            string[] strata = [.. x[0].Select(v => v < -0.5 ? "low" : v < 0.5 ? "middle" : "high")];
            var arms = StratifiedAssignment.Arms($"s{r}", units, strata, [0.5, 0.5]);
            y = [.. Enumerable.Range(0, n).Select(i => Outcome(i, arms[i] == 1))];
            StratumMoments[] cells = [.. strata.Distinct().Order().Select(s => new StratumMoments(Cell(y, s, 1), Cell(y, s, 0)))];
            Moments Cell(double[] values, string s, int arm) => Moments.MeanVariance([.. Enumerable.Range(0, n).Where(i => strata[i] == s && arms[i] == arm).Select(i => values[i])]);
            var within = Stratified.Means(cells).Stratified;
            lock (gate)
            {
                rerandomised += result.Difference.Low <= 0.4 && 0.4 <= result.Difference.High ? 1 : 0;
                plain += result.Unadjusted.Low <= 0.4 && 0.4 <= result.Unadjusted.High ? 1 : 0;
                stratified += within.Low <= 0.4 && 0.4 <= within.High ? 1 : 0;
                ratio += (result.Difference.High - result.Difference.Low) / (result.Unadjusted.High - result.Unadjusted.Low) / draws;
            }
        });
        TestContext.Current.SendDiagnosticMessage($"of {draws}: rerandomised {rerandomised}, plain {plain}, stratified {stratified}; width {ratio:0.00} of the plain one");
        Assert.InRange(rerandomised / (double)draws, 0.927, 0.973);
        Assert.InRange(stratified / (double)draws, 0.92, 0.973);
        Assert.True(plain / (double)draws > 0.985);
        Assert.InRange(ratio, 0.4, 0.75);
    }
}
