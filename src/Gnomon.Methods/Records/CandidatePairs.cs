using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Records;

/// <summary>Pairs of rows that share something, each once: what is worth comparing of n (n - 1) / 2.</summary>
/// <remarks>
/// Sources: Christen 2012, Data Matching, chapter 4, for blocking by values and phonetic codes and for sorted neighbourhoods (Hernandez and Stolfo 1995); Broder 1997 for signatures
/// of q-grams. Rows of a block are compared with all others of it; blocks beyond <see cref="LargestBlock"/> rows are left to the finer keys.
/// </remarks>
public static class CandidatePairs
{
    /// <summary>Rows of the largest block that is compared in full.</summary>
    public const int LargestBlock = 50;

    const int Window = 4;
    const int MostFields = 5;
    const int Bands = 6;
    const int RowsInBand = 4;

    /// <param name="fields">At least one column; all of one length.</param>
    /// <returns>Pairs (smaller row times 2^32 plus larger row), ascending.</returns>
    public static ulong[] Find(IReadOnlyList<RecordField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfZero(fields.Count, nameof(fields));
        var pairs = new List<ulong>();
        var n = fields[0].Rows;
        // The columns that tell most rows apart lead.
        var order = new RecordField[fields.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = fields[i];
        Array.Sort(order, static (a, b) => a.PairsAlike.CompareTo(b.PairsAlike) is not 0 and var c ? c : string.CompareOrdinal(a.Name, b.Name));
        var keys = new ulong[n];
        var rows = new int[n];
        foreach (var field in order)
        {
            for (var i = 0; i < n; i++)
                keys[i] = field.Codes[i] < 0 ? 0 : Mix((ulong)field.Codes[i] + 1);
            Block(keys, rows, pairs);
        }
        var leading = order.AsSpan(0, Math.Min(MostFields, order.Length)).ToArray();
        var sounds = Array.ConvertAll(leading, Sounds);
        for (var a = 0; a < leading.Length; a++)
        {
            for (var b = 0; b < a; b++)
            {
                Pairwise(leading[a], sounds[a], leading[b], sounds[b], keys);
                Block(keys, rows, pairs);
            }
        }
        foreach (var field in leading)
            Neighbours(field, rows, pairs);
        Signatures(order, n, keys, rows, pairs);
        pairs.Sort();
        return Distinct(pairs);
    }

    // Sound of words, first four signs of codes.
    static ulong[] Sounds(RecordField field)
    {
        var sounds = new ulong[field.Distinct];
        for (var i = 0; i < sounds.Length; i++)
        {
            var value = field.Value(i);
            var sound = field.IsCode ? value[..Math.Min(4, value.Length)] : StringSimilarity.Soundex(value);
            sounds[i] = Hash(sound.Length == 0 ? value : sound);
        }
        return sounds;
    }

    static void Pairwise(RecordField a, ulong[] soundA, RecordField b, ulong[] soundB, ulong[] keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            int x = a.Codes[i], y = b.Codes[i];
            keys[i] = x < 0 || y < 0 ? 0 : Mix(soundA[x] + 3 * soundB[y]) | 1;
        }
    }

    // Key 0: the row has none.
    static void Block(ulong[] keys, int[] rows, List<ulong> pairs)
    {
        for (var i = 0; i < rows.Length; i++)
            rows[i] = i;
        var sorted = (ulong[])keys.Clone();
        Array.Sort(sorted, rows);
        for (var start = 0; start < sorted.Length;)
        {
            var end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            if (sorted[start] != 0 && end - start is > 1 and <= LargestBlock)
            {
                for (var i = start; i < end; i++)
                    for (var j = i + 1; j < end; j++)
                        Add(pairs, rows[i], rows[j]);
            }
            start = end;
        }
    }

