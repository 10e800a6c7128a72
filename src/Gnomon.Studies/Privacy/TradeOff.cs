using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Privacy;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Privacy;

/// <summary>What a model finds at one setting.</summary>
/// <param name="Setting">k, or epsilon.</param>
/// <param name="Recall">Share of cases among the rows flagged.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="Auc">Area under the curve.</param>
/// <param name="Says">How it came about.</param>
internal sealed record TradePoint(double Setting, double Recall, double Low, double High, double Auc, string Says);

/// <summary>What coarser values and noise cost a model: cases found among twice as many rows as there are cases, in folds.</summary>
internal sealed class TradeOff
{
    private const int Folds = 3;
    private const int Draws = 20;
    private static readonly long[] Sizes = [2, 5, 10, 20, 50];
    private static readonly string[] Losses = ["0.1", "0.3", "1", "3", "10"];
    private readonly PrivacyOptions _options;
    private readonly ModelRows _model;
    private readonly int[] _folds;

    private TradeOff(PrivacyOptions options, ModelRows model) => (_options, _model, _folds) = (options, model, DomainClassifier.Folds(model.Target, Folds, (ulong)options.Seed));

    /// <summary>Rows as they are, then k going up.</summary>
    public IReadOnlyList<TradePoint> ByK { get; private set; } = [];

    /// <summary>Noise going down, then the same model without noise.</summary>
    public IReadOnlyList<TradePoint> ByEpsilon { get; private set; } = [];

    public TradePoint AsIs => ByK[0];

    public TradePoint AtK => ByK.First(p => p.Setting == _options.K);

    public TradePoint AtEpsilon => ByEpsilon.First(p => p.Setting == (double)_options.Loss.Value);

    public static TradeOff? Of(PrivacyOptions options, PrivacyScan scan, ModelRows? model, IReadOnlyList<Ladder> ladders, PrivacyBounds bounds, CancellationToken cancellation)
    {
        if (model is null)
        {
            return null;
        }

        var made = new TradeOff(options, model);
        var byK = new List<TradePoint> { made.Plain(1, null, []) };
        foreach (var k in Sizes.Append(options.K).Distinct().Order())
        {
            cancellation.ThrowIfCancellationRequested();
            var coarse = Generaliser.Of(ladders, scan.Table.Rows, (int)k, options.Suppress);
            byK.Add(made.Plain(k, coarse, coarse.Suppressed));
        }

        made.ByK = byK;
        made.ByEpsilon = made.Noisy(bounds);
        return made;
    }

    private TradePoint Plain(double k, Generalisation? coarse, HashSet<int> left)
    {
        var features = _model.Features(coarse);
        var scores = new double[_folds.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var train = Enumerable.Range(0, _folds.Length).Where(i => _folds[i] != fold && !left.Contains(i)).ToArray();
            var test = Rows(fold);
            var beta = features.Length == 0 ? null : LogisticScores.Fit(features, _model.Target, train, _options.Threads);
            var found = beta is null ? new double[test.Length] : LogisticScores.Score(features, beta, test);
            Put(scores, test, found);
        }

        var (recall, events) = Recall(scores);
        var interval = OneProportion.Wilson(recall, events, _options.Level);
        return new TradePoint(k, recall, interval.Low, interval.High, Area(scores), coarse is null ? "every column as it is" : $"{coarse.Says}; {Figures.Percent(left.Count / (double)_folds.Length)} of rows out");
    }

    private List<TradePoint> Noisy(PrivacyBounds bounds)
    {
        var features = _model.Bounded(bounds, strict: false).Select(f => f.Values).ToArray();
        var fits = Enumerable.Range(0, Folds).Select(fold =>
        {
            var train = Enumerable.Range(0, _folds.Length).Where(i => _folds[i] != fold).ToArray();
            return PrivateLogistic.Fit([.. features.Select(f => Array.ConvertAll(train, i => f[i]))], Array.ConvertAll(train, i => _model.Target[i]), _options.Penalty, (int)_options.RowsPerPerson);
        }).ToList();
        var points = new List<TradePoint>();
        foreach (var text in Losses.Append(_options.Epsilon).Distinct(StringComparer.Ordinal))
        {
            var loss = Epsilon.Parse(text);
            if (points.Exists(p => p.Setting == (double)loss.Value))
            {
                continue;
            }

            // The picture is for the inside: its noise follows the seed, so that the same data give the same picture.
            var source = NoiseSource.Seeded((ulong)_options.Seed);
            var drawn = Enumerable.Range(0, Draws).Select(_ => Once(features, fold => fits[fold].Release(loss, source))).ToList();
            points.Add(Over(drawn, (double)loss.Value, $"noise of {Figures.Number(fits[0].NoiseDeviation(loss))} on coefficients as large as {Figures.Number(fits[0].Coefficients.Skip(1).Max(Math.Abs))}"));
        }

        points = [.. points.OrderBy(p => p.Setting)];
        var without = Once(features, fold => [.. fits[fold].Coefficients]);
        var interval = OneProportion.Wilson(without.Recall, without.Events, _options.Level);
        points.Add(new TradePoint(double.PositiveInfinity, without.Recall, interval.Low, interval.High, without.Auc, "the same model without noise"));
        return points;
    }

