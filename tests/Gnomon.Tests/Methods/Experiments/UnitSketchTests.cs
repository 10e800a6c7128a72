using FsCheck;
using FsCheck.Fluent;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class UnitSketchTests
{
    [Fact]
    public void Order_repetition_and_splitting_change_nothing() =>
        Prop.ForAll<ulong[]>(values =>
        {
            var whole = UnitSketch.Of(values, 16);
            var shuffled = values.Concat(values).Reverse().ToArray();
            var half = values.Length / 2;
            var parts = UnitSketch.Of(values.AsSpan(0, half), 16).Merge(UnitSketch.Of(values.AsSpan(half), 16));
            return whole.Hashes.SequenceEqual(UnitSketch.Of(shuffled, 16).Hashes) && whole.Hashes.SequenceEqual(parts.Hashes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_grown_experiment_is_recognised_and_another_is_not()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var rng = new Rng(seed);
            var early = new UnitSketch();
            var late = new UnitSketch();
            var other = new UnitSketch();
            for (var i = 0; i < 20_000; i++)
            {
                var hash = rng.NextUInt64();
                late.Add(hash);
                if (i < 6_000)
                    early.Add(hash);
                other.Add(rng.NextUInt64());
            }
            Assert.Equal(UnitRelation.SameOrGrown, early.ContainedIn(late).Relation);
            Assert.Equal(UnitRelation.Different, early.ContainedIn(other).Relation);
            Assert.Equal(UnitRelation.SameOrGrown, early.ContainedIn(early).Relation);
            Assert.NotEqual(UnitRelation.SameOrGrown, late.ContainedIn(early).Relation);
        }
    }

    [Fact]
    public void The_containment_interval_covers_and_the_count_is_close()
    {
        int covered = 0, close = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var rng = new Rng(1_000 + seed);
            var a = new UnitSketch();
            var b = new UnitSketch();
            for (var i = 0; i < 5_000; i++)
            {
                var hash = rng.NextUInt64();
                a.Add(hash);
                b.Add(i < 3_500 ? hash : rng.NextUInt64());
            }
            var c = a.ContainedIn(b);
            covered += c.Low <= 0.7 && 0.7 <= c.High ? 1 : 0;
            // Relative standard error 1 / sqrt(k - 2) = 6.3 %.
            close += Math.Abs(a.EstimatedUnits / 5_000 - 1) < 0.126 ? 1 : 0;
            Assert.Equal(UnitRelation.Overlapping, c.Relation);
        }
        Assert.InRange(covered / 200.0, 0.96, 1);
        Assert.InRange(close / 200.0, 0.90, 1);
    }

    [Fact]
    public void Small_sets_are_compared_exactly()
    {
        var a = UnitSketch.Of([1, 2, 3, 4]);
        var b = UnitSketch.Of([2, 3, 4, 5, 6]);
        var c = a.ContainedIn(b);
        Assert.Equal(0.75, c.Containment);
        Assert.Equal(0.75, c.Low);
        Assert.Equal(4, a.EstimatedUnits);
    }
}
