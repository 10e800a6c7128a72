using Gnomon.Core.Studies;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>Every verb of the catalogue by name.</summary>
public static class VerbSubjects
{
    public static TheoryData<string> Names => [.. Catalogue.Verbs.Select(v => v.Name)];

    internal static VerbCard Of(string name) => Catalogue.Verb(name);
}
