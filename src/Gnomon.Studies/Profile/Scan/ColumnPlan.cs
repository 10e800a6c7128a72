using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>How the cells of a column travel from the engine.</summary>
internal enum Reading
{
    /// <summary>Booleans, integers, dates, times: 64-bit whole numbers.</summary>
    Whole,

    /// <summary>Binary floating point.</summary>
    Number,

    /// <summary>Numbers wider than a double: the double for figures, the engine's hash for equality.</summary>
    WideNumber,

    /// <summary>Text as codes into a dictionary.</summary>
    Text,

    /// <summary>Text with too many different values for a dictionary: hash and length.</summary>
    HashedText,
}

/// <summary>One column of the scan and where its cells lie in a chunk.</summary>
/// <param name="Field">The column.</param>
/// <param name="Reading">How it is read.</param>
/// <param name="Slot">First column of the chunk that belongs to it; hashes and lengths lie in the next.</param>
internal sealed record ColumnPlan(Field Field, Reading Reading, int Slot)
{
    public bool IsText => Reading is Reading.Text or Reading.HashedText;

    public static Reading Of(Field field, bool hashed) => field.Type switch
    {
        ColumnType.Double => Reading.Number,
        ColumnType.Decimal => Reading.WideNumber,
        ColumnType.Text or ColumnType.Category or ColumnType.Nested => hashed ? Reading.HashedText : Reading.Text,
        _ => Reading.Whole,
    };

    /// <summary>What the engine is asked for, two projections for columns read twice.</summary>
    public IEnumerable<Projection> Projections()
    {
        var column = Scalar.Column(Field.Name);
        var text = Field.Type == ColumnType.Nested ? column.ToText() : column;
        return Reading switch
        {
            Reading.WideNumber => [Named(column, 0), Named(column.Hash(), 1)],
            Reading.HashedText => [Named(text.Hash(), 0), Named(Scalar.Call(ScalarFunction.Length, column.ToText()), 1)],
            Reading.Text => [Named(text, 0)],
            _ => [Named(column, 0)],
        };
    }

    private Projection Named(Scalar value, int part) => new(FormattableString.Invariant($"c{Slot + part}"), value);
}
