using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Numerics.Random;

/// <summary>State and step of xoshiro256**, as a value that hot loops keep in registers.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Xoshiro(ulong s0, ulong s1, ulong s2, ulong s3)
{
    ulong _s0 = s0;
    ulong _s1 = s1;
    ulong _s2 = s2;
    ulong _s3 = s3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }
}
