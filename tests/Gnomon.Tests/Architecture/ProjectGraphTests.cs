using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Gnomon.Tests.Architecture;

/// <summary>Arrows point down only.</summary>
public sealed class ProjectGraphTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Gnomon.Cli"] = ["Gnomon", "Gnomon.Cases"],
        ["Gnomon.Cases"] = ["Gnomon"],
        ["Gnomon"] = ["Gnomon.Studies", "Gnomon.Checks", "Gnomon.Data", "Gnomon.Render"],
        ["Gnomon.Studies"] = ["Gnomon.Methods", "Gnomon.Core"],
        ["Gnomon.Checks"] = ["Gnomon.Methods", "Gnomon.Core"],
        ["Gnomon.Data"] = ["Gnomon.Core"],
        ["Gnomon.Render"] = ["Gnomon.Core"],
        ["Gnomon.Methods"] = ["Gnomon.Numerics"],
        ["Gnomon.Core"] = ["Gnomon.Numerics"],
        ["Gnomon.Numerics"] = [],
        ["Gnomon.Generators"] = [],
    };

    public static TheoryData<string> Names => [.. SourceTree.Projects.Select(p => Path.GetFileNameWithoutExtension(p))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_refers_only_to_what_lies_below(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} has no place in the map. Give it one: [\"{project}\"] = [what it may refer to].");
        Assert.Empty(References(project).Except(Allowed[project]));
    }

    // Studies, checks, engines and renderers meet in Core, never in each other; Methods and Numerics know no table, file, finding or console.
    [Theory]
    [InlineData("Gnomon.Numerics")]
    [InlineData("Gnomon.Methods")]
    [InlineData("Gnomon.Core")]
    [InlineData("Gnomon.Checks")]
    [InlineData("Gnomon.Studies")]
    [InlineData("Gnomon.Data")]
    [InlineData("Gnomon.Render")]
    public void The_compiled_assembly_refers_only_to_what_lies_below(string assembly)
    {
        var refers = Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Gnomon", StringComparison.Ordinal));
        Assert.Empty(refers.Except(Below(assembly)));
    }

    [Theory]
    [InlineData("Gnomon.Numerics")]
    [InlineData("Gnomon.Methods")]
    public void Maths_opens_no_file_and_reads_no_clock(string assembly)
    {
        var refers = Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!);
        Assert.Empty(refers.Intersect(["System.Console", "System.IO.FileSystem", "System.Net.Http", "System.Diagnostics.Process", "Spectre.Console", "System.CommandLine", "Microsoft.Data.Sqlite"]));
        Assert.All(SourceTree.Sources($"src/{assembly}"), file =>
        {
            var text = SourceTree.Read(file);
            Assert.DoesNotContain("TimeProvider", text, StringComparison.Ordinal);
            Assert.DoesNotContain("File.", text, StringComparison.Ordinal);
        });
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(SourceTree.Projects.Single(p => Path.GetFileNameWithoutExtension(p) == project)).Descendants("ProjectReference")
            .Where(r => (string?)r.Attribute("OutputItemType") != "Analyzer")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));

    private static IEnumerable<string> Below(string project) => Allowed[project].SelectMany(p => Below(p).Append(p)).Distinct();
}
