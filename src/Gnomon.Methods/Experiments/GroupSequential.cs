using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>How fast the allowed error is spent over information time.</summary>
public enum AlphaSpending
{
    /// <summary>Lan and DeMets 1983, O'Brien-Fleming type: almost nothing early.</summary>
    ObrienFleming,

    /// <summary>Lan and DeMets 1983, Pocock type: alpha * ln(1 + (e - 1) t).</summary>
    Pocock,

    /// <summary>Kim and DeMets 1987, power family: alpha * t^rho.</summary>
    KimDeMets,

    /// <summary>Haybittle 1971 and Peto 1976: one strict bound at every look but the last, which takes what is left.</summary>
    HaybittlePeto,
}

/// <summary>One look of a group-sequential plan.</summary>
/// <param name="Information">Share of the planned information reached, in (0, 1].</param>
/// <param name="CriticalZ">Stop when |z| reaches this; absent when nothing measurable may be spent yet.</param>
/// <param name="NominalAlpha">Two-sided p-value of the critical value, 0 when it is absent.</param>
/// <param name="CumulativeAlpha">Two-sided error spent up to and including this look.</param>
public sealed record GroupSequentialLook(double Information, double? CriticalZ, double NominalAlpha, double CumulativeAlpha)
{
    /// <summary>Stop for futility when z in the planned direction is at or below this; absent without futility, and where nothing measurable may be spent yet.</summary>
    public double? FutilityZ { get; init; }
}

/// <summary>Group-sequential boundaries, two-sided and symmetric, exact by recursion.</summary>
/// <remarks>
/// Sources: Lan and DeMets 1983, Biometrika 70; Kim and DeMets 1987, Biometrika 74; Haybittle 1971; Peto et al. 1976; Pocock 1977; O'Brien and Fleming 1979; Wang and Tsiatis 1987;
/// Jennison and Turnbull 2000. Two-sided spending is the sum of two one-sided ones of alpha / 2, as in rpact and gsDesign.
/// </remarks>
public static class GroupSequential
{
    // A critical value beyond 37 has a tail below the smallest double.
    internal const double LargestZ = 37;
    const double ZTolerance = 1e-10;

    /// <summary>O'Brien-Fleming type spending: 2 (1 - Phi(z / sqrt(t))) per side.</summary>
    /// <param name="information">Share of the planned information, in [0, 1].</param>
    /// <param name="alpha">Total error to be spent at the end.</param>
    /// <param name="sides">2: the sum of two one-sided functions of alpha / 2. 1: the one formula applied to the whole of alpha.</param>
    public static double ObrienFlemingSpend(double information, double alpha, int sides = 2)
    {
        SequentialArguments.Alpha(alpha);
        SequentialArguments.Sides(sides);
        SequentialArguments.Information(information);
        if (information == 0)
            return 0;
        return sides * 2 * Normal.Sf(Normal.UpperQuantile(alpha / sides / 2) / Math.Sqrt(information));
    }

    /// <summary>Pocock type spending: alpha * ln(1 + (e - 1) t).</summary>
    public static double PocockSpend(double information, double alpha)
    {
        SequentialArguments.Alpha(alpha);
        SequentialArguments.Information(information);
        return alpha * Math.Log(1 + (Math.E - 1) * information);
    }

    /// <summary>Critical values at the given information times; looks need not be planned or equally spaced.</summary>
    /// <param name="information">Increasing shares of the planned information in (0, 1].</param>
    /// <param name="alpha">Two-sided error over the whole experiment.</param>
    /// <param name="spending">How fast the error is spent.</param>
    public static IReadOnlyList<GroupSequentialLook> Bounds(ReadOnlySpan<double> information, double alpha, AlphaSpending spending = AlphaSpending.ObrienFleming) =>
        Bounds(information, alpha, new StoppingRule { Spending = spending });

    /// <summary>Critical values for stopping with an effect under any rule; looks need not be planned or equally spaced.</summary>
    /// <param name="information">
    /// Increasing shares of the planned information, positive. A look beyond 1 (more units came than were planned) spends what is left at the information that it has.
    /// </param>
    /// <param name="alpha">Two-sided error over the whole experiment.</param>
    /// <param name="rule">How the error is spent; its futility is not used here (the plan in Planning has it).</param>
    public static IReadOnlyList<GroupSequentialLook> Bounds(ReadOnlySpan<double> information, double alpha, StoppingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        SequentialArguments.Alpha(alpha);
        SequentialArguments.Increasing(information);
        var recursion = new SequentialRecursion();
        var looks = new List<GroupSequentialLook>(information.Length);
        var spent = 0.0;
        for (var k = 0; k < information.Length; k++)
        {
            var time = information[k];
            var (z, cumulative) = Next(recursion, time, alpha, spent, rule);
            looks.Add(new(time, z, z is { } c ? 2 * Normal.Sf(c) : 0, cumulative));
            spent = cumulative;
            if (k + 1 < information.Length)
                recursion.Continue(time, z ?? LargestZ, information[k + 1] - time);
        }
        return looks;
    }

    // Haybittle and Peto fix the bound and the error follows; the others fix the error and the bound follows.
    static (double? CriticalZ, double Spent) Next(SequentialRecursion recursion, double time, double alpha, double spent, StoppingRule rule)
    {
        if (rule.Spending == AlphaSpending.HaybittlePeto && time < 1)
        {
            var used = recursion.CrossingProbability(time, rule.InterimZ);
            if (spent + used < alpha)
                return (rule.InterimZ, spent + used);
            return (CriticalValue(recursion, time, alpha - spent), alpha);
        }
        var cumulative = rule.Spent(Math.Min(1, time), alpha);
        return (CriticalValue(recursion, time, cumulative - spent), cumulative);
    }

