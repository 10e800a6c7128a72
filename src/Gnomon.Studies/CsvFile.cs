using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies;

/// <summary>Writes a small table as CSV beside a finding.</summary>
internal static class CsvFile
{
    /// <param name="path">Where it goes.</param>
    /// <param name="option">The option that asked for it, for the message.</param>
    /// <param name="what">What is written, in words: <c>The design</c>.</param>
    /// <param name="write">Writes the lines.</param>
    /// <exception cref="GnomonError"><c>file-not-written</c>.</exception>
    public static void Write(string path, string option, string what, Action<StreamWriter> write)
    {
        try
        {
            using var writer = new StreamWriter(path) { NewLine = "\n" };
            write(writer);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"{what} could not be written to {path}: {wrong.Message}", option, "Name a file in a folder that exists and can be written.", wrong);
        }
    }

    public static string Cell(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Cell(string name) => name.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
