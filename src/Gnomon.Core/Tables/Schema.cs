using System.Collections;
using Gnomon.Core.Errors;

namespace Gnomon.Core.Tables;

/// <summary>The columns of a data set, in file order. Names are looked up exactly, then without case.</summary>
public sealed class Schema : IReadOnlyList<Field>
{
    private readonly IReadOnlyList<Field> _fields;
    private readonly string _source;

    public Schema(string source, IReadOnlyList<Field> fields)
    {
        _source = source;
        _fields = fields;
    }

    public int Count => _fields.Count;

    public Field this[int index] => _fields[index];

    public Field? Find(string name) =>
        _fields.FirstOrDefault(f => f.Name == name)
        ?? _fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="GnomonError"><c>column-not-found</c>, with the columns and the nearest name.</exception>
    public Field Require(string name, string? option = null) => Find(name) ?? throw Missing(name, option);

    public IEnumerator<Field> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private GnomonError Missing(string name, string? option)
    {
        var nearest = NearestName.To(name, _fields.Select(f => f.Name));
        var shown = _fields.Count <= 30
            ? string.Join(", ", _fields.Select(f => f.Name))
            : string.Join(", ", _fields.Take(30).Select(f => f.Name)) + $" and {_fields.Count - 30} more";
        return new GnomonError(
            "column-not-found",
            $"{_source} has no column '{name}'. Columns: {shown}.",
            option ?? name,
            nearest is null ? null : $"Did you mean '{nearest}'?");
    }
}
