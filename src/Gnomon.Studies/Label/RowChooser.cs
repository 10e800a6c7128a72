using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Methods.Sampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Label;

/// <summary>Chooses rows to label: kept by the triggers, no near copies, where the model is unsure and nothing alike is labelled; a share is drawn from the audit slice.</summary>
internal sealed class RowChooser
{
    private const double Unsure = 0.5;
    private readonly HeldRows _held;
    private readonly IReadOnlyList<long> _sizes;
    private readonly double _explore;
    private readonly int[] _kept;

    public RowChooser(LabelScan scan, HeldRows held, LabelOptions options)
    {
        (_held, _sizes, _explore) = (held, scan.ScenarioRows, options.Explore);
        IsCase = [.. held.Label.Select(l => l == 1)];
        int[] candidates = [.. Enumerable.Range(0, held.Count).Where(i => held.IsWhole[i] && (held.IsKept[i] || scan.Kept == 0))];
        (Candidates, _kept) = (candidates.Length, candidates);
        var d = held.UnitColumns;
        if (d == 0)
        {
            // Nothing says which rows are alike: the order is drawn.
            Pool = [.. candidates];
            new Rng((ulong)options.Seed).Stream("pool").Shuffle<int>(Pool);
            return;
        }

        var points = new double[candidates.Length * d];
        for (var k = 0; k < candidates.Length; k++)
        {
            held.Unit.AsSpan(candidates[k] * d, d).CopyTo(points.AsSpan(k * d));
        }

        var leaders = NearCopies.Leaders(points, d, Array.ConvertAll(candidates, i => held.Group[i]), Math.Sqrt(2 - (2 * options.Near)));
        Pool = [.. candidates.Where((_, k) => leaders[k] == k)];
    }

    /// <summary>Rows that the triggers keep, before near copies are left out.</summary>
    public int Candidates { get; }

    /// <summary>Rows to choose from.</summary>
    public int[] Pool { get; }

    /// <summary>The label of each row held, as true and false.</summary>
    public bool[] IsCase { get; }

    /// <summary>Rows of the audit slice with a label and all features: what models are judged on.</summary>
    public IEnumerable<int> Judged => Enumerable.Range(0, _held.Count).Where(i => _held.IsAudit[i] && _held.IsWhole[i] && _held.Label[i] >= 0);

    /// <summary>Rows of the slice in the order in which the whole would have been drawn; with a label only.</summary>
    public int[] RandomOrder(Rng rng, bool labelled = true)
    {
        int[] audit = [.. Enumerable.Range(0, _held.Count).Where(i => _held.IsAudit[i])];
        var order = PopulationOrder.Draw(Array.ConvertAll(audit, i => _held.Scenario[i]), [.. _sizes], rng);
        return [.. order.Select(k => audit[k]).Where(i => _held.IsWhole[i] && (!labelled || _held.Label[i] >= 0))];
    }

    /// <summary>Labelled rows that the triggers keep, in random order: what triggers bring without any choice among them.</summary>
    public int[] KeptOrder(Rng rng)
    {
        int[] order = [.. _kept.Where(i => _held.Label[i] >= 0)];
        rng.Shuffle<int>(order);
        return order;
    }

    /// <summary>Rows with a label, chosen as if none were known before: for each number of labels those that would have been bought.</summary>
    /// <param name="allowed">Rows that may be chosen.</param>
    /// <param name="random">Rows of the slice in random order.</param>
    /// <param name="budgets">Numbers of labels, going up.</param>
    public IReadOnlyList<int[]> Choose(Func<int, bool> allowed, IReadOnlyList<int> random, int[] budgets)
    {
        var explored = (int)Math.Round(_explore * budgets[^1]);
        List<int> rows = [.. Pool.Where(i => allowed(i) && _held.Label[i] >= 0)];
        var known = rows.ToHashSet();
        var pool = rows.Count;
        rows.AddRange(random.Where(i => !known.Contains(i)).Take(budgets[^1]));
        var search = new Search(_held, rows, pool);
        var bought = new List<int[]>();
        var taken = new List<int>();
        var at = 0;
        foreach (var budget in budgets)
        {
            var toExplore = Math.Min(explored, (int)Math.Round(_explore * budget));
            for (; at < random.Count && search.Explored < toExplore; at++)
            {
                search.Explore(random[at], taken);
            }

            var wanted = budget - taken.Count;
            search.Buy(wanted, taken.Count == 0 || bought.Count == 0 ? null : RidgeLogistic.Fit(_held.Features, _held.FeatureColumns, [.. taken], IsCase), taken);

            // Where the triggers keep too little, the rest is drawn.
            for (; at < random.Count && taken.Count < budget; at++)
            {
                search.Explore(random[at], taken);
            }

            bought.Add([.. taken]);
        }

        return bought;
    }

