using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A prediction far outside the data.</summary>
public sealed class OutOfSupportPrediction : Check<PredictionSupport>
{
    // A tenth of the range beyond its end is still near what was seen.
    private const double LargestStep = 0.1;
    private const int MostNamed = 3;
    private const int TrapRows = 200;

    public override CheckCard Card { get; } = new(
        Id: "out-of-support-prediction",
        Asks: "Is the prediction asked for where there are data?",
        FiresWhen: "a prediction stands further outside the values seen of a column than a tenth of their range",
        Means: "The model is asked about a region it never saw; its interval knows nothing of what happens there.",
        Remedy: "Predict inside the range of the data, or collect rows where the prediction is wanted.",
        Source: "Hastie, Tibshirani and Friedman 2009")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.005, DetectionRate = 0.95, Aliases = ["extrapolation"] };

    public override CheckResult Evaluate(PredictionSupport evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Values.Count == 0)
        {
            return CheckResult.Skip("no number was given to predict at (0 values)");
        }

        var far = evidence.Values.Where(v => Beyond(v) > LargestStep).OrderByDescending(Beyond).ToList();
        var worst = evidence.Values.Max(Beyond);
        return far.Count == 0
            ? CheckResult.Pass($"{Figures.Count(evidence.Values.Count, "value")} to predict at, none far outside the {Figures.Count(evidence.Rows)} rows seen", worst, LargestStep)
            : CheckResult.Warn($"{string.Join("; ", far.Take(MostNamed).Select(v => $"{v.Column} = {Figures.Number(v.Value)}, where the data run from {Figures.Number(v.Low)} to {Figures.Number(v.High)}"))}{(far.Count > MostNamed ? $"; and {far.Count - MostNamed} more" : string.Empty)}", worst, LargestStep);
    }

    public override PredictionSupport Trap(int seed) => Simulate(seed, 1.3);

    public override PredictionSupport Clean(int seed) => Simulate(seed, 0.9);

    public override PredictionSupport? Tiny => new() { Outcome = "price", Rows = 8, Values = [] };

    // Infinite where the column does not vary and another value is asked for.
    private static double Beyond(PredictedAt v)
    {
        var outside = Math.Max(0, Math.Max(v.Low - v.Value, v.Value - v.High));
        return outside > 0 ? outside / (v.High - v.Low) : 0;
    }

    // A column of 200 even values; the prediction stands at this share of its range.
    private static PredictionSupport Simulate(int seed, double at)
    {
        var rng = new Rng(seed).Stream("out-of-support-prediction");
        var values = Enumerable.Range(0, TrapRows).Select(_ => 100 * rng.NextDouble()).ToList();
        return new PredictionSupport { Outcome = "price", Rows = TrapRows, Values = [new PredictedAt("area", 100 * at, values.Min(), values.Max())] };
    }
}
