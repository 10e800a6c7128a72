using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Planning;

/// <summary>What a plan with several looks costs and saves.</summary>
/// <param name="Looks">The boundary at each look.</param>
/// <param name="Inflation">Size of the sample at the last look, as a multiple of that of a test read once with the same power.</param>
/// <param name="PlannedZ">Expected z at full information under the effect planned for.</param>
/// <param name="Power">Chance of having stopped for the effect by each look, cumulative.</param>
/// <param name="ExpectedUnderEffect">Expected share of the full sample that is used when the effect is as planned.</param>
/// <param name="ExpectedUnderNone">The same without any effect.</param>
public sealed record GroupSequentialPlan(
    IReadOnlyList<GroupSequentialLook> Looks, double Inflation, double PlannedZ, IReadOnlyList<double> Power, double ExpectedUnderEffect, double ExpectedUnderNone)
{
    /// <summary>The rule that was planned.</summary>
    public StoppingRule Rule { get; init; } = new();

    /// <summary>Chance of having stopped for futility by each look although the effect is as planned; empty without futility.</summary>
    public IReadOnlyList<double> FutilityUnderEffect { get; init; } = [];

    /// <summary>The same without any effect.</summary>
    public IReadOnlyList<double> FutilityUnderNone { get; init; } = [];

    /// <summary>Two-sided size when every bound is obeyed.</summary>
    public double Size { get; init; }

    /// <summary>Two-sided size when the futility bounds are overruled.</summary>
    public double SizeOverruled { get; init; }
}

/// <summary>Sample size of a group-sequential test, by the exact recursion.</summary>
/// <remarks>
/// Source: Jennison and Turnbull 2000, chapters 2 and 7. Two-sided; a crossing on the wrong side counts, as in the boundaries themselves.
/// Futility is on the side of the planned effect, by beta spending: Pampallona, Tsiatis and Kim 2001; Chang, Hwang and Shih 1998.
/// </remarks>
public static class PowerGroupSequential
{
    const double Tolerance = 1e-10;

    /// <summary>The plan that reaches the wanted power.</summary>
    /// <param name="information">Increasing shares of the full information at which the data are read; the last is 1.</param>
    /// <param name="alpha">Two-sided size.</param>
    /// <param name="power">Wanted power, above the size and below 1.</param>
    /// <param name="spending">How fast the size is spent.</param>
    public static GroupSequentialPlan Plan(ReadOnlySpan<double> information, double alpha, double power, AlphaSpending spending = AlphaSpending.ObrienFleming) =>
        Plan(information, alpha, power, new StoppingRule { Spending = spending });

    /// <summary>The plan that reaches the wanted power under any stopping rule; with futility the power is that of a test that obeys it.</summary>
    /// <param name="information">Increasing shares of the full information at which the data are read; the last is 1.</param>
    /// <param name="alpha">Two-sided size.</param>
    /// <param name="power">Wanted power, above the size and below 1.</param>
    /// <param name="rule">When the test may stop.</param>
    public static GroupSequentialPlan Plan(ReadOnlySpan<double> information, double alpha, double power, StoppingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (!(power > alpha && power < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "Power must lie between the test's size and 1.");
        SequentialArguments.Times(information);
        if (information[^1] != 1)
            throw new ArgumentException("The last look is at full information.", nameof(information));
        var times = information.ToArray();
        var once = Normal.UpperQuantile(alpha / 2) + Normal.Quantile(power);
        var plain = GroupSequential.Bounds(times, alpha, rule);
        IReadOnlyList<GroupSequentialLook> At(double drift) =>
            rule.Futility == FutilityStopping.None ? plain : Futility.Bounds(plain, alpha, 1 - power, drift, rule);
        var drift = Brent.Root(d => Stopping.At(At(d), d).Power[^1] - power, 0.5 * Math.Max(once, 0.1), once + 3, Tolerance).X;
        var looks = At(drift);
        var (effect, none) = (Stopping.At(looks, drift), Stopping.At(looks, 0));
        var stops = rule.Futility != FutilityStopping.None;
        return new(looks, drift * drift / (once * once), drift, effect.Power, effect.Expected(times), none.Expected(times))
        {
            Rule = rule,
            FutilityUnderEffect = stops ? effect.Futility : [],
            FutilityUnderNone = stops ? none.Futility : [],
            Size = none.Power[^1],
            SizeOverruled = stops ? Stopping.At([.. looks.Select(l => l with { FutilityZ = null })], 0).Power[^1] : none.Power[^1],
        };
    }

    /// <summary>Bounds at the looks that are really taken, for a plan whose effect is known: the futility bounds that go with the stopping bounds.</summary>
    /// <param name="information">Increasing shares of the planned information, positive.</param>
    /// <param name="alpha">Two-sided size.</param>
    /// <param name="beta">Chance of missing the planned effect.</param>
    /// <param name="plannedZ">Expected z at full information under the planned effect, positive.</param>
    /// <param name="rule">When the test may stop.</param>
    public static IReadOnlyList<GroupSequentialLook> Bounds(ReadOnlySpan<double> information, double alpha, double beta, double plannedZ, StoppingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (!(plannedZ > 0) || !double.IsFinite(plannedZ))
            throw new ArgumentOutOfRangeException(nameof(plannedZ), plannedZ, "The planned effect must be positive.");
        var plain = GroupSequential.Bounds(information, alpha, rule);
        return rule.Futility == FutilityStopping.None ? plain : Futility.Bounds(plain, alpha, beta, plannedZ, rule);
    }

    /// <summary>Chance of stopping with an effect when the expected z at full information is known; futility bounds are obeyed.</summary>
    public static double Power(IReadOnlyList<GroupSequentialLook> looks, double plannedZ)
    {
        ArgumentNullException.ThrowIfNull(looks);
        return Stopping.At(looks, plannedZ).Power[^1];
    }

    /// <summary>Expected share of the full sample that is used when the expected z at full information is known.</summary>
    public static double ExpectedShare(IReadOnlyList<GroupSequentialLook> looks, double plannedZ)
    {
        ArgumentNullException.ThrowIfNull(looks);
        return Stopping.At(looks, plannedZ).Expected([.. looks.Select(l => l.Information)]);
    }

    /// <summary>Cumulative chances of having stopped, with an effect and for futility.</summary>
    sealed record Stopping(double[] Power, double[] Futility)
    {
        public static Stopping At(IReadOnlyList<GroupSequentialLook> looks, double drift)
        {
            var recursion = new SequentialRecursion(drift);
            var (power, futility) = (new double[looks.Count], new double[looks.Count]);
            var (won, lost) = (0.0, 0.0);
            for (var k = 0; k < looks.Count; k++)
            {
                var time = looks[k].Information;
                var critical = looks[k].CriticalZ ?? GroupSequential.LargestZ;
                var low = Planning.Futility.Lower(looks[k]);
                won += recursion.Above(time, critical) + (low > -critical ? 0 : recursion.Below(time, -critical));
                lost += low > -critical ? recursion.Below(time, Math.Min(low, critical)) : 0;
                (power[k], futility[k]) = (won, lost);
                if (k + 1 < looks.Count)
                    recursion.Continue(time, low, critical, looks[k + 1].Information - time);
            }
            return new(power, futility);
        }

        public double Expected(double[] times)
        {
            var expected = times[^1];
            for (var k = 0; k < times.Length - 1; k++)
                expected -= (times[k + 1] - times[k]) * (Power[k] + Futility[k]);
            return expected;
        }
    }
}

/// <summary>Futility bounds by beta spending.</summary>
static class Futility
{
    const double Tolerance = 1e-10;

