using System.Runtime.CompilerServices;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Rows of a streamed file, as many in each chunk as the engine would give, whatever blocks they came from.</summary>
internal sealed class StreamedChunk : Chunk
{
    /// <summary>The engine's vector size: sums over chunks have the same bits on both ways.</summary>
    public const int Capacity = 2048;

    private readonly ChunkColumn[] _columns;
    private int _rows;

    public StreamedChunk(IReadOnlyList<LanePlan> plans) => _columns = [.. plans.Select(p => new ChunkColumn(p))];

    public override int Rows => _rows;

    public override int ColumnCount => _columns.Length;

    public bool IsFull => _rows == Capacity;

    /// <summary>Takes rows of a block from <paramref name="from"/> on, as many as fit; returns how many.</summary>
    public int Add(ParsedBlock block, int from)
    {
        var count = Math.Min(Capacity - _rows, block.Rows - from);
        for (var c = 0; c < _columns.Length; c++)
        {
            _columns[c].Add(block.Lanes[c], block.Raw, from, _rows, count);
        }

        _rows += count;
        return count;
    }

    public void Clear()
    {
        _rows = 0;
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }

    public override ReadOnlySpan<long> Integers(int column) => _columns[column].Whole[.._rows];

    public override ReadOnlySpan<double> Doubles(int column) => _columns[column].Real(_rows);

    public override ReadOnlySpan<int> Codes(int column) => _columns[column].Codes[.._rows];

    public override ReadOnlySpan<ulong> Hashes(int column) => _columns[column].Hashes[.._rows];

    public override IReadOnlyList<string> Dictionary(int column) => _columns[column].Texts;

    public override ReadOnlySpan<ulong> Validity(int column) => _columns[column].Validity(_rows);

    private sealed class ChunkColumn(LanePlan plan)
    {
        private readonly long[]? _whole = plan.Kind is LaneKind.Real or LaneKind.Text or LaneKind.Hash or LaneKind.IsText ? null : new long[Capacity];
        private readonly double[]? _real = plan.Kind is LaneKind.Text || IsMoment(plan) ? null : new double[Capacity];
        private readonly int[]? _codes = plan.Kind == LaneKind.Text ? new int[Capacity] : null;
        private readonly ulong[]? _hashes = plan.Kind == LaneKind.Hash ? new ulong[Capacity] : null;
        private readonly ulong[] _validity = new ulong[Capacity / 64];
        private int _nulls;

        public TextDictionary Texts { get; } = new();

        public ReadOnlySpan<long> Whole => plan.Kind == LaneKind.WholeAsReal ? throw Unreadable("integers") : _whole ?? throw Unreadable("integers");

        public ReadOnlySpan<int> Codes => _codes ?? throw Unreadable("text");

        public ReadOnlySpan<ulong> Hashes => _hashes ?? throw Unreadable("hashes");

        public ReadOnlySpan<double> Real(int rows)
        {
            var target = (_real ?? throw Unreadable("numbers")).AsSpan(0, rows);
            for (var i = 0; _whole is not null && i < rows; i++)
            {
                target[i] = _whole[i];
            }

            for (var i = 0; _hashes is not null && i < rows; i++)
            {
                target[i] = _hashes[i];
            }

            return target;
        }

        public ReadOnlySpan<ulong> Validity(int rows)
        {
            if (_nulls == 0)
            {
                return [];
            }

            var words = (rows + 63) >> 6;
            if ((rows & 63) != 0)
            {
                _validity[words - 1] &= (1UL << (rows & 63)) - 1;
            }

            return _validity.AsSpan(0, words);
        }

        public void Clear()
        {
            _nulls = 0;
            _validity.AsSpan().Fill(ulong.MaxValue);
        }

        public void Add(Lane lane, RawBlock raw, int from, int to, int count)
        {
            if (_codes is not null)
            {
                AddCodes(lane, raw, from, to, count);
            }
            else if (_hashes is not null)
            {
                lane.Hashes.AsSpan(from, count).CopyTo(_hashes.AsSpan(to));
            }
            else if (_whole is not null)
            {
                lane.Whole.AsSpan(from, count).CopyTo(_whole.AsSpan(to));
            }
            else
            {
                lane.Real.AsSpan(from, count).CopyTo(_real.AsSpan(to));
            }

            if (lane.Validity.Nulls > 0)
            {
                AddNulls(lane.Validity, from, to, count);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddCodes(Lane lane, RawBlock raw, int from, int to, int count)
        {
            var source = lane.Codes.AsSpan(from, count);
            var target = _codes.AsSpan(to, count);
            var remap = lane.Remap;
            for (var i = 0; i < source.Length; i++)
            {
                var local = source[i];
                if (local < 0)
                {
                    target[i] = -1;
                    continue;
                }

                var code = remap[local];
                target[i] = code >= 0 ? code : remap[local] = lane.Texts.CodeIn(Texts, local, raw.Text);
            }
        }

        private void AddNulls(ValidityBits source, int from, int to, int count)
        {
            for (var done = 0; done < count; done += 64)
            {
                var used = count - done < 64 ? (1UL << (count - done)) - 1 : ulong.MaxValue;
                var missing = ~source.Word(from + done) & used;
                if (missing == 0)
                {
                    continue;
                }

                var (word, shift) = ((to + done) >> 6, (to + done) & 63);
                _nulls += System.Numerics.BitOperations.PopCount(missing);
                _validity[word] &= ~(missing << shift);
                if (shift > 0 && word + 1 < _validity.Length)
                {
                    _validity[word + 1] &= ~(missing >> (64 - shift));
                }
            }
        }

        /// <summary>The engine's instants are not numbers.</summary>
        private static bool IsMoment(LanePlan plan) => plan is { As: ReadAs.LocalTimestamp, Kind: LaneKind.Whole };

        private InvalidOperationException Unreadable(string what) => new($"A column made as {plan.Kind} cannot be read as {what}.");
    }
}
