using System.Globalization;

namespace Gnomon.Studies.Regress;

/// <summary>Writes the rows of a model as CSV: row in the data, outcome, columns of the design, fitted value, residual.</summary>
internal static class DesignFile
{
    public static void Write(string path, FittedModel model) => CsvFile.Write(path, "--design", "The design", writer =>
    {
        var design = model.Fit.Design;
        var fitted = model.Fitted();
        writer.WriteLine(string.Join(',', design.Names.Prepend(model.Data.Outcome).Prepend("row").Append("fitted").Append("residual").Select(CsvFile.Cell)));
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
    });

    private static void Cell(StreamWriter writer, double value)
    {
        writer.Write(',');
        writer.Write(CsvFile.Cell(value));
    }
}
