using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Methods;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress.Families;

/// <summary>What each row pulls on the coefficients of a family: the left sides of its estimating equations.</summary>
/// <param name="Columns">What the pull is multiplied with: the design, or the slopes of a curve.</param>
/// <param name="Pulls">One set per equation, one value per row; times a column they sum to about 0.</param>
internal sealed record RowPulls(DesignMatrix Columns, IReadOnlyList<double[]> Pulls);

/// <summary>
/// Are rows separate evidence? The question is asked of the estimating equations instead of the residuals of a line: least squares of the pulls on the same columns leaves them as they are,
/// so that its sandwich with and without clusters, or with and without order, compares the errors of the family itself up to the curvature, which both share.
/// </summary>
internal static class FamilyRows
{
    private const int MostLags = 10;

    public static IEnumerable<IEvidence> Evidence(RegressOptions options, ModelData data, RowPulls? rows)
    {
        if (RegressEvidence.Repeats(data) is { } repeats)
        {
            yield return repeats;
        }

        if (rows is null)
        {
            yield break;
        }

        var fits = rows.Pulls.Select(p => Try(() => LeastSquares.Fit(rows.Columns, p))).OfType<LinearFit>().ToList();
        if (fits.SelectMany(f => data.Candidates.Select(c => Try(() => ClusterLook.Of(f, c.Name, c.Codes)))).OfType<ClusterLook>().Where(l => l.Likeness is not null)
            .OrderByDescending(l => l.Matters).ThenByDescending(l => l.ClusteredError / l.NaiveError).FirstOrDefault() is { } look)
        {
            yield return new UnitRepeats
            {
                Metric = data.Outcome, UnitColumn = look.Column, AnalysedByUnit = false, Rows = look.Rows, Units = look.Clusters, IntraClassCorrelation = look.Likeness!.IntraClassCorrelation, IntraClassLow = look.Likeness.Low,
                NaiveError = look.NaiveError, ClusteredError = look.ClusteredError, Instead = $"Keep one row per {look.Column} with --query, or model the mean with --cluster {look.Column}, which errors of this family do not read.",
            };
        }

        if (options.Time is { } time && data.Times == data.Rows && fits.Count > 0 && Try(() => Serial(data, time, fits[0])) is { } serial)
        {
            yield return serial;
        }
    }

    private static SerialResiduals Serial(ModelData data, string time, LinearFit fit)
    {
        var lags = Math.Max(1, Math.Min(MostLags, data.Rows / 5));
        var watson = SerialCorrelation.DurbinWatson(fit);
        var plain = RobustErrors.Heteroskedastic(fit, HcKind.Hc1);
        var ordered = RobustErrors.NeweyWest(fit);
        var ratio = Enumerable.Range(0, plain.Size).Where(j => (plain.Size == 1 || j != fit.Design.Intercept) && plain.StandardError(j) > 0).Select(j => ordered.StandardError(j) / plain.StandardError(j)).DefaultIfEmpty(1).Max();
        return new SerialResiduals
        {
            Outcome = data.Outcome, Time = time, Rows = data.Rows, FirstAutocorrelation = SerialCorrelation.Autocorrelations(fit.Residuals, 1)[0], DurbinWatson = watson.Statistic, DurbinWatsonP = watson.PValue,
            LjungBoxP = SerialCorrelation.LjungBox(fit.Residuals, lags).PValue, Lags = lags, ErrorRatio = ratio, ErrorsRespectOrder = false,
        };
    }

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }
}
