using Xunit;

namespace Gnomon.Tests.Generators;

public sealed class CaseCatalogueGeneratorTests
{
    // The generator knows the base class by its name alone, so a stand-in will do.
    private const string Base = """
        namespace Gnomon.Cases
        {
            public sealed record Card(string Id);
            public abstract class Case { public abstract Card Card { get; } }
        }

        """;

    private static string Case(string name, string id, string modifiers = "public sealed") =>
        $"namespace Sample.Sea {{ {modifiers} class {name} : Gnomon.Cases.Case {{ public override Gnomon.Cases.Card Card {{ get; }} = new(\"{id}\"); }} }}\n";

    [Fact]
    public void Every_concrete_case_is_listed_in_the_order_of_ids()
    {
        var all = new GeneratorRun(Base + Case("Zebra", "a/first") + Case("Apple", "b/second") + Case("Base", "x/y", "public abstract")).Value<System.Collections.IEnumerable>("Sample.CaseCatalogue", "All");
        Assert.Equal(["Zebra", "Apple"], all.Cast<object>().Select(c => c.GetType().Name));
    }

    [Fact]
    public void A_project_without_cases_gets_no_catalogue() =>
        Assert.Null(new GeneratorRun("public sealed class Nothing;").Compiled.GetTypeByMetadataName("Sample.CaseCatalogue"));
}
