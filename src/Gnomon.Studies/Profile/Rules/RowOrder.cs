using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>Does a column fall anywhere, from one row to the next, in the order of the file?</summary>
internal static class RowOrder
{
    /// <returns>Rows smaller than the last value before them, and the first five of them, from 1.</returns>
    public static (long Falls, IReadOnlyList<long> First) Falls(IDataset data, string column, CancellationToken cancellation)
    {
        long row = 0, falls = 0;
        var first = new List<long>();
        var field = data.Schema.Require(column);
        double? last = null;
        data.Scan(
            Query.Of(new Projection("v", field.IsTemporal ? RuleSql.Line(field) : Scalar.Column(field.Name).ToDouble())),
            chunk =>
            {
                var whole = field.IsTemporal ? chunk.Integers(0) : [];
                var real = field.IsTemporal ? [] : chunk.Doubles(0);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    row++;
                    if (chunk.IsNull(0, i))
                    {
                        continue;
                    }

                    var value = field.IsTemporal ? whole[i] : real[i];
                    if (value < last)
                    {
                        falls++;
                        if (first.Count < RuleExamples.Most)
                        {
                            first.Add(row);
                        }
                    }

                    last = value;
                }

                return true;
            },
            cancellation);
        return (falls, first);
    }
}
