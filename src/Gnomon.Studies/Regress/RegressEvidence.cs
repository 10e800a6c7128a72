using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Methods;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>The facts of a regression that checks judge.</summary>
internal sealed class RegressEvidence
{
    private const int MostRowsForShape = 20_000;
    private const int MostSplines = 12;
    private const int MostRowsForRepeats = 500_000;
    private const long CellsForRefit = 40_000_000;
    private readonly RegressOptions _options;
    private readonly FittedModel _model;
    private readonly IReadOnlyList<Effect> _effects;

    public RegressEvidence(RegressOptions options, FittedModel model, IReadOnlyList<Effect> effects) => (_options, _model, _effects) = (options, model, effects);

    private ModelData Data => _model.Data;

    private RegressionFit Fit => _model.Fit;

    public IReadOnlyList<IEvidence> State() =>
    [
        .. One(Serial), .. One(Spread), .. One(Influential), .. One(Shape), .. One(Overlap), .. One(Counts), .. One(Separated), .. One(Clusters), .. Units(), .. One(() => Repeats(Data)), .. One(Size),
        .. _model.Mixed is { } mixed ? new MixedEvidence(_options, _model, mixed).State() : [],
    ];

    // A diagnostic that these data cannot support is left out: the checks of other evidence still run.
    private static IEnumerable<IEvidence> One(Func<IEvidence?> read)
    {
        IEvidence? evidence;
        try
        {
            evidence = read();
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            evidence = null;
        }

        return evidence is null ? [] : [evidence];
    }

    private SerialResiduals? Serial()
    {
        if (_options.Time is null || Data.Times < Data.Rows || _model.Linear is not { } fit || Data.Clusters.Count > 0)
        {
            return null;
        }

        var lags = Math.Max(1, Math.Min(10, Data.Rows / 5));
        var dw = SerialCorrelation.DurbinWatson(fit);
        var plain = RobustErrors.Heteroskedastic(fit, HcKind.Hc1);
        var ordered = RobustErrors.NeweyWest(fit);
        var ratio = 1.0;
        foreach (var j in Slopes())
        {
            var now = plain.StandardError(j) > 0 ? ordered.StandardError(j) / plain.StandardError(j) : 1.0;
            ratio = now > ratio ? now : ratio;
        }

        return new SerialResiduals
        {
            Outcome = Data.Outcome, Time = _options.Time, Rows = Data.Rows, FirstAutocorrelation = SerialCorrelation.Autocorrelations(fit.Residuals, 1)[0], DurbinWatson = dw.Statistic,
            DurbinWatsonP = dw.PValue, LjungBoxP = SerialCorrelation.LjungBox(fit.Residuals, lags).PValue, Lags = lags, ErrorRatio = ratio, ErrorsRespectOrder = _model.Errors.RespectsOrder,
            Wandering = Wandering(fit),
        };
    }

    private List<string> Wandering(LinearFit fit)
    {
        const int fewest = 30;
        if (Data.Rows < fewest || !HasUnitRoot(Data.Y) || !HasUnitRoot(fit.Residuals.ToArray()))
        {
            return [];
        }

        return [.. Data.Columns.Values.Where(c => c.Numbers is not null && c.Numbers.AsSpan().ContainsAnyExcept(c.Numbers[0]) && HasUnitRoot(c.Numbers)).Select(c => c.Name)];
    }

    private static bool HasUnitRoot(double[] series)
    {
        try
        {
            return UnitRoot.DickeyFuller(series).PValue > 0.1 && UnitRoot.Kpss(series).PValue < 0.05;
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return false;
        }
    }

    private ResidualSpread? Spread()
    {
        if (_model.Linear is not { } fit)
        {
            return null;
        }

        var classical = RobustErrors.Classical(fit);
        var robust = RobustErrors.Heteroskedastic(fit, HcKind.Hc1);
        var ratio = 1.0;
        foreach (var j in Slopes())
        {
            if (classical.StandardError(j) > 0 && robust.StandardError(j) > 0)
            {
                var now = robust.StandardError(j) / classical.StandardError(j);
                ratio = Math.Max(ratio, Math.Max(now, 1 / now));
            }
        }

        return new ResidualSpread { Outcome = Data.Outcome, Rows = Data.Rows, PValue = UnequalSpread.BreuschPagan(fit).PValue, ErrorRatio = ratio, ErrorsAllowIt = _model.Errors.AllowsUnequalSpread };
    }

