using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Regression;
using Gnomon.Methods.Survival;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress.Families;

/// <summary>In a regression of times: does an identifier repeat over rows, and what do errors by it do to the hazard ratios?</summary>
internal static class CoxUnits
{
    private const double LargestRepeat = 1.2;

    /// <summary>The column of --cluster, or the identifier whose errors grow most; null without one whose values repeat.</summary>
    public static UnitRepeats? Look(FamilyInput input, CoxFit fit, DesignMatrix matrix, double[] x)
    {
        var data = input.Data;
        var isNamed = data.Clusters.Count > 0;
        IEnumerable<(string Name, int[] Codes)> columns = isNamed ? [(input.Options.Cluster[0], data.Clusters[0])] : data.Candidates;
        return columns.Select(c => Of(data, fit, matrix, x, c.Name, c.Codes) is { } look ? look with { AnalysedByUnit = isNamed } : null).OfType<UnitRepeats>().MaxBy(l => l.ClusteredError / l.NaiveError);
    }

    private static UnitRepeats? Of(ModelData data, CoxFit fit, DesignMatrix matrix, double[] x, string name, int[] codes)
    {
        var place = codes.Distinct().Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        if (place.Count < 2 || codes.Length <= LargestRepeat * place.Count)
        {
            return null;
        }

        try
        {
            var residuals = Martingales(data.Y, data.Ended!, fit, matrix);
            var sums = new double[place.Count];
            var rows = new long[place.Count];
            for (var i = 0; i < codes.Length; i++)
            {
                sums[place[codes[i]]] += residuals[i];
                rows[place[codes[i]]]++;
            }

            var alike = UnitClustering.IntraClass(sums, rows, Moments.MeanVariance(residuals));
            var byRow = CoxRegression.Fit(data.Y, data.Ended!, x, matrix.Columns, Enumerable.Range(0, codes.Length).ToArray()).Coefficients;
            var byUnit = CoxRegression.Fit(data.Y, data.Ended!, x, matrix.Columns, codes).Coefficients;
            var most = Enumerable.Range(0, byRow.Count).Where(j => byRow[j].RobustError > 0).MaxBy(j => byUnit[j].RobustError / byRow[j].RobustError);
            return new UnitRepeats
            {
                Metric = data.Outcome, UnitColumn = name, Option = "--cluster", AnalysedByUnit = false, Rows = codes.Length, Units = place.Count, IntraClassCorrelation = alike.IntraClassCorrelation, IntraClassLow = alike.Low,
                NaiveError = byRow[most].RobustError, ClusteredError = byUnit[most].RobustError,
            };
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null; // nothing varies within the units: there is no likeness to judge
        }
    }

    // Events less those the model expected by then (Barlow and Prentice 1988), Breslow's hazard.
    private static double[] Martingales(double[] times, bool[] ended, CoxFit fit, DesignMatrix matrix)
    {
        var risk = new double[times.Length];
        for (var j = 0; j < matrix.Columns; j++)
        {
            var column = matrix.Column(j);
            var centre = Moments.MeanVariance(column).Mean;
            for (var i = 0; i < risk.Length; i++)
            {
                risk[i] += fit.Coefficients[j].LogHazardRatio * (column[i] - centre);
            }
        }

        for (var i = 0; i < risk.Length; i++)
        {
            risk[i] = Math.Exp(risk[i]);
        }

        var order = Enumerable.Range(0, times.Length).OrderBy(i => times[i]).ToArray();
        var residuals = new double[times.Length];
        var (hazard, left) = (0.0, risk.Sum());
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            var (events, leaving) = (0, 0.0);
            for (; to < order.Length && times[order[to]] == times[order[from]]; to++)
            {
                events += ended[order[to]] ? 1 : 0;
                leaving += risk[order[to]];
            }

            hazard += events > 0 ? events / left : 0;
            for (; from < to; from++)
            {
                residuals[order[from]] = (ended[order[from]] ? 1 : 0) - hazard * risk[order[from]];
            }

            left = Math.Max(0, left - leaving);
        }

        return residuals;
    }
}
