using Gnomon.Core.Checks;
using Xunit;

namespace Gnomon.Tests.Generators;

public sealed class CheckCatalogueGeneratorTests
{
    private static string Check(string name, string id, string modifiers = "public sealed", string constructor = "") => $$"""

        {{modifiers}} class {{name}} : Check<Depth>
        {
            {{constructor}}
            public override CheckCard Card { get; } = new("{{id}}", "Deep?", "depth > 1", "It is deep.", "Measure again.", "A book") { Level = CheckLevel.Warning };
            public override CheckResult Evaluate(Depth evidence) => CheckResult.Pass("depth 1");
            public override Depth Trap(int seed) => new();
            public override Depth Clean(int seed) => new();
            public override Depth? Tiny => null;
        }
        """;

    private static string Project(params string[] checks) => "namespace Sample.Sea;\npublic sealed record Depth : IEvidence;\n" + string.Concat(checks);

    [Fact]
    public void Every_concrete_check_is_listed_in_the_order_of_ids()
    {
        var all = new GeneratorRun(Project(Check("Zebra", "a-first"), Check("Apple", "b-second"), Check("Base", "x", "public abstract"))).Value<IReadOnlyList<Check>>("Sample.CheckCatalogue", "All");
        Assert.Equal(["a-first", "b-second"], all.Select(c => c.Card.Id));
    }

    [Fact]
    public void A_project_without_checks_gets_no_catalogue() =>
        Assert.Null(new GeneratorRun("public sealed class Nothing;").Compiled.GetTypeByMetadataName("Sample.CheckCatalogue"));

    [Theory]
    [InlineData("public", "")]
    [InlineData("public sealed", "private Zebra() { }")]
    [InlineData("public sealed", "public Zebra(int depth) { }")]
    public void A_check_that_cannot_be_listed_is_a_compile_error(string modifiers, string constructor) =>
        Assert.Contains(
            "GNOMON102: Check 'Zebra' must be a sealed top-level class with a public constructor without parameters",
            new GeneratorRun(Project(Check("Zebra", "a", modifiers, constructor))).Problems);

    [Fact]
    public void Two_checks_of_one_id_are_a_compile_error() =>
        Assert.Contains(new GeneratorRun(Project(Check("Zebra", "same"), Check("Apple", "same"))).Problems, p => p.StartsWith("GNOMON104: The check id 'same' is taken", StringComparison.Ordinal));
}
