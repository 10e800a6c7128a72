using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;
using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>Does the split in use share groups, or near copies of rows, between its sides?</summary>
internal static class SplitLook
{
    private const int MostLookedUp = 1_000;

    public static SharedGroups Groups(LabelScan scan)
    {
        var shared = scan.Sides.Where(s => s.Train > 0 && s.Test > 0).ToList();
        return new SharedGroups
        {
            Column = scan.Columns.Group!.Name, Train = "train", IsDeclared = true, Rows = scan.Sides.Sum(s => s.Test), SharedRows = shared.Sum(s => s.Test), Groups = scan.Sides.Count(s => s.Test > 0), Shared = shared.Count,
        };
    }

    /// <summary>Rows of the test side, drawn at random, looked up among all rows of training while these stream by.</summary>
    /// <param name="order">Rows held, in the order in which the whole would have been drawn.</param>
    public static SplitOverlap Copies(LabelScan scan, HeldRows held, IEnumerable<int> order, double cosine, IDataset data, CancellationToken cancellation)
    {
        var c = scan.Columns;
        var d = held.UnitColumns;
        int[] tested = [.. order.Where(i => held.Side[i] == 1 && held.IsWhole[i] && HasDirection(held.Unit.AsSpan(i * d, d))).Take(MostLookedUp)];
        double[] points = [.. tested.SelectMany(i => held.Unit.AsSpan(i * d, d).ToArray())];
        var index = new NearIndex(d, Math.Sqrt(2 - (2 * cosine)), NearIndex.Widest(points, d));
        for (var t = 0; t < tested.Length; t++)
        {
            index.Add(points.AsSpan(t * d, d));
        }

        var reader = new ColumnReader();
        var (group, side) = (reader.Text(c.Group!), reader.Text(c.Split!));
        int[] columns = [.. c.Embedding.Select(reader.Number)];
        var (groups, sides) = (new TextCodes(scan.GroupNumbers, grows: false), new TextCodes(new(StringComparer.OrdinalIgnoreCase) { ["train"] = 0 }, grows: false));
        var (same, other, row, unit) = (new bool[tested.Length], new bool[tested.Length], new double[d], new double[d]);
        data.Scan(reader.Query, chunk =>
        {
            for (var i = 0; i < chunk.Rows; i++)
            {
                if (sides.Of(chunk, side, chunk.Codes(side)[i]) != 0 || groups.Of(chunk, group, chunk.Codes(group)[i]) is var g && g < 0)
                {
                    continue;
                }

                for (var j = 0; j < d; j++)
                {
                    row[j] = chunk.IsNull(columns[j], i) ? double.NaN : chunk.Doubles(columns[j])[i];
                }

                HeldRows.Normalise(row, unit);
                if (!HasDirection(row))
                {
                    continue;
                }

                index.Each(unit, t =>
                {
                    if (held.Group[tested[t]] == g)
                    {
                        same[t] = true;
                    }
                    else
                    {
                        other[t] = true;
                    }
                });
            }

            return true;
        }, cancellation);
        return new SplitOverlap
        {
            Train = "train", Rows = tested.Length, Columns = 0, Equal = 0, AllButOne = 0, ByChance = 0, VectorRows = tested.Length, VectorCosine = cosine,
            NearVectors = Enumerable.Range(0, tested.Length).Count(t => same[t] && !other[t]), VectorsByChance = Enumerable.Range(0, tested.Length).Count(t => other[t]),
        };
    }

    // A missing or infinite value, or nothing but zeros, has no cosine with anything.
    private static bool HasDirection(ReadOnlySpan<double> row)
    {
        var isFinite = true;
        foreach (var x in row)
        {
            isFinite &= double.IsFinite(x);
        }

        return isFinite && row.ContainsAnyExcept(0);
    }
}
