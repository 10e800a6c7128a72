namespace Gnomon.Methods.Survival;

/// <summary>Log likelihood with its first two derivatives.</summary>
internal sealed record CoxState(double LogLikelihood, double[] Score, double[] Information);

/// <summary>The rows of a Cox regression by time, centred, with everything that is computed from them.</summary>
internal sealed class CoxData
{
    readonly double[] _times;
    readonly bool[] _events;
    readonly double[] _x;
    readonly int[] _order;
    readonly int _p;

    // Where the rows of each distinct time begin; the last entry is the number of rows.
    readonly int[] _starts;

    public CoxData(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<double> x, int columns, int[] order)
    {
        if (columns < 1 || x.Length != times.Length * columns)
            throw new ArgumentException($"{x.Length} values are not {times.Length} rows of {columns} columns.", nameof(x));
        _p = columns;
        _order = order;
        _times = new double[order.Length];
        _events = new bool[order.Length];
        _x = new double[x.Length];
        var starts = new List<int>();
        for (var i = 0; i < order.Length; i++)
        {
            _times[i] = times[order[i]];
            _events[i] = events[order[i]];
            Events += _events[i] ? 1 : 0;
            if (i == 0 || _times[i] != _times[i - 1])
                starts.Add(i);
            for (var j = 0; j < columns; j++)
            {
                var value = x[order[i] * columns + j];
                _x[i * columns + j] = double.IsFinite(value) ? value : throw new ArgumentException($"Row {order[i]} of column {j} is not finite.", nameof(x));
            }
        }
        starts.Add(order.Length);
        _starts = [.. starts];
        Centre();
    }

    public int Count => _times.Length;

    public int Events { get; }

    /// <summary>Standard deviation of a column.</summary>
    public double Spread(int column)
    {
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
            sum += _x[i * _p + column] * _x[i * _p + column];
        return Math.Sqrt(sum / Count);
    }

    public CoxState Evaluate(double[] beta)
    {
        var score = new double[_p];
        var information = new double[_p * _p];
        var log = 0.0;
        Walk(beta, (at, sums) =>
        {
            for (var i = at.From; i < at.From + at.Died; i++)
            {
                log += Linear(i, beta);
                for (var j = 0; j < _p; j++)
                    score[j] += _x[i * _p + j];
            }
            for (var k = 0; k < at.Died; k++)
            {
                var share = (double)k / at.Died;
                var (weight, mean) = sums.Mean(share);
                log -= Math.Log(weight) + sums.Shift;
                sums.AddCovariance(share, weight, mean, information);
                for (var j = 0; j < _p; j++)
                    score[j] -= mean[j];
            }
        });
        return new(log, score, information);
    }

    /// <summary>Score residuals in the order of the rows as they were given.</summary>
    /// <param name="beta">Coefficients.</param>
    /// <param name="clock">Factor of each event time, by row in the order of time (<see cref="EventClock"/>): residuals of the columns times that; null for 1.</param>
    public double[] Residuals(double[] beta, double[]? clock = null)
    {
        var steps = Steps(beta, clock);
        var score = new double[Count * _p];

        // Hazard, and hazard-weighted means, of all event times so far; what is left of those of the current time for its own events.
        var (hazard, means) = (0.0, new double[_p]);
        for (var t = 0; t < _starts.Length - 1; t++)
        {
            var (from, to) = (_starts[t], _starts[t + 1]);
            if (steps.TryGetValue(from, out var step))
            {
                var (ownHazard, ownMeans, middle) = step.Own(hazard, means);
                var factor = clock is null ? 1 : clock[from];
                for (var i = from; i < from + step.At.Died; i++)
                {
                    Subtract(score, i, beta, ownHazard, ownMeans);
                    for (var j = 0; j < _p; j++)
                        score[_order[i] * _p + j] += factor * (_x[i * _p + j] - middle[j]);
                }
                hazard += step.Hazards.Sum();
                for (var k = 0; k < step.At.Died; k++)
                {
                    for (var j = 0; j < _p; j++)
                        means[j] += step.Hazards[k] * step.Means[k][j];
                }
                from += step.At.Died;
            }
            for (var i = from; i < to; i++)
                Subtract(score, i, beta, hazard, means);
        }
        return score;
    }

