using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Xunit;

namespace Gnomon.System.Docs;

/// <summary>
/// No sentence of the product reads a p-value as what it is not. All string literals of the shipped assemblies are read from their metadata, joined in the order in which
/// a method uses them, so that a sentence with holes is seen whole; and every page and rendered answer in the repository is read beside them. The check that finds such
/// sentences in what others wrote must hold them, and what a user claimed is quoted back: both are left out by name.
/// </summary>
public sealed partial class BannedReadingsTests
{
    private const string Refuter = "UnsupportedClaim";

    // Stands for whatever a sentence template puts in.
    private const string Hole = " \u25a1 ";

    [Fact]
    public void No_literal_of_a_shipped_assembly_holds_a_banned_reading()
    {
        var shipped = Shipped().ToList();
        var projects = Directory.GetFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetFileNameWithoutExtension(p)).Where(p => p != "Gnomon.Generators").Append("Gnomon.Cases");
        Assert.Equal(projects.Order(StringComparer.Ordinal), shipped.Select(a => Path.GetFileNameWithoutExtension(a)).Order(StringComparer.Ordinal));
        var texts = shipped.SelectMany(a => Literals(a).Select(t => (Where: Path.GetFileName(a), Text: t))).ToList();
        Assert.True(texts.Count > 10_000, $"only {texts.Count} texts were found in the assemblies");
        Refuse(texts);
    }

    [Fact]
    public void No_page_or_rendered_answer_holds_a_banned_reading()
    {
        string[] folders = ["docs", "cases", Path.Combine("tests", "golden", "render")];
        var files = folders.SelectMany(f => Directory.GetFiles(Path.Combine(Root(), f), "*", SearchOption.AllDirectories))
            .Where(f => Path.GetExtension(f) is ".md" or ".txt" or ".json" or ".html" && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Append(Path.Combine(Root(), "README.md")).ToList();
        Assert.True(files.Count > 100, $"only {files.Count} pages were found");
        Refuse(files.Select(f => (Path.GetRelativePath(Root(), f), Spaces().Replace(File.ReadAllText(f), " "))));
    }

    [Theory]
    [InlineData("We accept the null hypothesis.")]
    [InlineData("We therefore accepted H0.")]
    [InlineData("The p-value is the probability that the result is due to chance.")]
    [InlineData("B is 19 times more likely to work.")]
    [InlineData("The probability that the effect is real is 97 %.")]
    [InlineData("There is a 95 % chance that this difference is true.")]
    [InlineData("A trend towards significance.")]
    [InlineData("It approaches significance.")]
    [InlineData("p is the probability of the null hypothesis.")]
    [InlineData("The null hypothesis is true with probability 0.03.")]
    [InlineData("This proves that B is better.")]
    public void A_banned_reading_is_found(string sentence) => Assert.Matches(Banned(), sentence);

    [Theory]
    [InlineData("The chance of a significant gain is 0.62.")]
    [InlineData("p = 0.03 is how often such data come up without any effect.")]
    [InlineData("Nothing here speaks against no difference; the interval says what is left open.")]
    [InlineData("twice the days bring 1.7 times the units")]
    public void A_sound_sentence_is_left_alone(string sentence) => Assert.DoesNotMatch(Banned(), sentence);

    // This assembly ships nothing, and holds one sentence with a hole in the middle of a banned reading: the scan must see it.
    [Fact]
    public void The_scan_sees_a_sentence_with_a_hole()
    {
        Assert.NotEmpty(Planted("effect"));
        Assert.Contains(Literals(typeof(BannedReadingsTests).Assembly.Location), t => t.Contains("planted: ", StringComparison.Ordinal) && Banned().IsMatch(t));
    }

    private static string Planted(string what) => $"planted: the probability that the {what} is real is high";

    // The claim of a case, as its command and its pages quote it, and the words of the check that refutes it.
    private static readonly string[] Quoted =
    [
        "There is a 98 % probability that the effect is real", "there is a 98 % probability that the effect is real", "a p-value is not the probability that a result is due to chance",
        "no hypothesis gets a probability",
    ];

    private static void Refuse(IEnumerable<(string Where, string Text)> found) => Look(found.Select(t => (t.Where, Text: Quoted.Aggregate(t.Text, (text, quote) => text.Replace(quote, string.Empty, StringComparison.Ordinal)))));

    private static void Look(IEnumerable<(string Where, string Text)> texts)
    {
        var found = texts.SelectMany(t => Banned().Matches(t.Text).Select(m => $"{t.Where}: ...{t.Text[Math.Max(0, m.Index - 60)..Math.Min(t.Text.Length, m.Index + m.Length + 40)]}...")).ToList();
        Assert.True(found.Count == 0, "Banned readings:\n" + string.Join('\n', found));
    }

    private static IEnumerable<string> Shipped() => Directory.GetFiles(AppContext.BaseDirectory, "Gnomon*.dll").Where(f => Path.GetFileName(f) is not "Gnomon.System.dll");

    // Every literal alone, and those of each method joined by holes.
    private static List<string> Literals(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var texts = new List<string>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0 || Refutes(metadata, method.GetDeclaringType()))
            {
                continue;
            }

            var used = Used(file.GetMethodBody(method.RelativeVirtualAddress).GetILContent(), metadata).ToList();
            texts.AddRange(used);
            if (used.Count > 1)
            {
                texts.Add(string.Join(Hole, used));
            }
        }

        // Strings that no method loads, such as default values of parameters, are constants of fields.
        foreach (var handle in metadata.FieldDefinitions)
        {
            var constant = metadata.GetFieldDefinition(handle).GetDefaultValue();
            if (!constant.IsNil && metadata.GetConstant(constant) is { TypeCode: ConstantTypeCode.String } text)
            {
                texts.Add(metadata.GetBlobReader(text.Value).ReadConstant(ConstantTypeCode.String) as string ?? string.Empty);
            }
        }

        return texts;
    }

    // The patterns and the planted sentences of the check itself, and the code that the compiler makes of its patterns.
    private static bool Refutes(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        for (var type = handle; !type.IsNil; type = metadata.GetTypeDefinition(type).GetDeclaringType())
        {
            var definition = metadata.GetTypeDefinition(type);
            if (metadata.GetString(definition.Name).Contains(Refuter, StringComparison.Ordinal) || metadata.GetString(definition.Namespace) == "System.Text.RegularExpressions.Generated")
            {
                return true;
            }
        }

        return false;
    }

    // ldstr is 0x72 and a token of the user strings, whose last byte is 0x70. Other bytes that look alike name no string.
    private static IEnumerable<string> Used(ImmutableArray<byte> code, MetadataReader metadata)
    {
        var size = metadata.GetHeapSize(HeapIndex.UserString);
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] == 0x72 && code[i + 4] == 0x70)
            {
                var offset = code[i + 1] | (code[i + 2] << 8) | (code[i + 3] << 16);
                if (offset > 0 && offset < size)
                {
                    yield return metadata.GetUserString(MetadataTokens.UserStringHandle(offset));
                    i += 4;
                }
            }
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gnomon.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository root was not found.");
        }

        return folder;
    }

    [GeneratedRegex(
        """
        \baccept(s|ed|ing)?\s+(the\s+null|H0)
        | \bdue\s+to\s+chance\b
        | \btimes\s+(more|as)\s+likely\s+to\s+(work|win|succeed|be\s+better)\b
        | \b(probability|chance|likelihood|odds)\s+that\s+(\w+|\u25a1)(\s+(\w+|\u25a1))?\s+(is|are)\s+(real|true|false)\b
        | \b(trend(s|ed|ing)?|approach(es|ed|ing)?)\s+(towards?\s+)?significance\b
        | \b(marginally|highly|almost|nearly)\s+significant\b
        | \bprobability\s+(of|that)\s+(the\s+)?(null|hypothesis|H0)\b
        | \bnull(\s+hypothesis)?\s+is\s+(true|false)\s+with\b
        | \bprov(es|e|ed|en)\b
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Banned();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
