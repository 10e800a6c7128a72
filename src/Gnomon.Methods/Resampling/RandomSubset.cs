using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Resampling;

/// <summary>A random subset of fixed size, as bits, and sums over it: without moving a value.</summary>
/// <remarks>
/// Every element enters by a coin of nearly the right bias, 64 coins to a few random words; then random members leave, or others enter, until the size is right. Given the number that
/// the coins chose, all subsets of that size are alike, and adding or removing at random keeps it so: every subset of the wanted size has the same chance.
/// </remarks>
internal sealed class RandomSubset
{
    const int CoinBits = 8;
    static readonly Vector256<double>[] Masks = [.. Enumerable.Range(0, 16).Select(bits => Vector256.Create(Lane(bits, 0), Lane(bits, 1), Lane(bits, 2), Lane(bits, 3)).AsDouble())];

    readonly ulong[] _words;
    readonly int _count;
    readonly int _size;
    readonly int _bias;

    /// <param name="count">Elements to choose from.</param>
    /// <param name="size">Elements chosen, 1 to count - 1.</param>
    public RandomSubset(int count, int size)
    {
        (_count, _size) = (count, size);
        _words = new ulong[(count + 63) / 64];
        _bias = Math.Clamp((int)Math.Round((double)size / count * (1 << CoinBits)), 1, (1 << CoinBits) - 1);
    }

    /// <summary>Whether an element was chosen.</summary>
    public bool this[int index] => (_words[index >> 6] & (1UL << index)) != 0;

    public void Draw(Rng rng)
    {
        var chosen = 0;
        for (var w = 0; w < _words.Length; w++)
        {
            var left = _count - 64 * w;
            _words[w] = Coins(rng) & (left >= 64 ? ulong.MaxValue : (1UL << left) - 1);
            chosen += BitOperations.PopCount(_words[w]);
        }

        for (var wanted = chosen < _size; chosen != _size;)
        {
            var index = rng.NextInt(_count);
            if (this[index] == wanted)
                continue;
            _words[index >> 6] ^= 1UL << index;
            chosen += wanted ? 1 : -1;
        }
    }

    /// <summary>Sum and sum of squares of the chosen elements, in four fixed lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Sum, double Squares) Sums(double[] values)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(values);
        var (sum, squares) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var whole = _count & ~3;
        for (var i = 0; i < whole; i += 4)
        {
            var mask = Masks[(int)(_words[i >> 6] >> (i & 63)) & 15];
            var value = Vector256.LoadUnsafe(ref first, (nuint)i) & mask;
            sum += value;
            squares += value * value;
        }

        var (total, totalSquares) = ((sum[0] + sum[1]) + (sum[2] + sum[3]), (squares[0] + squares[1]) + (squares[2] + squares[3]));
        for (var i = whole; i < _count; i++)
        {
            var value = this[i] ? values[i] : 0;
            total += value;
            totalSquares += value * value;
        }

        return (total, totalSquares);
    }

    // 64 coins with chance bias / 256: the binary digits of the bias, lowest first, choose between and and or.
    ulong Coins(Rng rng)
    {
        var digits = _bias >> BitOperations.TrailingZeroCount(_bias);
        var length = CoinBits - BitOperations.TrailingZeroCount(_bias);
        var coins = rng.NextUInt64();
        for (var digit = 1; digit < length; digit++)
            coins = (digits >> digit & 1) == 1 ? coins | rng.NextUInt64() : coins & rng.NextUInt64();
        return coins;
    }

    static long Lane(int bits, int lane) => (bits >> lane & 1) == 1 ? -1L : 0L;
}
