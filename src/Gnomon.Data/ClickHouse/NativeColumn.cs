using System.Text;
using Gnomon.Core.Tables;

namespace Gnomon.Data.ClickHouse;

/// <summary>One column of an answer: read block by block, shown in windows of rows.</summary>
internal sealed class NativeColumn
{
    // Distinct texts of a scan keep their codes; the letters of a short text need no copy to be looked up.
    private const int ShortText = 256;
    private const int MostTexts = 65_536;

    // The server's own number for a type that it does not know.
    private const int UnknownType = 50;

    private readonly string _bare;
    private readonly bool _isNullable;
    private readonly (int Width, bool IsSigned) _whole;
    private readonly int _realWidth;
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _texts = [];
    private long[] _integers = [];
    private double[] _doubles = [];
    private int[] _codes = [];
    private ulong[] _valid = [];
    private byte[] _nulls = [];
    private byte[] _scratch = [];
    private char[] _letters = new char[ShortText];
    private bool _hasNulls;
    private bool _isConverted;

    /// <param name="name">What the question called it.</param>
    /// <param name="native">The server's type.</param>
    /// <param name="known">Our type, where the question tells it.</param>
    public NativeColumn(string name, string native, ColumnType? known)
    {
        _isNullable = native.StartsWith("Nullable(", StringComparison.Ordinal);
        _bare = _isNullable ? native["Nullable(".Length..^1] : native;
        (_whole, _realWidth) = _bare switch
        {
            "UInt8" or "Bool" => ((1, false), 0),
            "Int8" => ((1, true), 0),
            "UInt16" => ((2, false), 0),
            "Int16" => ((2, true), 0),
            "UInt32" => ((4, false), 0),
            "Int32" => ((4, true), 0),
            "UInt64" or "Int64" => ((8, true), 0),
            "Float32" => ((0, false), 4),
            "Float64" => ((0, false), 8),
            "String" => ((0, false), 0),
            "Nothing" => ((1, false), 0),
            _ => throw new ClickHouseException(UnknownType, $"it sent a column of type {native}, which was not asked for"),
        };
        Field = new Field(name, TypeOf(known), native);
        _lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public Field Field { get; }

    public IReadOnlyList<string> Dictionary => _texts;

    private bool IsWhole => _whole.Width > 0;

    private bool IsReal => _realWidth > 0;

    /// <summary>Drops the texts of earlier blocks where they have become many.</summary>
    public void Forget()
    {
        if (_texts.Count > MostTexts)
        {
            _texts.Clear();
            _codeOf.Clear();
        }
    }

    public void Read(NativeStream stream, int rows)
    {
        (_hasNulls, _isConverted) = (false, false);
        if (_isNullable)
        {
            Grow(ref _nulls, rows);
            stream.Exactly(_nulls.AsSpan(0, rows));
        }

        if (IsWhole)
        {
            Grow(ref _integers, rows);
            stream.Whole(_integers.AsSpan(0, rows), _whole.Width, _whole.IsSigned, ref _scratch);
        }
        else if (IsReal)
        {
            Grow(ref _doubles, rows);
            stream.Real(_doubles.AsSpan(0, rows), _realWidth, ref _scratch);
        }
        else
        {
            Grow(ref _codes, rows);
            for (var i = 0; i < rows; i++)
            {
                var bytes = stream.Text(ref _scratch);
                _codes[i] = _isNullable && _nulls[i] != 0 ? -1 : Code(bytes);
            }
        }

        Mark(rows);
    }

    public ReadOnlySpan<long> Integers(int first, int count) => _integers.AsSpan(first, count);

    public ReadOnlySpan<double> Doubles(int first, int count)
    {
        if (IsWhole && !_isConverted)
        {
            Grow(ref _doubles, _integers.Length);
            for (var i = 0; i < _integers.Length; i++)
            {
                _doubles[i] = _integers[i];
            }

            _isConverted = true;
        }

        return _doubles.AsSpan(first, count);
    }

    public ReadOnlySpan<int> Codes(int first, int count) => _codes.AsSpan(first, count);

    /// <param name="first">A multiple of 64.</param>
    /// <param name="count">Rows.</param>
    public ReadOnlySpan<ulong> Validity(int first, int count) => _hasNulls ? _valid.AsSpan(first >> 6, (count + 63) >> 6) : [];

    private ColumnType TypeOf(ColumnType? known) => (IsWhole, IsReal, known) switch
    {
        (true, _, ColumnType.Boolean or ColumnType.Date or ColumnType.Timestamp) => known.Value,
        (true, _, _) => _bare == "Nothing" ? ColumnType.Text : ColumnType.Integer,
        (_, true, ColumnType.Decimal) => ColumnType.Decimal,
        (_, true, _) => ColumnType.Double,
        (_, _, ColumnType.Category or ColumnType.Nested) => known.Value,
        _ => ColumnType.Text,
    };

    // NaN and infinity are no values, as in files.
    private void Mark(int rows)
    {
        Grow(ref _valid, (rows + 63) >> 6);
        Array.Fill(_valid, ulong.MaxValue);
        for (var i = 0; i < rows; i++)
        {
            if ((_isNullable && _nulls[i] != 0) || (IsReal && !double.IsFinite(_doubles[i])))
            {
                _hasNulls = true;
                _valid[i >> 6] &= ~(1UL << (i & 63));
                if (IsWhole)
                {
                    _integers[i] = 0;
                }
                else if (IsReal)
                {
                    _doubles[i] = 0;
                }
            }
        }

        if (_bare == "Nothing")
        {
            Grow(ref _codes, rows);
            Array.Fill(_codes, -1);
        }
    }

    private int Code(ReadOnlySpan<byte> bytes)
    {
        if (_letters.Length < bytes.Length)
        {
            _letters = new char[Math.Max(bytes.Length, 2 * _letters.Length)];
        }

        // Bytes that are no UTF-8 become the replacement character.
        var letters = _letters.AsSpan(0, Encoding.UTF8.GetChars(bytes, _letters));
        if (!_lookup.TryGetValue(letters, out var code))
        {
            var text = letters.ToString();
            _codeOf.Add(text, code = _texts.Count);
            _texts.Add(text);
        }

        return code;
    }

    private static void Grow<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            array = new T[count];
        }
    }
}
