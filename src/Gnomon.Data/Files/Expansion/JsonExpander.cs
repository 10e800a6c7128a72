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
/// A column of JSON objects as ordinary columns, in two passes over its bytes: the first finds the union of keys and the type that holds for all values of each, the second fills the columns.
/// Parts of the rows are read side by side and put together in their order, so that the result does not depend on their number.
/// </summary>
internal sealed class JsonExpander(EngineSession session, ExpansionOrder order, Field column, CancellationToken cancellation)
{
    private const long FewestPerPart = 50_000;
    private const int ShownRejects = 10;
    private const int ShownBytes = 80;

    private readonly string _table = SqlText.Identifier(order.Table);
    private readonly List<(KeyNode Node, ExpandedKey Key)> _keys = [];
    private int _nullKeys = -1;

    public JsonExpansion Run(IReadOnlyList<string> others)
    {
        var parts = Parts();
        var counters = parts.Select(_ => new KeyCounter(order.MostKeys)).ToList();
        var faults = parts.Select(_ => new List<(long Row, string Reason, byte[] Text)>()).ToList();
        Side(parts.Count, k => Scan(parts[k], (row, cell, isNull) => Count(counters[k], faults[k], row, cell, isNull)));
        var root = counters[0].Root;
        counters.Skip(1).ToList().ForEach(c => root.Merge(c.Root));
        var nodes = root.All().Where(n => n.IsValue).ToList();
        var isLong = counters.Exists(c => c.IsFull) || nodes.Count > order.MostKeys;
        Name(nodes, others);
        if (isLong)
        {
            Side(parts.Count, k => WriteLong(k, parts[k], parts.Take(k).Select((_, j) => counters[j].Rows).Sum()));
        }
        else
        {
            Side(parts.Count, k => WriteWide(k, parts[k], root));
        }

        Join(parts.Count, isLong, others);
        return new JsonExpansion
        {
            Rows = counters.Sum(c => c.Rows), Empty = counters.Sum(c => c.Empty), Malformed = counters.Sum(c => c.Malformed), Repeated = counters.Sum(c => c.Repeated),
            IsLong = isLong, Keys = [.. _keys.Select(k => k.Key)], Rejects = Reject(faults, counters), FirstRejects = [.. First(faults, counters)],
        };
    }

    private string Cells => column.Type is ColumnType.Text or ColumnType.Category || column.NativeType == "JSON"
        ? $"CAST({SqlText.Identifier(column.Name)} AS VARCHAR)"
        : $"CAST(to_json({SqlText.Identifier(column.Name)}) AS VARCHAR)";

    // Rows of a table have numbers by which it can be cut; a view is read in one piece.
    private List<string> Parts()
    {
        var isTable = ((IntegerColumn)session.Read(new SqlStatement("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = $1", [order.Table]), cancellation)["n"]).Values[0] == 1;
        var rows = isTable ? ((IntegerColumn)session.Read($"SELECT count(*) AS n FROM {_table}", cancellation)["n"]).Values[0] : 0;
        var parts = (int)Math.Clamp(rows / FewestPerPart, 1, Math.Max(1, order.Threads));
        return parts == 1 ? [string.Empty] : [.. Enumerable.Range(0, parts).Select(k => FormattableString.Invariant($" WHERE rowid >= {rows * k / parts} AND rowid < {rows * (k + 1) / parts}"))];
    }

