using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>A log density with its gradient; returns negative infinity outside of its support.</summary>
internal delegate double LogDensityGradient(ReadOnlySpan<double> at, Span<double> gradient);

/// <summary>One chain of Hamiltonian Monte Carlo that chooses its own path lengths, with unit metric: the density should be near round.</summary>
/// <remarks>
/// Sources: Hoffman and Gelman 2014, Journal of Machine Learning Research 15 (no-U-turn, dual averaging of the step); Betancourt 2017 (multinomial choice along the path, generalised
/// U-turn criterion, divergences).
/// </remarks>
internal sealed class NoUTurnSampler
{
    const int DeepestTree = 10;
    const double TooFar = 1000;
    const double Target = 0.85;
    const double Gamma = 0.05;
    const double Offset = 10;
    const double Forgetting = 0.75;

    readonly LogDensityGradient _density;
    readonly Rng _rng;
    readonly int _k;
    readonly Stack<double[]> _pool = new();
    double _start;
    double _accepted;
    int _steps;
    bool _diverged;

    public NoUTurnSampler(LogDensityGradient density, int dimension, Rng rng) => (_density, _k, _rng) = (density, dimension, rng);

    public int Divergences { get; private set; }

    public double Step { get; private set; }

    /// <summary>Draws after warm-up, one array per draw.</summary>
    /// <exception cref="NotEstimableException">The density is 0 where the chain starts, however near the centre.</exception>
    public double[][] Run(int warmup, int draws, CancellationToken cancellation)
    {
        var at = Start();
        Step = FirstStep(at);
        double logMean = 0, lag = 0;
        var centre = Math.Log(10 * Step);
        var kept = new double[draws][];
        for (var i = 0; i < warmup + draws; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            at = Transition(at);
            if (i < warmup)
            {
                // Dual averaging (Nesterov 2009): the step goes where the mean acceptance meets its target.
                var count = i + 1.0;
                lag += (Target - _accepted / Math.Max(1, _steps) - lag) / (count + Offset);
                var log = centre - lag * Math.Sqrt(count) / Gamma;
                var share = Math.Pow(count, -Forgetting);
                logMean = share * log + (1 - share) * logMean;
                Step = Math.Exp(i + 1 < warmup ? log : logMean);
            }
            else
            {
                Divergences += _diverged ? 1 : 0;
                kept[i - warmup] = at.Z.ToArray();
            }
        }
        return kept;
    }

    sealed class Point
    {
        public required double[] Z { get; init; }

        public required double[] P { get; init; }

        public required double[] Gradient { get; init; }

        public double LogDensity { get; set; }
    }

    // Wider than the density, so that chains that do not find back are seen.
    Point Start()
    {
        for (var width = 2.0; width > 1e-3; width /= 2)
        {
            var point = new Point { Z = new double[_k], P = new double[_k], Gradient = new double[_k] };
            for (var j = 0; j < _k; j++)
                point.Z[j] = width * _rng.NextNormal();
            point.LogDensity = _density(point.Z, point.Gradient);
            if (double.IsFinite(point.LogDensity))
                return point;
        }
        throw new NotEstimableException("The posterior density is 0 everywhere that was tried.");
    }

    double FirstStep(Point at)
    {
        var step = 1.0;
        Refresh(at);
        var gain = Gain(at, step);
        var direction = gain > Math.Log(0.8) ? 1 : -1;
        for (var i = 0; i < 50 && direction * gain > direction * Math.Log(0.8); i++)
        {
            step *= Math.Pow(2, direction);
            gain = Gain(at, step);
        }
        return step;
    }

    double Gain(Point at, double step)
    {
        var moved = Leap(at, step);
        var gain = moved.LogDensity - Kinetic(moved.P) - at.LogDensity + Kinetic(at.P);
        Free(moved);
        return double.IsNaN(gain) ? double.NegativeInfinity : gain;
    }

    void Refresh(Point at)
    {
        for (var j = 0; j < _k; j++)
            at.P[j] = _rng.NextNormal();
    }

    Point Leap(Point from, double step)
    {
        var to = new Point { Z = Rent(), P = Rent(), Gradient = Rent() };
        for (var j = 0; j < _k; j++)
        {
            to.P[j] = from.P[j] + 0.5 * step * from.Gradient[j];
            to.Z[j] = from.Z[j] + step * to.P[j];
        }
        to.LogDensity = _density(to.Z, to.Gradient);
        for (var j = 0; j < _k; j++)
            to.P[j] += 0.5 * step * to.Gradient[j];
        return to;
    }

    // A stretch of path: its ends (first is the one nearer to where the path began), the sum of momenta, its chosen point and its weight.
    sealed class Stretch
    {
        public required Point First { get; set; }

