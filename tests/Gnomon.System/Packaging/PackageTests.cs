using System.IO.Compression;
using System.Xml.Linq;
using Gnomon.System.Cli;
using Xunit;

namespace Gnomon.System.Packaging;

/// <summary>
/// What a user installs: packed, installed from a folder that is the only source, and run. Takes about half a minute of building,
/// so it runs where GNOMON_PACKAGING=1 says so: on the build server, and before a release.
/// </summary>
public sealed class PackageTests
{
    private static readonly string[] Libraries =
        ["Gnomon", "Gnomon.Checks", "Gnomon.Core", "Gnomon.Data", "Gnomon.Methods", "Gnomon.Numerics", "Gnomon.Render", "Gnomon.Studies"];

    [Fact]
    public void The_packed_tool_installs_from_a_folder_alone_and_answers()
    {
        if (Environment.GetEnvironmentVariable("GNOMON_PACKAGING") != "1")
        {
            Assert.Skip("Packing takes half a minute: set GNOMON_PACKAGING=1 to run it.");
        }

        using var folder = new TemporaryFolder();
        var packages = folder["packages"];
        Expect(Tool.Run("dotnet", Repository.Root, "pack", "Gnomon.slnx", "-c", "Release", "-o", packages, "-v", "q", "--nologo"));
        Assert.Equal(Libraries.Append("Gnomon.Cli").Order(StringComparer.Ordinal), Directory.GetFiles(packages, "*.nupkg").Select(Id).Order(StringComparer.Ordinal));
        Assert.All(Libraries, library => Assert.Equal(Below(library), Dependencies(packages, library)));

        Assert.All(new[] { "Gnomon.Cli", "Gnomon.Data", "Gnomon.Render" }, package => Assert.Contains("THIRD-PARTY-NOTICES.md", Files(packages, package)));

        var config = folder.Write("NuGet.config", $"<configuration><packageSources><clear /><add key=\"local\" value=\"{packages}\" /></packageSources></configuration>");
        Expect(Tool.Run("dotnet", folder.Path, "tool", "install", "Gnomon.Cli", "--tool-path", folder["tools"], "--configfile", config));
        var gnomon = Path.Combine(folder["tools"], OperatingSystem.IsWindows() ? "gnomon.exe" : "gnomon");
        Assert.Matches(@"^gnomon \d+\.\d+\.\d+", Expect(Tool.Run(gnomon, folder.Path, "--version")).Out);
        Assert.Contains("-0.73 pp", Expect(Tool.Run(gnomon, folder.Path, "ab", "--counts", "A=500/11034,B=420/11037", "--no-ledger")).Out, StringComparison.Ordinal);

        // The native engine came along.
        folder.Write("visits.csv", "arm,converted\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"{(i % 2 == 0 ? "A" : "B")},{(i % 5 == 0 ? 1 : 0)}\n")));
        Assert.Contains("400 rows", Expect(Tool.Run(gnomon, folder.Path, "ab", "visits.csv", "--variant", "arm", "--metric", "converted", "--no-ledger")).Out, StringComparison.Ordinal);
    }

    private static CommandResult Expect(CommandResult result)
    {
        Assert.True(result.Code == 0, result.ToString());
        return result;
    }

    private static IReadOnlyList<string> Files(string packages, string id)
    {
        using var archive = ZipFile.OpenRead(Directory.GetFiles(packages, $"{id}.*.nupkg").Single(p => Id(p) == id));
        return [.. archive.Entries.Select(e => e.FullName)];
    }

    private static string Id(string package) => (string)Metadata(package).Element(Metadata(package).Name.Namespace + "id")!;

    private static IEnumerable<string> Dependencies(string packages, string library)
    {
        var metadata = Metadata(Directory.GetFiles(packages, $"{library}.*.nupkg").Single(p => Id(p) == library));
        return metadata.Descendants(metadata.Name.Namespace + "dependency").Select(d => (string)d.Attribute("id")!).Where(d => d.StartsWith("Gnomon", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Below(string library) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", library, $"{library}.csproj")).Descendants("ProjectReference")
            .Where(r => (string?)r.Attribute("OutputItemType") != "Analyzer")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)).Order(StringComparer.Ordinal);

    private static XElement Metadata(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var nuspec = archive.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }
}
