using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class MixedExposureTests
{
    // tests/reference/experiments/make-mixed.py: two-stage least squares on rows and clustered errors by matrices (numpy), bounds on filled rows (statsmodels OLS), scipy's Welch test. Tolerance 1e-9 relative.
    [Fact]
    public void Rows_and_matrices_give_the_same_numbers()
    {
        var root = ReferenceFile.Open("experiments", "mixed.json");
        double Number(string name) => root.GetProperty(name).GetDouble();
        int[] Whole(string name) => [.. root.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
        var (treated, control, carryTreated, carryControl) = Totals(Whole("unit"), Whole("first"), Whole("shown"), [.. Whole("y").Select(v => (double)v)]);
        var result = MixedExposure.Of(treated, control, (0, 1));
        void Same(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(1e-3, Math.Abs(expected)));
        Same(Number("itt"), result.Assigned.Value);
        Same(Number("itt_se"), result.Assigned.StandardError);
        Same(Number("own"), result.ShareOwn);
        Same(Number("other"), result.ShareOther);
        Same(Number("iv"), result.Shown!.Value);
        Same(Number("iv_se"), result.Shown.StandardError);
        Same(Number("lower"), result.Lower!.Value);
        Same(Number("upper"), result.Upper!.Value);
        Same(Number("low"), result.Bounds!.Value.Low);
        Same(Number("high"), result.Bounds.Value.High);
        var carry = MixedExposure.CarryOver(carryTreated, carryControl);
        Same(Number("carry"), carry.Value);
        Same(Number("carry_p"), carry.PValue);
    }

    // A true effect of +0.06 where 30 % of units meet both arms: 600 experiments of 800 units. The instrument's interval covers it as stated, the muddled difference does not, the bounds hold it always.
    [Fact]
    public void The_effect_of_what_was_shown_is_covered_and_the_bounds_hold_it()
    {
        const int runs = 600;
        const double effect = 0.06;
        var (covered, muddled, held, alarms) = (0, 0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var (t, c, x, y) = Simulate(new Rng(run).Stream("mixed"), effect, lasting: 0);
            var result = MixedExposure.Of(t, c, (0, 1));
            muddled += result.Assigned.Low <= effect && effect <= result.Assigned.High ? 1 : 0;
            covered += result.Shown!.Low <= effect && effect <= result.Shown.High ? 1 : 0;
            held += result.Bounds!.Value.Low <= effect && effect <= result.Bounds.Value.High ? 1 : 0;
            alarms += MixedExposure.CarryOver(x, y).PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(covered, 0.93 * runs, 0.97 * runs);
        Assert.InRange(muddled, 0, 0.9 * runs);
        Assert.Equal(runs, held);
        Assert.InRange(alarms, 0.02 * runs, 0.08 * runs);
    }

    // The arm met first raises every later row by 0.2: the test of the two orders sees it.
    [Fact]
    public void A_first_arm_that_lasts_is_seen()
    {
        var seen = Enumerable.Range(0, 60).Count(run =>
        {
            var (_, _, x, y) = Simulate(new Rng(run).Stream("lasting"), 0.06, lasting: 0.2);
            return MixedExposure.CarryOver(x, y).PValue < 0.05;
        });
        Assert.InRange(seen, 50, 60);
    }

    [Fact]
    public void A_first_arm_that_changes_nothing_is_no_instrument()
    {
        // Half of the rows show either arm in both groups.
        var rng = new Rng(5).Stream("none");
        var rows = Enumerable.Range(0, 4_000).Select(i => (Unit: i / 4, First: i / 4 % 2, Shown: rng.NextInt(2), Y: rng.NextDouble())).ToList();
        var (t, c, _, _) = Totals([.. rows.Select(r => r.Unit)], [.. rows.Select(r => r.First)], [.. rows.Select(r => r.Shown)], [.. rows.Select(r => r.Y)]);
        Assert.Null(MixedExposure.Of(t, c).Shown);
        Assert.Null(MixedExposure.Of(t, c).Bounds);
    }

    private static (CoMoments Treated, CoMoments Control, Moments TreatedFirst, Moments ControlFirst) Simulate(Rng rng, double effect, double lasting)
    {
        var (unit, first, shown, y) = (new List<int>(), new List<int>(), new List<int>(), new List<double>());
        for (var u = 0; u < 800; u++)
        {
            var (own, arm, crosses) = (0.1 + 0.3 * rng.NextDouble(), rng.NextInt(2), rng.NextDouble() < 0.3);
            var rows = 1 + rng.NextPoisson(2.1);
            for (var k = 0; k < rows; k++)
            {
                var now = crosses && k > 0 && rng.NextDouble() < 0.5 ? 1 - arm : arm;
                unit.Add(u);
                first.Add(arm);
                shown.Add(now);
                y.Add(rng.NextDouble() < own + effect * now + lasting * arm ? 1 : 0);
            }
        }

        return Totals([.. unit], [.. first], [.. shown], [.. y]);
    }

    private static (CoMoments Treated, CoMoments Control, Moments TreatedFirst, Moments ControlFirst) Totals(int[] unit, int[] first, int[] shown, double[] y)
    {
        var units = Enumerable.Range(0, unit.Length).GroupBy(i => unit[i]).Select(g => (First: first[g.First()], Row: new[]
        {
            g.Where(i => shown[i] == 1).Sum(i => y[i]), g.Count(i => shown[i] == 1), g.Where(i => shown[i] == 0).Sum(i => y[i]), g.Count(i => shown[i] == 0),
        })).ToList();
        CoMoments Of(int arm) => CoMoments.OfRows(units.Where(u => u.First == arm).SelectMany(u => u.Row).ToArray(), MixedExposure.Columns);
        Moments Both(int arm) => Moments.Of([.. units.Where(u => u.First == arm && u.Row[1] > 0 && u.Row[3] > 0).Select(u => u.Row[0] / u.Row[1] + u.Row[2] / u.Row[3])]);
        return (Of(1), Of(0), Both(1), Both(0));
    }
}
