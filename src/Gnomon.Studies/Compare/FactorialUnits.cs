using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Compare;

/// <summary>In a two-way comparison of rows: does an identifier that nobody named repeat, and would errors by it be larger?</summary>
internal static class FactorialUnits
{
    private const double LargestRepeat = 1.2;

    /// <summary>Name of the first identifier among the columns that are not used; null without one.</summary>
    public static string? Candidate(Schema schema, params string[] used) => schema.FirstOrDefault(f => NameHints.IsIdentifier(f.Name) && !used.Contains(f.Name, StringComparer.Ordinal))?.Name;

    public static UnitRepeats? Look(FactorialInput input, LinearFit fit, CoefficientCovariance errors)
    {
        if (input.Candidate is not { } name || input.CandidateCodes is not { } codes)
        {
            return null;
        }

        var units = codes.Max() + 1;
        var sums = new double[units];
        var rows = new long[units];
        for (var i = 0; i < codes.Length; i++)
        {
            sums[codes[i]] += fit.Residuals[i];
            rows[codes[i]]++;
        }

        if (units < 2 || codes.Length <= LargestRepeat * units)
        {
            return null;
        }

        try
        {
            var alike = UnitClustering.IntraClass(sums, rows, Moments.MeanVariance(fit.Residuals.ToArray()));
            var clustered = RobustErrors.Clustered(fit, codes);
            var worst = Enumerable.Range(1, clustered.Size - 1).Where(j => errors.StandardError(j) > 0).MaxBy(j => clustered.StandardError(j) / errors.StandardError(j));
            return new UnitRepeats
            {
                Metric = input.Metric, UnitColumn = name, Option = "--paired", AnalysedByUnit = false, Rows = codes.Length, Units = units, IntraClassCorrelation = alike.IntraClassCorrelation, IntraClassLow = alike.Low,
                NaiveError = errors.StandardError(worst), ClusteredError = clustered.StandardError(worst),
            };
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null; // nothing varies within the units: there is no likeness to judge
        }
    }
}
