using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Text that decoding, copying or a web page damaged: counted by kind, with the repair.</summary>
internal sealed class EncodingLook
{
    private const int MostTexts = 200_000;
    private const int WordsOfProse = 6;
    private const int MostExamples = 3;
    private const int Before = 12;
    private const int Shown = 30;

    private static readonly (TextDamage Damage, string Kind, string Words)[] Kinds =
    [
        (TextDamage.DoubleEncoded, "double-encoded-text", "text that was decoded in the wrong code page twice"),
        (TextDamage.Mojibake, "mojibake-text", "text decoded in the wrong code page"),
        (TextDamage.Replacement, "replacement-characters", "characters that reading could not decode and lost"),
        (TextDamage.Invisible, "invisible-characters", "characters that nobody sees"),
        (TextDamage.OddSpace, "odd-spaces", "spaces that are not the ordinary one, so that equal words differ"),
        (TextDamage.HtmlEntity, "html-entities", "HTML entities instead of characters"),
        (TextDamage.FullWidth, "full-width-text", "letters or digits of double width"),
    ];

    /// <summary>The damage of one column, by kind; empty where its texts are sound.</summary>
    public static IReadOnlyList<DamagedText> Of(ColumnFacts column)
    {
        if (column.Scan.Texts is not { } texts || column.Shape is not { } shape)
        {
            return [];
        }

        var cells = new long[Kinds.Length];
        var examples = Kinds.Select(_ => new List<(string Text, string Repaired)>()).ToArray();
        long looked = 0, sound = 0;
        for (var i = 0; i < Math.Min(MostTexts, texts.Texts.Count); i++)
        {
            looked += texts.Counts[i];
            var repaired = TextRepair.Of(texts.Texts[i], oddSpaces: shape.Words < WordsOfProse);
            sound += repaired.Damage == TextDamage.None && texts.Texts[i].AsSpan().ContainsAnyExceptInRange('\0', '\u007F') ? texts.Counts[i] : 0;
            for (var k = 0; repaired.Damage != TextDamage.None && k < Kinds.Length; k++)
            {
                if (repaired.Damage.HasFlag(Kinds[k].Damage))
                {
                    cells[k] += texts.Counts[i];
                    if (examples[k].Count < MostExamples)
                    {
                        examples[k].Add(Window(texts.Texts[i], repaired.Text));
                    }
                }
            }
        }

        // Where only the first texts are known, their share stands for the column.
        var scale = looked == 0 ? 0 : texts.IsComplete ? 1 : (double)column.Present / looked;
        return [.. Kinds.Index().Where(k => cells[k.Index] > 0).Select(k => new DamagedText(
            column.Name, k.Item.Kind, k.Item.Words, k.Item.Damage, (long)Math.Ceiling(cells[k.Index] * scale), (double)cells[k.Index] / looked, examples[k.Index], sound > 0))];
    }

    public static ReadingLoss Loss(DamagedText d)
    {
        var (text, repaired) = d.Examples[0];
        var mixed = d.Damage is TextDamage.Mojibake or TextDamage.DoubleEncoded && d.HasSound ? " beside text that is sound, so two encodings were mixed" : string.Empty;
        var repair = d.Damage == TextDamage.Replacement ? $"for example '{ProfileWords.Short(text, 30)}'; read again from the raw bytes" : $"'{ProfileWords.Short(Visible(text), 30)}' reads '{ProfileWords.Short(repaired, 30)}'";
        return new ReadingLoss(d.Kind, d.Cells, d.Share, d.Damage == TextDamage.Replacement, $"column '{d.Column}' holds {d.Words} in {Figures.Percent(d.Share)} of its cells{mixed}: {repair}");
    }

    public static ResultTable Table(IReadOnlyList<DamagedText> damaged) => new(
        "damaged-text", "Text that was damaged", ["column", "damage", "cells", "as written", "as meant"],
        [.. damaged.OrderByDescending(d => d.Cells).SelectMany(d => d.Examples.Select((e, i) => (IReadOnlyList<object?>)
            [d.Column, d.Kind, i == 0 ? d.Cells : null, ProfileWords.Short(Visible(e.Text), 40), d.Damage == TextDamage.Replacement ? null : ProfileWords.Short(e.Repaired, 40)]))]);

    // Long texts are shown around the first damage.
    private static (string Text, string Repaired) Window(string text, string repaired)
    {
        var at = text.AsSpan().CommonPrefixLength(repaired);
        var from = at <= Before || text.Length <= Shown ? 0 : at - Before;
        return from == 0 ? (text, repaired) : ("..." + text[from..], "..." + repaired[from..]);
    }

    // What cannot be seen is written by its number.
    private static string Visible(string text) => string.Concat(text.Select(c => c is '\u200B' or '\uFEFF' or '\u00AD' or '\u2060' or '\u200E' or '\u200F' or '\u00A0' or '\u2007' or '\u202F' || char.IsControl(c) ? $"\\u{(int)c:X4}" : c.ToString()));
}

/// <param name="Column">The column.</param>
/// <param name="Kind">Stable kind.</param>
/// <param name="Words">What it is.</param>
/// <param name="Damage">The damage.</param>
/// <param name="Cells">Cells that hold it.</param>
/// <param name="Share">Their share of the column's values.</param>
/// <param name="Examples">Some of them, with the repair.</param>
/// <param name="HasSound">Other cells hold sound characters beyond ASCII.</param>
internal sealed record DamagedText(string Column, string Kind, string Words, TextDamage Damage, long Cells, double Share, IReadOnlyList<(string Text, string Repaired)> Examples, bool HasSound);
