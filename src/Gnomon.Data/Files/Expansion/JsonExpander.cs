using System.Buffers;
using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Conversion;
using Gnomon.Data.Files.Csv;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Expansion;

/// <summary>
/// A column of JSON objects as ordinary columns. One pass over its bytes finds the union of keys and the type that holds for all values of each, and fills the columns that the first rows
/// promised; where another row breaks the promise, a second pass fills the columns that hold. Parts of the rows are read side by side and put together in their order, so that the result
/// does not depend on their number.
/// </summary>
internal sealed class JsonExpander(EngineSession session, ExpansionOrder order, Field column, ICellParts cells, CancellationToken cancellation)
{
    /// <summary>Rows that are looked at before the first pass.</summary>
    private const int FirstRows = 10_000;
    private const int ShownRejects = 10;
    private const int ShownBytes = 80;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    public JsonExpansion Run(IReadOnlyList<string> others)
    {
        var promise = Promise(others);
        var counters = new KeyCounter[cells.Count];
        var faults = counters.Select(_ => new List<(long Row, string Reason, byte[] Text)>()).ToList();
        var isKept = new bool[cells.Count];
        Side(k => (counters[k], isKept[k]) = Count(k, promise, faults[k]));
        var root = counters[0].Root;
        counters.Skip(1).ToList().ForEach(c => root.Merge(c.Root));
        var nodes = root.All().Where(n => n.IsValue).ToList();
        var isLong = Array.Exists(counters, c => c.IsFull) || nodes.Count > order.MostKeys;
        var columns = ExpandedColumns.Of(nodes, column.Name, others);
        if (isLong)
        {
            Side(k => WriteLong(k, counters.Take(k).Sum(c => c.Rows)));
        }
        else if (!Array.TrueForAll(isKept, k => k) || !columns.AreThoseOf(promise!.Value.Columns))
        {
            var trees = counters.Select((_, k) => k == 0 ? root : root.Expected()).ToList();
            Side(k => WriteWide(k, columns, trees[k]));
        }

        Join(isLong, columns, others);
        return new JsonExpansion
        {
            Rows = counters.Sum(c => c.Rows), Empty = counters.Sum(c => c.Empty), Malformed = counters.Sum(c => c.Malformed), Repeated = counters.Sum(c => c.Repeated),
            IsLong = isLong, Keys = columns.Keys, Rejects = Reject(faults, counters), FirstRejects = [.. First(faults, counters)],
        };
    }

    /// <summary>What the first rows hold; null when they promise no columns.</summary>
    private (KeyNode Root, ExpandedColumns Columns)? Promise(IReadOnlyList<string> others)
    {
        var counter = new KeyCounter(order.MostKeys);
        cells.Scan(0, (cell, isNull) =>
        {
            if (!IsEmpty(cell, isNull))
            {
                _ = counter.Add(cell);
            }
            else
            {
                counter.AddEmpty();
            }

            return counter.Rows < FirstRows && !counter.IsFull;
        });
        var nodes = counter.Root.All().Where(n => n.IsValue).ToList();
        return counter.IsFull || nodes.Count == 0 || nodes.Count > order.MostKeys ? null : (counter.Root, ExpandedColumns.Of(nodes, column.Name, others));
    }

