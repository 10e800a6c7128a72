using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>
/// The one pass over all rows. Chunks are copied into blocks; a batch of blocks is tallied on a second thread while the next is read. Columns are tallied in block order,
/// so the result does not depend on threads. Text columns that outgrow a dictionary end the pass early; it starts again with these columns as hashes.
/// </summary>
internal sealed class ProfileScan
{
    public const int SampleRows = 20_000;
    private const int MostTexts = 200_000;
    private const int ManyTexts = 50_000;
    private const long MostTextCharacters = 64L << 20;
    private const int HeadTexts = 5_000;
    private const int ValuesPerColumn = 65_536;
    private const int ValuesInAll = 4_000_000;
    private const int RowHashesKept = 524_288;
    private const int CellsPerBatch = 1 << 18;

    private readonly IReadOnlyList<Field> _fields;
    private readonly IReadOnlyList<EventPair> _pairs;
    private readonly IReadOnlyList<int> _key;
    private readonly StudyContext _context;
    private readonly Dictionary<string, IReadOnlyList<string>> _heads = new(StringComparer.Ordinal);

    /// <param name="fields">Columns to read.</param>
    /// <param name="key">Indices of the declared key's columns.</param>
    /// <param name="pairs">Columns that should not lie before one another.</param>
    /// <param name="context">Data, threads, cancellation.</param>
    public ProfileScan(IReadOnlyList<Field> fields, IReadOnlyList<int> key, IReadOnlyList<EventPair> pairs, StudyContext context) =>
        (_fields, _key, _pairs, _context) = (fields, key, pairs, context);

    /// <summary>Rows of the sample at least, where the table has as many.</summary>
    public int KeptRows { get; init; } = SampleRows;

