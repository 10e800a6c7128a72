namespace Gnomon.Studies.Profile.Explore;

/// <summary>Finds that are one: a reversal shows in the pairs of its columns, a group that stands out shows in the groups beside it, and both once more from the other side.</summary>
internal static class PatternFold
{
    /// <summary>One line for each find, largest first; reversals take in the pairs of their columns.</summary>
    public static IReadOnlyList<PatternEffect> Fold(IReadOnlyList<PatternEffect> effects)
    {
        var ranked = effects.OrderByDescending(e => Math.Abs(e.Standardised)).ThenBy(e => e.Says, StringComparer.Ordinal).ToList();
        var kept = new List<PatternEffect>();
        foreach (var effect in ranked.Where(e => e.Tested.Pattern.Kind == PatternKind.Reversal).OrderBy(e => e.Tested.PValue).ThenBy(e => e.Says, StringComparer.Ordinal))
        {
            Add(kept, effect, k => k.Tested.Pattern.Names.ToHashSet(StringComparer.Ordinal).SetEquals(effect.Tested.Pattern.Names) || SamePair(k.Tested.Pattern, effect.Tested.Pattern));
        }

        foreach (var effect in ranked.Where(e => e.Tested.Pattern.Kind != PatternKind.Reversal))
        {
            Add(kept, effect, k => k.Tested.Pattern.Kind == PatternKind.Reversal && effect.Tested.Pattern.Kind != PatternKind.Step && effect.Tested.Pattern.Names.All(k.Tested.Pattern.Names.Contains));
        }

        return [.. kept.OrderByDescending(e => Math.Abs(e.Standardised)).ThenBy(e => e.Says, StringComparer.Ordinal)];
    }

    private static void Add(List<PatternEffect> kept, PatternEffect effect, Predicate<PatternEffect> isOne)
    {
        var at = kept.FindIndex(isOne);
        if (at < 0)
        {
            kept.Add(effect);
        }
        else
        {
            kept[at] = kept[at] with { Includes = kept[at].Includes + 1 };
        }
    }

    private static bool SamePair(Pattern a, Pattern b) => (a.First == b.First && a.Second == b.Second) || (a.First == b.Second && a.Second == b.First);
}