    private void Side(Action<int> run)
    {
        var tasks = Enumerable.Range(0, cells.Count).Select(k => Task.Factory.StartNew(() => run(k), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            Task.WaitAll(tasks, cancellation);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    // Rows are numbered from 0 within the part. True when the rows of the part are in its table, as promised.
    private (KeyCounter Counter, bool IsKept) Count(int part, (KeyNode Root, ExpandedColumns Columns)? promise, List<(long Row, string Reason, byte[] Text)> faults)
    {
        using var connection = session.Connect();
        using var output = promise is { } p ? Table(connection, part, p.Columns) : null;
        var writer = output is null ? null : promise!.Value.Columns.Writer(output);
        var counter = new KeyCounter(order.MostKeys, promise?.Root, writer);
        cells.Scan(part, (cell, isNull) =>
        {
            if (IsEmpty(cell, isNull))
            {
                counter.AddEmpty();
            }
            else if (counter.Add(cell) is { } reason)
            {
                faults.Add((counter.Rows - 1, reason, cell.ToArray()));
            }

            return true;
        });
        var isKept = writer is { IsMisled: false };
        if (isKept)
        {
            output!.Complete();
        }

        return (counter, isKept);
    }

    private static bool IsEmpty(ReadOnlySpan<byte> cell, bool isNull)
    {
        if (isNull || cell.IsEmpty)
        {
            return true;
        }

        if (cell[0] == (byte)'{')
        {
            return false;
        }

        var start = cell.IndexOfAnyExcept(Blanks);
        return start < 0 || cell[start..(cell.LastIndexOfAnyExcept(Blanks) + 1)].SequenceEqual("null"u8);
    }

    private static string PartName(int part) => FormattableString.Invariant($"json part {part}");

    private CellAppender Table(Connection connection, int part, ExpandedColumns columns)
    {
        connection.Execute($"CREATE OR REPLACE TABLE {SqlText.Identifier(PartName(part))} ({columns.Definition})", cancellation);
        return connection.AppendCells(PartName(part), columns.Types);
    }

    // A node keeps the place of its last key: each part has a tree of its own.
    private void WriteWide(int part, ExpandedColumns columns, KeyNode tree)
    {
        if (columns.Types.Count == 0)
        {
            return;
        }

        using var connection = session.Connect();
        using var output = Table(connection, part, columns);
        var writer = columns.Writer(output);
        var reader = new WideReader(tree, writer);
        cells.Scan(part, (cell, isNull) =>
        {
            if (IsEmpty(cell, isNull))
            {
                reader.AddEmpty();
            }
            else
            {
                reader.Add(cell);
            }

            return true;
        });
        output.Complete();
        if (writer.IsMisled)
        {
            throw new InvalidOperationException("A value does not fit into the column that was made for it.");
        }
    }

    private void WriteLong(int part, long before)
    {
        using var connection = session.Connect();
        connection.Execute($"CREATE OR REPLACE TABLE {SqlText.Identifier(PartName(part))} (\"row\" BIGINT, \"key\" VARCHAR, \"kind\" VARCHAR, \"value\" VARCHAR)", cancellation);
        using var output = connection.AppendCells(PartName(part), [TypeId.BigInt, TypeId.Varchar, TypeId.Varchar, TypeId.Varchar]);
        var writer = new LongWriter(output);
        var row = before;
        cells.Scan(part, (cell, isNull) =>
        {
            row++;
            if (!IsEmpty(cell, isNull))
            {
                writer.Add(row, cell);
            }

            return true;
        });
        output.Complete();
    }

    // Both sides are in the order of the rows.
    private void Join(bool isLong, ExpandedColumns columns, IReadOnlyList<string> others)
    {
        var into = SqlText.Identifier(order.Into);
        var parts = string.Join(" UNION ALL ", Enumerable.Range(0, cells.Count).Select(k => $"SELECT * FROM {SqlText.Identifier(PartName(k))}"));
        var rows = isLong ? string.Empty : cells.Others(others);
        var kept = others.Count == 0 ? string.Empty : string.Join(", ", others.Select(o => $"b.{SqlText.Identifier(o)}"));
        var select = isLong || (kept.Length == 0 && columns.Keys.Count > 0) ? parts
            : columns.Keys.Count == 0 ? $"SELECT {(kept.Length == 0 ? $"b.{SqlText.Identifier(column.Name)}" : kept)} FROM {rows} AS b"
            : $"SELECT {kept}, j.* FROM {rows} AS b POSITIONAL JOIN ({parts}) AS j";
        session.Execute($"CREATE OR REPLACE VIEW {into} AS {select}", cancellation);
    }

    private string? Reject(List<List<(long Row, string Reason, byte[] Text)>> faults, KeyCounter[] counters)
    {
        if (order.Rejects is null || faults.TrueForAll(f => f.Count == 0))
        {
            return null;
        }

        if (File.Exists(order.Rejects))
        {
            throw new GnomonError("file-exists", $"{order.Rejects} exists; a result is not overwritten.", "--rejects", "Name another file, or move the old one away.");
        }

        using var file = new RejectFile(order.Rejects);
        var before = 0L;
        for (var k = 0; k < faults.Count; k++)
        {
            foreach (var (row, reason, text) in faults[k])
            {
                file.Add(order.Table, before + row + 1, before + row + 1, reason, text, isKept: false);
            }

            before += counters[k].Rows;
        }

        return file.Publish();
    }

    private static IEnumerable<RejectedCell> First(List<List<(long Row, string Reason, byte[] Text)>> faults, KeyCounter[] counters)
    {
        var before = 0L;
        var shown = 0;
        for (var k = 0; k < faults.Count; before += counters[k++].Rows)
        {
            foreach (var (row, reason, text) in faults[k].Take(ShownRejects - shown))
            {
                shown++;
                yield return new RejectedCell(before + row + 1, reason, Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, ShownBytes))));
            }
        }
    }
}
