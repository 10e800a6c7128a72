using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>A test that is valid once was read early, or often.</summary>
public sealed class OptionalStopping : Check<LookHistory>
{
    private const double EnoughInformation = 0.95;
    private const double TemptingChance = 0.8;

    // The exact recursion is quadratic in the number of looks; beyond this the error hardly grows and the sentence says "at least".
    private const int MostLooks = 50;

    public override CheckCard Card { get; } = new(
        Id: "optional-stopping",
        Asks: "Was a fixed-horizon test read early or repeatedly, at a moment chosen by the result?",
        FiresWhen: "a result is called significant at the 2nd or later look of the ledger, or before 95 % of the planned units or days, without a stopping rule declared beforehand. "
            + "Fails when it does not pass the boundary for that many looks (Pocock) or for that share of the plan (O'Brien-Fleming spending); warns when it does, or when the answer counts the p-value of the best of the looks. "
            + "Warns too when a posterior chance of 80 % or more is read at such a moment and the test calls nothing.",
        Means: "The test was read at a moment chosen by the result, so its error is larger than printed.",
        Remedy: "Finish the plan and read once, or declare a stopping rule; replicate if the result is needed now.",
        Source: "Armitage, McPherson and Rowe 1969; Lan and DeMets 1983")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.KeepRunning, FalseAlarmRate = 0.01, Aliases = ["posterior-threshold-not-met"] };

    public override CheckResult Evaluate(LookHistory evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Z is not { } z)
        {
            return CheckResult.Skip("no test statistic could be computed, so there is nothing that stopping could have chosen (0 comparisons)");
        }

        var significant = Math.Abs(z) >= Normal.Quantile(1 - evidence.Alpha / 2);
        if (evidence.SequentialRule)
        {
            return CheckResult.Pass($"look {evidence.Looks} under a stopping rule declared beforehand, |z| = {Math.Abs(z):0.00}", evidence.Looks);
        }

        if (Tempting(evidence, significant) is { } tempting)
        {
            return tempting;
        }

        var early = evidence.Information is { } information && information < EnoughInformation ? information : (double?)null;
        if (early is not null)
        {
            return Early(evidence, z, early.Value, significant);
        }

        return evidence.Looks >= 2
            ? Repeated(evidence, z, significant)
            : CheckResult.Pass(evidence.Information is { } done ? $"first look, at {Figures.WholePercent(done)} of the plan" : "first look (1)", evidence.Looks);
    }

    public override LookHistory Trap(int seed)
    {
        // Day 10 of 14, stopped because z had just passed 1.96.
        var rng = new Rng(seed).Stream("optional-stopping");
        return new LookHistory
        {
            Looks = 10, Units = 108_000, PlannedUnits = 151_200, PlannedDays = 14, Days = 10, Z = 1.97 + 0.4 * rng.NextDouble(), Alpha = 0.05,
            EarlierUnits = [.. Enumerable.Range(1, 9).Select(d => 10_800L * d)],
        };
    }

    public override LookHistory Clean(int seed) => new()
    {
        Looks = 1, Units = 151_200, PlannedUnits = 151_200, PlannedDays = 14, Days = 14, Alpha = 0.05,
        Z = 2.8 + new Rng(seed).Stream("optional-stopping").NextNormal(),
    };

    public override LookHistory? Tiny => new() { Looks = 1, Units = 2, Z = null, Alpha = 0.05 };

    // A posterior between "likely" and what a test calls is where one look too many is taken for an answer.
    private static CheckResult? Tempting(LookHistory e, bool significant)
    {
        var open = e.Looks >= 2 || (e.Information is { } information && information < EnoughInformation);
        if (significant || !open || e.PosteriorChance is not (>= TemptingChance and < 1 and var chance) || e.PosteriorFalseWinnerRate is not { } rate)
        {
            return null;
        }

        var reached = e.Information is { } done ? $"{Figures.WholePercent(done)} of the plan reached, " : string.Empty;
        return CheckResult.Warn(
            $"{reached}{Looks(e)}: a chance of {Figures.Percent(chance, 1)} to be better is odds of {Figures.Number(Math.Round(chance / (1 - chance), 1))} to 1; stopping at it calls a winner in {Figures.Percent(rate, 1)} of experiments without an effect", chance, Normal.Cdf(Normal.Quantile(1 - e.Alpha / 2)));
    }

    private static CheckResult Early(LookHistory e, double z, double information, bool significant)
    {
        var reached = $"{Figures.WholePercent(information)} of the plan reached ({Reached(e)})";
        if (!significant)
        {
            return CheckResult.Pass($"{reached}; nothing is called significant yet (|z| = {Math.Abs(z):0.00})", information, EnoughInformation);
        }

        var boundary = GroupSequential.Bounds([Math.Max(information, 0.01), 1], e.Alpha)[0].CriticalZ;
        var power = ConditionalPower.At(z, Math.Clamp(information, 0.01, 0.99), Normal.Quantile(1 - e.Alpha / 2));
        var says = $"{reached}: |z| = {Math.Abs(z):0.00}, where an early stop would need {(boundary is null ? "more than any value seen in practice" : boundary.Value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture))}"
            + $"; chance to be significant at the end: {Figures.WholePercent(power.OnTrend)} if the trend is real, {Figures.WholePercent(power.IfNull)} if nothing happens from now on";
        if (e.Looks >= 2)
        {
            says += $"; {Looks(e)} at {e.Alpha:0.##} each give {ErrorRate(e)} false positives";
        }

        return Judge(e, says, z, boundary);
    }

    private static CheckResult Repeated(LookHistory e, double z, bool significant)
    {
        if (!significant)
        {
            return CheckResult.Pass($"{Looks(e)}; nothing is called significant (|z| = {Math.Abs(z):0.00})", e.Looks, 1);
        }

        var boundary = GroupSequential.PocockBounds(Math.Min(e.Looks, MostLooks), e.Alpha)[^1].CriticalZ;
        var says = $"{Looks(e)} at {e.Alpha:0.##} each give {ErrorRate(e)} false positives; |z| = {Math.Abs(z):0.00}, where that many looks need {boundary:0.000}";
        return Judge(e, says, z, boundary);
    }

    private static CheckResult Judge(LookHistory e, string says, double z, double? boundary)
    {
        if (e.CorrectedP is { } counted)
        {
            return CheckResult.Warn($"{says}; the answer counts {Figures.P(counted)} for the best of these looks", Math.Abs(z), boundary);
        }

        return boundary is not null && Math.Abs(z) >= boundary ? CheckResult.Warn(says, Math.Abs(z), boundary) : CheckResult.Fail(says, Math.Abs(z), boundary);
    }

    private static string ErrorRate(LookHistory e) =>
        (e.Looks > MostLooks ? "at least " : string.Empty) + Figures.Percent(PeekingError.FalsePositiveRate(Math.Min(e.Looks, MostLooks), e.Alpha));

    private static string Looks(LookHistory e) => Figures.Count(e.Looks, "look");

    private static string Reached(LookHistory e) => e.PlannedUnits is { } planned
        ? $"{Figures.Count(e.Units)} of {Figures.Count(planned, "unit")}"
        : $"{e.Days} of {Figures.Count(e.PlannedDays ?? 0, "day")}";
}
