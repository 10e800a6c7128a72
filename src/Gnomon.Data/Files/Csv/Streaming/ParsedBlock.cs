using System.Text.Unicode;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>A block of rows on its way from bytes to typed cells; its buffers are used again for later blocks.</summary>
internal sealed class ParsedBlock
{
    private readonly StreamShape _shape;
    private readonly FieldTable _fields = new();

    public ParsedBlock(StreamShape shape, IReadOnlyList<LanePlan> plans)
    {
        _shape = shape;
        Lanes = [.. plans.Select(p => new Lane(p))];
    }

    public RawBlock Raw { get; } = new();

    public IReadOnlyList<Lane> Lanes { get; }

    public int Rows => _fields.Rows;

    /// <summary>Every cell was what its column promises.</summary>
    public bool IsGood { get; private set; }

    /// <summary>The bytes of a column's cells.</summary>
    public ColumnCells Cells(int column) => _fields.Column(Raw, column);

    public void MarkSurprise() => IsGood = false;

    /// <summary>Reads the cells of the raw block; any surprise leaves <see cref="IsGood"/> false.</summary>
    public void Parse() => IsGood = SeparatorScan.TryFind(Raw, _fields, _shape) && Utf8.IsValid(Raw.Text) && ReadLanes();

    private bool ReadLanes()
    {
        foreach (var lane in Lanes)
        {
            if (!lane.TryRead(_fields.Column(Raw, lane.Plan.Column)))
            {
                return false;
            }
        }

        return true;
    }
}
