using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>A result that somebody printed, set against the data.</summary>
internal static class ClaimFacts
{
    public static IEnumerable<IEvidence> Of(List<Comparison> primaries, AbDesign design)
    {
        if (design.Options.Claim is not { } text || primaries.Count == 0)
        {
            yield break;
        }

        var claim = Claim.Parse(text);
        var c = primaries[0];
        yield return new StatedResult
        {
            Claim = text,
            StatedP = claim.P?.Value,
            PDecimals = claim.P?.Decimals ?? 0,
            StatedLift = claim.Lift?.Value,
            LiftDecimals = claim.Lift?.Decimals ?? 0,
            StatedDifference = claim.Difference?.Value,
            DifferenceDecimals = claim.Difference?.Decimals ?? 0,
            Treatment = c.Metric.Binary ? (Ones(c.Treatment), c.Treatment.N) : null,
            Control = c.Metric.Binary ? (Ones(c.Baseline), c.Baseline.N) : null,
            Recomputed = [.. Recomputed(c, claim)],
            Lift = c.Lift.Contrast?.Value,
            Difference = c.Raw.Value,
        };
    }

    private static IEnumerable<(string Setting, double P)> Recomputed(Comparison c, Claim claim)
    {
        if (!c.Metric.Binary || claim.P is null)
        {
            yield return (c.Raw.Method, c.Raw.PValue);
            yield return ("one-sided " + c.Raw.Method, c.Raw.PValue / 2);
            yield break;
        }

        var check = ReportedResult.PossiblePs(
            ReportedCount.Exact(Ones(c.Treatment), c.Treatment.N), ReportedCount.Exact(Ones(c.Baseline), c.Baseline.N), new PrintedP(claim.P.Value.Value, claim.P.Value.Decimals));
        foreach (var setting in check.Settings)
        {
            yield return (setting.Setting, setting.Low);
        }
    }

    private static long Ones(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);
}
