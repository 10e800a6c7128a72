using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Old and new data do not share one level.</summary>
public sealed class StructuralBreak : Check<SeriesBreak>
{
    private const double Alpha = 0.01;
    private const double LeastShift = 1;

    public override CheckCard Card { get; } = new(
        Id: "structural-break",
        Asks: "Do old and new periods share one level?",
        FiresWhen: "sup-F with a long-run variance, p < 0.01 over all series looked at together (Bonferroni), the level shifts by more than one residual standard deviation, and the mean since the break forecasts the next period better than the mean of everything. Breaks of a slope are not looked for; fewer than 20 periods: undecided",
        Means: "The series changed regime; old and new data do not share one model.",
        Remedy: "Model the regime, down-weight or drop the old one, backtest after the break, widen the interval.",
        Source: "Andrews 1993; Bai and Perron 1998; Estrella 2003")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.015 };

    public override CheckResult Evaluate(SeriesBreak evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Periods < LevelBreak.FewestValues)
        {
            return CheckResult.Skip($"{evidence.Series} has {Figures.Count(evidence.Periods, "period")} with enough rows; {LevelBreak.FewestValues} are needed");
        }

        var p = Math.Min(1, evidence.PValue * Math.Max(1, evidence.SeriesLooked));
        var fires = p < Alpha && Math.Abs(evidence.Shift) > LeastShift && evidence.ForecastRatio > 1;
        var says = fires
            ? $"{evidence.Series} goes from {evidence.Before} to {evidence.After} at {evidence.At}, {Figures.Number(Math.Abs(evidence.Shift))} residual standard deviations ({Figures.P(p)} over {Figures.Count(evidence.SeriesLooked, "series", "series")})"
            : $"no break of {evidence.Series} over {Figures.Count(evidence.Periods, "period")} ({Figures.P(p)} over {Figures.Count(evidence.SeriesLooked, "series", "series")})";
        return fires ? CheckResult.Warn(says, evidence.SupF, Alpha, p) : CheckResult.Pass(says, evidence.SupF, Alpha, p);
    }

    public override SeriesBreak Trap(int seed) => Simulate(seed, 2);

    public override SeriesBreak Clean(int seed) => Simulate(seed, 0);

    public override SeriesBreak? Tiny => new()
    {
        Series = "rate", Periods = 6, SeriesLooked = 1, At = "2026-01-04", SupF = 9, PValue = 0.04, Before = "1", After = "2", Shift = 2, ForecastRatio = 2,
    };

    // Sixty periods whose neighbours are a little alike; the last fifteen lie higher by so many standard deviations.
    private static SeriesBreak Simulate(int seed, double shift)
    {
        var rng = new Rng(seed).Stream("structural-break");
        var values = new double[60];
        var state = rng.NextNormal();
        for (var i = 0; i < values.Length; i++)
        {
            state = (0.2 * state) + (Math.Sqrt(1 - 0.04) * rng.NextNormal());
            values[i] = state + (i >= 45 ? shift : 0);
        }

        var found = LevelBreak.Find(values);
        return new SeriesBreak
        {
            Series = "rate", Periods = 60, SeriesLooked = 1, At = $"period {found.Before + 1}", SupF = found.SupF, PValue = found.PValue,
            Before = Figures.Number(found.MeanBefore), After = Figures.Number(found.MeanAfter), Shift = found.Shift, ForecastRatio = found.ErrorOfAll / Math.Max(1e-12, found.ErrorOfNew),
        };
    }
}
