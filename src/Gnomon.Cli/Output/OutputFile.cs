using System.Globalization;
using Gnomon.Cli.Parsing;
using Gnomon.Core.Errors;

namespace Gnomon.Cli.Output;

/// <summary>A page on its way to a file.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Option">The option that asked for it, for messages.</param>
/// <param name="Text">Makes the page.</param>
internal sealed record OutputFile(string Path, string Option, Func<string> Text)
{
    public static OutputFile? If(string? path, string option, Func<string> text) =>
        path is null or OutputSettings.StandardOutput ? null : new OutputFile(path, option, text);

    /// <summary>Written beside its place and moved there, so that a reader never meets half a page.</summary>
    /// <returns>What went wrong; null when it was written.</returns>
    public GnomonError? Save()
    {
        var folder = global::System.IO.Path.GetDirectoryName(global::System.IO.Path.GetFullPath(Path))!;
        if (!Directory.Exists(folder))
        {
            return new GnomonError("cannot-write", $"{Option} could not be written: there is no folder {folder}.", Option, $"Create it: mkdir -p {folder}");
        }

        var draft = string.Create(CultureInfo.InvariantCulture, $"{Path}.{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllText(draft, Text());
            File.Move(draft, Path, overwrite: true);
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            return new GnomonError("cannot-write", $"{Option} could not be written to {Path}: {unwritable.Message}", Option, "Name another file.");
        }
    }
}
