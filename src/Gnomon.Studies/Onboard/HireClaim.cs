using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Onboard;

/// <summary>A claim on the speed of onboarding beside the hires it rests on: the difference in days and the ratio, each with its interval, where both sides hold two hires or more.</summary>
internal sealed partial record HireClaim(ProjectClaim Claim, double? Change, ContrastResult? Days, ContrastResult? Log)
{
    private const int Fewest = 2;

    /// <summary>Hires on both sides, at least two each.</summary>
    public bool HasGroups => Claim.With.Count >= Fewest && Claim.Without.Count >= Fewest;

    /// <summary>The interval leaves out no change at all.</summary>
    public bool IsSupported => Log is { } log && (log.High < 0 || log.Low > 0);

    public static HireClaim Of(ProjectClaim claim, double level)
    {
        var both = claim.With.Count >= Fewest && claim.Without.Count >= Fewest;
        double[] Logs(IReadOnlyList<double> days) => [.. days.Select(d => Math.Log(d))];
        return new HireClaim(
            claim, claim.Change ?? Percent(claim.Says),
            both ? WelchT.TryTest(Numerics.Moments.MeanVariance([.. claim.With]), Numerics.Moments.MeanVariance([.. claim.Without]), level) : null,
            both ? WelchT.TryTest(Numerics.Moments.MeanVariance(Logs(claim.With)), Numerics.Moments.MeanVariance(Logs(claim.Without)), level) : null);
    }

    public StatedResult Evidence => new()
    {
        Claim = Claim.Says,
        StatedLift = Change,
        StatedDifference = Claim.Difference,
        DifferenceDecimals = Claim.Difference is { } d && d.ToString("R", CultureInfo.InvariantCulture).Split('.') is [_, var decimals] ? decimals.Length : 0,
        Difference = Days?.Value,
        Groups = (Claim.With.Count, Claim.Without.Count),
    };

    public IEnumerable<Estimate> Estimates(int index, double level)
    {
        var metric = index == 0 ? "days to the first change" : $"days to the first change, claim {index + 1}";
        if (Days is { } days)
        {
            yield return new Estimate { Name = "difference", Metric = metric, Contrast = "with - without the handbook", Value = days.Value, Low = days.Low, High = days.High, Level = level, Unit = "days", P = days.PValue, N = Claim.With.Count + Claim.Without.Count, Method = days.Method, Role = "secondary" };
        }

        if (Log is { } log)
        {
            yield return new Estimate { Name = "lift", Metric = metric, Contrast = "with / without the handbook - 1", Value = Math.Exp(log.Value) - 1, Low = Math.Exp(log.Low) - 1, High = Math.Exp(log.High) - 1, Level = level, Unit = "relative", P = log.PValue, N = Claim.With.Count + Claim.Without.Count, Method = "Welch t on logarithms, ratio of geometric means", Role = "secondary" };
        }
    }

    public string Verdict => (HasGroups, Log) switch
    {
        (false, _) => $"no evidence: {Figures.Count(Claim.With.Count, "hire")} with it, {Figures.Count(Claim.Without.Count)} without; an interval takes {Fewest} on each side",
        (_, null) => "no evidence: the days do not vary, so they have no interval",
        (_, { } log) => $"{Figures.Effect(Math.Exp(log.Value) - 1, "relative")} ({Figures.Range(Math.Exp(log.Low) - 1, Math.Exp(log.High) - 1, "relative")}) from {Figures.Count(Claim.With.Count + Claim.Without.Count, "hire")}: {(IsSupported ? "these hires support a change" : "these hires leave open whether there is one")}",
    };

    // As it is said: "25 % faster" is quoted, not turned into less time.
    private static double? Percent(string says) => PercentPattern().Match(says) is { Success: true } m && double.TryParse(m.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? percent / 100 : null;

    [GeneratedRegex(@"(?<value>\d+(\.\d+)?)\s*(%|per\s?cent)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex PercentPattern();
}
