using Gnomon.Core.Evidence.Data;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>The chance of each row to be let through, by a logistic regression on the columns.</summary>
internal sealed class DecisionModel
{
    private const int MostFeatures = 40;
    private const double SmallestChance = 0.05;
    private const double LeastWeightedChance = 0.01;
    private readonly double[] _chance;
    private readonly bool[] _selected;

    private DecisionModel(double[] chance, bool[] selected, string where) => (_chance, _selected, Where) = (chance, selected, where);

    /// <summary>Where rows had hardly a chance, in words; empty when none did.</summary>
    public string Where { get; }

    /// <summary>Share of all rows with a chance below 5 %.</summary>
    public double Uncovered => _chance.Count(c => c < SmallestChance) / (double)_chance.Length;

    /// <returns>Null where the model cannot be fitted.</returns>
    public static DecisionModel? Of(IReadOnlyList<SampleColumn> features, IReadOnlyList<SampleColumn> movers, int[] rows, bool[] selected)
    {
        var matrix = RowFeatures.Of(features.Concat(movers), rows, MostFeatures);
        var width = matrix.Length / Math.Max(1, rows.Length);
        if (width == 0)
        {
            return null;
        }

        var columns = Enumerable.Range(0, width).Select(j => Enumerable.Range(0, rows.Length).Select(i => matrix[(i * width) + j]).ToArray()).ToList();
        try
        {
            var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept(columns), Array.ConvertAll(selected, s => s ? 1.0 : 0.0));
            var chance = fit.Fitted.ToArray();
            return new DecisionModel(chance, selected, Place(features, rows, chance));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    public PopulationOverlap Evidence(ProfileFacts facts, long known) => new()
    {
        Reference = $"all rows of {facts.Source}", Rows = known, UncoveredShare = Uncovered, LargestUncovered = Where.Length > 0 ? Where : "no column alone tells where", EffectiveShare = Effective(),
    };

    /// <summary>The mean of all rows from those let through, each weighted by one over its chance.</summary>
    /// <returns>Null with fewer than 30 known outcomes.</returns>
    public (double Value, double Low, double High)? Weighted(double[] y, bool[] selected, double level)
    {
        double sum = 0, weights = 0, squares = 0;
        var n = 0;
        for (var i = 0; i < y.Length; i++)
        {
            if (selected[i] && !double.IsNaN(y[i]))
            {
                var w = 1 / Math.Max(LeastWeightedChance, _chance[i]);
                (sum, weights, n) = (sum + (w * y[i]), weights + w, n + 1);
            }
        }

        if (n < 30)
        {
            return null;
        }

        var mean = sum / weights;
        for (var i = 0; i < y.Length; i++)
        {
            if (selected[i] && !double.IsNaN(y[i]))
            {
                var w = 1 / Math.Max(LeastWeightedChance, _chance[i]);
                squares += w * w * (y[i] - mean) * (y[i] - mean);
            }
        }

        // The chances count as known, which makes the interval a little too wide.
        var half = Normal.UpperQuantile((1 - level) / 2) * Math.Sqrt(squares) / weights;
        return (mean, mean - half, mean + half);
    }

    private double Effective()
    {
        double sum = 0, squares = 0;
        for (var i = 0; i < _chance.Length; i++)
        {
            var w = _selected[i] ? 1 / Math.Max(LeastWeightedChance, _chance[i]) : 0;
            (sum, squares) = (sum + w, squares + (w * w));
        }

        return squares > 0 ? sum * sum / squares / _selected.Count(s => s) : 1;
    }

    // The number that tells best who had hardly a chance, with the value that nine of ten of them do not pass.
    private static string Place(IReadOnlyList<SampleColumn> features, int[] rows, double[] chance)
    {
        var low = Array.ConvertAll(chance, c => c < SmallestChance);
        if (low.Count(l => l) < 10 || low.All(l => l))
        {
            return string.Empty;
        }

        var best = features.Where(f => f.Facts.Role == Role.Number)
            .Select(f => (Feature: f, Inside: Values(f, true), Outside: Values(f, false))).Where(f => f.Inside.Length > 9 && f.Outside.Length > 9)
            .Select(f => (f.Feature, f.Inside, Area: AreaUnderCurve.Of(f.Inside, f.Outside).Auc)).OrderByDescending(f => Math.Abs(f.Area - 0.5)).FirstOrDefault();
        if (best.Feature is null || Math.Abs(best.Area - 0.5) < 0.2)
        {
            return string.Empty;
        }

        Array.Sort(best.Inside);
        return best.Area < 0.5
            ? $"{best.Feature.Name} up to {best.Feature.Facts.Show(RobustOutliers.Quantile(best.Inside, 0.9))}"
            : $"{best.Feature.Name} from {best.Feature.Facts.Show(RobustOutliers.Quantile(best.Inside, 0.1))} on";

        double[] Values(SampleColumn f, bool inside) => [.. Enumerable.Range(0, rows.Length).Where(k => low[k] == inside && !f.IsMissing(rows[k])).Select(k => f.Numbers[rows[k]])];
    }
}
