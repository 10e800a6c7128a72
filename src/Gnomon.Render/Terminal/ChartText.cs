using System.Globalization;
using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Render.Words;

namespace Gnomon.Render.Terminal;

/// <summary>A chart in characters: bars with their numbers, or a field of points between the ends of its axes.</summary>
internal static class ChartText
{
    private const int MostBars = 31;
    private const int WidestLabel = 24;
    private const int Height = 12;
    private const int Widest = 80;
    private const string Marks = "ox+*#@%&";
    private const string UnicodeMarks = "●○▲◆■□△◇";

    internal static void Draw(Plot plot, Page page)
    {
        if (plot.VegaLite["data"]?["values"] is not JsonArray { Count: > 0 } values)
        {
            return;
        }

        page.Heading(plot.Title);
        List<JsonObject> rows = [.. values.OfType<JsonObject>()];
        if (rows[0].ContainsKey("label"))
        {
            Bars([.. rows.Take(MostBars)], page);
        }
        else
        {
            Field(rows, page);
        }
    }

    private static void Bars(List<JsonObject> rows, Page page)
    {
        var labels = rows.ConvertAll(r => Prose.Clean(r["label"]!.GetValue<string>()));
        var numbers = rows.ConvertAll(r => Figures.Number(Value(r)));
        var (left, right) = (Math.Min(WidestLabel, labels.Max(Fold.Width)), numbers.Max(n => n.Length));
        var room = Math.Max(8, Math.Min(Widest, page.Width - left - right - 8));
        var (low, high) = (Math.Min(0, rows.Min(Value)), Math.Max(0, rows.Max(Value)));
        int At(double value) => high > low ? (int)Math.Round((value - low) / (high - low) * room) : 0;
        foreach (var (label, number, value) in labels.Zip(numbers, rows.Select(Value)))
        {
            var (from, to) = (Math.Min(At(0), At(value)), Math.Max(At(0), At(value)));
            var bar = new string(' ', from) + new string(page.Glyphs.IsUnicode ? '█' : '#', to - from) + new string(' ', room - to);
            page.Add(new TextLine([
                new Piece($"  {Fold.Fit(label, left, right: false, page.Glyphs.Ellipsis)}  ", Ink.Plain), new Piece(number.PadLeft(right), Ink.Strong), new Piece("  " + bar, Ink.Accent),
            ]));
        }
    }

    private static void Field(List<JsonObject> rows, Page page)
    {
        var isTime = rows[0].ContainsKey("at");
        List<(double X, double Y, string Series)> points = [.. rows.Select(r => (isTime ? Ticks(r["at"]!.GetValue<string>()) : r["x"]!.GetValue<double>(), Value(r), r["series"]!.GetValue<string>()))];
        List<string> series = [.. points.Select(p => p.Series).Distinct()];
        var (left, right, bottom, top) = (points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));
        var (high, low) = (Figures.Number(top), Figures.Number(bottom));
        var margin = Math.Max(high.Length, low.Length);
        var width = Math.Max(16, Math.Min(Widest, page.Width - margin - 6));
        var grid = new char[Height, width];
        var marks = page.Glyphs.IsUnicode ? UnicodeMarks : Marks;

        // The first series is drawn last: where two meet, it is seen.
        foreach (var p in points.AsEnumerable().Reverse())
        {
            var column = right > left ? (int)Math.Round((p.X - left) / (right - left) * (width - 1)) : width / 2;
            var row = top > bottom ? (int)Math.Round((top - p.Y) / (top - bottom) * (Height - 1)) : Height / 2;
            grid[row, column] = marks[series.IndexOf(p.Series) % marks.Length];
        }

        for (var r = 0; r < Height; r++)
        {
            var name = r == 0 ? high : r == Height - 1 ? low : string.Empty;
            var line = new string([.. Enumerable.Range(0, width).Select(c => grid[r, c] == '\0' ? ' ' : grid[r, c])]);
            page.Add(new TextLine([new Piece($"  {name.PadLeft(margin)} {page.Glyphs.NoEffect}", Ink.Faint), new Piece(line, Ink.Accent)]));
        }

        var (begin, end) = (End(left, isTime), End(right, isTime));
        page.Add(new TextLine($"  {new string(' ', margin)} {page.Glyphs.Tick}{new string(page.Glyphs.Axis, width)}", Ink.Faint));
        page.Add(new TextLine($"  {new string(' ', margin)}  {begin}{end.PadLeft(Math.Max(end.Length + 1, width - begin.Length))}", Ink.Faint));
        if (series.Count > 1)
        {
            page.Prose(string.Join("   ", series.Select((s, k) => $"{marks[k % marks.Length]} {Prose.Clean(s)}")), Ink.Faint, "  ");
        }
    }

    private static double Value(JsonObject row) => row["value"]!.GetValue<double>();

    private static double Ticks(string at) => DateTime.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal).Ticks;

    private static string End(double x, bool isTime) => !isTime ? Figures.Number(x)
        : new DateTime((long)x, DateTimeKind.Utc) is var t && t.TimeOfDay == TimeSpan.Zero ? t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : t.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
