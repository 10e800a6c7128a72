using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files;

/// <summary>What is wrong with SQL that the user wrote, in words for the user.</summary>
internal static partial class SqlComplaint
{
    public static GnomonError Of(string code, string what, string option, EngineException error, IReadOnlyList<Field> fields)
    {
        if (MissingColumn().Match(error.Message) is { Success: true } column)
        {
            var name = column.Groups[1].Value;
            var nearest = NearestName.To(name, fields.Select(f => f.Name)) ?? FirstCandidate(error.Message);
            return new GnomonError(code, $"{what} names a column '{name}' that is not there.", option, nearest is null ? "Check the name; gnomon profile lists the columns." : $"Did you mean \"{nearest}\"?", error);
        }

        if (MissingTable().Match(error.Message) is { Success: true } table)
        {
            return new GnomonError(code, $"{what} reads from '{table.Groups[1].Value}', which is not there.", option, "Write a file's name in single quotes ('visits.csv'), or data for the file given.", error);
        }

        if (Syntax().Match(error.Message) is { Success: true } syntax)
        {
            return new GnomonError(code, $"{what} cannot be read from '{syntax.Groups[1].Value}' on.", option, "Check the SQL there: quotes around text are single, around names double.", error);
        }

        return new GnomonError(code, $"{what} cannot be run: {EngineMessages.Plain(error).TrimEnd('.')}.", option, "Check the SQL.", error);
    }

    private static string? FirstCandidate(string message) =>
        Candidate().Match(message) is { Success: true } m ? m.Groups[1].Value : null;

    [GeneratedRegex("Referenced column \"([^\"]+)\" not found")]
    private static partial Regex MissingColumn();

    [GeneratedRegex("Candidate bindings: \"([^\"]+)\"")]
    private static partial Regex Candidate();

    [GeneratedRegex("Table with name ([^\\s!]+) does not exist")]
    private static partial Regex MissingTable();

    [GeneratedRegex("syntax error at or near \"([^\"]*)\"")]
    private static partial Regex Syntax();
}
