using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Hashed arms against hashlib, and relabelled data against numpy (tests/reference/assignment/make.py).</summary>
public sealed class AssignmentTests
{
    [Fact]
    public void Places_are_those_of_hashlib()
    {
        foreach (var c in MethodReference.Load("assignment/assignment.json").GetProperty("places").EnumerateArray())
        {
            Assert.Equal(c.Number("place"), Assignment.Place(c.GetProperty("salt").GetString()!, c.GetProperty("unit").GetString()!));
        }
    }

    [Fact]
    public void Shares_are_kept_and_salts_are_independent()
    {
        const int n = 200_000;
        var (counts, both) = (new int[3], 0);
        double[] shares = [0.5, 0.3, 0.2];
        for (var i = 0; i < n; i++)
        {
            var unit = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var arm = Assignment.Arm("first", unit, shares);
            counts[arm]++;
            both += arm == 0 && Assignment.Arm("second", unit, shares) == 0 ? 1 : 0;
        }

        Assert.True(SampleRatio.ChiSquare([.. counts.Select(c => (long)c)], shares).PValue > 0.001);
        Assert.InRange(both / (double)n, 0.25 - 0.0035, 0.25 + 0.0035);
    }

    // Experiments that begin where the other ended share no unit; what is left over is in none.
    [Fact]
    public void Layers_exclude_one_another()
    {
        var seen = new int[3];
        for (var i = 0; i < 20_000; i++)
        {
            var unit = $"u{i}";
            var (a, b) = (Assignment.Arm("layer", unit, [0.2, 0.2]), Assignment.Arm("layer", unit, [0.25, 0.25], from: 0.4));
            Assert.True(a < 0 || b < 0);
            seen[a >= 0 ? 0 : b >= 0 ? 1 : 2]++;
        }

        Assert.InRange(seen[2] / 20_000.0, 0.09, 0.11);
        Assert.Throws<ArgumentOutOfRangeException>(() => Assignment.Arm("layer", "u", [0.5, 0.3], from: 0.4));
        Assert.Throws<ArgumentException>(() => Assignment.Sql(AssignmentDialect.DuckDb, "o'clock", "id", ["A"], [1.0]));
    }

    [Theory]
    [InlineData("heavy")]
    [InlineData("uneven")]
    [InlineData("even")]
    public void The_size_on_relabelled_data_is_that_of_numpy(string name)
    {
        var c = MethodReference.Load("assignment/assignment.json").GetProperty("welch").EnumerateArray().Single(e => e.GetProperty("name").GetString() == name);
        const int draws = 40_000;
        var result = NullCalibration.Welch(c.Numbers("values"), c.Number("share"), draws);
        var size = c.Number("size");
        Assert.Equal(size, result.Share, 4 * Math.Sqrt(size * (1 - size) / draws));
        Assert.Equal(1.0, result.Deciles.Sum(), 1e-9);
        var one = NullCalibration.Welch(c.Numbers("values"), c.Number("share"), 1_000, threads: 1);
        Assert.Equal(one.Rejected, NullCalibration.Welch(c.Numbers("values"), c.Number("share"), 1_000, threads: 3).Rejected);
    }

    [Fact]
    public void Well_behaved_data_keep_five_percent_and_odd_ones_are_refused()
    {
        var rng = new Rng(8);
        double[] values = [.. Enumerable.Range(0, 1_003).Select(_ => 1e6 + rng.NextNormal())];
        Assert.InRange(NullCalibration.Welch(values, relabellings: 10_000).Share, 0.0425, 0.0575);
        Assert.InRange(NullCalibration.Welch(values, 0.1, relabellings: 10_000).Share, 0.0425, 0.0575);
        Assert.InRange(NullCalibration.Proportions(400, 4_000, relabellings: 10_000).Share, 0.0425, 0.0575);
        Assert.True(NullCalibration.Proportions(3, 60, relabellings: 1_000).Share < 0.05);
        Assert.Throws<TooFewRowsException>(() => NullCalibration.Welch([1.0, 2, 3]));
        Assert.Throws<NotEstimableException>(() => NullCalibration.Welch([1.0, 1, 1, 1]));
        Assert.Throws<NotEstimableException>(() => NullCalibration.Proportions(0, 60));
        Assert.Throws<ArgumentOutOfRangeException>(() => NullCalibration.Welch(values, 1.0));
    }
}
