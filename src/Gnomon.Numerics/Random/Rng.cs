using System.Runtime.CompilerServices;

namespace Gnomon.Numerics.Random;

/// <summary>A random generator whose numbers depend on its seed alone: the same bits on every platform, thread and version.</summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna 2021, ACM TOMS 47), state filled by SplitMix64 (Steele, Lea and Flood 2014). Not for secrets.
/// One generator belongs to one thread; give each block of work its own <see cref="Stream"/>.
/// Normal: Marsaglia's polar method. Gamma: Marsaglia and Tsang 2000. Poisson and binomial: inversion for small means, else the transformed rejections
/// PTRS and BTRS of Hoermann 1993, which are exact.
/// </remarks>
public sealed class Rng
{
    readonly ulong _seed;
    Xoshiro _state;
    double _spareNormal;
    bool _hasSpareNormal;

    /// <summary>A generator for this seed; any value, 0 included.</summary>
    public Rng(ulong seed)
    {
        _seed = seed;
        var state = seed;
        _state = new Xoshiro(SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    /// <summary>A generator for this seed; negative values count as their unsigned bits.</summary>
    public Rng(int seed)
        : this((ulong)(uint)seed)
    {
    }

    /// <summary>An independent generator that depends on this one's seed, the name and the index, and not on how many numbers were drawn.</summary>
    public Rng Stream(string name, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        var state = _seed ^ 0x6A09E667F3BCC909UL;
        var key = SplitMix(ref state);
        foreach (var letter in name)
        {
            state = key ^ letter;
            key = SplitMix(ref state);
        }

        // The length closes the name, so that (name, index) pairs cannot run into each other.
        state = key ^ ((ulong)name.Length << 32);
        key = SplitMix(ref state);
        state = key ^ (ulong)index;
        return new Rng(SplitMix(ref state));
    }

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64() => _state.Next();

    /// <summary>A multiple of 2^-53 in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextDouble() => (NextUInt64() >> 11) * 1.1102230246251565e-16;

    /// <summary>A whole number in [0, max), each equally likely (Lemire 2019).</summary>
    public int NextInt(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        var range = (uint)max;
        var product = (NextUInt64() >> 32) * range;
        var low = (uint)product;
        if (low < range)
        {
            var reject = (0u - range) % range;
            while (low < reject)
            {
                product = (NextUInt64() >> 32) * range;
                low = (uint)product;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A standard normal number.</summary>
    public double NextNormal()
    {
        if (_hasSpareNormal)
        {
            _hasSpareNormal = false;
            return _spareNormal;
        }

        double u, v, s;
        do
        {
            u = 2.0 * NextDouble() - 1.0;
            v = 2.0 * NextDouble() - 1.0;
            s = u * u + v * v;
        }
        while (s >= 1.0 || s == 0.0);

        var factor = Math.Sqrt(-2.0 * PortableMath.Log(s) / s);
        _spareNormal = v * factor;
        _hasSpareNormal = true;
        return u * factor;
    }

    /// <summary>An exponential number with mean 1.</summary>
    public double NextExponential() => -PortableMath.Log(1.0 - NextDouble());

    /// <summary>A gamma number with this shape (above 0) and scale 1.</summary>
    public double NextGamma(double shape)
    {
        Require.Positive(shape);
        if (shape < 1)
        {
            // Gamma(a) = Gamma(a + 1) U^(1 / a); far powers underflow to 0 as they should.
            var larger = NextGamma(shape + 1.0);
            var logPower = PortableMath.Log(1.0 - NextDouble()) / shape;
            return logPower < -700.0 ? 0.0 : larger * PortableMath.Exp(logPower);
        }

        var d = shape - 1.0 / 3.0;
        var c = 1.0 / Math.Sqrt(9.0 * d);
        while (true)
        {
            var x = NextNormal();
            var root = 1.0 + c * x;
            if (root <= 0)
            {
                continue;
            }

            var v = root * root * root;
            if (PortableMath.Log(1.0 - NextDouble()) < 0.5 * x * x + d - d * v + d * PortableMath.Log(v))
            {
                return d * v;
            }
        }
    }

    /// <summary>A Poisson number with this mean (at least 0, at most 1e15).</summary>
    public long NextPoisson(double mean)
    {
        Require.AtLeast(mean, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mean, 1e15);
        return mean < 10 ? PoissonByInversion(mean) : PoissonByRejection(mean);
    }

    /// <summary>Successes in n trials of probability p.</summary>
    public long NextBinomial(long n, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        Require.Probability(p);
        if (p > 0.5)
        {
            return n - NextBinomial(n, 1.0 - p);
        }

        if (n == 0 || p == 0)
        {
            return 0;
        }

        return n * p < 10 ? BinomialByInversion(n, p) : BinomialByRejection(n, p);
    }

    /// <summary>The state as a value, for loops that draw millions of numbers; hand it back with <see cref="Resume"/>.</summary>
    internal Xoshiro Detach() => _state;

    internal void Resume(Xoshiro state) => _state = state;

    /// <summary>Puts the items in a random order, all orders equally likely (Durstenfeld 1964).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    long PoissonByInversion(double mean)
    {
        var term = PortableMath.Exp(-mean);
        var u = NextDouble();
        var k = 0L;
        while (u >= term && k < 200)
        {
            u -= term;
            k++;
            term *= mean / k;
        }

        return k;
    }

    long PoissonByRejection(double mean)
    {
        var b = 0.931 + 2.53 * Math.Sqrt(mean);
        var a = -0.059 + 0.02483 * b;
        var inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        var vr = 0.9277 - 3.6224 / (b - 2.0);
        var logMean = PortableMath.Log(mean);
        while (true)
        {
            var u = NextDouble() - 0.5;
            var v = 1.0 - NextDouble();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((2.0 * a / us + b) * u + mean + 0.43);
            if (us >= 0.07 && v <= vr)
            {
                return (long)k;
            }

            if (k < 0 || (us < 0.013 && v > us))
            {
                continue;
            }

            if (PortableMath.Log(v * inverseAlpha / (a / (us * us) + b)) <= k * logMean - mean - PortableMath.LogFactorial(k))
            {
                return (long)k;
            }
        }
    }

    long BinomialByInversion(long n, double p)
    {
        var ratio = p / (1.0 - p);
        var none = PortableMath.Exp(n * LogOneMinus(p));
        while (true)
        {
            var term = none;
            var u = NextDouble();
            for (var k = 0L; k <= Math.Min(n, 200); k++)
            {
                if (u < term)
                {
                    return k;
                }

                u -= term;
                term *= ratio * (n - k) / (k + 1);
            }
        }
    }

    long BinomialByRejection(long n, double p)
    {
        var spread = Math.Sqrt(n * p * (1.0 - p));
        var b = 1.15 + 2.53 * spread;
        var a = -0.0873 + 0.0248 * b + 0.01 * p;
        var c = n * p + 0.5;
        var alpha = (2.83 + 5.1 / b) * spread;
        var vr = 0.92 - 4.2 / b;
        var mode = Math.Floor((n + 1) * p);
        var logOdds = PortableMath.Log(p / (1.0 - p));
        var height = PortableMath.LogFactorial(mode) + PortableMath.LogFactorial(n - mode);
        while (true)
        {
            var u = NextDouble() - 0.5;
            var v = 1.0 - NextDouble();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((2.0 * a / us + b) * u + c);
            if (us >= 0.07 && v <= vr)
            {
                return (long)k;
            }

            if (k < 0 || k > n)
            {
                continue;
            }

            var bound = height - PortableMath.LogFactorial(k) - PortableMath.LogFactorial(n - k) + (k - mode) * logOdds;
            if (PortableMath.Log(v * alpha / (a / (us * us) + b)) <= bound)
            {
                return (long)k;
            }
        }
    }

    // log(1 - p) by the series for small p, where 1 - p would lose its low bits.
    static double LogOneMinus(double p) =>
        p < 1e-4 ? -p * (1.0 + p * (0.5 + p * (1.0 / 3.0 + p * 0.25))) : PortableMath.Log(1.0 - p);

    static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