    private void Side(int parts, Action<int> run)
    {
        var tasks = Enumerable.Range(0, parts).Select(k => Task.Factory.StartNew(() => run(k), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            Task.WaitAll(tasks, cancellation);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private delegate void Consume(long row, ReadOnlySpan<byte> cell, bool isNull);

    // Rows are numbered from 0 within the part.
    private void Scan(string where, Consume consume)
    {
        var row = 0L;
        session.Scan(
            new SqlStatement($"SELECT {Cells} AS cell FROM {_table}{where}", []),
            (_, chunk) =>
            {
                for (var i = 0; i < chunk.Rows; i++)
                {
                    consume(row++, chunk.IsNull(0, i) ? [] : chunk.Utf8(0, i), chunk.IsNull(0, i));
                }

                return true;
            },
            cancellation,
            progress: null);
    }

    private static void Count(KeyCounter counter, List<(long Row, string Reason, byte[] Text)> faults, long row, ReadOnlySpan<byte> cell, bool isNull)
    {
        if (IsEmpty(cell, isNull))
        {
            counter.AddEmpty();
        }
        else if (counter.Add(cell) is { } reason)
        {
            faults.Add((row, reason, cell.ToArray()));
        }
    }

    private static bool IsEmpty(ReadOnlySpan<byte> cell, bool isNull) => isNull || cell.Trim(" \t\r\n"u8) is var text && (text.IsEmpty || text.SequenceEqual("null"u8));

    private void Name(List<KeyNode> nodes, IReadOnlyList<string> others)
    {
        var wanted = nodes.Select(n => n.Path).ToList();
        var anyNull = nodes.Exists(n => n[ValueKind.Null] > 0);
        var all = others.Concat(wanted).Concat(anyNull ? [$"{column.Name}_null_keys"] : []).ToList();
        var names = ColumnNames.Make(string.Empty, all.Count, all, []);
        for (var i = 0; i < nodes.Count; i++)
        {
            nodes[i].Column = i;
            var (type, why, mixed) = nodes[i].Type();
            _keys.Add((nodes[i], new ExpandedKey(wanted[i], names[others.Count + i], type, nodes[i].Present, nodes[i][ValueKind.Null], why, mixed)));
        }

        _nullKeys = anyNull ? nodes.Count : -1;
        NullColumn = anyNull ? names[^1] : null;
    }

    private string? NullColumn { get; set; }

    private static string PartName(int part) => FormattableString.Invariant($"json part {part}");

    private void WriteWide(int part, string where, KeyNode root)
    {
        var types = _keys.Select(k => TypeOf(k.Key.NativeType)).Concat(_nullKeys >= 0 ? [TypeId.Varchar] : Array.Empty<TypeId>()).ToArray();
        if (types.Length == 0)
        {
            return;
        }

        using var connection = session.Connect();
        var columns = _keys.Select(k => $"{SqlText.Identifier(k.Key.Column)} {k.Key.NativeType}").Concat(NullColumn is { } name ? [$"{SqlText.Identifier(name)} VARCHAR"] : Array.Empty<string>());
        connection.Execute($"CREATE OR REPLACE TABLE {SqlText.Identifier(PartName(part))} ({string.Join(", ", columns)})", cancellation);
        using var output = connection.AppendCells(PartName(part), types);

        // A node keeps the place of its last key: each part has a tree of its own.
        var tree = part == 0 ? root : Copy(root);
        var writer = new WideWriter(output, tree, types, [.. _keys.Select(k => Encoding.UTF8.GetBytes(k.Key.Path))], _nullKeys);
        Scan(where, (_, cell, isNull) =>
        {
            if (IsEmpty(cell, isNull))
            {
                writer.AddEmpty();
            }
            else
            {
                writer.Add(cell);
            }
        });
        output.Complete();
    }

    private static KeyNode Copy(KeyNode root)
    {
        var copy = new KeyNode(null, []);
        copy.Merge(root);
        foreach (var (mine, theirs) in copy.All().Zip(root.All()))
        {
            mine.Column = theirs.Column;
        }

        return copy;
    }

    private void WriteLong(int part, string where, long before)
    {
        using var connection = session.Connect();
        connection.Execute($"CREATE OR REPLACE TABLE {SqlText.Identifier(PartName(part))} (\"row\" BIGINT, \"key\" VARCHAR, \"kind\" VARCHAR, \"value\" VARCHAR)", cancellation);
        using var output = connection.AppendCells(PartName(part), [TypeId.BigInt, TypeId.Varchar, TypeId.Varchar, TypeId.Varchar]);
        var writer = new LongWriter(output);
        Scan(where, (row, cell, isNull) =>
        {
            if (!IsEmpty(cell, isNull))
            {
                writer.Add(before + row + 1, cell);
            }
        });
        output.Complete();
    }

    // Both sides are in the order of the rows.
    private void Join(int parts, bool isLong, IReadOnlyList<string> others)
    {
        var into = SqlText.Identifier(order.Into);
        var cells = string.Join(" UNION ALL ", Enumerable.Range(0, parts).Select(k => $"SELECT * FROM {SqlText.Identifier(PartName(k))}"));
        var kept = others.Count == 0 ? string.Empty : string.Join(", ", others.Select(o => $"b.{SqlText.Identifier(o)}"));
        var select = isLong ? cells
            : _keys.Count == 0 ? $"SELECT {(kept.Length == 0 ? $"b.{SqlText.Identifier(column.Name)}" : kept)} FROM {_table} AS b"
            : $"SELECT {(kept.Length == 0 ? string.Empty : kept + ", ")}j.* FROM {_table} AS b POSITIONAL JOIN ({cells}) AS j";
        session.Execute($"CREATE OR REPLACE VIEW {into} AS {select}", cancellation);
    }

    private string? Reject(List<List<(long Row, string Reason, byte[] Text)>> faults, List<KeyCounter> counters)
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

    private static IEnumerable<RejectedCell> First(List<List<(long Row, string Reason, byte[] Text)>> faults, List<KeyCounter> counters)
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

    private static TypeId TypeOf(string native) => native switch
    {
        "BIGINT" => TypeId.BigInt,
        "DOUBLE" => TypeId.Double,
        "BOOLEAN" => TypeId.Boolean,
        _ => TypeId.Varchar,
    };
}
