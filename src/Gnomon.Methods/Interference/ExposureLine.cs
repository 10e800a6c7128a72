using System.Buffers;

namespace Gnomon.Methods.Interference;

/// <summary>Units of a design with their outcomes, seen along the treated share of their neighbours: means of the two pure exposures, and the slope on that share in each arm.</summary>
internal sealed class ExposureLine
{
    const double SmallestSpread = 1e-9;
    static readonly double SmallestProbability = new ExposureOptions().SmallestProbability;

    readonly ExposureDesign _design;
    readonly double[] _y;
    readonly bool[] _linked;
    readonly int[] _inside;
    readonly double[] _first;
    readonly double[] _second;
    readonly double _centre;
    readonly bool _isClustered;

    public ExposureLine(ExposureDesign design, double[] outcome)
    {
        (_design, _y, _isClustered) = (design, outcome, design.Clusters < outcome.Length);
        (_linked, _inside, _first, _second) = (new bool[outcome.Length], new int[outcome.Length], new double[outcome.Length], new double[outcome.Length]);
        var (sum, known) = (0.0, 0);
        for (var i = 0; i < outcome.Length; i++)
        {
            if (double.IsNaN(outcome[i]))
                continue; // and no weight either
            (sum, known) = (sum + outcome[i], known + 1);
            _linked[i] = design.Graph.Degree(i) > 0;
            foreach (var j in design.Graph.Neighbours(i))
                _inside[i] += design.Cluster[j] == design.Cluster[i] ? 1 : 0;
            var (p1, p0) = (design.Probability(i, Exposure.TreatedAmongTreated), design.Probability(i, Exposure.ControlAmongControls));
            if (p1 >= SmallestProbability && p0 >= SmallestProbability)
                (_first[i], _second[i]) = (1 / p1, 1 / p0);
        }

        _centre = known == 0 ? 0 : sum / known;
    }

    /// <summary>Whether a unit has an outcome and neighbours.</summary>
    public bool IsLinked(int unit) => _linked[unit];

    /// <summary>What the arms of other clusters are drawn with, given the unit's own arm.</summary>
    public double Chance(bool arm) => (_design.TreatedClusters - (arm ? 1.0 : 0.0)) / (_design.Clusters - 1.0);

    /// <summary>Treated share of a unit's neighbours.</summary>
    public double Share(int unit, bool[] arms)
    {
        var count = 0;
        foreach (var j in _design.Graph.Neighbours(unit))
            count += arms[j] ? 1 : 0;
        return count / (double)_design.Graph.Degree(unit);
    }

    /// <summary>The share to be expected over the design, given the unit's own arm: its own cluster has that arm, the others are drawn.</summary>
    public double Expected(int unit, bool[] arms)
    {
        var degree = _design.Graph.Degree(unit);
        return ((arms[unit] ? _inside[unit] : 0) + (degree - _inside[unit]) * Chance(arms[unit])) / degree;
    }

    /// <summary>Variance of the share over the design, given the unit's own arm: clusters are drawn without replacement.</summary>
    public double Variance(int unit, bool[] arms)
    {
        var (p, others) = (Chance(arms[unit]), _design.Clusters - 1.0);
        int[] around = [.. _design.Graph.Neighbours(unit).ToArray().Select(j => _design.Cluster[j]).Where(c => c != _design.Cluster[unit])];
        var squares = around.GroupBy(c => c).Sum(g => (double)g.Count() * g.Count());
        var links = (double)around.Length;
        var degree = (double)_design.Graph.Degree(unit);
        return others > 1 ? Math.Max(0, p * (1 - p) * (squares - (links * links - squares) / (others - 1)) / (degree * degree)) : 0;
    }

