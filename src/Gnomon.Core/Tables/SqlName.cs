namespace Gnomon.Core.Tables;

/// <summary>The one place where names and texts become SQL, for databases that follow the standard.</summary>
public static class SqlName
{
    /// <summary>A table or column: double quotes around it, those within doubled.</summary>
    public static string Quoted(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text constant: single quotes around it, those within doubled.</summary>
    public static string Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
