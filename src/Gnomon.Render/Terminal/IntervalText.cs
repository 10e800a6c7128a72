using Gnomon.Core.Findings;
using Gnomon.Render.Picture;
using Gnomon.Render.Words;

namespace Gnomon.Render.Terminal;

/// <summary>The interval picture in text: one row per estimate over one axis.</summary>
internal sealed class IntervalText
{
    private const int SideBySideFrom = 72;
    private const int PValuesFrom = 96;
    private const int WidestBar = 72;
    private const string Indent = "  ";

    private readonly IntervalPicture _picture;
    private readonly Page _page;
    private readonly IReadOnlyList<string> _lineNames;

    private IntervalText(IntervalPicture picture, Page page)
    {
        _picture = picture;
        _page = page;
        _lineNames = [.. picture.Lines.Select(l => l.Name).Distinct()];
    }

    internal static void Draw(IntervalPicture picture, Page page)
    {
        var drawing = new IntervalText(picture, page);
        page.Blank();
        if (page.Width >= SideBySideFrom)
        {
            drawing.SideBySide();
        }
        else
        {
            drawing.Stacked();
        }

        drawing.Legend();
    }

    private void SideBySide()
    {
        var showP = _page.Width >= PValuesFrom && _picture.Rows.Any(r => r.Estimate.P is not null);
        var label = Math.Min(_page.Width * 3 / 10, Widest(r => r.Label));
        var point = Widest(r => r.Text.Point);
        var range = Widest(r => Range(r));
        var p = showP ? Widest(P) + 2 : 0;
        var before = Indent.Length + label + 2 + point + 2 + range + 2;
        var bar = Math.Min(WidestBar, _page.Width - before - p);
        if (bar < 16)
        {
            Stacked();
            return;
        }

        foreach (var row in _picture.Rows)
        {
            // A label that does not fit runs over the lines above its interval.
            var ink = Emphasis(row);
            var name = Fold.Lines(row.Label, label);
            foreach (var part in name.SkipLast(1))
            {
                _page.Add(new TextLine([new Piece(Indent + part, ink)]));
            }

            _page.Add(new TextLine(
            [
                new Piece(Indent + Fold.Fit(name.Count == 0 ? string.Empty : name[^1], label, ellipsis: _page.Glyphs.Ellipsis) + "  ", ink),
                new Piece(Fold.Fit(row.Text.Point, point, right: true) + "  ", ink),
                new Piece(Fold.Fit(Range(row), range) + "  ", Ink.Plain),
                .. Bar(row, bar),
                new Piece(p > 0 ? "  " + Spaces.Plain(P(row)) : string.Empty, Ink.Faint),
            ]));
        }

        AxisLines(new string(' ', before), bar);
    }

    private void Stacked()
    {
        var bar = Math.Min(WidestBar, _page.Width - Indent.Length);
        foreach (var row in _picture.Rows)
        {
            _page.Prose(row.Label, Emphasis(row), Indent);
            _page.Prose(string.Join(", ", new[] { row.Text.Point, Range(row), P(row) }.Where(t => t.Length > 0)), Ink.Plain, Indent);
            _page.Add(new TextLine([new Piece(Indent, Ink.Plain), .. Bar(row, bar)]));
        }

        AxisLines(Indent, bar);
    }

    private int Widest(Func<PictureRow, string> text) => _picture.Rows.Max(r => Fold.Width(text(r)));

    private string Range(PictureRow row) => _picture.Level is null ? $"{row.Text.Low} to {row.Text.High} ({Paper.Level(row.Estimate.Level)})" : $"{row.Text.Low} to {row.Text.High}";

    private static string P(PictureRow row) => row.Estimate.P is { } p ? Figures.P(p) : string.Empty;

    private static Ink Emphasis(PictureRow row) => row.Estimate.Role == "primary" ? Ink.Strong : Ink.Plain;

