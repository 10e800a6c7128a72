using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Gnomon.Generators;

/// <summary>Something the author must mend, with its place in the file; compared by value so that the pipeline can cache it.</summary>
internal sealed record Problem(string Id, string Message, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public const string OptionWithoutSummary = "GNOMON101";
    public const string CheckCannotBeListed = "GNOMON102";
    public const string DuplicateVerb = "GNOMON103";
    public const string DuplicateCheck = "GNOMON104";
    public const string StudyOfVerb = "GNOMON105";
    public const string OptionType = "GNOMON106";
    public const string DuplicateOption = "GNOMON107";
    public const string VerbCannotBeListed = "GNOMON108";

    public static Problem At(ISymbol symbol, string id, string message)
    {
        var location = symbol.Locations.FirstOrDefault(l => l.IsInSource);
        return location is null
            ? new Problem(id, message, string.Empty, default, default)
            : new Problem(id, message, location.SourceTree!.FilePath, location.SourceSpan, location.GetLineSpan().Span);
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Id, "Gnomon", Message, DiagnosticSeverity.Error, DiagnosticSeverity.Error, isEnabledByDefault: true, warningLevel: 0, title: Message,
        location: Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines));
}
