using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Heterogeneity;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>For whom one arm works: segments of one half judged in the other, and a prediction of the effect judged there too.</summary>
internal sealed record ArmEffects
{
    public required Comparison Comparison { get; init; }

    public required IReadOnlyList<EffectSegment> Segments { get; init; }

    public required int DiscoveryUnits { get; init; }

    public required int Units { get; init; }

    /// <summary>Standard error of the difference between two equal segments of the confirmation half.</summary>
    public required double HalvesError { get; init; }

    /// <summary>Does the predicted effect tell large from small? Null where it is the same for everybody.</summary>
    public EffectCalibrationResult? Calibration { get; init; }

    public TargetingCurveResult? Curve { get; init; }

    /// <summary>Segments whose effect in the discovery half exceeds the cost: a rule treats some of them, and nobody else.</summary>
    public required IReadOnlyList<int> Promising { get; init; }

    /// <summary>Score of each unit of the confirmation half, the larger the better.</summary>
    public required double[] Benefit { get; init; }

    /// <summary>Segment of each unit of the confirmation half; -1 for none.</summary>
    public required IReadOnlyList<int> Leaf { get; init; }

    /// <summary>Units of the confirmation half whose predicted effect exceeds the cost.</summary>
    public required bool[] PredictedGain { get; init; }

    /// <param name="comparison">The arm against control.</param>
    /// <param name="columns">What may make segments.</param>
    /// <param name="rows">The units.</param>
    /// <param name="arm">Index of the arm in the rows.</param>
    /// <param name="share">Planned share of the arm among arm and control.</param>
    /// <param name="cost">Cost of treating one unit, in the metric's unit.</param>
    /// <param name="design">Level and seed.</param>
    /// <param name="context">Threads and cancellation.</param>
    /// <exception cref="TooFewRowsException">Too few units to cut in halves.</exception>
    /// <exception cref="NotEstimableException">Nothing varies.</exception>
    public static ArmEffects Of(Comparison comparison, SegmentColumns columns, UnitRows rows, int arm, double share, double cost, AbDesign design, StudyContext context)
    {
        var discovery = Half.Of(rows, columns, arm, share, confirmation: false);
        var confirmation = Half.Of(rows, columns, arm, share, confirmation: true);
        var sign = comparison.Spec.Sign;
        var found = EffectSegments.Find(discovery.Table, discovery.Scores, discovery.Treated, confirmation.Table, confirmation.Scores, new EffectSegmentsOptions { Level = design.Level });
        var forest = EffectForest.Fit(discovery.Table, discovery.Scores, new EffectForestOptions { Seed = (ulong)design.Options.Seed, Threads = context.Threads }, context.Cancellation);
        var predicted = forest.Predict(confirmation.Table, context.Threads, context.Cancellation);
        double[] benefit = [.. confirmation.Scores.Select(s => sign * s)];
        double[] priority = [.. predicted.Select(p => sign * p)];
        var spread = Numerics.Moments.MeanVariance(confirmation.Scores);
        return new ArmEffects
        {
            Comparison = comparison,
            Segments = found.Segments,
            DiscoveryUnits = discovery.Treated.Length,
            Units = confirmation.Treated.Length,
            HalvesError = 2 * spread.StandardError,
            Calibration = Try(() => EffectCalibration.Test(benefit, priority, design.Level)),
            Curve = Try(() => TargetingCurve.Of(benefit, priority, design.Level, seed: (ulong)design.Options.Seed, threads: context.Threads)),
            Promising = [.. Enumerable.Range(0, found.Segments.Count).Where(i => sign * found.Segments[i].DiscoveryEffect > cost)],
            Benefit = benefit,
            Leaf = found.Leaf,
            PredictedGain = [.. priority.Select(p => p > cost)],
        };
    }

    private static T? Try<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    /// <summary>Units of one half, their columns, arms and scores; scores are cross-fitted inside the half, so that the halves know nothing of each other.</summary>
    private sealed record Half(FeatureTable Table, bool[] Treated, double[] Scores)
    {
        public static Half Of(UnitRows rows, SegmentColumns columns, int arm, double share, bool confirmation)
        {
            int[] units = [.. Enumerable.Range(0, rows.Count).Where(i => (rows.Arm[i] == arm || rows.Arm[i] == 0) && !double.IsNaN(rows.Value[i]) && rows.Place[i] >= 0.5 == confirmation)];
            bool[] treated = [.. units.Select(u => rows.Arm[u] == arm)];
            double[] outcome = [.. units.Select(u => rows.Value[u])];
            byte[] fold = [.. units.Select(u => (byte)((int)(rows.Place[u] * 2 * EffectScores.Folds) % EffectScores.Folds))];
            var table = FeatureTable.Of(columns.Features, [.. columns.Codes.Select(c => Array.ConvertAll(units, u => c[u]))]);
            return new(table, treated, EffectScores.CrossFitted(table, outcome, treated, share, fold));
        }
    }
}