    private (double Recall, double Events, double Auc) Once(double[][] features, Func<int, double[]> beta)
    {
        var scores = new double[_folds.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var test = Rows(fold);
            Put(scores, test, LogisticScores.Score(features, beta(fold), test));
        }

        var (recall, events) = Recall(scores);
        return (recall, events, Area(scores));
    }

    // Chance of the sample and of the noise together: Wilson's half-width beside the spread of the draws.
    private TradePoint Over(List<(double Recall, double Events, double Auc)> drawn, double setting, string says)
    {
        var mean = drawn.Average(d => d.Recall);
        var spread = Math.Sqrt(drawn.Sum(d => (d.Recall - mean) * (d.Recall - mean)) / (drawn.Count - 1));
        var interval = OneProportion.Wilson(mean, drawn[0].Events, _options.Level);
        var noise = Normal.UpperQuantile((1 - _options.Level) / 2) * spread;
        return new TradePoint(setting, mean, Math.Max(0, mean - Math.Sqrt(((mean - interval.Low) * (mean - interval.Low)) + (noise * noise))), Math.Min(1, mean + Math.Sqrt(((interval.High - mean) * (interval.High - mean)) + (noise * noise))), drawn.Average(d => d.Auc), says);
    }

    private int[] Rows(int fold) => [.. Enumerable.Range(0, _folds.Length).Where(i => _folds[i] == fold)];

    private static void Put(double[] scores, int[] rows, double[] found)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            scores[rows[i]] = found[i];
        }
    }

    // Rows of one score share the places that are left among the flagged.
    private (double Recall, double Events) Recall(double[] scores)
    {
        double events = _model.Target.Count(t => t), flagged = Math.Min(scores.Length, 2 * events);
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(Array.ConvertAll(scores, s => -s), order);
        double found = 0, taken = 0;
        for (var i = 0; i < order.Length && taken < flagged;)
        {
            var end = i;
            double hits = 0;
            for (; end < order.Length && scores[order[end]] == scores[order[i]]; end++)
            {
                hits += _model.Target[order[end]] ? 1 : 0;
            }

            var share = Math.Min(1, (flagged - taken) / (end - i));
            (found, taken, i) = (found + (hits * share), taken + ((end - i) * share), end);
        }

        return (found / events, events);
    }

    private double Area(double[] scores)
    {
        double[] Of(bool wanted) => [.. scores.Where((_, i) => _model.Target[i] == wanted)];
        return AreaUnderCurve.Of(Of(true), Of(false)).Auc;
    }

    public IEnumerable<Estimate> Estimates()
    {
        Estimate Of(string name, TradePoint p, string method) => new()
        {
            Name = name, Metric = _model.Positive, Value = p.Recall, Low = Math.Min(p.Low, p.Recall), High = Math.Max(p.High, p.Recall), Level = _options.Level, Unit = "proportion", N = _folds.Length, Method = method, Role = "secondary",
        };
        yield return Of("recall, columns as they are", AsIs, "logistic regression, 3 folds, Wilson");
        yield return Of($"recall at k = {_options.K}", AtK, "logistic regression on coarse columns, 3 folds, Wilson");
        yield return Of($"recall at epsilon = {_options.Loss}", AtEpsilon, "output perturbation, 3 folds, 20 draws");
    }

    public IEnumerable<ResultTable> Tables()
    {
        IReadOnlyList<object?> Row(TradePoint p) => [double.IsInfinity(p.Setting) ? "no noise" : p.Setting == 1 && p == AsIs ? "as it is" : Figures.Number(p.Setting), p.Recall, p.Low, p.High, p.Auc, p.Says];
        yield return new ResultTable("recall-by-k", "What coarser values cost", ["k", "recall", "low", "high", "AUC", "how"], [.. ByK.Select(Row)]);
        yield return new ResultTable("recall-by-epsilon", "What noise costs", ["epsilon", "recall", "low", "high", "AUC", "how"], [.. ByEpsilon.Select(Row)]);
    }

    public IEnumerable<Plot> Plots()
    {
        var title = $"{_model.Positive} found among twice as many rows as cases";
        yield return new Plot("recall-by-k", "What coarser values cost", BandPlot.Build([.. ByK.Select(p => new BandPoint(p.Setting, p.Recall, "coarse columns", p.Low, p.High))], "k, rows that share each combination", title, new PlotUnit("proportion")));
        yield return new Plot("recall-by-epsilon", "What noise costs", BandPlot.Build([.. ByEpsilon.Where(p => !double.IsInfinity(p.Setting)).Select(p => new BandPoint(Math.Log10(p.Setting), p.Recall, "private model", p.Low, p.High))], "epsilon as a power of ten (0 is 1, 1 is 10): less noise to the right", title, new PlotUnit("proportion")));
    }
}
