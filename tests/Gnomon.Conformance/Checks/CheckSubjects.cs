using Gnomon.Core.Checks;
using Xunit;

namespace Gnomon.Conformance.Checks;

/// <summary>Every check of the catalogue by id, so that a new one is under the suite on its first day.</summary>
public static class CheckSubjects
{
    public static TheoryData<string> Ids => [.. Catalogue.Checks.Select(c => c.Card.Id)];

    internal static Check Of(string id) => Catalogue.Checks.Single(c => c.Card.Id == id);
}
