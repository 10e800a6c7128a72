using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>Writes the rows of a model as CSV: row in the data, outcome, columns of the design, fitted value, residual.</summary>
internal static class DesignFile
{
    public static void Write(string path, FittedModel model)
    {
        try
        {
            using var writer = new StreamWriter(path) { NewLine = "\n" };
            var design = model.Fit.Design;
            var fitted = model.Fitted();
            writer.WriteLine(string.Join(',', design.Names.Prepend(model.Data.Outcome).Prepend("row").Append("fitted").Append("residual").Select(Quoted)));
            for (var i = 0; i < model.Data.Rows; i++)
            {
                writer.Write((model.Data.Source[i] + 1).ToString(CultureInfo.InvariantCulture));
                Cell(writer, model.Data.Y[i]);
                for (var j = 0; j < design.Columns; j++)
                {
                    Cell(writer, design.Column(j)[i]);
                }

                Cell(writer, fitted[i]);
                Cell(writer, model.Data.Y[i] - fitted[i]);
                writer.WriteLine();
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"The design could not be written to {path}: {wrong.Message}", "--design", "Name a file in a folder that exists and can be written.", wrong);
        }
    }

    private static void Cell(StreamWriter writer, double value)
    {
        writer.Write(',');
        writer.Write(value.ToString("R", CultureInfo.InvariantCulture));
    }

    private static string Quoted(string name) => name.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
