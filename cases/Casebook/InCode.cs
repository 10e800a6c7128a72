using System.Runtime.CompilerServices;
using Gnomon.Core.Studies;

namespace Gnomon.Cases;

/// <summary>The question as a C# program asks it: the options record, and the very text that made it.</summary>
public sealed class InCode
{
    private const string Lambda = "() => ";

    private InCode(Func<StudyOptions> options, string text)
    {
        Options = options;
        Text = Outdent(text.StartsWith(Lambda, StringComparison.Ordinal) ? text[Lambda.Length..] : text);
    }

    public Func<StudyOptions> Options { get; }

    /// <summary>The expression as written in the case's source.</summary>
    public string Text { get; }

    public static InCode Of(Func<StudyOptions> options, [CallerArgumentExpression(nameof(options))] string text = "") => new(options, text);

    // The first line stands where the lambda began; the others keep the source's indentation, of which the last line (the brace) has the least.
    private static string Outdent(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var margin = lines.Skip(1).Where(l => l.Trim().Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select((l, i) => i == 0 || l.Length < margin ? l.Trim() : l[margin..]));
    }
}