    /// <summary>Mean squared share around the units of the two pure exposures.</summary>
    public (double First, double Second) Squares(bool[] arms, byte[] codes)
    {
        var (sums, sizes) = (new double[2], new double[2]);
        for (var i = 0; i < _y.Length; i++)
        {
            if (!(_first[i] > 0) || double.IsNaN(_y[i]) || (Exposure)codes[i] is not (Exposure.TreatedAmongTreated or Exposure.ControlAmongControls))
                continue;
            var at = (Exposure)codes[i] == Exposure.TreatedAmongTreated ? 1 : 0;
            var (w, share) = (at == 1 ? _first[i] : _second[i], _linked[i] ? Share(i, arms) : at);
            sums[at] += w * share * share;
            sizes[at] += w;
        }

        return (sums[1] / sizes[1], sums[0] / sizes[0]);
    }

    /// <summary>What outcomes are compared within: the cluster, or the arm where units were assigned one by one.</summary>
    public int Group(int unit, bool[] arms) => _isClustered ? _design.Cluster[unit] : arms[unit] ? 1 : 0;

    public int Groups => _isClustered ? _design.Clusters : 2;

    /// <summary>Means and slopes under a design; null where an exposure was not met or a slope that is needed has nothing to be read from.</summary>
    public Lined? Fit(bool[] arms, byte[] codes)
    {
        var shares = ArrayPool<double>.Shared.Rent(_y.Length);
        try
        {
            for (var i = 0; i < _y.Length; i++)
                shares[i] = _linked[i] ? Share(i, arms) : arms[i] ? 1 : 0;
            return Fit(arms, codes, shares);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(shares);
        }
    }

    Lined? Fit(bool[] arms, byte[] codes, double[] share)
    {
        var (means, shares, sizes) = (new double[2], new double[2], new double[2]);
        for (var i = 0; i < _y.Length; i++)
        {
            if (!(_first[i] > 0) || (Exposure)codes[i] is not (Exposure.TreatedAmongTreated or Exposure.ControlAmongControls))
                continue;
            var at = (Exposure)codes[i] == Exposure.TreatedAmongTreated ? 1 : 0;
            var w = at == 1 ? _first[i] : _second[i];
            means[at] += w * (_y[i] - _centre);
            shares[at] += w * share[i];
            sizes[at] += w;
        }

        if (!(sizes[0] > 0 && sizes[1] > 0))
            return null;
        var (control, treated) = Slopes(arms, share);
        var missing = (1 - shares[1] / sizes[1], shares[0] / sizes[0]);
        if ((treated is null && missing.Item1 > SmallestSpread) || (control is null && missing.Item2 > SmallestSpread))
            return null;
        return new(_centre + means[1] / sizes[1], _centre + means[0] / sizes[0], missing.Item1, missing.Item2, treated, control, sizes[1], sizes[0]);
    }

    /// <summary>What each cluster adds to the answer, and to the contrast as it was met.</summary>
    public (double[] Whole, double[] Met) Influence(Lined line, bool[] arms, byte[] codes)
    {
        var (whole, met) = (new double[_design.Clusters], new double[_design.Clusters]);
        for (var i = 0; i < _y.Length; i++)
        {
            if (double.IsNaN(_y[i]))
                continue;
            var share = _linked[i] ? Share(i, arms) : arms[i] ? 1.0 : 0.0;
            if (_first[i] > 0 && (Exposure)codes[i] == Exposure.TreatedAmongTreated)
            {
                met[_design.Cluster[i]] += _first[i] * (_y[i] - line.FirstMean) / line.FirstWeight;
                whole[_design.Cluster[i]] += _first[i] * (_y[i] - line.FirstMean + (line.Treated?.Slope ?? 0) * (1 - share - line.FirstMissing)) / line.FirstWeight;
            }
            else if (_first[i] > 0 && (Exposure)codes[i] == Exposure.ControlAmongControls)
            {
                met[_design.Cluster[i]] -= _second[i] * (_y[i] - line.SecondMean) / line.SecondWeight;
                whole[_design.Cluster[i]] -= _second[i] * (_y[i] - line.SecondMean - (line.Control?.Slope ?? 0) * (share - line.SecondMissing)) / line.SecondWeight;
            }

            if (_linked[i] && (arms[i] ? line.Treated : line.Control) is { } slope)
                whole[_design.Cluster[i]] += (arms[i] ? line.FirstMissing : line.SecondMissing) * slope.Influence(Group(i, arms), _y[i] - _centre, share, Expected(i, arms));
        }

        return (whole, met);
    }

