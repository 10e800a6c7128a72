using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Methods;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>The facts of a mixed model that checks judge.</summary>
internal sealed class MixedEvidence
{
    // Below this the check of the unit has nothing to say, and the groups are in the model already.
    private const int EnoughUnits = 30;
    private readonly RegressOptions _options;
    private readonly FittedModel _model;
    private readonly MixedModel _mixed;

    public MixedEvidence(RegressOptions options, FittedModel model, MixedModel mixed) => (_options, _model, _mixed) = (options, model, mixed);

    public IEnumerable<IEvidence> State()
    {
        yield return Singular();
        yield return Few(_mixed.Own ?? _mixed.Reduction.Asked);
        if (_mixed.Own is { } own)
        {
            if (own.Terms.Max(t => t.Levels.Count) >= EnoughUnits)
            {
                yield return Unit(own);
            }

            if (ForgottenGrouping.Look(_model.Data, own) is { } forgotten)
            {
                yield return forgotten;
            }

            if (Serial(own) is { } serial)
            {
                yield return serial;
            }
        }
    }

    private RandomEffectsFit Singular()
    {
        var (asked, kept) = (_mixed.Reduction.Asked, _mixed.Fit);
        var errors = asked.Table();
        return new RandomEffectsFit
        {
            Outcome = _model.Data.Outcome, Rows = _model.Data.Rows, Groups = asked.Terms.Min(t => t.Levels.Count), Asked = string.Join(" + ", asked.Terms.Select(t => t.Text)),
            Singular = [.. _mixed.Reduction.Dropped.Select(d => d.Text)], Refit = _mixed.Own is { } own ? string.Join(" + ", own.Terms.Select(t => t.Text)) : string.Empty,
            LargestShift = Enumerable.Range(0, errors.Count).Max(j => errors[j].StandardError > 0 ? Math.Abs(kept.Coefficients[j] - errors[j].Value) / errors[j].StandardError : 0),
        };
    }

    private ClusterCount Few(MixedFit own)
    {
        var term = own.Terms.MinBy(t => t.Levels.Count)!;
        var read = Enumerable.Range(0, own.Coefficients.Count).Where(j => own.Coefficients.Count == 1 || j != own.Design.Intercept).Min(j => own.Covariance.DegreesOfFreedom[j]);
        return new ClusterCount
        {
            Column = term.Group, Rows = own.Rows, Clusters = term.Levels.Count, LargestShare = term.RowsByLevel().Max() / (double)own.Rows, IsMixedModel = true, SmallestDegrees = double.IsFinite(read) ? read : own.Rows,
        };
    }

    private UnitRepeats Unit(MixedFit own)
    {
        var term = own.Terms.Where(t => t.Levels.Count >= EnoughUnits).MaxBy(t => own.Shares().Random.First(r => r.Key == t.Group).Value)!;
        var naive = RobustErrors.Heteroskedastic(_mixed.Reduction.Plain, HcKind.Hc1);
        var worst = Enumerable.Range(0, naive.Size).Where(j => naive.Size == 1 || j != own.Design.Intercept).MaxBy(j => naive.StandardError(j) > 0 ? own.Covariance.StandardError(j) / naive.StandardError(j) : 0);
        var shares = own.Shares();
        var low = _mixed.Components(_options.Level).Intervals.FirstOrDefault(c => c.Group == term.Group && !c.IsCorrelation)?.Low ?? 0;
        return new UnitRepeats
        {
            Metric = _model.Data.Outcome, UnitColumn = term.Group, Option = "--formula", AnalysedByUnit = true, Rows = own.Rows, Units = term.Levels.Count, IntraClassCorrelation = shares.IntraClassCorrelation,
            IntraClassLow = low * low / (low * low + own.Dispersion), NaiveError = naive.StandardError(worst), ClusteredError = own.Covariance.StandardError(worst),
        };
    }

    private SerialResiduals? Serial(MixedFit own)
    {
        // Rows are in order of time; the finest grouping is what is followed.
        var term = own.Terms.MaxBy(t => t.Levels.Count)!;
        if (_options.Time is null || term.RowsByLevel().Max() < 3)
        {
            return null;
        }

        try
        {
            var test = GroupedResiduals.Neighbours(own, term, (int)_options.Seed);
            var robust = GroupedResiduals.RobustErrors(own, term);
            var ratio = Enumerable.Range(0, robust.Count).Where(j => robust.Count == 1 || j != own.Design.Intercept).Max(j => own.Covariance.StandardError(j) > 0 ? robust[j] / own.Covariance.StandardError(j) : 1);
            return new SerialResiduals
            {
                Outcome = _model.Data.Outcome, Time = _options.Time, Within = term.Group, Rows = own.Rows, FirstAutocorrelation = test.Autocorrelation, DurbinWatson = test.DurbinWatson, DurbinWatsonP = test.PValue,
                LjungBoxP = test.PValue, Lags = 1, ErrorRatio = ratio, ErrorsRespectOrder = false,
            };
        }
        catch (Exception wrong) when (wrong is TooFewRowsException or NotEstimableException)
        {
            return null;
        }
    }
}
