namespace Gnomon.Studies.Profile.Scan;

/// <summary>Text with a dictionary: exact counts of every value.</summary>
internal sealed class TextTally : ColumnTally
{
    private long[] _counts = new long[64];
    private int _used;

    public TextTally(ColumnPlan plan, int index)
        : base(plan, index)
    {
    }

    public override void Add(Lane lane, Span<ulong> rowHashes)
    {
        Rows += rowHashes.Length;
        var codes = lane.Codes;
        for (var i = 0; i < codes.Length; i++)
        {
            var code = codes[i];
            if (code < 0)
            {
                Nulls++;
                rowHashes[i] += NullPart;
                continue;
            }

            if (code >= _counts.Length)
            {
                Array.Resize(ref _counts, Math.Max(code + 1, _counts.Length * 2));
            }

            _counts[code]++;
            _used = Math.Max(_used, code + 1);
            rowHashes[i] += Part(ValueTable.Hash((ulong)code));
        }
    }

    public override ColumnScan Finish(IReadOnlyList<string> headTexts) => new()
    {
        Plan = Plan,
        Rows = Rows,
        Nulls = Nulls,
        Texts = new TextCounts([.. headTexts.Take(_used)], _counts.AsSpan(0, _used).ToArray(), IsComplete: true),
    };
}

/// <summary>Text with too many values for a dictionary: counts by hash, lengths, and the texts met first.</summary>
internal sealed class HashedTextTally : ColumnTally
{
    private readonly ValueTable _values;
    private long _characters;

    public HashedTextTally(ColumnPlan plan, int index, int capacity)
        : base(plan, index) => _values = new ValueTable(capacity);

    public override void Add(Lane lane, Span<ulong> rowHashes)
    {
        Rows += rowHashes.Length;
        for (var i = 0; i < rowHashes.Length; i++)
        {
            if (lane.IsNull(i))
            {
                Nulls++;
                rowHashes[i] += NullPart;
                continue;
            }

            _characters += lane.Whole[i];
            var hash = ValueTable.Hash(lane.Hashes[i]);
            _values.Add(lane.Hashes[i], hash);
            rowHashes[i] += Part(hash);
        }
    }

    public override ColumnScan Finish(IReadOnlyList<string> headTexts) => new()
    {
        Plan = Plan,
        Rows = Rows,
        Nulls = Nulls,
        Values = _values,
        MeanLength = Rows > Nulls ? (double)_characters / (Rows - Nulls) : null,
        Texts = new TextCounts(headTexts, [.. headTexts.Select(_ => 1L)], IsComplete: false),
    };
}

/// <summary>Distinct texts with their counts, in order of first appearance.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Counts">Rows that hold each; 1 each when only the texts met first are known.</param>
/// <param name="IsComplete">True when every text of the column is here.</param>
internal sealed record TextCounts(IReadOnlyList<string> Texts, IReadOnlyList<long> Counts, bool IsComplete);