    // Outcome on the share less what the design would give on average, that average held fixed, both less their group's mean; a group lies in one arm.
    (ArmSlope? Control, ArmSlope? Treated) Slopes(bool[] arms, double[] share)
    {
        var groups = new (double Count, double Y, double D, double E)[Groups];
        var sums = new (double DD, double DE, double EE, double DY, double EY, double Count)[2];
        var ofGroup = new int[Groups];
        for (var i = 0; i < _y.Length; i++)
        {
            if (!_linked[i])
                continue;
            var e = Expected(i, arms);
            var (y, d, at) = (_y[i] - _centre, share[i] - e, Group(i, arms));
            ref var g = ref groups[at];
            ref var s = ref sums[arms[i] ? 1 : 0];
            ofGroup[at] = arms[i] ? 1 : 0;
            g = (g.Count + 1, g.Y + y, g.D + d, g.E + e);
            s = (s.DD + d * d, s.DE + d * e, s.EE + e * e, s.DY + d * y, s.EY + e * y, s.Count + 1);
        }

        for (var at = 0; at < groups.Length; at++)
        {
            var g = groups[at];
            ref var s = ref sums[ofGroup[at]];
            if (g.Count > 0)
                s = (s.DD - g.D * g.D / g.Count, s.DE - g.D * g.E / g.Count, s.EE - g.E * g.E / g.Count, s.DY - g.D * g.Y / g.Count, s.EY - g.E * g.Y / g.Count, s.Count);
        }

        return (Slope(sums[0], groups), Slope(sums[1], groups));
    }

    static ArmSlope? Slope((double DD, double DE, double EE, double DY, double EY, double Count) s, (double Count, double Y, double D, double E)[] groups)
    {
        var varies = s.EE > SmallestSpread * s.Count;
        var part = varies ? s.DE / s.EE : 0;
        var left = s.DD - part * s.DE;
        if (!(left > SmallestSpread * s.Count))
            return null;
        var slope = (s.DY - part * s.EY) / left;
        return new(slope, part, varies ? (s.EY - slope * s.DE) / s.EE : 0, left, groups);
    }
}

/// <summary>Means of the pure exposures, what their units' neighbours lacked of one arm, and the slopes that carry on.</summary>
/// <param name="FirstMean">Treated among treated.</param>
/// <param name="SecondMean">Control among controls.</param>
/// <param name="FirstMissing">Share of untreated neighbours around the first.</param>
/// <param name="SecondMissing">Share of treated neighbours around the second.</param>
/// <param name="Treated">Slope among the treated; null where nothing is to be carried on.</param>
/// <param name="Control">Slope among controls, likewise.</param>
/// <param name="FirstWeight">Sum of weights.</param>
/// <param name="SecondWeight">Sum of weights.</param>
internal sealed record Lined(double FirstMean, double SecondMean, double FirstMissing, double SecondMissing, ArmSlope? Treated, ArmSlope? Control, double FirstWeight, double SecondWeight)
{
    /// <summary>Mean where everybody is treated.</summary>
    public double Everybody => FirstMean + FirstMissing * (Treated?.Slope ?? 0);

    /// <summary>Mean where nobody is.</summary>
    public double Nobody => SecondMean - SecondMissing * (Control?.Slope ?? 0);
}

/// <summary>The slope of one arm with what its influence function needs.</summary>
internal sealed record ArmSlope(double Slope, double Part, double OnExpected, double Squares, (double Count, double Y, double D, double E)[] Groups)
{
    /// <summary>What one unit adds to the slope.</summary>
    public double Influence(int group, double y, double share, double expected)
    {
        var (count, sumY, sumD, sumE) = Groups[group];
        var (d, e) = (share - expected - sumD / count, expected - sumE / count);
        return (d - Part * e) * (y - sumY / count - Slope * d - OnExpected * e) / Squares;
    }
}
