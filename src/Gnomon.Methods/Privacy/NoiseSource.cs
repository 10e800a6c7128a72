using System.Buffers.Binary;
using System.Security.Cryptography;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Privacy;

/// <summary>Where random bits of private releases come from.</summary>
public abstract class NoiseSource
{
    /// <summary>Bits of the operating system's cryptographic generator: the only source that protects anybody.</summary>
    public static NoiseSource Secure { get; } = new SecureBits();

    /// <summary>Bits that anybody can draw again who knows the seed: for tests and examples, never for a release.</summary>
    public static NoiseSource Seeded(ulong seed) => new SeededBits(seed);

    /// <summary>True when the bits cannot be guessed.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>Fills a span with random bits.</summary>
    public abstract void Fill(Span<byte> bytes);

    /// <summary>A whole number from 0 to <paramref name="below"/> - 1, each equally likely: numbers that would tilt the remainder are drawn again.</summary>
    internal UInt128 Below(UInt128 below)
    {
        var bits = 128 - (int)UInt128.LeadingZeroCount(below - 1);
        Span<byte> bytes = stackalloc byte[16];
        var mask = bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;
        while (true)
        {
            var used = bytes[..Math.Max(1, (bits + 7) / 8)];
            Fill(used);
            bytes[used.Length..].Clear();
            var drawn = new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes)) & mask;
            if (drawn < below)
                return drawn;
        }
    }

    sealed class SecureBits : NoiseSource
    {
        public override bool IsSecure => true;

        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }

    sealed class SeededBits(ulong seed) : NoiseSource
    {
        readonly Rng _rng = new Rng(seed).Stream("privacy-noise");

        public override bool IsSecure => false;

        public override void Fill(Span<byte> bytes)
        {
            Span<byte> word = stackalloc byte[8];
            for (var i = 0; i < bytes.Length; i += 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, _rng.NextUInt64());
                word[..Math.Min(8, bytes.Length - i)].CopyTo(bytes[i..]);
            }
        }
    }
}
