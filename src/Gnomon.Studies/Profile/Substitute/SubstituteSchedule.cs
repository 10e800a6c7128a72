using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>When which work could be done, and how well: from now with the substitute to real rows alone.</summary>
/// <param name="Name">Name of the real data.</param>
/// <param name="Rows">Real rows there are.</param>
/// <param name="Rate">Share of the target among them.</param>
/// <param name="RowsPerDay">Real rows that come on a day; null without times.</param>
/// <param name="Returns">The day on which they come again; null when nobody knows.</param>
/// <param name="Level">Confidence level.</param>
internal sealed record SubstituteSchedule(string Name, long Rows, double Rate, double? RowsPerDay, DateOnly? Returns, double Level)
{
    private const double RelativeError = 0.1;
    private const double NearPlateau = 0.01;
    private const int PlotPoints = 40;

    /// <summary>New rows after which the target's rate is known within a tenth of itself: what a threshold and a calibration lean on.</summary>
    public long RowsForRate
    {
        get
        {
            var z = Normal.UpperQuantile((1 - Level) / 2);
            return (long)Math.Ceiling(z * z * (1 - Rate) / (Rate * RelativeError * RelativeError));
        }
    }

    /// <summary>"until 5 days of real data (4,418 rows) are back".</summary>
    public string Wait => Days(RowsForRate) is { } days
        ? $"until {Figures.Count(days, "day")} of real data ({Figures.Count(RowsForRate)} rows) are back{(Returns is { } back ? $", by {Day(back, days)}" : string.Empty)}"
        : $"until {Figures.Count(RowsForRate, "real row")} are back";

    private long? Days(double rows) => RowsPerDay is { } perDay and > 0 ? Math.Max(1, (long)Math.Ceiling(rows / perDay)) : null;

    private string When(double rows) => Days(rows) is { } days
        ? Returns is { } back ? Day(back, days) : $"{Figures.Count(days, "day")} of feed later"
        : $"{Figures.Count((long)rows)} rows later";

    // The last of so many days that begin with the return.
    private static string Day(DateOnly back, long days) => back.AddDays((int)Math.Min(days - 1, 36_500)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public ResultTable Table(IReadOnlyList<SubstituteFacts> substitutes, IReadOnlyList<IReadOnlyList<SubstituteTask>> tasks)
    {
        var rows = new List<IReadOnlyList<object?>>();
        for (var s = 0; s < substitutes.Count; s++)
        {
            var (q, source) = (substitutes[s].Quality, substitutes[s].Source);
            var holds = tasks[s].Where(t => t.Work is "decision threshold" or "calibration").All(t => t.Proceeds);
            rows.Add([$"{source}, now", "now", q.Alone.Auc, q.Alone.Low, q.Alone.High, holds ? "holds" : "off"]);
            if (!holds)
            {
                rows.Add([$"{source}, set again on {Amount(RowsForRate)}", When(RowsForRate), q.Alone.Auc, q.Alone.Low, q.Alone.High, "set again"]);
            }
        }

        var own = substitutes[0].Quality.Own;
        rows.Add([$"{Name} alone, as it was", "now", own.Auc, own.Low, own.High, "of its days"]);
        if (substitutes[0].Curve is { } curve)
        {
            rows.Add(Real(curve, $"{Name} and {Amount(RowsForRate)}", Rows + RowsForRate, RowsForRate));
            var enough = Math.Ceiling(Math.Max(RowsForRate, curve.RowsWithin(NearPlateau)));
            rows.Add(Real(curve, Days(enough) is { } enoughDays ? $"{Figures.Count(enoughDays, "day")} of new rows alone" : $"{Figures.Count((long)enough)} new rows alone", enough, enough));
        }

        return new ResultTable("schedule", "Options, when they are ready and how well they order cases", ["option", "ready", "AUC", "low", "high", "level"], rows);
    }

    private IReadOnlyList<object?> Real(LearningCurveFit curve, string option, double rows, double newRows)
    {
        var interval = curve.Interval(rows, Level);
        return [option, When(newRows), curve.At(rows).Score, Math.Max(0, interval.Low), Math.Min(1, interval.High), "holds"];
    }

    private string Amount(double rows) => Days(rows) is { } days ? Figures.Count(days, "day") : Figures.Count((long)rows, "row");

    /// <summary>What fewer rows cost: a line for each size.</summary>
    public ResultTable Cost(LearningCurveFit curve)
    {
        var sizes = new[] { 16, 8, 4, 2, 1 }.Select(d => (double)(Rows / d)).Where(n => n >= 1).Append(Rows * 5.0).ToList();
        return new ResultTable("learning-curve", $"What fewer or more rows of {Name} bring", ["rows", "AUC", "low", "high", "lost to endless rows"],
            [.. sizes.Select(n => (Rows: n, At: curve.At(n).Score, Interval: curve.Interval(n, Level))).Select(c => (IReadOnlyList<object?>)
                [(long)c.Rows, c.At, Math.Max(0, c.Interval.Low), Math.Min(1, c.Interval.High), curve.Plateau - c.At])]);
    }

    public Plot Picture(LearningCurveFit curve)
    {
        var (low, high) = (Math.Log(Math.Max(50, Rows / 16.0)), Math.Log(Rows * 5.0));
        var points = Enumerable.Range(0, PlotPoints).Select(i => Math.Exp(low + ((high - low) * i / (PlotPoints - 1)))).Select(n =>
        {
            var interval = curve.Interval(n, Level);
            return new BandPoint(n, curve.At(n).Score, "model of real rows", Math.Max(0, interval.Low), Math.Min(1, interval.High));
        }).ToList();
        return new Plot("learning-curve", $"What fewer or more rows of {Name} bring", BandPlot.Build(points, "rows to learn from", "area under the curve", new PlotUnit("number"), fromZero: false));
    }
}
