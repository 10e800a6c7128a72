using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Mixed;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress;

/// <summary>In a mixed model: an identifier that the formula does not name, whose rows stay alike after the model has had its say.</summary>
internal static class ForgottenGrouping
{
    private const double LargestRepeat = 1.2;
    private const long MostRows = 200_000;

    /// <summary>The identifier whose random level changes an error most; null without one whose values repeat.</summary>
    public static UnitRepeats? Look(ModelData data, MixedFit own)
    {
        UnitRepeats? worst = null;
        foreach (var (name, codes) in data.Rows > MostRows ? [] : data.Candidates)
        {
            if (Of(data, own, name, codes) is { } now && (worst is null || now.ClusteredError / now.NaiveError > worst.ClusteredError / worst.NaiveError))
            {
                worst = now;
            }
        }

        return worst;
    }

    private static UnitRepeats? Of(ModelData data, MixedFit own, string name, int[] codes)
    {
        var unit = ByFirstRow(codes);
        var units = unit.Max() + 1;
        if (units < 2 || data.Rows <= LargestRepeat * units || data.Groups.Values.Any(g => ByFirstRow(g.Codes!).AsSpan().SequenceEqual(unit)))
        {
            return null;
        }

        try
        {
            var sums = new double[units];
            var rows = new long[units];
            for (var i = 0; i < codes.Length; i++)
            {
                sums[unit[i]] += own.Residuals[i];
                rows[unit[i]]++;
            }

            // Residuals of a mixed model lean away from its own groups a little, so chance alone puts the likeness of another below 0 rather than above.
            var alike = Methods.Experiments.UnitClustering.IntraClass(sums, rows, Moments.MeanVariance(own.Residuals));
            var wide = alike.Low > 0 ? LinearMixedModel.FitReduced(own.Design, data.Y, [.. own.Terms, RandomTerm.Intercept(name, codes)], data.Weights).Reduced : null;
            var errors = wide?.Covariance ?? own.Covariance;
            var read = Enumerable.Range(0, own.Coefficients.Count).Where(j => own.Covariance.StandardError(j) > 0 && (own.Coefficients.Count == 1 || j != own.Design.Intercept)).ToList();
            var most = read.MaxBy(j => errors.StandardError(j) / own.Covariance.StandardError(j));
            return new UnitRepeats
            {
                Metric = data.Outcome, UnitColumn = name, AnalysedByUnit = false, Rows = data.Rows, Units = units, IntraClassCorrelation = alike.IntraClassCorrelation, IntraClassLow = alike.Low,
                NaiveError = own.Covariance.StandardError(most), ClusteredError = errors.StandardError(most), Instead = $"Add (1 | {name}) to the formula, so that its rows may be alike.",
            };
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null; // residuals do not vary within the groups, or the data do not hold both groupings
        }
    }

    // Two columns that part the rows alike get the same numbers, whatever their values are called.
    private static int[] ByFirstRow(int[] codes)
    {
        var place = new Dictionary<int, int>();
        return Array.ConvertAll(codes, c => place.TryGetValue(c, out var at) ? at : place[c] = place.Count);
    }
}
