using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Adjusts the metrics of an experiment for what units were before it: by strata, or by cross-fitted predictions.</summary>
internal sealed class AdjustmentReader
{
    private const int MostStrata = 2_000;
    private const int Folds = 5;
    private readonly AbDesign _design;
    private readonly AbInput _input;
    private readonly StudyContext _context;
    private readonly UnitTable _units;
    private readonly CovariateColumns _covariates;
    private readonly Dictionary<(string Metric, int Arm), LinAdjustmentResult> _results = [];
    private readonly List<string> _sentences = [];
    private readonly List<OutcomeTold> _told = [];

    private AdjustmentReader(AbDesign design, AbInput input, AbReader reader, StudyContext context)
    {
        (_design, _input, _context) = (design, input, context);
        _covariates = new CovariateColumns(reader, [.. design.Options.Predict, .. design.Options.PostStratify], isStrata: design.Options.PostStratify.Count > 0);
        _units = UnitTable.Read(reader, input, [.. _covariates.Read(), .. Metrics().SelectMany(m => MetricValues.Columns(m, reader)), .. design.Options.Pre.Select(p => Mean($"pre {p}", p, reader))], context);
    }

    /// <summary>The input with adjusted differences, where they were asked for.</summary>
    public static AbInput Apply(AbDesign design, AbInput input, AbReader? reader, StudyContext context)
    {
        CovariateRoles.Require(design, "--pre", design.Options.Pre);
        if (reader is null || design.Options.Predict.Count + design.Options.PostStratify.Count == 0)
        {
            return input;
        }

        var work = new AdjustmentReader(design, input, reader, context);
        var words = design.Options.PostStratify.Count > 0 ? work.Stratify() : work.Predict();
        return input with
        {
            Adjustments = new Adjustments { Words = words, Results = work._results, Sentences = work._sentences, Columns = work.Columns() },
        };
    }

    private AdjustmentColumns Columns()
    {
        var (_, shares, _) = _design.Shares(_input.Arms);
        return _covariates.Evidence(_units, _input.Arms.Count) with { Told = _told, SplitIsOff = AbSplitBounds.IsOff([.. _input.Units], [.. shares.Take(_input.Arms.Count)]) };
    }

    private IEnumerable<MetricInput> Metrics() => _input.Metrics.Where(m => m.Spec.Kind is MetricKind.Value or MetricKind.Ratio);

    private static UnitColumn Mean(string name, string column, AbReader reader)
    {
        var field = reader.Data.Schema.Require(column);
        return new UnitColumn(name, Scalar.Column(field.Name).ToDouble(), UnitFold.Mean, reader.Scale(field.Name, 1));
    }

    private AdjustmentWords Stratify()
    {
        var by = string.Join(" and ", _design.Options.PostStratify);
        var strata = _covariates.Strata(_units);
        if (strata.Count > MostStrata)
        {
            throw new GnomonError("too-many-strata", $"--post-stratify {string.Join(",", _design.Options.PostStratify)} makes {Figures.Count(strata.Count, "group")}; at most {Figures.Count(MostStrata)} are compared.", "--post-stratify",
                "Name a column with few groups, cut it into bands with --query, or name it in --predict.");
        }

        var merged = 0;
        Each((metric, arm, rows, _, z) =>
        {
            var cells = strata.Index.Length == 0 ? [] : new (MomentsAccumulator First, MomentsAccumulator Second)[strata.Count];
            for (var s = 0; s < cells.Length; s++)
            {
                cells[s] = (new MomentsAccumulator(metric.Arms[arm].Values.Mean, 2), new MomentsAccumulator(metric.Arms[0].Values.Mean, 2));
            }

            foreach (var i in rows)
            {
                var (first, second) = cells[strata.Index[i]];
                (_units.Arm[i] == arm ? first : second).Add(z[i]);
            }

            var result = PostStratification.Compare([.. cells.Select(c => new StratumMoments(c.First.ToMoments(), c.Second.ToMoments()))], _design.Level);
            merged = Math.Max(merged, result.Merged);
            return result.Adjustment;
        });
        if (merged > 0)
        {
            _sentences.Add($"{Figures.Count(merged, "group")} of {by} with fewer than {PostStratification.FewestPerArm} units in an arm {(merged == 1 ? "is" : "are")} taken together.");
        }

        return new AdjustmentWords($"post-stratified by {by}", $"post-stratified by {by}");
    }

