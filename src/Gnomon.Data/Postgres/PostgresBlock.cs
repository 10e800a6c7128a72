using System.Runtime.InteropServices;
using Gnomon.Core.Tables;
using Gnomon.Data.Servers;
using Npgsql;

namespace Gnomon.Data.Postgres;

/// <summary>Rows as they come from the server, in typed buffers.</summary>
internal sealed class PostgresBlock : Chunk
{
    /// <summary>Rows of one block, as many as the embedded engine gives at a time.</summary>
    public const int Capacity = 2048;

    private const int MostTexts = 65_536;

    private readonly IReadOnlyList<Field> _fields;
    private readonly Buffer[] _buffers;
    private int _rows;

    public PostgresBlock(IReadOnlyList<Field> fields)
    {
        _fields = fields;
        _buffers = [.. fields.Select(f => new Buffer(f))];
    }

    /// <summary>Whoever reads the block keeps no codes from one block to the next, so that the texts of a long answer need not all be held.</summary>
    public bool ForgetsTexts { get; init; }

    public override int Rows => _rows;

    public override int ColumnCount => _fields.Count;

    public bool IsFull => _rows == Capacity;

    public void Clear()
    {
        _rows = 0;
        foreach (var b in _buffers)
        {
            b.Clear();
            if (ForgetsTexts)
            {
                b.Forget();
            }
        }
    }

    public void Add(NpgsqlDataReader reader)
    {
        for (var c = 0; c < _buffers.Length; c++)
        {
            _buffers[c].Set(_rows, reader, c);
        }

        _rows++;
    }

    public override ReadOnlySpan<long> Integers(int column) => _buffers[column].Whole.AsSpan(0, _rows);

    public override ReadOnlySpan<double> Doubles(int column) => _buffers[column].AsReal(_rows);

    public override ReadOnlySpan<int> Codes(int column) => _buffers[column].Codes.AsSpan(0, _rows);

    public override ReadOnlySpan<ulong> Hashes(int column) => MemoryMarshal.Cast<long, ulong>(_buffers[column].Whole.AsSpan(0, _rows));

    public override IReadOnlyList<string> Dictionary(int column) => _buffers[column].Texts;

    public override ReadOnlySpan<ulong> Validity(int column) => _buffers[column].HasNulls ? _buffers[column].Valid.AsSpan(0, (_rows + 63) / 64) : [];

    private sealed class Buffer(Field field)
    {
        private readonly bool _isWhole = ServerTypes.TravelsAsWhole(field.Type);
        private readonly bool _isReal = ServerTypes.TravelsAsReal(field.Type);
        private readonly double[] _real = new double[Capacity];
        private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);

        public long[] Whole { get; } = new long[Capacity];

        public int[] Codes { get; } = new int[Capacity];

        public ulong[] Valid { get; } = new ulong[Capacity / 64];

        public List<string> Texts { get; } = [];

        public bool HasNulls { get; private set; }

        public void Forget()
        {
            if (Texts.Count > MostTexts)
            {
                Texts.Clear();
                _codeOf.Clear();
            }
        }

        public void Clear()
        {
            HasNulls = false;
            Array.Fill(Valid, ulong.MaxValue);
        }

        public void Set(int row, NpgsqlDataReader reader, int column)
        {
            if (row == 0)
            {
                Clear();
            }

            if (reader.IsDBNull(column))
            {
                SetNull(row);
            }
            else if (_isWhole)
            {
                Whole[row] = reader.GetInt64(column);
            }
            else if (_isReal && reader.GetDouble(column) is var value && double.IsFinite(value))
            {
                _real[row] = value;
            }
            else if (_isReal)
            {
                SetNull(row);
            }
            else
            {
                var text = reader.GetString(column);
                if (!_codeOf.TryGetValue(text, out var code))
                {
                    _codeOf.Add(text, code = Texts.Count);
                    Texts.Add(text);
                }

                Codes[row] = code;
            }
        }

        // NaN and infinity are no values, as in files.
        private void SetNull(int row)
        {
            HasNulls = true;
            Valid[row >> 6] &= ~(1UL << (row & 63));
            (Whole[row], _real[row], Codes[row]) = (0, 0, -1);
        }

        public ReadOnlySpan<double> AsReal(int rows)
        {
            if (_isWhole)
            {
                for (var i = 0; i < rows; i++)
                {
                    _real[i] = Whole[i];
                }
            }

            return _real.AsSpan(0, rows);
        }
    }
}
