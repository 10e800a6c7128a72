using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Gnomon.Generators;

/// <summary>Doc comments as plain sentences. Read from the source text itself, so that it works whether or not the compiler parses them.</summary>
internal static class DocComment
{
    private static readonly Regex Blanks = new(@"\s+", RegexOptions.CultureInvariant);

    /// <summary>The first paragraph of the summary without tags; empty when there is none.</summary>
    public static string Summary(ISymbol symbol) => Paragraphs(symbol, "summary").FirstOrDefault() ?? string.Empty;

    /// <summary>The remarks without tags, paragraphs separated by a line feed.</summary>
    public static string Remarks(ISymbol symbol) => string.Join("\n", Paragraphs(symbol, "remarks"));

    private static IReadOnlyList<string> Paragraphs(ISymbol symbol, string tag)
    {
        var element = symbol.DeclaringSyntaxReferences.Select(r => Read(r.GetSyntax())).Select(doc => doc?.Element(tag)).FirstOrDefault(e => e is not null);
        if (element is null)
        {
            return [];
        }

        var text = new StringBuilder();
        Append(text, element);
        return [.. Regex.Split(text.ToString(), @"\n\s*\n").Select(p => Blanks.Replace(p, " ").Trim()).Where(p => p.Length > 0)];
    }

    private static XElement? Read(SyntaxNode node)
    {
        var lines = node.GetLeadingTrivia().ToFullString().Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("///", StringComparison.Ordinal));
        try
        {
            return XElement.Parse($"<doc>{string.Join("\n", lines.Select(l => l.Substring(3)))}</doc>");
        }
        catch (XmlException)
        {
            return null; // the compiler reports a malformed comment itself
        }
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    text.Append(words.Value);
                    break;
                case XElement child when child.Name.LocalName is "see" or "paramref" or "typeparamref" or "seealso" && !child.Nodes().Any():
                    text.Append(Target(child));
                    break;
                case XElement child when child.Name.LocalName is "para" or "list" or "item":
                    text.Append("\n\n");
                    Append(text, child);
                    text.Append("\n\n");
                    break;
                case XElement child:
                    Append(text, child);
                    break;
            }
        }
    }

    private static string Target(XElement reference)
    {
        var value = (reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword") ?? reference.Attribute("href"))?.Value ?? string.Empty;
        return value.Substring(value.LastIndexOf('.') + 1);
    }
}
