using System.Text;

namespace Gnomon.Data.Files.Csv;

/// <summary>What the cells of one column could be, counted over all rows seen.</summary>
internal sealed class ColumnEvidence
{
    private const int KindCount = (int)CellKind.Text + 1;
    private const int ShownLength = 40;

    private readonly long[] _counts = new long[KindCount];
    private readonly Sighting?[] _first = new Sighting?[KindCount];
    private readonly SortedSet<string> _missingWords = new(StringComparer.Ordinal);

    public long Rows { get; private set; }

    /// <summary>A number or date stands between spaces.</summary>
    public bool IsPadded { get; private set; }

    public int MaxFirst { get; private set; }

    public int MaxSecond { get; private set; }

    /// <summary>Separator, order and time parts of regional dates; null when there are none.</summary>
    public RegionalDate? Regional { get; private set; }

    /// <summary>Regional dates are not all written alike.</summary>
    public bool IsRegionalMixed { get; private set; }

    public IReadOnlyCollection<string> MissingWords => _missingWords;

    /// <summary>Cells that are there: neither empty nor a missing word.</summary>
    public long Values => Rows - this[CellKind.Empty] - this[CellKind.MissingWord];

    public long this[CellKind kind] => _counts[(int)kind];

    public Sighting? First(CellKind kind) => _first[(int)kind];

    public void Add(ReadOnlySpan<byte> raw, CellClassifier classifier, long row, long line)
    {
        Rows++;
        var cell = Trim(raw);
        var kind = classifier.IsNullText(raw) ? CellKind.Empty : cell.Length != raw.Length && cell.IsEmpty ? CellKind.MissingWord : classifier.Classify(cell);
        var index = (int)kind;
        if (_counts[index]++ == 0)
        {
            _first[index] = new Sighting(row, line, Shorten(raw));
        }

        if (kind is CellKind.Empty or CellKind.Text)
        {
            return;
        }

        IsPadded |= cell.Length != raw.Length;
        if (kind == CellKind.MissingWord)
        {
            _missingWords.Add(Encoding.ASCII.GetString(cell));
        }
        else if (kind == CellKind.RegionalDate)
        {
            AddRegional(cell);
        }
    }

    /// <summary>Adds what was seen of the same column in the next file.</summary>
    public void Add(ColumnEvidence next)
    {
        for (var i = 0; i < KindCount; i++)
        {
            _counts[i] += next._counts[i];
            _first[i] ??= next._first[i];
        }

        Rows += next.Rows;
        IsPadded |= next.IsPadded;
        IsRegionalMixed |= next.IsRegionalMixed || (Regional is { } a && next.Regional is { } b
            && (a.Separator != b.Separator || a.TimeParts != b.TimeParts || a.IsYearFirst != b.IsYearFirst));
        Regional ??= next.Regional;
        (MaxFirst, MaxSecond) = (Math.Max(MaxFirst, next.MaxFirst), Math.Max(MaxSecond, next.MaxSecond));
        _missingWords.UnionWith(next._missingWords);
    }

    /// <summary>Rows of a file that does not have the column.</summary>
    public void AddAbsent(long rows)
    {
        Rows += rows;
        _counts[(int)CellKind.Empty] += rows;
    }

    private void AddRegional(ReadOnlySpan<byte> cell)
    {
        _ = RegionalDate.TryParse(cell, out var date);
        MaxFirst = Math.Max(MaxFirst, date.First);
        MaxSecond = Math.Max(MaxSecond, date.Second);
        Regional ??= date;
        IsRegionalMixed |= Regional is { } r
            && (r.Separator != date.Separator || r.TimeParts != date.TimeParts || r.IsYearFirst != date.IsYearFirst);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell) =>
        cell.IsEmpty || (cell[0] != (byte)' ' && cell[^1] != (byte)' ') ? cell : cell.Trim((byte)' ');

    private static string Shorten(ReadOnlySpan<byte> cell)
    {
        var text = Encoding.UTF8.GetString(cell.Length > ShownLength * 4 ? cell[..(ShownLength * 4)] : cell);
        return text.Length > ShownLength ? text[..ShownLength] + "..." : text;
    }
}

/// <summary>The first cell of a kind: where it stands and what it says.</summary>
internal sealed record Sighting(long Row, long Line, string Text);
