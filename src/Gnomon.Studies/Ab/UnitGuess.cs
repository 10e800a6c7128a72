using Gnomon.Core.Tables;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab;

/// <summary>
/// Without --unit the rows are compared as they are, but the experiment can still be known again: by a column of these data that named the units of a recorded look. Designs that read
/// their units in another way (a graph) are known by the units they name.
/// </summary>
internal static class UnitGuess
{
    /// <summary>The units and arms of that column; null when nothing is remembered, or the data have no such column.</summary>
    public static ArmedSketch? Of(AbDesign design, StudyContext context)
    {
        var options = design.Options;
        if (context.Ledger.Location is null || options.IsTyped || options.Variant is null || context.Data is not { } data || data.Schema.Find(options.Variant) is null)
        {
            return null;
        }

        if ((options.Randomised ?? context.Ledger.UnitColumns.FirstOrDefault(c => data.Schema.Find(c) is not null)) is not { } column || data.Schema.Find(column) is null)
        {
            return null;
        }

        var sketch = new ArmedSketch();
        data.Scan(
            Query.Of(
                new Projection("arm", Scalar.Column(options.Variant).ToText()),
                new Projection("unit", Scalar.Column(column).Hash()),
                new Projection("nounit", Scalar.Column(column).IsNull())),
            chunk =>
            {
                var codes = chunk.Codes(0);
                var hashes = chunk.Hashes(1);
                var noUnit = chunk.Integers(2);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (codes[i] >= 0 && noUnit[i] == 0)
                    {
                        sketch.Add(hashes[i], codes[i]);
                    }
                }

                return true;
            },
            context.Cancellation);
        return sketch;
    }
}