    /// <summary>Rows to label next: those without a label where there are such, chosen against what is labelled.</summary>
    public (IReadOnlyList<int> Rows, string How) Next(IReadOnlyList<int> random, int budget)
    {
        List<int> open = [.. Pool.Where(i => _held.Label[i] < 0)];
        if (open.Count == 0 && Pool.Length > 0 && Pool.Any(i => _held.Label[i] >= 0))
        {
            return (Choose(_ => true, random, [Math.Max(20, budget / 2), budget])[^1], "every row has a label already: these are the ones that would have been bought");
        }

        List<int> labelled = [.. Enumerable.Range(0, _held.Count).Where(i => _held.Label[i] >= 0 && _held.IsWhole[i])];
        var known = open.ToHashSet();
        var explore = (int)Math.Round(_explore * budget);
        List<int> rows = [.. open, .. labelled, .. random.Where(i => _held.Label[i] < 0 && !known.Contains(i)).Take(explore)];
        var search = new Search(_held, rows, open.Count);
        var taken = new List<int>();
        labelled.ForEach(search.Know);
        foreach (var row in random.Where(i => _held.Label[i] < 0).Take(explore))
        {
            search.Explore(row, taken);
        }

        var beta = labelled.Count >= 20 ? RidgeLogistic.Fit(_held.Features, _held.FeatureColumns, [.. labelled], IsCase) : null;
        search.Buy(budget - taken.Count, beta, taken);
        var apart = _held.UnitColumns > 0 ? "far apart" : "drawn at random";
        return (taken, beta is not null ? "unsure by a model of the rows that have a label, far from them" : search.HasScores ? $"unsure by today's score, {apart}" : apart);
    }

    // Rows in one matrix: those to choose from first, then those that are only known.
    private sealed class Search
    {
        private readonly HeldRows _held;
        private readonly List<int> _rows;
        private readonly Dictionary<int, int> _at = [];
        private readonly bool[] _open;
        private readonly KCenterGreedy? _cover;

        public Search(HeldRows held, List<int> rows, int pool)
        {
            (_held, _rows, _open) = (held, rows, new bool[rows.Count]);
            var d = held.UnitColumns;
            var points = new double[rows.Count * d];
            for (var k = 0; k < rows.Count; k++)
            {
                _at[rows[k]] = k;
                _open[k] = k < pool;
                held.Unit.AsSpan(rows[k] * d, d).CopyTo(points.AsSpan(k * d));
            }

            _cover = d == 0 ? null : new KCenterGreedy(points, d);
            HasScores = rows.Take(pool).Any(i => !double.IsNaN(held.Score[i]));
        }

        public int Explored { get; private set; }

        public bool HasScores { get; }

        public void Know(int row)
        {
            if (_at.TryGetValue(row, out var k))
            {
                _open[k] = false;
                _cover?.Choose(k);
            }
        }

        public void Explore(int row, List<int> taken)
        {
            if (!_at.TryGetValue(row, out var k) || (taken.Count > 0 && taken.Contains(row)))
            {
                return;
            }

            _open[k] = false;
            _cover?.Choose(k);
            taken.Add(row);
            Explored++;
        }

        public void Buy(int wanted, double[]? beta, List<int> taken)
        {
            List<int> open = [.. Enumerable.Range(0, _rows.Count).Where(k => _open[k])];
            if (beta is not null || HasScores)
            {
                // The half that the model is least sure of; rows equally sure in their order.
                open = [.. open.OrderBy(k => Sure(_rows[k], beta)).ThenBy(k => k).Take(Math.Max(wanted, (int)Math.Ceiling(Unsure * open.Count)))];
            }

            var allowed = new bool[_rows.Count];
            open.ForEach(k => allowed[k] = true);
            for (var i = 0; i < wanted; i++)
            {
                var k = _cover?.Next(allowed) ?? (i < open.Count ? open[i] : -1);
                if (k < 0)
                {
                    return;
                }

                allowed[k] = _open[k] = false;
                taken.Add(_rows[k]);
            }
        }

        private double Sure(int row, double[]? beta)
        {
            if (beta is not null)
            {
                return Math.Abs(RidgeLogistic.Score(_held.Features, _held.FeatureColumns, row, beta));
            }

            return double.IsNaN(_held.Score[row]) ? 0 : Math.Abs(_held.Score[row] - 0.5);
        }
    }
}
