using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Label;

/// <summary>Labels bought in three ways, over and over: groups are held out, a model learns from rows drawn of all, drawn of those that the triggers keep, or chosen, and is judged on the groups that it did not see.</summary>
internal sealed class LabelReplay
{
    public const int Random = 0;
    public const int Chosen = 1;
    public const int Triggered = 2;
    public const int Ways = 3;
    private const int Folds = 4;
    private const int FewestGroups = 8;
    private const int FewestJudged = 5;
    private readonly HeldRows _held;
    private readonly RowChooser _chooser;
    private readonly bool _hasScore;

    private LabelReplay(HeldRows held, RowChooser chooser, int groups, int[] budgets, int repeats, bool[] isFocus, bool hasScore)
    {
        (_held, _chooser, Budgets, Repeats, IsFocus, _hasScore) = (held, chooser, budgets, repeats, isFocus, hasScore);
        (Focus, All) = (new ReplaySums(budgets.Length, groups, repeats), new ReplaySums(budgets.Length, groups, repeats));
        Scenarios = [.. isFocus.Select(_ => new ReplaySums(1, groups, repeats))];
        Recall = [.. isFocus.Select(_ => new ReplaySums(1, groups, repeats))];
    }

    /// <summary>Numbers of labels, going up.</summary>
    public int[] Budgets { get; }

    public int Repeats { get; }

    /// <summary>Scenarios that the curve is about: the rare ones, or all where none is rare.</summary>
    public bool[] IsFocus { get; }

    /// <summary>Errors on the scenarios of the curve.</summary>
    public ReplaySums Focus { get; }

    /// <summary>Errors on all rows.</summary>
    public ReplaySums All { get; }

    /// <summary>Errors by scenario at the full budget.</summary>
    public IReadOnlyList<ReplaySums> Scenarios { get; }

    /// <summary>Cases missed by scenario at the full budget.</summary>
    public IReadOnlyList<ReplaySums> Recall { get; }

    /// <exception cref="GnomonError">Too few groups or labels.</exception>
    public static LabelReplay Of(LabelScan scan, HeldRows held, RowChooser chooser, LabelOptions options, bool[] isFocus, CancellationToken cancellation)
    {
        var groups = scan.GroupNumbers.Count;
        if (groups < FewestGroups)
        {
            throw new GnomonError("too-few-groups", $"{scan.Columns.Group!.Name} has {Figures.Count(groups, "value")}; holding groups out takes {FewestGroups}.", "--group", "Name a column of smaller groups, such as a drive instead of a vehicle.");
        }

        var rng = new Rng((ulong)options.Seed);
        var replay = new LabelReplay(held, chooser, groups, Steps((int)options.Budget), (int)options.Repeats, isFocus, options.Score is not null);
        var folds = Enumerable.Range(0, replay.Repeats).Select(r =>
        {
            int[] order = [.. Enumerable.Range(0, groups)];
            rng.Stream("groups", r).Shuffle<int>(order);
            var fold = new int[groups];
            for (var i = 0; i < groups; i++)
            {
                fold[order[i]] = i % Folds;
            }

            return fold;
        }).ToList();
        var orders = Enumerable.Range(0, replay.Repeats).Select(r => chooser.RandomOrder(rng.Stream("random", r))).ToList();
        for (var i = 0; i < replay.Repeats * Folds; i++)
        {
            var (fold, side) = (folds[i / Folds], i % Folds);
            replay.Require(orders[i / Folds].Count(row => fold[held.Group[row]] != side));
        }

        var kept = Enumerable.Range(0, replay.Repeats).Select(r => chooser.KeptOrder(rng.Stream("kept", r))).ToList();
        var runs = new double[replay.Repeats * Folds][][][];
        try
        {
            Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1, CancellationToken = cancellation }, i =>
                runs[i] = replay.Run(folds[i / Folds], i % Folds, orders[i / Folds], kept[i / Folds]));
        }
        catch (AggregateException e) when (e.InnerException is NotEstimableException inner)
        {
            throw new GnomonError("not-estimable", inner.Message, "--embedding, --features", "Bring columns to a like scale, or name fewer.", inner);
        }

        for (var i = 0; i < runs.Length; i++)
        {
            replay.Add(runs[i], i / Folds, folds[i / Folds], i % Folds);
        }

        if (replay.Focus.Groups < FewestJudged)
        {
            var rows = Enumerable.Range(0, isFocus.Length).All(h => isFocus[h]) ? "all rows" : "rare scenarios";
            throw new GnomonError("too-few-groups", $"Labelled rows of {rows} come from {Figures.Count(replay.Focus.Groups, "value")} of {scan.Columns.Group!.Name}; judging a model on them takes {FewestJudged}.", "--rare", "Raise --rare so that more scenarios count, raise --audit-least, or label more of them.");
        }

        return replay;
    }

    private void Require(int labelled)
    {
        if (labelled < Budgets[^1])
        {
            throw new GnomonError("too-few-rows", $"Rows drawn at random have {Figures.Count(labelled, "label")} outside the groups held out; --budget {Budgets[^1]} takes as many to compare with.", "--budget", "Lower --budget, or raise --audit.");
        }
    }

    private static int[] Steps(int budget)
    {
        var steps = new List<int>();
        for (var b = budget; b >= 20 && steps.Count < 6; b /= 2)
        {
            steps.Add(b);
        }

        steps.Reverse();
        return [.. steps];
    }

    // One model for each way and each number of labels.
    private double[][][] Run(int[] fold, int held, IReadOnlyList<int> order, IReadOnlyList<int> kept)
    {
        bool InTraining(int row) => fold[_held.Group[row]] != held;
        List<int> random = [.. order.Where(InTraining)];
        var chosen = _chooser.Choose(InTraining, random, Budgets);
        double[][] Fits(Func<int, IEnumerable<int>> rows) => [.. Budgets.Select((_, b) => RidgeLogistic.Fit(_held.Features, _held.FeatureColumns, [.. rows(b)], _chooser.IsCase))];
        List<int> triggered = [.. kept.Where(InTraining).Take(Budgets[^1])];
        return [Fits(b => random.Take(Budgets[b])), Fits(b => chosen[b]), triggered.Count < 2 ? Fits(b => random.Take(Budgets[b])) : Fits(b => triggered.Take(Budgets[b]))];
    }

    private void Add(double[][][] run, int repeat, int[] fold, int held)
    {
        foreach (var i in _chooser.Judged)
        {
            var g = _held.Group[i];
            if (fold[g] != held)
            {
                continue;
            }

            // Scenarios are held against today's model: on rows that it scored, where there is one.
            var isCompared = !_hasScore || !double.IsNaN(_held.Score[i]);
            var (weight, scenario, isCase) = (_held.Weight(i), _held.Scenario[i], _chooser.IsCase[i]);
            for (var way = 0; way < Ways; way++)
            {
                for (var b = 0; b < Budgets.Length; b++)
                {
                    var isWrong = RidgeLogistic.Score(_held.Features, _held.FeatureColumns, i, run[way][b]) > 0 != isCase;
                    All.Add(way, b, g, repeat, weight, isWrong);
                    if (IsFocus[scenario])
                    {
                        Focus.Add(way, b, g, repeat, weight, isWrong);
                    }

                    if (b == Budgets.Length - 1 && isCompared)
                    {
                        Scenarios[scenario].Add(way, 0, g, repeat, weight, isWrong);
                        if (isCase)
                        {
                            Recall[scenario].Add(way, 0, g, repeat, weight, isWrong);
                        }
                    }
                }
            }
        }
    }
}
