using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Cases;

/// <summary>Every case of this version, and how one is found.</summary>
public static class Casebook
{
    /// <summary>Every case, ordered by id.</summary>
    public static IReadOnlyList<Case> All => CaseCatalogue.All;

    /// <summary>By id, or by its slug alone.</summary>
    /// <exception cref="GnomonError"><c>unknown-case</c>, with the nearest id.</exception>
    public static Case Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (All.FirstOrDefault(c => c.Card.Id == id || c.Card.Slug == id) is { } found)
        {
            return found;
        }

        var nearest = id.Contains('/', StringComparison.Ordinal) ? NearestName.To(id, All.Select(c => c.Card.Id)) : NearestName.To(id, All.Select(c => c.Card.Slug));
        throw new GnomonError("unknown-case", $"There is no case '{id}'.", id, nearest is null ? "Run gnomon cases for the list." : $"Did you mean '{nearest}'?");
    }

    /// <exception cref="GnomonError"><c>unknown-scene</c>, with the scenes there are.</exception>
    public static Scene Scene(Case owner, string name)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.Scenes.FirstOrDefault(s => s.Name == name) ?? throw new GnomonError(
            "unknown-scene", $"{owner.Card.Id} has no scene '{name}'. Scenes: {string.Join(", ", owner.Scenes.Select(s => s.Name))}.", name,
            NearestName.To(name, owner.Scenes.Select(s => s.Name)) is { } nearest ? $"Did you mean '{nearest}'?" : null);
    }

    /// <summary>Cases that match every filter given.</summary>
    public static IReadOnlyList<Case> Select(CaseFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return [.. All.Where(filter.Matches)];
    }

    /// <summary>The case's page as written, in Markdown; null when the build holds none.</summary>
    public static string? Page(Case owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var assembly = typeof(Casebook).Assembly;

        // A build on Windows names its resources with the other slash.
        var name = assembly.GetManifestResourceNames().FirstOrDefault(n => n.Replace('\\', '/') == $"{owner.Card.Id}/page.md");
        if (name is null)
        {
            return null;
        }

        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

/// <summary>What to look for; null members match everything.</summary>
public sealed record CaseFilter(string? Area = null, CaseLevel? Level = null, string? Verb = null, string? Check = null, string? Text = null)
{
    internal bool Matches(Case c) =>
        (Area is null || c.Card.Area == Area)
        && (Level is null || c.Card.Level == Level)
        && (Verb is null || c.Card.Verbs.Contains(Verb))
        && (Check is null || c.Catches.Contains(Check))
        && (Text is null || Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(w => Words(c).Contains(w, StringComparison.OrdinalIgnoreCase)));

    private static string Words(Case c) => string.Join(' ', [c.Card.Id, c.Card.Title, c.Card.Situation, c.Card.Lesson, .. c.Card.Keywords, .. c.Catches, .. c.Scenes.Select(s => s.Data)]);
}
