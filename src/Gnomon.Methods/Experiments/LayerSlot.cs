using System.Globalization;

namespace Gnomon.Methods.Experiments;

/// <summary>A stretch of a layer: experiments in the same layer with stretches that do not overlap never share a unit.</summary>
/// <remarks>
/// Source: Tang, Agarwal, O'Brien and Meyer 2010. Whether a unit is in the stretch is decided on the layer's line, which arm it gets on the line of the experiment's own salt: the next
/// experiment in the same stretch then mixes the units anew instead of keeping the old arms together.
/// </remarks>
/// <param name="Layer">Name of the layer; it is the salt of its line.</param>
/// <param name="From">Where the stretch begins, in [0, 1).</param>
/// <param name="To">Where it ends, above <paramref name="From"/>, at most 1.</param>
public sealed record LayerSlot(string Layer, double From, double To)
{
    /// <summary>True when the unit belongs to the stretch.</summary>
    public bool Holds(string unit)
    {
        Check();
        var place = Assignment.Place(Layer, unit);
        return place >= From && place < To;
    }

    /// <summary>True when the two stretches share units: same layer, overlapping.</summary>
    public bool Overlaps(LayerSlot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Layer == other.Layer && From < other.To && other.From < To;
    }

    /// <summary>An SQL condition that is true for units of the stretch.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="column">Column with the unit's id, as SQL.</param>
    public string Sql(AssignmentDialect dialect, string column)
    {
        Check();
        var place = Assignment.PlaceSql(dialect, Layer, column);
        var until = string.Create(CultureInfo.InvariantCulture, $"{place} < {Assignment.Number(To)}");
        return From > 0 ? string.Create(CultureInfo.InvariantCulture, $"{place} >= {Assignment.Number(From)} AND {until}") : until;
    }

    void Check()
    {
        if (string.IsNullOrEmpty(Layer) || Layer.Contains('\'', StringComparison.Ordinal) || !(From >= 0 && From < To && To <= 1))
        {
            throw new ArgumentException($"A stretch lies in 0 to 1 of a named layer without quotes; got '{Layer}' from {From} to {To}.");
        }
    }
}
