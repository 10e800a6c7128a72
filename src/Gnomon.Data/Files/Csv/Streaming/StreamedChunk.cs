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
        private readonly ulong[] _validity = new ulong[Capacity / 64];
        private TextDictionary? _texts;
        private long[] _whole = [];
        private double[] _real = [];
        private int[] _codes = [];
        private ulong[] _hashes = [];
        private int _nulls;

        public TextDictionary Texts => _texts ??= new();

        public ReadOnlySpan<long> Whole => plan.Kind != LaneKind.WholeAsReal && IsWhole ? _whole : throw Unreadable("integers");

        public ReadOnlySpan<int> Codes => plan.Kind == LaneKind.Text ? _codes : throw Unreadable("text");

        public ReadOnlySpan<ulong> Hashes => plan.Kind == LaneKind.Hash ? _hashes : throw Unreadable("hashes");

        private bool IsWhole => plan.Kind is not (LaneKind.Real or LaneKind.Text or LaneKind.Hash or LaneKind.IsText);

        public ReadOnlySpan<double> Real(int rows)
        {
            // The engine's instants are no more numbers than its texts are.
            if (plan is { Kind: LaneKind.Text } or { As: ReadAs.LocalTimestamp, Kind: LaneKind.Whole })
            {
                throw Unreadable("numbers");
            }

            if (plan.Kind is LaneKind.Real or LaneKind.IsText)
            {
                return _real.AsSpan(0, rows);
            }

            Grow(ref _real, rows);
            for (var i = 0; i < rows; i++)
            {
                _real[i] = plan.Kind == LaneKind.Hash ? _hashes[i] : _whole[i];
            }

            return _real.AsSpan(0, rows);
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
            if (plan.Kind == LaneKind.Text)
            {
                Grow(ref _codes, to + count);
                AddCodes(lane, raw, from, to, count);
            }
            else if (plan.Kind == LaneKind.Hash)
            {
                Copy(lane.Hashes, ref _hashes, from, to, count);
            }
            else if (IsWhole)
            {
                Copy(lane.Whole, ref _whole, from, to, count);
            }
            else
            {
                Copy(lane.Real, ref _real, from, to, count);
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
            var (all, texts) = (Texts, lane.Texts);
            for (var i = 0; i < source.Length; i++)
            {
                var local = source[i];
                if (local < 0)
                {
                    target[i] = -1;
                    continue;
                }

                var code = remap[local];
                target[i] = code >= 0 ? code : remap[local] = texts.CodeIn(all, local, raw.Text);
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

        private static void Copy<T>(T[] source, ref T[] target, int from, int to, int count)
        {
            Grow(ref target, to + count);
            source.AsSpan(from, count).CopyTo(target.AsSpan(to));
        }

        /// <summary>A table of thousands of columns has few rows in a block: buffers grow as they are filled.</summary>
        private static void Grow<T>(ref T[] buffer, int rows)
        {
            if (buffer.Length < rows)
            {
                Array.Resize(ref buffer, Math.Min(Capacity, Math.Max(rows, buffer.Length * 2)));
            }
        }

        private InvalidOperationException Unreadable(string what) => new($"A column made as {plan.Kind} cannot be read as {what}.");
    }
}