    /// <summary>Where the test stops on the low side: for futility, or with harm as clear as a gain would have to be.</summary>
    public static double Lower(GroupSequentialLook look)
    {
        var critical = look.CriticalZ ?? GroupSequential.LargestZ;
        return look.FutilityZ is { } futility ? Math.Max(-critical, futility) : -critical;
    }

    public static IReadOnlyList<GroupSequentialLook> Bounds(IReadOnlyList<GroupSequentialLook> plain, double alpha, double beta, double drift, StoppingRule rule)
    {
        var binding = rule.Futility == FutilityStopping.Binding;
        var (under, none) = (new SequentialRecursion(drift), new SequentialRecursion());
        var looks = new List<GroupSequentialLook>(plain.Count);
        var (spentBeta, spentAlpha) = (0.0, 0.0);
        for (var k = 0; k < plain.Count; k++)
        {
            var time = plain[k].Information;
            var look = binding ? Credited(plain[k], none, spentAlpha, rule) : plain[k];
            spentAlpha = plain[k].CumulativeAlpha;
            var allowed = rule.BetaSpent(Math.Min(1, time), beta);
            look = look with { FutilityZ = time >= 1 ? look.CriticalZ : Bound(under, time, allowed - spentBeta, look.CriticalZ ?? GroupSequential.LargestZ) };
            spentBeta = allowed;
            looks.Add(look);
            if (k + 1 == plain.Count)
                break;
            var step = plain[k + 1].Information - time;
            var critical = look.CriticalZ ?? GroupSequential.LargestZ;
            under.Continue(time, Lower(look), critical, step);
            if (binding)
                none.Continue(time, Lower(look), critical, step);
        }
        return looks;
    }

    // A binding bound takes paths away, so the same error buys a lower bound for an effect. Haybittle and Peto's bound stays where it was put.
    static GroupSequentialLook Credited(GroupSequentialLook plain, SequentialRecursion none, double spentAlpha, StoppingRule rule)
    {
        if (plain.CriticalZ is null || (rule.Spending == AlphaSpending.HaybittlePeto && plain.Information < 1))
            return plain;
        var oneSide = (plain.CumulativeAlpha - spentAlpha) / 2;
        if (oneSide <= none.Above(plain.Information, GroupSequential.LargestZ))
            return plain with { CriticalZ = null, NominalAlpha = 0 };
        // So few paths are left that any of them may count: only for effects far below the one planned for.
        if (oneSide >= none.Above(plain.Information, Tolerance))
            return plain with { CriticalZ = Tolerance, NominalAlpha = 1 };
        var target = Math.Log(oneSide);
        var z = Brent.Root(c => Math.Log(none.Above(plain.Information, c)) - target, Tolerance, GroupSequential.LargestZ, Tolerance).X;
        return plain with { CriticalZ = z, NominalAlpha = 2 * Normal.Sf(z) };
    }

    static double? Bound(SequentialRecursion under, double time, double spend, double critical)
    {
        if (spend <= under.Below(time, -GroupSequential.LargestZ) || spend < 1e-14)
            return null;
        if (spend >= under.Below(time, critical))
            return critical;
        var target = Math.Log(spend);
        return Brent.Root(b => Math.Log(Math.Max(under.Below(time, b), 1e-300)) - target, -GroupSequential.LargestZ, critical, Tolerance).X;
    }
}
