using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Several cells of a row as one value to group by.</summary>
internal static class RowText
{
    // Stands for a missing cell: an engine that joins texts would lose the row with it.
    private const string Missing = "\u001e";

    /// <summary>One number per combination of cells, missing cells alike.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="canonical">Texts without case and outer blanks.</param>
    public static Scalar Hash(IReadOnlyList<ColumnFacts> columns, bool canonical)
    {
        var cells = columns.Select(c => Cell(c, canonical)).ToArray();
        return Scalar.Call(ScalarFunction.Hash, cells);
    }

    private static Scalar Cell(ColumnFacts column, bool canonical)
    {
        var value = Scalar.Column(column.Name);
        if (canonical && column.Type is ColumnType.Text or ColumnType.Category)
        {
            value = Scalar.Call(ScalarFunction.Lower, Scalar.Call(ScalarFunction.Trim, value.ToText()));
        }

        return column.Missing == 0 ? value : Scalar.Call(ScalarFunction.Coalesce, value.ToText(), Scalar.Value(Missing));
    }
}
