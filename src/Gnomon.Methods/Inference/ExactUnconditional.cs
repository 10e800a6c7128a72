using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Inference;

/// <summary>Exact unconditional inference for two binomials: the tail of an ordering of tables, at the worst value of the nuisance rate.</summary>
/// <remarks>
/// Both orderings rise with successes of x and fall with successes of y (Barnard's convexity), so a tail is a staircase: for each number of successes of x,
/// all numbers of successes of y up to a bound. It is found in one walk of n + m steps and its probability is a sum over x alone.
/// </remarks>
internal static class ExactUnconditional
{
    const double TieTolerance = 1e-7;
    const double Width = 1e-7;

    /// <summary>log of Fisher's one-sided p that x has the higher rate.</summary>
    public static double LogFisherGreater(TwoByTwo t) => LogFisherGreater(t.Xs, t.Ys, t.Xn, t.Yn);

    /// <summary>Boschloo's one-sided p that x has the higher rate.</summary>
    public static double BoschlooGreater(TwoByTwo t)
    {
        var bound = LogFisherGreater(t) + TieTolerance;
        var region = Staircase(t, (x, y) => LogFisherGreater(x, y, t.Xn, t.Yn) <= bound);
        return new TailProbability(t.Xn, t.Yn, region).Supremum(0.0);
    }

    /// <summary>Chan and Zhang's interval for the difference: two one-sided score tests, each at half the error.</summary>
    public static Interval ChanZhang(TwoByTwo t, double level)
    {
        var tail = 0.5 * (1.0 - level);
        return new(LowerLimit(t, tail), -LowerLimit(t.Swapped, tail));
    }

    // Bisection keeps the rejected side, so the limit errs outwards by at most its width.
    static double LowerLimit(TwoByTwo t, double tail)
    {
        var rejected = -1.0;
        var kept = t.Difference;
        while (kept - rejected > Width)
        {
            var delta = 0.5 * (rejected + kept);
            if (ScoreTail(t, delta) <= tail)
            {
                rejected = delta;
            }
            else
            {
                kept = delta;
            }
        }

        return rejected;
    }

    static double ScoreTail(TwoByTwo t, double delta)
    {
        var bound = RestrictedRates.DifferenceZ(t, delta) - TieTolerance;
        var region = Staircase(t, (x, y) => RestrictedRates.DifferenceZ(new(x, t.Xn, y, t.Yn), delta) >= bound);
        return new TailProbability(t.Xn, t.Yn, region).Supremum(delta);
    }

    static double LogFisherGreater(long xs, long ys, long xn, long yn)
    {
        var draws = xs + ys;
        if (xs <= Math.Max(0, draws - yn))
        {
            return 0.0;
        }

        return Math.Log(Hypergeometric.Sf(xs - 1, xn + yn, xn, draws));
    }

    // For each x the largest y inside, -1 for none.
    static long[] Staircase(TwoByTwo t, Func<long, long, bool> isInside)
    {
        var bounds = new long[t.Xn + 1];
        var y = -1L;
        for (var x = 0L; x <= t.Xn; x++)
        {
            while (y < t.Yn && isInside(x, y + 1))
            {
                y++;
            }

            bounds[x] = y;
        }

        return bounds;
    }

    /// <summary>Probability of a staircase region as a function of the rates, with its buffers.</summary>
    sealed class TailProbability(long xn, long yn, long[] region)
    {
        const int BestCandidates = 4;

        readonly double[] _pmfX = new double[xn + 1];
        readonly double[] _cdfY = new double[yn + 1];

        /// <summary>The largest probability over all rates with x - y = delta.</summary>
        public double Supremum(double delta)
        {
            // On the arcsine scale every peak is about as wide: some 1 / sqrt(n).
            var low = Math.Asin(Math.Sqrt(Math.Max(0.0, -delta)));
            var high = Math.Asin(Math.Sqrt(Math.Min(1.0, 1.0 - delta)));
            var points = 64 + (int)(6.0 * Math.Sqrt(xn + yn));
            var values = new double[points + 1];
            for (var i = 0; i <= points; i++)
            {
                values[i] = At(low + (high - low) * i / points, delta);
            }

            var best = 0.0;
            foreach (var i in Peaks(values))
            {
                var left = low + (high - low) * Math.Max(0, i - 1) / points;
                var right = low + (high - low) * Math.Min(points, i + 1) / points;
                best = Math.Max(best, Math.Max(values[i], -Brent.Minimize(angle => -At(angle, delta), left, right, 1e-9).Value));
            }

            return Math.Min(1.0, best);
        }

        static IEnumerable<int> Peaks(double[] values)
        {
            var peaks = new List<int>();
            for (var i = 0; i < values.Length; i++)
            {
                if ((i == 0 || values[i] >= values[i - 1]) && (i == values.Length - 1 || values[i] >= values[i + 1]))
                {
                    peaks.Add(i);
                }
            }

            peaks.Sort((a, b) => values[b].CompareTo(values[a]));
            return peaks.Take(BestCandidates);
        }

        double At(double angle, double delta)
        {
            var sine = Math.Sin(angle);
            var rateY = sine * sine;
            FillPmf(_pmfX, Math.Clamp(rateY + delta, 0.0, 1.0));
            FillPmf(_cdfY, rateY);
            for (var y = 1; y < _cdfY.Length; y++)
            {
                _cdfY[y] += _cdfY[y - 1];
            }

            var sum = 0.0;
            for (var x = 0; x < _pmfX.Length; x++)
            {
                sum += region[x] < 0 ? 0.0 : _pmfX[x] * _cdfY[region[x]];
            }

            return sum;
        }

        // Outwards from the mode by the ratio of neighbouring terms.
        static void FillPmf(double[] pmf, double rate)
        {
            var n = pmf.Length - 1;
            if (rate is 0 or 1)
            {
                Array.Clear(pmf);
                pmf[rate == 0 ? 0 : n] = 1.0;
                return;
            }

            var mode = Math.Min(n, (int)((n + 1) * rate));
            var odds = rate / (1.0 - rate);
            pmf[mode] = Binomial.Pmf(mode, n, rate);
            for (var k = mode; k < n; k++)
            {
                pmf[k + 1] = pmf[k] * odds * (n - k) / (k + 1);
            }

            for (var k = mode; k > 0; k--)
            {
                pmf[k - 1] = pmf[k] / odds * k / (n - k + 1);
            }
        }
    }
}
