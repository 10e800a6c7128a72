using Gnomon.Core.Findings;
using Gnomon.Render.Words;

namespace Gnomon.Render.Terminal;

/// <summary>A table in text: numbers to the right, wide tables folded into blocks that repeat the first column.</summary>
internal static class TableText
{
    private const int MostRows = 30;
    private const int MostLines = 300;
    private const int WidestCell = 40;
    private const string Indent = "  ";
    private const int Gap = 2;

    internal static void Draw(ResultTable table, Page page)
    {
        page.Heading(table.Title);
        if (table.Columns.Count == 0 || table.Rows.Count == 0)
        {
            page.Prose("(no rows)", Ink.Faint, Indent);
            return;
        }

        var columns = table.Columns.Select((name, i) => Column(table, name, i, page)).ToList();
        if (columns.Count == 2 && !columns[0].Numeric && !columns[1].Numeric && columns[1].Cells.Any(c => Fold.Width(c) > WidestCell))
        {
            Pairs(columns, page);
            return;
        }

        foreach (var (at, block) in Blocks(columns, page.Width - Indent.Length).Index())
        {
            if (at > 0)
            {
                page.Blank();
            }

            page.Add(Row(block, c => c.Name, Ink.Faint, page));
            for (var r = 0; r < Math.Min(Most(table), table.Rows.Count); r++)
            {
                var row = r;
                page.Add(Row(block, c => c.Cells[row], Ink.Plain, page));
            }
        }

        if (table.Rows.Count > Most(table))
        {
            page.Prose($"and {Figures.Count(table.Rows.Count - Most(table))} more rows (--json and --html show all)", Ink.Faint, Indent);
        }
    }

    // A word and its text, such as a field of a definition: the text runs on under itself.
    private static void Pairs(List<TextColumn> columns, Page page)
    {
        var width = Math.Min(columns[0].Width, page.Width / 3);
        page.Add(new(Indent + Fold.Fit(columns[0].Name, width, right: false, page.Glyphs.Ellipsis) + new string(' ', Gap) + columns[1].Name, Ink.Faint));
        foreach (var (key, text) in columns[0].Cells.Zip(columns[1].Cells))
        {
            page.Prose(text, Ink.Plain, Indent + Fold.Fit(key, width, right: false, page.Glyphs.Ellipsis) + new string(' ', Gap));
        }
    }

    // One column of text is a listing, such as a query line by line: cut short it would be of no use.
    private static bool IsText(ResultTable table) => table.Columns.Count == 1 && table.Rows.All(r => r is [string or null]);

    private static int Most(ResultTable table) => IsText(table) ? MostLines : MostRows;

    private static TextColumn Column(ResultTable table, string name, int index, Page page)
    {
        List<string> cells = [.. CellText.Column(table, index).Take(Most(table)).Select(Prose.Clean)];
        var clean = Prose.Clean(name);
        var widest = cells.Append(clean).Max(Fold.Width);
        return new TextColumn(clean, cells, CellText.IsNumeric(table, index), Math.Min(widest, Math.Min(IsText(table) ? int.MaxValue : WidestCell, page.Width - Indent.Length)));
    }

    private static IEnumerable<IReadOnlyList<TextColumn>> Blocks(List<TextColumn> columns, int width)
    {
        // The repeated key leaves room for the others.
        var key = columns[0] with { Width = Math.Min(columns[0].Width, Math.Max(8, width / 3)) };
        var block = new List<TextColumn> { columns.Sum(c => c.Width + Gap) - Gap <= width ? columns[0] : key };
        var used = block[0].Width;
        foreach (var column in columns.Skip(1))
        {
            var fitted = column with { Width = Math.Min(column.Width, width - key.Width - Gap) };
            if (used + Gap + fitted.Width > width)
            {
                yield return block;
                block = [key];
                used = key.Width;
            }

            block.Add(fitted);
            used += Gap + fitted.Width;
        }

        yield return block;
    }

    private static TextLine Row(IReadOnlyList<TextColumn> block, Func<TextColumn, string> text, Ink ink, Page page) =>
        new(Indent + string.Join(new string(' ', Gap), block.Select(c => Fold.Fit(text(c), c.Width, c.Numeric, page.Glyphs.Ellipsis))).TrimEnd(), ink);

    private sealed record TextColumn(string Name, IReadOnlyList<string> Cells, bool Numeric, int Width);
}
