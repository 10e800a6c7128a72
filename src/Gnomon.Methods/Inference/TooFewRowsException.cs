namespace Gnomon.Methods;

/// <summary>A method needs more rows than it was given.</summary>
public sealed class TooFewRowsException : ArgumentException
{
    /// <param name="what">The sample, as in "the first sample".</param>
    /// <param name="rows">Rows it has.</param>
    /// <param name="needed">Rows the method needs.</param>
    /// <param name="one">What one of them is.</param>
    public TooFewRowsException(string what, long rows, long needed, string one = "row")
        : base($"{what} has {rows} {one}{(rows == 1 ? string.Empty : "s")}; the method needs {needed}.")
    {
        Rows = rows;
        Needed = needed;
    }

    /// <summary>Rows that were given.</summary>
    public long Rows { get; }

    /// <summary>Rows that are needed.</summary>
    public long Needed { get; }
}