    private InfluentialRows? Influential()
    {
        if (_model.Mixed?.Own is not null || (long)Data.Rows * Fit.Design.Columns > CellsForRefit || _model.Glm is { IsPenalised: true })
        {
            return null;
        }

        var removed = Math.Clamp(Data.Rows / 1000, 1, 50);
        var worst = Influence.Largest(Fit, removed);
        var gone = worst.Select(w => w.Row).ToHashSet();
        if (_model.Again([.. Enumerable.Range(0, Data.Rows).Where(i => !gone.Contains(i))]) is not { } without || without.Coefficients.Count != Fit.Coefficients.Count)
        {
            return null;
        }

        var errors = without is LinearFit ? RobustErrors.Heteroskedastic(without, HcKind.Hc1) : RobustErrors.Classical(without);
        var term = -1;
        var shift = -1.0;
        foreach (var j in Slopes())
        {
            var now = errors.StandardError(j) > 0 ? Math.Abs(without.Coefficients[j] - Fit.Coefficients[j]) / errors.StandardError(j) : 0;
            if (now > shift)
            {
                (term, shift) = (j, now);
            }
        }

        return term < 0 ? null : new InfluentialRows
        {
            Outcome = Data.Outcome, Rows = Data.Rows, Removed = removed, LargestCook = worst[0].CookDistance, LargestRow = Data.Source[worst[0].Row] + 1L, Term = Fit.Design.Names[term],
            Before = Fit.Coefficients[term], After = without.Coefficients[term], StandardError = errors.StandardError(term),
        };
    }

    private MissedShape? Shape()
    {
        if (_model.Linear is not { } fit || Data.Weights is not null)
        {
            return null;
        }

        var straight = Data.Columns.Values.Where(c => c.Numbers is not null && !_model.Design.IsCurved(c.Name) && c.Numbers.Distinct().Take(6).Count() > 5).Take(MostSplines).ToList();
        if (straight.Count == 0)
        {
            return null;
        }

        var step = Math.Max(1, (Data.Rows + MostRowsForShape - 1) / MostRowsForShape);
        var rows = Enumerable.Range(0, Data.Rows).Where(i => i % step == 0).ToArray();
        double[] y = Array.ConvertAll(rows, i => Data.Y[i]);
        var narrow = Enumerable.Range(0, fit.Design.Columns).Select(j => Pick(fit.Design.Column(j), rows)).ToList();
        var wide = new List<double[]>(narrow);
        foreach (var column in straight)
        {
            // The first column of the basis is the straight line itself.
            wide.AddRange(NaturalSpline.For(column.Numbers).Basis(Array.ConvertAll(rows, i => column.Numbers![i])).Skip(1));
        }

        var gain = Specification.Gain(new DesignMatrix(narrow), new DesignMatrix(wide), y);
        double? reset = null;
        try
        {
            reset = Specification.Reset(fit).PValue;
        }
        catch (NotEstimableException)
        {
            // Powers of the fitted values are in the model already (two levels only): nothing to test.
        }

        return new MissedShape { Outcome = Data.Outcome, Rows = Data.Rows, ResetP = reset, Gain = gain.Mean, GainError = gain.StandardError, Explained = gain.Explained };
    }

    private ColumnOverlap? Overlap()
    {
        // Products and bends repeat their own columns by construction.
        var names = Data.Columns.Values.Where(c => _model.Design.IsSimple(c.Name) && !c.IsFactor).Select(c => c.Name).ToList();
        var indexes = Enumerable.Range(0, Fit.Design.Columns).Where(j => names.Contains(Fit.Design.Names[j])).ToList();
        var determined = RegressWords.Determined(_model.Combinations, names);
        if (determined.Count > 0)
        {
            return new ColumnOverlap { Outcome = Data.Outcome, Rows = Data.Rows, ConditionIndex = double.PositiveInfinity, Terms = [], Determined = determined };
        }

        if (Fit.Design.Columns - (Fit.Design.Intercept >= 0 ? 1 : 0) < 2 || indexes.Count == 0)
        {
            return null;
        }

        var inflation = Collinearity.VarianceInflation(Fit);
        var largest = indexes.Max(j => inflation[j] ?? 1);
        double[] flips;
        if (_model.Linear is { } linear)
        {
            flips = Collinearity.SignFlips(linear, seed: (int)_options.Seed, mostWork: largest > 10 ? 400_000_000 : 0);
        }
        else
        {
            var errors = RobustErrors.Classical(Fit);
            flips = [.. Enumerable.Range(0, Fit.Design.Columns).Select(j => errors.StandardError(j) > 0 ? Numerics.Distributions.Normal.Sf(Math.Abs(Fit.Coefficients[j]) / errors.StandardError(j)) : 0)];
        }

        return new ColumnOverlap
        {
            Outcome = Data.Outcome, Rows = Data.Rows, ConditionIndex = Collinearity.Conditions(Fit.Design)[^1].Index,
            Terms = [.. indexes.Select(j => new InflatedTerm(Fit.Design.Names[j], inflation[j] ?? 1, flips[j])).OrderByDescending(t => t.Inflation).Take(20)],
        };
    }

    private CountSpread? Counts() => _model.Glm is { Family.Law: OutcomeLaw.Poisson or OutcomeLaw.NegativeBinomial } glm
        ? new CountSpread
        {
            Outcome = Data.Outcome, Law = glm.Family.Law == OutcomeLaw.Poisson ? "Poisson" : "negative binomial", ResidualDegrees = glm.ResidualDegrees, PearsonChiSquared = glm.PearsonChiSquared,
            ErrorsAllowIt = _model.Errors.AllowsOverdispersion,
        }
        : null;

