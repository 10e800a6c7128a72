namespace Gnomon.Cli.Help;

/// <summary>Plain text in columns, wrapped at the surface's width.</summary>
internal static class Columns
{
    /// <summary>Two columns: terms, and their explanations wrapped beside them.</summary>
    public static IEnumerable<string> Two(IReadOnlyList<(string Term, string Text)> rows, int width, int indent = 2, int widest = 30)
    {
        var column = Math.Min(widest, rows.Count == 0 ? 0 : rows.Max(r => r.Term.Length)) + indent + 2;
        foreach (var (term, text) in rows)
        {
            var lines = Wrap(text, width - column).ToList();
            var head = new string(' ', indent) + term;
            if (head.Length > column - 2)
            {
                yield return head;
                head = string.Empty;
            }

            yield return (head.PadRight(column) + lines.FirstOrDefault()).TrimEnd();
            foreach (var line in lines.Skip(1))
            {
                yield return new string(' ', column) + line;
            }
        }
    }

    /// <summary>Columns as wide as their widest cell; the last one runs free.</summary>
    public static IEnumerable<string> Grid(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        var widths = Enumerable.Range(0, rows[0].Count).Select(c => rows.Max(r => r[c].Length)).ToList();
        foreach (var row in rows)
        {
            yield return string.Join("  ", row.Select((cell, c) => c == row.Count - 1 ? cell : cell.PadRight(widths[c]))).TrimEnd();
        }
    }

    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = string.Empty;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }
}
