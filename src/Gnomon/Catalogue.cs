using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon;

/// <summary>Everything this version can ask and everything it checks, joined from the catalogues that the compiler wrote.</summary>
public static class Catalogue
{
    /// <summary>Every check, ordered by id.</summary>
    public static IReadOnlyList<Check> Checks => Gnomon.Checks.CheckCatalogue.All;

    /// <summary>Every verb, ordered by name.</summary>
    public static IReadOnlyList<VerbCard> Verbs => Studies.VerbCatalogue.All;

    /// <exception cref="GnomonError"><c>unknown-verb</c>, with the nearest name.</exception>
    public static VerbCard Verb(string name) => Verbs.FirstOrDefault(v => v.Name == name) ?? throw new GnomonError(
        "unknown-verb", $"There is no verb '{name}'. Verbs: {string.Join(", ", Verbs.Select(v => v.Name))}.", name, Hint(NearestName.To(name, Verbs.Select(v => v.Name))));

    /// <summary>By id or by one of its other names.</summary>
    /// <exception cref="GnomonError"><c>unknown-check</c>, with the nearest id.</exception>
    public static Check Check(string id) => Checks.FirstOrDefault(c => c.Card.Id == id || c.Card.Aliases.Contains(id, StringComparer.OrdinalIgnoreCase)) ?? throw new GnomonError(
        "unknown-check", $"There is no check '{id}'.", id, Hint(NearestName.To(id, Checks.SelectMany(c => c.Card.Aliases.Prepend(c.Card.Id)))) ?? "Run gnomon checks for the list.");

    private static string? Hint(string? nearest) => nearest is null ? null : $"Did you mean '{nearest}'?";
}