        public required Point Last { get; set; }

        public required double[] Sum { get; init; }

        public required Point Chosen { get; set; }

        public double LogWeight { get; set; }
    }

    Point Transition(Point at)
    {
        Refresh(at);
        _start = at.LogDensity - Kinetic(at.P);
        (_accepted, _steps, _diverged) = (0, 0, false);
        var (back, front) = (at, at);
        var chosen = at;
        var logWeight = 0.0;
        var sum = Rent();
        at.P.CopyTo(sum, 0);
        var owned = new List<Point>();
        for (var depth = 0; depth < DeepestTree; depth++)
        {
            var forward = _rng.NextDouble() < 0.5;
            var added = Grow(forward ? front : back, depth, forward ? Step : -Step, owned);
            if (added is null)
                break;
            if (added.LogWeight > logWeight || _rng.NextDouble() < Math.Exp(added.LogWeight - logWeight))
                chosen = added.Chosen;
            logWeight = Elementary.LogSumExp(logWeight, added.LogWeight);
            var (outerOld, innerOld) = forward ? (back, front) : (front, back);
            var whole = Rent();
            for (var j = 0; j < _k; j++)
                whole[j] = sum[j] + added.Sum[j];
            var goesOn = IsStraight(outerOld.P, added.Last.P, whole) && IsStraightOver(sum, added.First.P, outerOld.P, added.First.P) && IsStraightOver(added.Sum, innerOld.P, innerOld.P, added.Last.P);
            _pool.Push(sum);
            _pool.Push(added.Sum);
            sum = whole;
            (back, front) = forward ? (back, added.Last) : (added.Last, front);
            if (!goesOn)
                break;
        }
        _pool.Push(sum);
        var result = new Point { Z = [.. chosen.Z], P = at.P, Gradient = [.. chosen.Gradient], LogDensity = chosen.LogDensity };
        foreach (var point in owned)
            Free(point);
        return result;
    }

    // Doubles recursively; null when the stretch turns back on itself or diverges.
    Stretch? Grow(Point from, int depth, double step, List<Point> owned)
    {
        if (depth == 0)
        {
            var point = Leap(from, step);
            owned.Add(point);
            var gain = point.LogDensity - Kinetic(point.P) - _start;
            gain = double.IsNaN(gain) ? double.NegativeInfinity : gain;
            _steps++;
            _accepted += Math.Min(1, Math.Exp(gain));
            _diverged |= -gain > TooFar;
            var own = Rent();
            point.P.CopyTo(own, 0);
            return -gain > TooFar ? null : new Stretch { First = point, Last = point, Sum = own, Chosen = point, LogWeight = gain };
        }
        var near = Grow(from, depth - 1, step, owned);
        var far = near is null ? null : Grow(near.Last, depth - 1, step, owned);
        if (near is null || far is null)
            return null;
        var logWeight = Elementary.LogSumExp(near.LogWeight, far.LogWeight);
        var chosen = _rng.NextDouble() < Math.Exp(far.LogWeight - logWeight) ? far.Chosen : near.Chosen;
        var straight = IsStraightOver(near.Sum, far.First.P, near.First.P, far.First.P) && IsStraightOver(far.Sum, near.Last.P, near.Last.P, far.Last.P);
        for (var j = 0; j < _k; j++)
            near.Sum[j] += far.Sum[j];
        straight &= IsStraight(near.First.P, far.Last.P, near.Sum);
        _pool.Push(far.Sum);
        return straight ? new Stretch { First = near.First, Last = far.Last, Sum = near.Sum, Chosen = chosen, LogWeight = logWeight } : null;
    }

    // The criterion over a stretch and one momentum beyond it: a turn between two halves is seen too.
    bool IsStraightOver(double[] sum, double[] extra, double[] first, double[] last)
    {
        double a = 0, b = 0;
        for (var j = 0; j < _k; j++)
        {
            a += first[j] * (sum[j] + extra[j]);
            b += last[j] * (sum[j] + extra[j]);
        }
        return a > 0 && b > 0;
    }

    bool IsStraight(double[] first, double[] last, double[] sum)
    {
        double a = 0, b = 0;
        for (var j = 0; j < _k; j++)
        {
            a += first[j] * sum[j];
            b += last[j] * sum[j];
        }
        return a > 0 && b > 0;
    }

    static double Kinetic(double[] p)
    {
        var sum = 0.0;
        foreach (var v in p)
            sum += v * v;
        return 0.5 * sum;
    }

    double[] Rent() => _pool.Count > 0 ? _pool.Pop() : new double[_k];

    void Free(Point point)
    {
        _pool.Push(point.Z);
        _pool.Push(point.P);
        _pool.Push(point.Gradient);
    }
}