    public ScanResult Run()
    {
        var hashed = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var pass = new Pass(this, hashed);
            if (pass.Run() is { } result)
            {
                return result;
            }
        }
    }

    private List<ColumnPlan> Plan(HashSet<string> hashed)
    {
        var slot = 0;
        var plans = new List<ColumnPlan>(_fields.Count);
        foreach (var field in _fields)
        {
            var plan = new ColumnPlan(field, ColumnPlan.Of(field, hashed.Contains(field.Name)), slot);
            slot += plan.Reading is Reading.WideNumber or Reading.HashedText ? 2 : 1;
            plans.Add(plan);
        }

        return plans;
    }

    /// <summary>One attempt at the pass.</summary>
    private sealed class Pass
    {
        private readonly ProfileScan _scan;
        private readonly HashSet<string> _hashed;
        private readonly List<ColumnPlan> _plans;
        private readonly ColumnTally[] _tallies;
        private readonly RowSample _sample;
        private readonly ValueTable _rowHashes = new(RowHashesKept);
        private readonly ValueTable? _keyHashes;
        private readonly PairCounter[] _pairs;
        private readonly int _blocksPerBatch;
        private List<Block> _filling = [];
        private List<Block> _spare = [];
        private int _filled;
        private Task _working = Task.CompletedTask;
        private ulong[] _hashes = [];
        private ulong[] _scratch = [];
        private IReadOnlyList<string>[]? _dictionaries;
        private long _rows;
        private long _keyNulls;

        public Pass(ProfileScan scan, HashSet<string> hashed)
        {
            _scan = scan;
            _hashed = hashed;
            _plans = scan.Plan(hashed);
            var capacity = Math.Clamp(ValuesInAll / Math.Max(1, _plans.Count), 1_024, ValuesPerColumn);
            _tallies = [.. _plans.Select((p, i) => Tally(p, i, capacity))];
            _sample = new RowSample(_plans, scan.KeptRows);
            _keyHashes = scan._key.Count > 0 ? new ValueTable(RowHashesKept) : null;
            _pairs = [.. scan._pairs.Select(p => new PairCounter(p))];
            _blocksPerBatch = Math.Clamp(CellsPerBatch / (2_048 * Math.Max(1, _plans.Count)), 1, 16);
        }

        /// <returns>Null when text columns must be hashed first.</returns>
        public ScanResult? Run()
        {
            var query = new Query { Select = [.. _plans.SelectMany(p => p.Projections())] };
            var progress = _scan._context.Progress is { } report ? new Share(report) : null;
            var complete = true;
            try
            {
                _scan._context.RequireData().Scan(query, chunk => complete = Take(chunk), _scan._context.Cancellation, progress);
            }
            finally
            {
                _working.GetAwaiter().GetResult();
            }

            if (!complete)
            {
                return null;
            }

            Work(_filling, _filled);
            return Finish();
        }

        private static ColumnTally Tally(ColumnPlan plan, int index, int capacity) => plan.Reading switch
        {
            Reading.Text => new TextTally(plan, index),
            Reading.HashedText => new HashedTextTally(plan, index, capacity),
            _ => new NumberTally(plan, index, capacity),
        };

        private bool Take(Chunk chunk)
        {
            if (_filled == _filling.Count)
            {
                _filling.Add(new Block(_plans.Count));
            }

            _filling[_filled++].Fill(chunk, _rows, _plans);
            _rows += chunk.Rows;
            _dictionaries ??= [.. _plans.Select(p => p.Reading == Reading.Text ? chunk.Dictionary(p.Slot) : [])];
            if (Overflows())
            {
                return false;
            }

            if (_filled == _blocksPerBatch)
            {
                Dispatch();
            }

            return true;
        }

        private void Dispatch()
        {
            _working.GetAwaiter().GetResult();
            var (batch, count) = (_filling, _filled);
            (_filling, _spare, _filled) = (_spare, batch, 0);
            if (_scan._context.Threads > 1)
            {
                _working = Task.Run(() => Work(batch, count));
            }
            else
            {
                Work(batch, count);
            }
        }

        private void Work(List<Block> batch, int count)
        {
            for (var b = 0; b < count; b++)
            {
                var block = batch[b];
                _sample.Add(block);
                if (_hashes.Length < block.Rows)
                {
                    _hashes = new ulong[block.Rows];
                    _scratch = new ulong[block.Rows];
                }

                Tally(block, _hashes.AsSpan(0, block.Rows));
                foreach (var pair in _pairs)
                {
                    pair.Add(block);
                }
            }
        }

        private void Tally(Block block, Span<ulong> hashes)
        {
            hashes.Clear();
            if (_keyHashes is not null)
            {
                AddKey(block, hashes.Length);
            }

            for (var c = 0; c < _tallies.Length; c++)
            {
                _tallies[c].Add(block[c], hashes);
            }

            foreach (var hash in hashes)
            {
                _rowHashes.Add(hash);
            }
        }

        // Rows whose key has an empty part name nothing; they are counted apart.
        private void AddKey(Block block, int rows)
        {
            var hashes = _scratch.AsSpan(0, rows);
            hashes.Clear();
            foreach (var (part, c) in _scan._key.Index())
            {
                KeyHash.Add(block[c], _plans[c], (ulong)part, hashes);
            }

            for (var i = 0; i < rows; i++)
            {
                if (_scan._key.Any(c => _plans[c].Reading == Reading.Text ? block[c].Codes[i] < 0 : block[c].IsNull(i)))
                {
                    _keyNulls++;
                }
                else
                {
                    _keyHashes!.Add(hashes[i]);
                }
            }
        }

        private bool Overflows()
        {
            var over = false;
            for (var c = 0; c < _plans.Count && !over; c++)
            {
                over = _plans[c].Reading == Reading.Text && TooMany(_dictionaries![c], MostTexts);
            }

            for (var c = 0; over && c < _plans.Count; c++)
            {
                if (_plans[c].Reading == Reading.Text && TooMany(_dictionaries![c], ManyTexts))
                {
                    _hashed.Add(_plans[c].Field.Name);
                    _scan._heads[_plans[c].Field.Name] = [.. _dictionaries[c].Take(HeadTexts)];
                }
            }

            return over;
        }

        private static bool TooMany(IReadOnlyList<string> texts, int most) =>
            texts.Count > most || (texts.Count > 2_000 && texts.Count * Enumerable.Range(0, 100).Average(i => texts[i * (texts.Count / 100)].Length) > MostTextCharacters);

        private ScanResult Finish() => new()
        {
            Rows = _rows,
            Columns = [.. _tallies.Select((t, i) => t.Finish(_plans[i].Reading == Reading.HashedText ? _scan._heads[_plans[i].Field.Name] : _dictionaries?[i] ?? []))],
            Sample = _sample,
            RowHashes = _rowHashes,
            KeyHashes = _keyHashes,
            KeyNulls = _keyNulls,
            Pairs = [.. _pairs.Select(p => p.Finish())],
        };
    }

    private sealed class Share(IProgress<StudyProgress> to) : IProgress<double>
    {
        public void Report(double value) => to.Report(new StudyProgress("reading", value));
    }
}

/// <summary>What the pass found.</summary>
internal sealed record ScanResult
{
    public required long Rows { get; init; }

    public required IReadOnlyList<ColumnScan> Columns { get; init; }

    public required RowSample Sample { get; init; }

    /// <summary>Rows by the hash of all their cells.</summary>
    public required ValueTable RowHashes { get; init; }

    /// <summary>Rows by the hash of the declared key; null when none was declared.</summary>
    public ValueTable? KeyHashes { get; init; }

    public long KeyNulls { get; init; }

    public required IReadOnlyList<PairCount> Pairs { get; init; }
}
