using Gnomon.Core.Errors;
using Gnomon.Render.Json;

namespace Gnomon.Cli.Running;

/// <summary>One clear message on standard error: what happened, where, what to do; the same as <c>gnomon.error/1</c> with --json.</summary>
internal static class Complaint
{
    public static void Print(Surface surface, GnomonError error, bool json)
    {
        if (json)
        {
            surface.Error.WriteLine(ErrorJson.Write(error));
            return;
        }

        var lines = error.Message.ReplaceLineEndings("\n").Split('\n');
        if (error.Code == GnomonError.SeveralCode)
        {
            surface.Error.WriteLine($"gnomon: {lines.Length} things to mend:");
            Array.ForEach(lines, line => surface.Error.WriteLine($"  {line}"));
            return;
        }

        // A message of several lines shows a text with the place in it.
        surface.Error.WriteLine($"gnomon: {lines[0]}");
        Array.ForEach(lines[1..], line => surface.Error.WriteLine($"  {line}"));
        if (error.Where is { } where && !error.Message.Contains(where, StringComparison.Ordinal))
        {
            surface.Error.WriteLine($"  where: {where}");
        }

        if (error.Hint is { } hint)
        {
            surface.Error.WriteLine($"  {hint}");
        }
    }
}
