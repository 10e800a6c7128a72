using System.Globalization;
using System.Text;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Pushdown;

/// <summary>Names and constants as SQL.</summary>
internal static class SqlText
{
    public static string Identifier(string name) => SqlName.Quoted(name);

    /// <summary>A text constant, for places where the engine takes no parameter (file paths and reader options).</summary>
    public static string Text(string value) => SqlName.Text(value);

    public static string List(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(Text)) + "]";

    /// <summary>A power of two, written exactly.</summary>
    public static string Power(double exponent) => "CAST(" + Math.ScaleB(1, (int)exponent).ToString("R", CultureInfo.InvariantCulture) + " AS DOUBLE)";
}

/// <summary>A statement and the values to bind, in order.</summary>
internal sealed record SqlStatement(string Text, IReadOnlyList<object?> Parameters);

/// <summary>Values seen so far; one value keeps one number, so that equal expressions have equal text.</summary>
internal sealed class SqlParameters
{
    private readonly List<object?> _values = [];

    public IReadOnlyList<object?> Values => _values;

    /// <summary>The number of a value, with DuckDB's cast.</summary>
    public string Add(object value)
    {
        var mark = Mark(value);
        return value switch
        {
            bool => $"CAST({mark} AS BOOLEAN)",
            int or long => $"CAST({mark} AS BIGINT)",
            double => $"CAST({mark} AS DOUBLE)",
            DateOnly => $"CAST({mark} AS DATE)",
            DateTimeOffset => $"CAST({mark} AS TIMESTAMPTZ)",
            _ => mark,
        };
    }

    /// <summary>The number of a value: <c>$1</c>.</summary>
    public string Mark(object value)
    {
        var index = _values.FindIndex(v => v!.GetType() == value.GetType() && v.Equals(value));
        if (index < 0)
        {
            _values.Add(value);
            index = _values.Count - 1;
        }

        return new StringBuilder("$").Append(index + 1).ToString();
    }
}