    // Rows next to each other in the order of one column, for slips in its later letters; rows of one text follow each other in file order and were blocked already.
    static void Neighbours(RecordField field, int[] rows, List<ulong> pairs)
    {
        var codes = new int[field.Distinct];
        var values = new string[field.Distinct];
        for (var i = 0; i < codes.Length; i++)
            (codes[i], values[i]) = (i, field.Value(i));
        Array.Sort(values, codes, StringComparer.Ordinal);
        var first = new int[field.Distinct];
        Array.Fill(first, -1);
        var next = new int[rows.Length];
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            var code = field.Codes[i];
            if (code >= 0)
                (next[i], first[code]) = (first[code], i);
        }
        for (var at = 0; at < codes.Length; at++)
        {
            for (var step = 1; step <= Window && at + step < codes.Length; step++)
            {
                if (field.Count(codes[at]) * (long)field.Count(codes[at + step]) > LargestBlock)
                    continue;
                for (var i = first[codes[at]]; i >= 0; i = next[i])
                    for (var j = first[codes[at + step]]; j >= 0; j = next[j])
                        Add(pairs, i, j);
            }
        }
    }

    // Rows whose sets of 3-letter pieces over all columns have the same smallest hashes: alike as a whole, wherever the slips are.
    static void Signatures(RecordField[] fields, int n, ulong[] keys, int[] rows, List<ulong> pairs)
    {
        const int Size = Bands * RowsInBand;
        var seeds = new ulong[Size];
        var rng = new Rng(20_261).Stream("q-grams");
        for (var s = 0; s < Size; s++)
            seeds[s] = rng.NextUInt64();
        var parts = new uint[fields.Length][];
        for (var f = 0; f < fields.Length; f++)
            parts[f] = PieceHashes(fields[f], seeds);
        var band = new uint[Size];
        var bandKeys = new ulong[Bands][];
        for (var b = 0; b < Bands; b++)
            bandKeys[b] = new ulong[n];
        for (var i = 0; i < n; i++)
        {
            Array.Fill(band, uint.MaxValue);
            for (var f = 0; f < fields.Length; f++)
            {
                var code = fields[f].Codes[i];
                if (code < 0)
                    continue;
                var own = parts[f].AsSpan(code * Size, Size);
                for (var s = 0; s < Size; s++)
                    band[s] = Math.Min(band[s], own[s]);
            }
            for (var b = 0; b < Bands; b++)
            {
                var key = 0UL;
                for (var r = 0; r < RowsInBand; r++)
                    key = Mix(key + band[b * RowsInBand + r] + 1);
                bandKeys[b][i] = key | 1;
            }
        }
        for (var b = 0; b < Bands; b++)
        {
            bandKeys[b].CopyTo(keys, 0);
            Block(keys, rows, pairs);
        }
    }

    // Smallest hash over the pieces of each distinct text, for every seed.
    static uint[] PieceHashes(RecordField field, ulong[] seeds)
    {
        var smallest = new uint[field.Distinct * seeds.Length];
        Array.Fill(smallest, uint.MaxValue);
        for (var v = 0; v < field.Distinct; v++)
        {
            var text = field.Value(v);
            var into = smallest.AsSpan(v * seeds.Length, seeds.Length);
            for (var i = 0; i < Math.Max(1, text.Length - 2); i++)
            {
                var piece = Hash(text.AsSpan(i, Math.Min(3, text.Length - i)));
                for (var s = 0; s < into.Length; s++)
                    into[s] = Math.Min(into[s], (uint)(Mix(piece ^ seeds[s]) >> 32));
            }
        }
        return smallest;
    }

    static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1_099_511_628_211UL;
        return Mix(hash);
    }

    static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDUL;
        x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return x ^ (x >> 33);
    }

    static void Add(List<ulong> pairs, int a, int b) => pairs.Add(a < b ? ((ulong)(uint)a << 32) | (uint)b : ((ulong)(uint)b << 32) | (uint)a);

    static ulong[] Distinct(List<ulong> sorted)
    {
        var distinct = new List<ulong>(sorted.Count);
        foreach (var pair in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != pair)
                distinct.Add(pair);
        }
        return [.. distinct];
    }
}