    private IEnumerable<Piece> Bar(PictureRow row, int width)
    {
        var glyphs = _page.Glyphs;
        var cells = new char[width];
        Array.Fill(cells, ' ');
        if (_picture.Unit.NoEffect is { } none)
        {
            Put(cells, none * _picture.Unit.Factor, glyphs.NoEffect);
        }

        foreach (var line in _picture.LinesFor(row))
        {
            Put(cells, line.Value * _picture.Unit.Factor, Mark(line.Name));
        }

        var factor = _picture.Unit.Factor;
        int low = Cell(row.Estimate.Low * factor, width), high = Cell(row.Estimate.High * factor, width), point = Cell(row.Estimate.Value * factor, width);
        for (var i = Math.Max(0, low); i <= Math.Min(width - 1, high); i++)
        {
            // Zero and the margins stay visible through the interval.
            cells[i] = cells[i] == ' ' ? glyphs.Bar : cells[i];
        }

        End(cells, low, glyphs.LeftEnd, glyphs.CutLeft, glyphs.CutRight);
        End(cells, high, glyphs.RightEnd, glyphs.CutLeft, glyphs.CutRight);
        if (point >= 0 && point < width)
        {
            cells[point] = glyphs.Point;
        }

        return Colour(cells, Math.Max(0, low), Math.Min(width - 1, high));
    }

    private static IEnumerable<Piece> Colour(char[] cells, int low, int high)
    {
        var text = new string(cells);
        if (low > high || low >= cells.Length || high < 0)
        {
            return [new Piece(text, Ink.Faint)];
        }

        return [new Piece(text[..low], Ink.Faint), new Piece(text[low..(high + 1)], Ink.Accent), new Piece(text[(high + 1)..], Ink.Faint)];
    }

    private static void End(char[] cells, int at, char end, char cutLeft, char cutRight)
    {
        if (at < 0)
        {
            cells[0] = cutLeft;
        }
        else if (at >= cells.Length)
        {
            cells[^1] = cutRight;
        }
        else
        {
            cells[at] = end;
        }
    }

    private void Put(char[] cells, double value, char glyph)
    {
        var at = Cell(value, cells.Length);
        if (at >= 0 && at < cells.Length)
        {
            cells[at] = glyph;
        }
    }

    private int Cell(double value, int width)
    {
        var at = _picture.Axis.At(value);
        return at < 0 ? -1 : at > 1 ? width : (int)Math.Round(at * (width - 1), MidpointRounding.AwayFromZero);
    }

    private char Mark(string name)
    {
        var index = _lineNames.ToList().IndexOf(name);
        return _page.Glyphs.Lines[index % _page.Glyphs.Lines.Count];
    }

    private void AxisLines(string before, int width)
    {
        var rule = new string(_page.Glyphs.Axis, width).ToCharArray();
        var numbers = new char[width];
        Array.Fill(numbers, ' ');
        var free = 0;
        foreach (var tick in _picture.Axis.Ticks)
        {
            var at = Cell(tick.At, width);
            var start = Math.Clamp(at - (tick.Text.Length / 2), 0, Math.Max(0, width - tick.Text.Length));
            rule[at] = _page.Glyphs.Tick;
            if (start >= free && start + tick.Text.Length <= width)
            {
                tick.Text.CopyTo(0, numbers, start, tick.Text.Length);
                free = start + tick.Text.Length + 1;
            }
        }

        _page.Add(new TextLine(before + new string(rule), Ink.Faint));
        _page.Add(new TextLine(before + new string(numbers), Ink.Faint));
    }

    private void Legend()
    {
        var parts = new List<string>();
        if (_picture.Name is { } name)
        {
            parts.Add(name);
        }

        if (_picture.Unit.Suffix.Length > 0)
        {
            parts.Add(_picture.Unit.Suffix == "pp" ? "in pp (percentage points)" : $"in {_picture.Unit.Suffix}");
        }

        if (_picture.Level is { } level)
        {
            parts.Add($"{_page.Glyphs.LeftEnd}{_page.Glyphs.Point}{_page.Glyphs.RightEnd} {Paper.Level(level)} interval");
        }

        if (_picture.Unit.NoEffect is not null)
        {
            parts.Add($"{_page.Glyphs.NoEffect} no effect");
        }

        parts.AddRange(_lineNames.Select(n => $"{Mark(n)} {n}{Values(n)}"));
        _page.Prose(string.Join(", ", parts.Select(p => p.Replace(' ', Spaces.Tie))), Ink.Faint, Indent);
    }

    private string Values(string name)
    {
        var values = _picture.Lines.Where(l => l.Name == name).Select(l => Paper.Quantity(l.Value, _picture.Unit)).Distinct().ToList();
        return values.Count == 1 ? " " + values[0] : string.Empty;
    }
}
