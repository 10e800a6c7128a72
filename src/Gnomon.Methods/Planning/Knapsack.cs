namespace Gnomon.Methods.Planning;

/// <summary>What fits.</summary>
/// <param name="Chosen">True for each item that is taken, in the order they came.</param>
/// <param name="Value">Their value together.</param>
/// <param name="Weight">Their weight together.</param>
/// <param name="IsOptimal">False when the search was cut off; the choice is then good, and not proven best.</param>
public sealed record KnapsackResult(IReadOnlyList<bool> Chosen, double Value, double Weight, bool IsOptimal);

/// <summary>The most valuable set of items within a capacity, some of which must be in it.</summary>
/// <remarks>Exact branch and bound in order of value per weight, with Dantzig's bound (Dantzig 1957; Horowitz and Sahni 1974). Among equal values the earlier items are kept.</remarks>
public static class Knapsack
{
    // Beyond this many nodes the best set so far is returned, and said to be unproven; lists of dozens of items need a few thousand.
    const long MostNodes = 20_000_000;

    /// <param name="values">Value of each item, finite; items without value are left out unless they must be in.</param>
    /// <param name="weights">Weight of each item, positive.</param>
    /// <param name="capacity">Weight that fits, not negative.</param>
    /// <param name="required">Items that must be in it.</param>
    /// <exception cref="NotEstimableException">The items that must be in weigh more than the capacity.</exception>
    public static KnapsackResult Solve(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double capacity, ReadOnlySpan<bool> required)
    {
        if (values.Length != weights.Length || values.Length != required.Length)
            throw new ArgumentException("Each item has one value, one weight and one mark.", nameof(weights));
        if (!(capacity >= 0) || !double.IsFinite(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A capacity is finite and not negative.");
        var chosen = new bool[values.Length];
        double left = capacity, fixedValue = 0;
        var free = new List<int>();
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]) || !(weights[i] > 0) || !double.IsFinite(weights[i]))
                throw new ArgumentOutOfRangeException(nameof(values), values[i], $"Item {i} has no usable value or weight.");
            if (required[i])
            {
                chosen[i] = true;
                left -= weights[i];
                fixedValue += values[i];
            }
            else if (values[i] > 0)
            {
                free.Add(i);
            }
        }
        if (left < -1e-9 * Math.Max(1, capacity))
            throw new NotEstimableException("The items that must be in it need more than the capacity.");
        var search = new Search([.. values], [.. weights], free);
        search.Go(Math.Max(0, left));
        double weight = 0;
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] |= search.Best[i];
            weight += chosen[i] ? weights[i] : 0;
        }
        return new(chosen, fixedValue + search.BestValue, weight, search.Nodes < MostNodes);
    }

    sealed class Search
    {
        readonly double[] _values;
        readonly double[] _weights;
        readonly int[] _order;
        readonly bool[] _now;

        public Search(double[] values, double[] weights, List<int> free)
        {
            (_values, _weights) = (values, weights);
            _order = [.. free.OrderByDescending(i => values[i] / weights[i]).ThenBy(i => i)];
            (_now, Best) = (new bool[values.Length], new bool[values.Length]);
        }

        public bool[] Best { get; private set; }

        public double BestValue { get; private set; }

        public long Nodes { get; private set; }

        public void Go(double capacity) => Visit(0, capacity, 0);

        void Visit(int at, double left, double value)
        {
            if (value > BestValue)
            {
                BestValue = value;
                Best = (bool[])_now.Clone();
            }
            if (at == _order.Length || ++Nodes >= MostNodes || Bound(at, left, value) <= BestValue)
                return;
            var item = _order[at];
            if (_weights[item] <= left * (1 + 1e-12))
            {
                _now[item] = true;
                Visit(at + 1, Math.Max(0, left - _weights[item]), value + _values[item]);
                _now[item] = false;
            }
            Visit(at + 1, left, value);
        }

        // What the rest could add if items could be cut.
        double Bound(int at, double left, double value)
        {
            for (; at < _order.Length; at++)
            {
                var item = _order[at];
                if (_weights[item] > left)
                    return value + left * _values[item] / _weights[item];
                left -= _weights[item];
                value += _values[item];
            }
            return value;
        }
    }
}