    private AdjustmentWords Predict()
    {
        var predictors = _covariates.Predictors(_units).Concat(_design.Options.Pre.Select(p => PredictorColumn.OfNumbers(_units.Numbers($"pre {p}")))).ToList();
        int[] fold = [.. _units.Hash.Select(h => (int)(Mixed(h ^ (ulong)_design.Options.Seed) % Folds))];
        var told = new HashSet<string>();
        var predictions = new Dictionary<string, CrossFittedPredictionResult>();
        Each((metric, arm, rows, all, z) =>
        {
            if (!predictions.TryGetValue(metric.Spec.Name, out var fit))
            {
                fit = CrossFittedPrediction.Of(
                    [.. all.Select(i => z[i])], [.. predictors.Select(p => p.Take(all))], [.. all.Select(i => _units.Arm[i])], [.. all.Select(i => fold[i])], new() { Folds = Folds, Threads = _context.Threads });
                predictions[metric.Spec.Name] = fit;
            }

            if (told.Add(metric.Spec.Name))
            {
                if (metric.Spec.Role == MetricRole.Primary && predictors.Count > 1 && fit.Explained >= ToldShare.Much)
                {
                    _told.Add(new OutcomeTold($"the prediction from {Listed()}", metric.Spec.Name, fit.Explained, metric.Binary));
                }

                _sentences.Add($"{metric.Spec.Name} is predicted from {Listed()} for each unit by a model of the other units; the predictions explain {Figures.WholePercent(fit.Explained)} of its variance within arms.");
            }

            var predicted = new double[_units.Count];
            for (var k = 0; k < all.Length; k++)
            {
                predicted[all[k]] = fit.Values[k];
            }

            return LinAdjustment.Compare(Joint(rows, arm, z, predicted), Joint(rows, 0, z, predicted), _design.Level);
        });
        return new AdjustmentWords($"adjusted for what {Listed()} {(_design.Options.Predict.Count == 1 ? "predicts" : "predict")}", "adjusted for cross-fitted predictions, Lin regression");
    }

    private string Listed()
    {
        var names = _design.Options.Predict;
        return names.Count > 4 ? $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more columns" : names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
    }

    // Outcome, prediction, and the pre-period columns with flags where they are missing.
    private CoMoments Joint(int[] rows, int arm, double[] z, double[] predicted)
    {
        var mine = rows.Where(i => _units.Arm[i] == arm).ToArray();
        var columns = new List<double[]> { Array.ConvertAll(mine, i => z[i]), Array.ConvertAll(mine, i => predicted[i]) };
        foreach (var pre in _design.Options.Pre.Select(p => _units.Numbers($"pre {p}")))
        {
            var fill = pre.FirstOrDefault(double.IsFinite);
            columns.Add(Array.ConvertAll(mine, i => double.IsNaN(pre[i]) ? fill : pre[i]));
            columns.Add(Array.ConvertAll(mine, i => double.IsNaN(pre[i]) ? 1.0 : 0.0));
        }

        return CoMoments.OfColumns([.. columns]);
    }

    private delegate LinAdjustmentResult Adjusting(MetricInput metric, int arm, int[] rows, int[] all, double[] z);

    private void Each(Adjusting adjust)
    {
        foreach (var metric in Metrics())
        {
            try
            {
                var z = MetricValues.Of(_units, metric, _input);
                int[] all = [.. Enumerable.Range(0, _units.Count).Where(i => !double.IsNaN(z[i]))];
                if (metric.Spec.Role == MetricRole.Primary)
                {
                    _told.AddRange(_covariates.Told(_units, metric.Spec.Name, z));
                }

                for (var arm = 1; arm < _input.Arms.Count; arm++)
                {
                    _results[(metric.Spec.Name, arm)] = adjust(metric, arm, [.. all.Where(i => _units.Arm[i] == arm || _units.Arm[i] == 0)], all, z);
                }
            }
            catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
            {
                _sentences.Add($"{metric.Spec.Name} is not adjusted: {Lower(e.Message)}");
            }
        }

        foreach (var metric in _input.Metrics.Where(m => m.Spec.Derived is not null))
        {
            _sentences.Add($"{metric.Spec.Name} is not adjusted: it is no mean of values per unit.");
        }
    }

    private static string Lower(string message) => message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + message[1..];

    // The finaliser of splitmix64: the engine's hash is used elsewhere by its plain bits.
    private static ulong Mixed(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
