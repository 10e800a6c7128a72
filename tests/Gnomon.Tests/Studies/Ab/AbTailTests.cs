using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

public sealed class AbTailTests
{
    // Source: sorting all values; the quantile interpolates between neighbours (type 7 of Hyndman and Fan 1996). Tolerance: rounding of the sum.
    [Theory]
    [InlineData(30, 0.999)]
    [InlineData(1_000, 0.999)]
    [InlineData(100_003, 0.999)]
    [InlineData(20_000, 0.9)]
    [InlineData(1, 0.5)]
    public void The_largest_values_of_a_stream_give_its_quantile_and_what_lies_above(int count, double probability)
    {
        var rng = new Rng(count);
        var values = Enumerable.Range(0, count).Select(_ => Math.Round(Math.Exp(2 * rng.NextNormal()), 3)).ToArray();
        var largest = new LargestValues(probability, count);
        Array.ForEach(values, largest.Add);
        var tail = largest.ToTail()!;

        var sorted = values.Order().ToArray();
        var position = (count - 1) * probability;
        var at = (int)Math.Floor(position);
        var expected = at + 1 < count ? sorted[at] + (position - at) * (sorted[at + 1] - sorted[at]) : sorted[at];
        Assert.Equal(expected, tail.Threshold, 1e-12);
        Assert.Equal(sorted.Where(v => v > expected).Sum(), tail.SumAbove, 1e-9 * Math.Max(1, tail.SumAbove));
        Assert.Null(new LargestValues(0.9, 10).ToTail());
    }

    [Fact]
    public void A_heavy_tail_in_a_file_is_capped_as_in_memory()
    {
        var rng = new Rng(77);
        var rows = Enumerable.Range(0, 12_000).Select(i => (Unit: (long)i, Arm: i % 2 == 0 ? "A" : "B", Spend: Math.Round(Math.Exp(2.2 * rng.NextNormal()), 2))).ToArray();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".csv");
        try
        {
            File.WriteAllLines(path, rows.Select(r => FormattableString.Invariant($"{r.Unit},{r.Arm},{r.Spend}")).Prepend("unit,arm,spend"));
            var table = Table.With("unit", rows.Select(r => r.Unit)).And("arm", rows.Select(r => (string?)r.Arm)).And("spend", rows.Select(r => r.Spend));
            var (file, memory) = (Ask.Ab(AbData.Options("spend") with { Data = path }), Ask.Ab(table, AbData.Options("spend")));
            Assert.Contains(file.Estimates, e => e.Method.Contains("capped", StringComparison.Ordinal));
            Assert.Equal(memory.Estimates, file.Estimates);
            Assert.Equal(memory.Checks, file.Checks);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
