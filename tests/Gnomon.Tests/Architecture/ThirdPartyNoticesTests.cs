using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Gnomon.Tests.Architecture;

/// <summary>Whatever of others' work is shipped is named in THIRD-PARTY-NOTICES.md, with its licence; found from what is restored, not from a list.</summary>
public sealed class ThirdPartyNoticesTests
{
    // Command-line tools and types of the chart packages: not in the builds that run in a page.
    private static readonly HashSet<string> NotInPages =
    [
        "yargs", "yargs-parser", "cliui", "y18n", "get-caller-file", "escalade", "emoji-regex", "string-width", "strip-ansi", "wrap-ansi", "ansi-regex", "ansi-styles",
        "get-east-asian-width", "commander", "iconv-lite", "rw", "safer-buffer", "@types/estree", "@types/geojson",
    ];

    private static readonly string Notices = SourceTree.Read("THIRD-PARTY-NOTICES.md");

    [Fact]
    public void Every_package_that_the_tool_brings_along_is_named()
    {
        using var assets = JsonDocument.Parse(SourceTree.Read("src/Gnomon.Cli/obj/project.assets.json"));
        var shipped = assets.RootElement.GetProperty("targets").EnumerateObject().SelectMany(t => t.Value.EnumerateObject())
            .Where(l => l.Value.GetProperty("type").GetString() == "package" && new[] { "runtime", "runtimeTargets", "native" }.Any(k => l.Value.TryGetProperty(k, out _)))
            .Select(l => l.Name.Split('/')[0]).Distinct().ToList();
        Assert.Contains("Spectre.Console", shipped);
        Assert.Contains("SourceGear.sqlite3", shipped);
        Assert.DoesNotContain(shipped, name => !Names(name));
    }

    [Fact]
    public void Every_part_of_the_charts_is_named()
    {
        var parts = new HashSet<string>();
        var open = new Queue<string>(["vega", "vega-lite", "vega-embed"]);
        while (open.TryDequeue(out var name))
        {
            if (!parts.Add(name))
            {
                continue;
            }

            using var package = JsonDocument.Parse(SourceTree.Read($"node_modules/{name}/package.json"));
            foreach (var dependency in package.RootElement.TryGetProperty("dependencies", out var all) ? all.EnumerateObject().Select(d => d.Name) : [])
            {
                open.Enqueue(dependency);
            }
        }

        Assert.True(parts.Count > 40, $"only {parts.Count} parts were found");
        Assert.DoesNotContain(parts.Except(NotInPages), name => !Names(name));
    }

    [Fact]
    public void The_native_engine_is_named_with_its_licence()
    {
        Assert.True(Names("@duckdb/node-bindings"));
        Assert.Contains("Stichting DuckDB Foundation", Notices, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MIT", "Permission is hereby granted, free of charge")]
    [InlineData("Apache-2.0", "Version 2.0, January 2004")]
    [InlineData("BSD-3-Clause", "Redistributions in binary form must reproduce")]
    [InlineData("ISC", "Permission to use, copy, modify, and/or distribute this")]
    [InlineData("0BSD", "Permission to use, copy, modify, and/or distribute this")]
    [InlineData("Unlicense", "This is free and unencumbered software")]
    [InlineData("public domain", "dedicated its code to the public domain")]
    public void Every_licence_that_a_table_names_has_its_text(string licence, string text)
    {
        Assert.Contains($"| {licence} |", Notices, StringComparison.Ordinal);
        Assert.Contains(text, Notices, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gnomon.Cli")]
    [InlineData("Gnomon.Data")]
    [InlineData("Gnomon.Render")]
    public void Packages_that_carry_others_work_carry_the_notices(string project) =>
        Assert.Contains(XDocument.Parse(SourceTree.Read($"src/{project}/{project}.csproj")).Descendants("None"), e => ((string?)e.Attribute("Include"))?.EndsWith("THIRD-PARTY-NOTICES.md", StringComparison.Ordinal) == true && (string?)e.Attribute("Pack") == "true");

    private static bool Names(string package) => Notices.Contains($"`{package}`", StringComparison.OrdinalIgnoreCase);
}
