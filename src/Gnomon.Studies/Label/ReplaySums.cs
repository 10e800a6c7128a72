using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>Weighted errors and rows by way of choosing, number of labels, group and repeat; errors are means over repeats.</summary>
internal sealed class ReplaySums
{
    private readonly double[,,] _wrong;
    private readonly double[,,] _byRepeat;
    private readonly double[] _rows;
    private readonly int _repeats;

    public ReplaySums(int budgets, int groups, int repeats)
    {
        _repeats = repeats;
        (_wrong, _byRepeat, _rows) = (new double[LabelReplay.Ways, budgets, groups], new double[LabelReplay.Ways, budgets, repeats], new double[groups]);
    }

    /// <summary>Rows of each group.</summary>
    public ReadOnlySpan<double> Rows => _rows;

    public double Total => _rows.Sum();

    /// <summary>Groups that have rows.</summary>
    public int Groups => _rows.Count(r => r > 0);

    public void Add(int way, int budget, int group, int repeat, double weight, bool isWrong)
    {
        if (way == 0 && budget == 0 && repeat == 0)
        {
            _rows[group] += weight;
        }

        if (isWrong)
        {
            _wrong[way, budget, group] += weight / _repeats;
            _byRepeat[way, budget, repeat] += weight;
        }
    }

    /// <summary>Errors of each group.</summary>
    public double[] Wrong(int way, int budget)
    {
        var wrong = new double[_rows.Length];
        for (var g = 0; g < wrong.Length; g++)
        {
            wrong[g] = _wrong[way, budget, g];
        }

        return wrong;
    }

    public double Error(int way, int budget) => Wrong(way, budget).Sum() / Total;

    /// <summary>Error of the chosen rows less that of another way, at a number of labels.</summary>
    public GroupedDifference Difference(int budget, double level, int other = LabelReplay.Random) =>
        GroupedShares.Difference(Wrong(LabelReplay.Chosen, budget), _rows, Wrong(other, budget), _rows, Spread(r => _byRepeat[LabelReplay.Chosen, budget, r] - _byRepeat[other, budget, r]), _repeats - 1, level);

    /// <summary>Error of one way, with its interval.</summary>
    public GroupedDifference Level(int way, int budget, double level)
    {
        double[] none = new double[_rows.Length], one = [.. _rows.Select(r => r > 0 ? 1.0 : 0)];
        return GroupedShares.Difference(Wrong(way, budget), _rows, none, one, Spread(r => _byRepeat[way, budget, r]), _repeats - 1, level);
    }

    /// <summary>What another draw would have moved in the error of one way, as a variance; less that of another way where one is named.</summary>
    public double Variance(int way, int budget, int? other = null) => Spread(r => _byRepeat[way, budget, r] - (other is { } o ? _byRepeat[o, budget, r] : 0));

    /// <summary>Degrees of freedom of these variances.</summary>
    public int Freedom => _repeats - 1;

    // What another draw of folds and random rows would have moved, after the mean over repeats.
    private double Spread(Func<int, double> of)
    {
        double[] values = [.. Enumerable.Range(0, _repeats).Select(r => of(r) / Total)];
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (_repeats - 1) / _repeats;
    }
}
