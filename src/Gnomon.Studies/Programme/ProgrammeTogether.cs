using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Programme;

/// <summary>A sum of effects with its interval.</summary>
internal readonly record struct SummedEffect(double Value, double Low, double High);

/// <summary>What several launches are worth together: the sum of what was claimed, of what is left after shrinking, and what a holdout showed.</summary>
internal sealed record ProgrammeTogether
{
    /// <summary>Experiments in the sums.</summary>
    public required IReadOnlyList<JudgedTest> Of { get; init; }

    /// <summary>True when the sums are over what was launched; false when over the wins.</summary>
    public required bool Launched { get; init; }

    public required SummedEffect Claimed { get; init; }

    public required SummedEffect Shrunken { get; init; }

    /// <summary>Users in all, half of them held out, that see the shrunken sum with a power of 0.9; null when it cannot be planned.</summary>
    public long? HoldoutUsers { get; init; }

    /// <summary>What the newest holdout of everything launched showed; null when the list has none.</summary>
    public SummedEffect? Held { get; init; }

    /// <summary>Two-sided p that the holdout shows the sum of the claims.</summary>
    public double? HeldP { get; init; }

    /// <returns>Null when fewer than two effects in one unit can be added up.</returns>
    public static ProgrammeTogether? Sum(ProgrammeFacts facts)
    {
        if (facts.Input.Unit is null)
        {
            return null;
        }

        var launched = facts.Tests.Where(t => t.Row.IsLaunched).ToList();
        var isLaunched = launched.Count >= 2;
        var chosen = (isLaunched ? launched : [.. facts.Tests.Where(t => t.IsWin && !t.IsBroken)]).Where(t => t.Row.Z is not null).ToList();
        if (chosen.Count < 2)
        {
            return null;
        }

        var z = Normal.UpperQuantile(0.025);
        var (claimed, claimedError) = (chosen.Sum(t => t.Row.Effect!.Value), Math.Sqrt(chosen.Sum(t => t.Row.StandardError!.Value * t.Row.StandardError!.Value)));
        var left = chosen.Sum(Left);
        var leftError = Math.Sqrt(chosen.Sum(t => t.Shrunken is { } s ? s.Deviation * s.Deviation : t.Row.StandardError!.Value * t.Row.StandardError!.Value));
        var holdout = facts.Input.MeasuredHoldouts.LastOrDefault();
        return new ProgrammeTogether
        {
            Of = chosen, Launched = isLaunched, Claimed = new(claimed, claimed - z * claimedError, claimed + z * claimedError), Shrunken = new(left, left - z * leftError, left + z * leftError),
            HoldoutUsers = Users(chosen, left, facts.Options.Alpha),
            Held = holdout is null ? null : Measured(holdout),
            HeldP = holdout is { Effect: { } held, StandardError: { } error } ? 2 * Normal.Sf(Math.Abs(held - claimed) / Math.Sqrt(error * error + claimedError * claimedError)) : null,
        };
    }

    /// <summary>What a holdout showed, with its 95 % interval.</summary>
    public static SummedEffect Measured(TestRow holdout)
    {
        var half = Normal.UpperQuantile(0.025) * holdout.StandardError!.Value;
        return new(holdout.Effect!.Value, holdout.Effect.Value - half, holdout.Effect.Value + half);
    }

    private static double Left(JudgedTest t) => t.Shrunken is { } s ? Math.Min(s.Estimate, t.Row.Effect!.Value) : t.Row.Effect!.Value * Math.Max(0, 1 - 1 / (t.Row.Z!.Value * t.Row.Z!.Value));

    // Error squared times users is a constant of the metric; its median over the experiments plans the holdout.
    private static long? Users(List<JudgedTest> chosen, double sum, double alpha)
    {
        double[] constants = [.. chosen.Where(t => t.Row.Users is > 0).Select(t => t.Row.StandardError!.Value * t.Row.StandardError!.Value * t.Row.Users!.Value).Order()];
        if (constants.Length == 0 || !(sum > 0))
        {
            return null;
        }

        var users = ReplicationSize.Factor(sum, Math.Sqrt(constants[constants.Length / 2]), ProgrammeFacts.ReplicationPower, alpha);
        return users < 1e12 ? (long)Math.Ceiling(users) : null;
    }
}
