using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Values of a category that are one value in several spellings.</summary>
internal static class Spellings
{
    private const double MostUnique = 0.5;

    public static IReadOnlyList<SpellingGroup> Of(ColumnFacts column)
    {
        if (column.Scan.Texts is not { IsComplete: true } t || !IsWordLike(column))
        {
            return [];
        }

        return [.. CategoryVariants.Find([.. t.Texts.Zip(t.Counts, (text, n) => new CategoryValue(text, n))])
            .Select(g => new SpellingGroup(column.Name, [new Spelling(g.Keep.Text, g.Keep.Count), .. g.Variants.Select(v => new Spelling(v.Text, v.Count))], Words(g.Kind)))];
    }

    // Categories, and texts that come again.
    private static bool IsWordLike(ColumnFacts column) =>
        column.Role is Role.Category or Role.Flag || (column.Role is Role.Text or Role.Identifier && column.UniqueShare < MostUnique);

    private static string Words(VariantKind kind) => kind switch
    {
        VariantKind.Form => "case, blanks or marks",
        VariantKind.Abbreviation => "an abbreviation",
        _ => "a few letters",
    };
}

internal sealed record Spelling(string Text, long Count);

/// <param name="Column">The column.</param>
/// <param name="Values">Spellings, most frequent first.</param>
/// <param name="DifferBy">What sets them apart.</param>
internal sealed record SpellingGroup(string Column, IReadOnlyList<Spelling> Values, string DifferBy)
{
    /// <summary>Rows with any but the most frequent spelling.</summary>
    public long Rows => Values.Skip(1).Sum(v => v.Count);
}
