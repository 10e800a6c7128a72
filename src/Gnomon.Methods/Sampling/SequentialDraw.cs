using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Sampling;

/// <summary>Draws a simple random sample of stated size while rows of a stated number stream by: every set of that size is equally likely.</summary>
/// <remarks>Source: Fan, Muller and Rezucha 1962; Knuth, The Art of Computer Programming 2, algorithm S. One number per row, no memory.</remarks>
public sealed class SequentialDraw
{
    readonly Rng _rng;
    long _left;
    long _wanted;

    /// <param name="size">Rows that will stream by.</param>
    /// <param name="wanted">Rows to draw, at most <paramref name="size"/>.</param>
    /// <param name="rng">Random numbers of this draw alone.</param>
    public SequentialDraw(long size, long wanted, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, size);
        (_left, _wanted, _rng) = (size, wanted, rng);
    }

    /// <summary>Whether the next row is drawn.</summary>
    public bool Take()
    {
        if (_left <= 0)
            throw new InvalidOperationException("More rows came than were announced.");
        var taken = _rng.NextDouble() * _left < _wanted;
        _left--;
        if (taken)
            _wanted--;
        return taken;
    }
}