    /// <summary>Probability of having stopped by each look under a given effect: size when there is none, power when there is one.</summary>
    /// <param name="information">Increasing shares of the planned information in (0, 1].</param>
    /// <param name="criticalZ">Critical value of |z| at each look, positive; 37 or more never stops.</param>
    /// <param name="plannedZ">Expected z at full information; 0 for no effect.</param>
    /// <returns>Cumulative probabilities, one per look; a crossing on the wrong side counts too.</returns>
    public static IReadOnlyList<double> StoppingProbability(ReadOnlySpan<double> information, ReadOnlySpan<double> criticalZ, double plannedZ = 0)
    {
        SequentialArguments.Times(information);
        if (criticalZ.Length != information.Length)
            throw new ArgumentException("There must be one critical value per look.", nameof(criticalZ));
        var recursion = new SequentialRecursion(plannedZ);
        var cumulative = new double[information.Length];
        var total = 0.0;
        for (var k = 0; k < cumulative.Length; k++)
        {
            if (!(criticalZ[k] > 0))
                throw new ArgumentOutOfRangeException(nameof(criticalZ), criticalZ[k], "Critical values must be positive.");
            total += recursion.CrossingProbability(information[k], criticalZ[k]);
            cumulative[k] = total;
            if (k + 1 < cumulative.Length)
                recursion.Continue(information[k], criticalZ[k], information[k + 1] - information[k]);
        }
        return cumulative;
    }

    /// <summary>Pocock's constant boundary for equally spaced looks.</summary>
    public static IReadOnlyList<GroupSequentialLook> PocockBounds(int looks, double alpha) => WangTsiatis(looks, alpha, 0.5);

    /// <summary>O'Brien and Fleming's boundary for equally spaced looks: C * sqrt(K / k).</summary>
    public static IReadOnlyList<GroupSequentialLook> ObrienFlemingBounds(int looks, double alpha) => WangTsiatis(looks, alpha, 0);

    /// <summary>The Wang-Tsiatis family C * (k / K)^(delta - 1/2): 0 is O'Brien-Fleming, 1/2 is Pocock.</summary>
    public static IReadOnlyList<GroupSequentialLook> WangTsiatis(int looks, double alpha, double delta)
    {
        if (looks is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(looks), looks, "The number of looks must lie between 1 and 100.");
        SequentialArguments.Alpha(alpha);
        var lowest = Normal.UpperQuantile(alpha / 2);
        var constant = looks == 1 ? lowest : Brent.Root(c => Spent(looks, c, delta)[^1] - alpha, lowest * 0.999, lowest + 5, ZTolerance).X;
        var spent = Spent(looks, constant, delta);
        var plan = new List<GroupSequentialLook>(looks);
        for (var k = 1; k <= looks; k++)
        {
            var z = constant * Math.Pow((double)k / looks, delta - 0.5);
            plan.Add(new((double)k / looks, z, 2 * Normal.Sf(z), spent[k - 1]));
        }
        return plan;
    }

    static double[] Spent(int looks, double constant, double delta)
    {
        var recursion = new SequentialRecursion();
        var spent = new double[looks];
        var total = 0.0;
        for (var k = 1; k <= looks; k++)
        {
            var z = constant * Math.Pow((double)k / looks, delta - 0.5);
            total += recursion.CrossingProbability(k, z);
            spent[k - 1] = total;
            if (k < looks)
                recursion.Continue(k, z, 1);
        }
        return spent;
    }

    internal static double? CriticalValue(SequentialRecursion recursion, double time, double spend)
    {
        if (spend <= recursion.CrossingProbability(time, LargestZ))
            return null;
        // Solved on the log scale: early boundaries spend 1e-6 and less.
        var target = Math.Log(spend);
        return Brent.Root(z => Math.Log(recursion.CrossingProbability(time, z)) - target, 1e-6, LargestZ, ZTolerance).X;
    }
}

/// <summary>Argument rules shared by the sequential methods.</summary>
internal static class SequentialArguments
{
    public static void Alpha(double alpha)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1.");
    }

    public static void Sides(int sides)
    {
        if (sides is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(sides), sides, "A test has one or two sides.");
    }

    public static void Information(double information)
    {
        if (!(information >= 0 && information <= 1))
            throw new ArgumentOutOfRangeException(nameof(information), information, "Information is a share of the plan, between 0 and 1.");
    }

    public static void Increasing(ReadOnlySpan<double> information)
    {
        if (information.IsEmpty)
            throw new ArgumentException("At least one look is needed.", nameof(information));
        var last = 0.0;
        foreach (var time in information)
        {
            if (!(time > last) || !double.IsFinite(time))
                throw new ArgumentException("Information times must be positive, finite and increasing.", nameof(information));
            last = time;
        }
    }

    public static void Times(ReadOnlySpan<double> information)
    {
        if (information.IsEmpty)
            throw new ArgumentException("At least one look is needed.", nameof(information));
        var last = 0.0;
        foreach (var time in information)
        {
            if (!(time > last && time <= 1))
                throw new ArgumentException("Information times must increase within (0, 1].", nameof(information));
            last = time;
        }
    }
}