    void Subtract(double[] score, int row, double[] beta, double hazard, double[] means)
    {
        var risk = Math.Exp(Linear(row, beta));
        for (var j = 0; j < _p; j++)
            score[_order[row] * _p + j] -= risk * (_x[row * _p + j] * hazard - means[j]);
    }

    // By the first row of each event time.
    Dictionary<int, HazardStep> Steps(double[] beta, double[]? clock)
    {
        var steps = new Dictionary<int, HazardStep>();
        Walk(beta, (at, sums) =>
        {
            var hazards = new double[at.Died];
            var means = new double[at.Died][];
            for (var k = 0; k < at.Died; k++)
            {
                (var weight, means[k]) = sums.Mean((double)k / at.Died);
                hazards[k] = (clock is null ? 1 : clock[at.From]) * Math.Exp(-sums.Shift) / weight;
            }
            steps.Add(at.From, new HazardStep(at, hazards, means));
        });
        return steps;
    }

    /// <summary>1 - Kaplan-Meier just before the time of each row, less its mean over the events.</summary>
    public double[] EventClock()
    {
        var clock = new double[Count];
        var (survival, mean) = (1.0, 0.0);
        for (var t = 0; t < _starts.Length - 1; t++)
        {
            var (from, to) = (_starts[t], _starts[t + 1]);
            var died = Died(from, to);
            clock.AsSpan(from, to - from).Fill(1 - survival);
            mean += died * (1 - survival) / Events;
            survival *= 1 - (double)died / (Count - from);
        }
        for (var i = 0; i < clock.Length; i++)
            clock[i] -= mean;
        return clock;
    }

    /// <summary>Adds the columns of the events of one time, times a factor.</summary>
    public void AddRows(Risk at, double factor, double[] target)
    {
        for (var i = at.From; i < at.From + at.Died; i++)
        {
            for (var j = 0; j < _p; j++)
                target[j] += factor * _x[i * _p + j];
        }
    }

    /// <summary>Harrell's share of comparable pairs in the right order, in O(n log n).</summary>
    public double Concordance(double[] beta)
    {
        var risk = new double[Count];
        for (var i = 0; i < Count; i++)
            risk[i] = Linear(i, beta);
        var sorted = risk.Distinct().Order().ToArray();
        var ranks = Array.ConvertAll(risk, r => Array.BinarySearch(sorted, r));
        var tree = new long[sorted.Length + 1];
        double right = 0, pairs = 0;
        long inside = 0;
        for (var t = _starts.Length - 2; t >= 0; t--)
        {
            var (from, to) = (_starts[t], _starts[t + 1]);
            var died = Died(from, to);
            for (var i = from + died; i < to; i++, inside++)
                Insert(tree, ranks[i]);
            for (var i = from; i < from + died; i++)
            {
                var below = CountBelow(tree, ranks[i]);
                var same = CountBelow(tree, ranks[i] + 1) - below;
                right += below + 0.5 * same;
                pairs += inside;
            }
            for (var i = from; i < from + died; i++, inside++)
                Insert(tree, ranks[i]);
        }
        return pairs > 0 ? right / pairs : 0.5;
    }

    /// <summary>From the last time to the first, with the sums over everybody still at risk.</summary>
    public void Walk(double[] beta, Action<Risk, RiskSums> visit)
    {
        var sums = new RiskSums(_p);
        for (var t = _starts.Length - 2; t >= 0; t--)
        {
            var (from, to) = (_starts[t], _starts[t + 1]);
            var died = Died(from, to);
            sums.BeginTime();
            for (var i = from; i < to; i++)
                sums.Add(Linear(i, beta), _x.AsSpan(i * _p, _p), i < from + died);
            if (died > 0)
                visit(new Risk(from, died), sums);
        }
    }

    int Died(int from, int to)
    {
        var died = 0;
        while (from + died < to && _events[from + died])
            died++;
        return died;
    }

    double Linear(int row, double[] beta)
    {
        var sum = 0.0;
        for (var j = 0; j < _p; j++)
            sum += beta[j] * _x[row * _p + j];
        return sum;
    }

