using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>The decoded cells of one column of the current chunk.</summary>
internal sealed unsafe class ColumnBuffer(ColumnLayout layout)
{
    private readonly bool _needsFiniteCheck = layout.Id is TypeId.Float or TypeId.Double or TypeId.Date
        or TypeId.Timestamp or TypeId.TimestampZoned or TypeId.TimestampSeconds or TypeId.TimestampMilliseconds or TypeId.TimestampNanoseconds;

    private long[] _integers = [];
    private double[] _doubles = [];
    private int[] _codes = [];
    private ulong[] _hashes = [];
    private ulong[] _validity = [];
    private int _validityWords;
    private void* _data;
    private bool _hasIntegers;
    private bool _hasDoubles;
    private bool _hasCodes;
    private int[]? _enumCodes;

    public int Stamp { get; private set; }

    public TextDictionary Dictionary { get; } = new();

    /// <summary>Empty when no cell of this chunk is null; NaN, infinities and infinite dates count as null.</summary>
    public ReadOnlySpan<ulong> Validity => _validity.AsSpan(0, _validityWords);

    public void Move(int stamp, void* data, ulong* validity, int rows)
    {
        Stamp = stamp;
        _data = data;
        _hasIntegers = _hasDoubles = _hasCodes = false;
        _validityWords = 0;
        if (validity is not null)
        {
            CopyValidity(validity, rows);
        }

        if (_needsFiniteCheck)
        {
            DropInfinite(rows);
        }
    }

    public ReadOnlySpan<long> Integers(int rows)
    {
        if (!_hasIntegers)
        {
            Grow(ref _integers, rows);
            NumberConversion.ToIntegers(layout, _data, _integers.AsSpan(0, rows));
            ClearNulls(MemoryMarshal.AsBytes(_integers.AsSpan()), sizeof(long), rows);
            _hasIntegers = true;
        }

        return _integers.AsSpan(0, rows);
    }

    public ReadOnlySpan<double> Doubles(int rows)
    {
        if (layout.Id == TypeId.Double && _validityWords == 0)
        {
            return new ReadOnlySpan<double>(_data, rows);
        }

        if (!_hasDoubles)
        {
            Grow(ref _doubles, rows);
            NumberConversion.ToDoubles(layout, _data, _doubles.AsSpan(0, rows));
            ClearNulls(MemoryMarshal.AsBytes(_doubles.AsSpan()), sizeof(double), rows);
            _hasDoubles = true;
        }

        return _doubles.AsSpan(0, rows);
    }

    public ReadOnlySpan<int> Codes(int rows)
    {
        if (!_hasCodes)
        {
            Grow(ref _codes, rows);
            if (layout.Id == TypeId.Enum)
            {
                EnumCodes(rows);
            }
            else if (layout.Id == TypeId.Varchar)
            {
                TextCodes(rows);
            }
            else
            {
                throw NumberConversion.Unreadable(layout, "text");
            }

            _hasCodes = true;
        }

        return _codes.AsSpan(0, rows);
    }

    public ReadOnlySpan<ulong> Hashes(int rows)
    {
        if (layout.Id != TypeId.UBigInt)
        {
            throw NumberConversion.Unreadable(layout, "hashes");
        }

        Grow(ref _hashes, rows);
        new ReadOnlySpan<ulong>(_data, rows).CopyTo(_hashes);
        ClearNulls(MemoryMarshal.AsBytes(_hashes.AsSpan()), sizeof(ulong), rows);
        return _hashes.AsSpan(0, rows);
    }

    public ReadOnlySpan<byte> Utf8(int row)
    {
        // Up to twelve bytes stand in the cell itself, behind their number.
        const int inline = 12;
        var cell = (byte*)_data + (row * 16L);
        var length = *(int*)cell;
        return new ReadOnlySpan<byte>(length <= inline ? cell + 4 : *(byte**)(cell + 8), length);
    }

    public bool TryNarrow(Span<long> target)
    {
        if (_validityWords > 0)
        {
            // The cells below null bits hold anything; narrow only what is there.
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = 0;
                if (IsValid(i) && !NumberConversion.TryNarrow(layout, Cell(i), target.Slice(i, 1)))
                {
                    return false;
                }
            }

            return true;
        }