    private SeparationFound? Separated()
    {
        if (_model.Glm is not { Family.Law: OutcomeLaw.Binomial or OutcomeLaw.Poisson or OutcomeLaw.NegativeBinomial } glm)
        {
            return null;
        }

        var above = Data.Y.LongCount(v => v > 0);
        return new SeparationFound
        {
            Outcome = Data.Outcome, Rows = Data.Rows, Events = glm.Family.Law == OutcomeLaw.Binomial ? Math.Min(above, Data.Rows - above) : above, Terms = glm.Separation?.Terms ?? [],
            IsComplete = glm.Separation?.IsComplete ?? false,
        };
    }

    private ClusterCount? Clusters()
    {
        if (_model.Mixed?.Own is not null || _model.Errors.Cluster is not { } name || _model.Errors.Covariance.Clusters is not { } count)
        {
            return null;
        }

        var codes = _model.Found?.Codes ?? Data.Clusters[0];
        var isReduced = _model.Errors.Covariance.Method.StartsWith("CR2", StringComparison.Ordinal);
        var slopes = Slopes().ToList();
        return new ClusterCount
        {
            Column = name, Rows = Data.Rows, Clusters = count, LargestShare = codes.GroupBy(c => c).Max(g => g.Count()) / (double)Data.Rows,
            SmallestDegrees = isReduced && slopes.Count > 0 ? slopes.Min(j => _model.Errors.Covariance.DegreesOfFreedom[j]) : null,
        };
    }

    private IEnumerable<UnitRepeats> Units() => _model.Looks.Where(l => l.Likeness is not null).Take(1).Select(l => new UnitRepeats
    {
        Metric = Data.Outcome, UnitColumn = l.Column.Length == 0 ? _options.Cluster[0] : l.Column, Option = "--cluster", AnalysedByUnit = _model.Errors.Cluster is not null, Rows = l.Rows, Units = l.Clusters,
        IntraClassCorrelation = l.Likeness!.IntraClassCorrelation, IntraClassLow = l.Likeness.Low, NaiveError = l.NaiveError, ClusteredError = l.ClusteredError,
    });

    // Rows equal in every column of the model, where one of them hardly repeats a value: otherwise equal rows are no surprise.
    internal static RecordRepeats? Repeats(ModelData data)
    {
        if (data.Rows > MostRowsForRepeats)
        {
            return null;
        }

        double[] outcome = data.Y;
        IEnumerable<double[]> columns = data.Columns.Values.Select(c => c.Numbers ?? Array.ConvertAll(c.Codes!, v => (double)v)).Prepend(outcome);
        var seen = columns.ToList();
        var together = seen.Select(Collisions).ToList();
        if (together.Min() > 1.0 / data.Rows)
        {
            return null;
        }

        var rows = new HashSet<string>(StringComparer.Ordinal);
        var builder = new System.Text.StringBuilder();
        var repeats = 0;
        for (var i = 0; i < data.Rows; i++)
        {
            // Rows watched to the end of the study share that time by design.
            if (data.Ended is { } ended && !ended[i])
            {
                continue;
            }

            builder.Clear();
            foreach (var column in seen)
            {
                builder.Append(BitConverter.DoubleToInt64Bits(column[i])).Append(';');
            }

            repeats += rows.Add(builder.ToString()) ? 0 : 1;
        }

        var pairs = 0.5 * data.Rows * (data.Rows - 1.0);
        return new RecordRepeats { On = "rows", IsKey = false, Rows = data.Rows, RowsSeen = data.Rows, Repeats = repeats, ExpectedByChance = pairs * together.Aggregate((a, b) => a * b) };
    }

    // Chance that two rows share a value, repeats of whole rows counted out where everything is nearly unique.
    private static double Collisions(double[] values)
    {
        double n = values.Length;
        var same = values.GroupBy(v => v).Sum(g => (double)g.Count() * (g.Count() - 1));
        return same / (n * Math.Max(1, n - 1));
    }

    private CoefficientSize? Size()
    {
        var focus = _options.Focus ?? (_options.Mde is not null ? _options.On[0] : null);
        if (focus is null || _effects.FirstOrDefault(e => string.Equals(e.Column, focus, StringComparison.OrdinalIgnoreCase)) is not { } effect)
        {
            return null;
        }

        var estimate = effect.InOutcome ?? effect.Estimate;
        if (effect.P is not { } p || (_model.Glm is not null && (_options.Mde is null || effect.InOutcome is null)))
        {
            return null;
        }

        return new CoefficientSize
        {
            Term = effect.Contrast, Difference = estimate.Value, Low = estimate.Low, High = estimate.High, PValue = p, Alpha = 1 - _options.Level, Worthwhile = _options.Mde,
            ControlDeviation = Numerics.Moments.MeanVariance(Data.Y).StandardDeviation,
        };
    }

    private IEnumerable<int> Slopes() => Enumerable.Range(0, Fit.Design.Columns).Where(j => j != Fit.Design.Intercept);

    private static double[] Pick(ReadOnlySpan<double> values, int[] rows)
    {
        var result = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            result[i] = values[rows[i]];
        }

        return result;
    }
}