    void Centre()
    {
        for (var j = 0; j < _p; j++)
        {
            var mean = 0.0;
            for (var i = 0; i < Count; i++)
                mean += _x[i * _p + j] / Count;
            for (var i = 0; i < Count; i++)
                _x[i * _p + j] -= mean;
        }
    }

    static void Insert(long[] tree, int rank)
    {
        for (var i = rank + 1; i < tree.Length; i += i & -i)
            tree[i]++;
    }

    static long CountBelow(long[] tree, int rank)
    {
        var sum = 0L;
        for (var i = rank; i > 0; i -= i & -i)
            sum += tree[i];
        return sum;
    }

    /// <summary>The hazard at one event time, one part per tied event, and the mean of the columns under each.</summary>
    sealed record HazardStep(Risk At, double[] Hazards, double[][] Means)
    {
        /// <summary>What an event of this time has lived through: a tied one only a part of it (Efron), and the mean it is compared with.</summary>
        public (double Hazard, double[] Means, double[] Middle) Own(double hazard, double[] means)
        {
            var own = (double[])means.Clone();
            var middle = new double[means.Length];
            for (var k = 0; k < At.Died; k++)
            {
                var part = Hazards[k] * (1 - (double)k / At.Died);
                hazard += part;
                for (var j = 0; j < own.Length; j++)
                {
                    own[j] += part * Means[k][j];
                    middle[j] += Means[k][j] / At.Died;
                }
            }
            return (hazard, own, middle);
        }
    }

    /// <summary>One distinct time with events: its first row and the number of events.</summary>
    public readonly record struct Risk(int From, int Died);

    /// <summary>Sums of exp(eta), exp(eta) x and exp(eta) x x' over the risk set and over the events of the current time, scaled by a running shift so that nothing overflows.</summary>
    public sealed class RiskSums(int p)
    {
        readonly double[] _x = new double[p];
        readonly double[] _xx = new double[p * p];
        readonly double[] _deadX = new double[p];
        readonly double[] _deadXx = new double[p * p];
        double _all;
        double _dead;

        /// <summary>The sums are to be multiplied with exp of this.</summary>
        public double Shift { get; private set; } = double.NegativeInfinity;

        public void BeginTime()
        {
            _dead = 0;
            Array.Clear(_deadX);
            Array.Clear(_deadXx);
        }

        public void Add(double eta, ReadOnlySpan<double> x, bool isDead)
        {
            if (eta > Shift)
                Rescale(eta);
            var risk = Math.Exp(eta - Shift);
            Add(risk, x, ref _all, _x, _xx);
            if (isDead)
                Add(risk, x, ref _dead, _deadX, _deadXx);
        }

        /// <summary>Total risk and its mean when a share of the events of this time has left already.</summary>
        public (double Weight, double[] Mean) Mean(double share)
        {
            var weight = _all - share * _dead;
            var mean = new double[p];
            for (var j = 0; j < p; j++)
                mean[j] = (_x[j] - share * _deadX[j]) / weight;
            return (weight, mean);
        }

        public void AddCovariance(double share, double weight, double[] mean, double[] target)
        {
            for (var a = 0; a < p; a++)
            {
                for (var b = 0; b < p; b++)
                    target[a * p + b] += (_xx[a * p + b] - share * _deadXx[a * p + b]) / weight - mean[a] * mean[b];
            }
        }

        void Rescale(double shift)
        {
            var factor = double.IsNegativeInfinity(Shift) ? 0 : Math.Exp(Shift - shift);
            Shift = shift;
            _all *= factor;
            _dead *= factor;
            foreach (var sums in new[] { _x, _xx, _deadX, _deadXx })
            {
                for (var i = 0; i < sums.Length; i++)
                    sums[i] *= factor;
            }
        }

        static void Add(double risk, ReadOnlySpan<double> x, ref double total, double[] first, double[] second)
        {
            total += risk;
            for (var a = 0; a < x.Length; a++)
            {
                first[a] += risk * x[a];
                for (var b = 0; b < x.Length; b++)
                    second[a * x.Length + b] += risk * x[a] * x[b];
            }
        }
    }
}