        return NumberConversion.TryNarrow(layout, _data, target);
    }

    private byte* Cell(int row) => (byte*)_data + ((long)row * (layout.Id == TypeId.UBigInt ? 8 : 16));

    private void TextCodes(int rows)
    {
        var cells = (ulong*)_data;
        for (var i = 0; i < rows; i++, cells += 2)
        {
            if (!IsValid(i))
            {
                _codes[i] = -1;
                continue;
            }

            var length = (uint)cells[0];
            _codes[i] = length <= 12
                ? Dictionary.CodeOfInline(cells[0], cells[1])
                : Dictionary.CodeOfLong(cells[0], new ReadOnlySpan<byte>((void*)cells[1], (int)length));
        }
    }

    private void EnumCodes(int rows)
    {
        _enumCodes ??= Enumerable.Repeat(-1, layout.EnumTexts!.Count).ToArray();
        for (var i = 0; i < rows; i++)
        {
            if (!IsValid(i))
            {
                _codes[i] = -1;
                continue;
            }

            var index = layout.Storage switch
            {
                TypeId.UTinyInt => ((byte*)_data)[i],
                TypeId.USmallInt => ((ushort*)_data)[i],
                _ => ((uint*)_data)[i],
            };
            ref var code = ref _enumCodes[index];
            _codes[i] = code >= 0 ? code : code = Dictionary.CodeOf(layout.EnumTexts![(int)index]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsValid(int row) => _validityWords == 0 || (_validity[row >> 6] & (1UL << (row & 63))) != 0;

    private void CopyValidity(ulong* validity, int rows)
    {
        var words = (rows + 63) >> 6;
        Grow(ref _validity, words);
        var nulls = 0;
        for (var w = 0; w < words; w++)
        {
            var used = w == words - 1 && (rows & 63) != 0 ? (1UL << (rows & 63)) - 1 : ulong.MaxValue;
            _validity[w] = validity[w] & used;
            nulls += BitOperations.PopCount(~validity[w] & used);
        }

        _validityWords = nulls == 0 ? 0 : words;
    }

    private void DropInfinite(int rows)
    {
        switch (layout.Id)
        {
            case TypeId.Double when AreFinite(new ReadOnlySpan<double>(_data, rows)):
                break;
            case TypeId.Double:
                for (var i = 0; i < rows; i++)
                {
                    if (!double.IsFinite(((double*)_data)[i]))
                    {
                        Drop(i, rows);
                    }
                }

                break;
            case TypeId.Float:
                for (var i = 0; i < rows; i++)
                {
                    if (!float.IsFinite(((float*)_data)[i]))
                    {
                        Drop(i, rows);
                    }
                }

                break;
            case TypeId.Date:
                for (var i = 0; i < rows; i++)
                {
                    if (((int*)_data)[i] is int.MaxValue or -int.MaxValue)
                    {
                        Drop(i, rows);
                    }
                }

                break;
            default:
                for (var i = 0; i < rows; i++)
                {
                    if (((long*)_data)[i] is long.MaxValue or -long.MaxValue)
                    {
                        Drop(i, rows);
                    }
                }

                break;
        }
    }

    // A finite number times zero is zero; NaN and infinities stay NaN in the sum. Two sums, so that one addition need not wait for the last.
    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        var vectors = MemoryMarshal.Cast<double, Vector512<double>>(values);
        var (even, odd) = (Vector512<double>.Zero, Vector512<double>.Zero);
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2)
        {
            even += vectors[i] * Vector512<double>.Zero;
            odd += vectors[i + 1] * Vector512<double>.Zero;
        }

        var rest = 0.0;
        foreach (var x in values[(8 * i)..])
        {
            rest += x * 0.0;
        }

        return Vector512.Sum(even + odd) + rest == 0.0;
    }

    private void Drop(int row, int rows)
    {
        MakeValidity(rows);
        _validity[row >> 6] &= ~(1UL << (row & 63));
    }

    private void MakeValidity(int rows)
    {
        if (_validityWords > 0)
        {
            return;
        }

        _validityWords = (rows + 63) >> 6;
        Grow(ref _validity, _validityWords);
        _validity.AsSpan(0, _validityWords).Fill(ulong.MaxValue);
        if ((rows & 63) != 0)
        {
            _validity[_validityWords - 1] = (1UL << (rows & 63)) - 1;
        }
    }

    private void ClearNulls(Span<byte> cells, int size, int rows)
    {
        for (var w = 0; w < _validityWords; w++)
        {
            var missing = ~_validity[w];
            while (missing != 0)
            {
                var row = (w << 6) + BitOperations.TrailingZeroCount(missing);
                if (row >= rows)
                {
                    break;
                }

                cells.Slice(row * size, size).Clear();
                missing &= missing - 1;
            }
        }
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2048)];
        }
    }
}
