using System.Text;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Csv;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Servers;

/// <summary>Puts the blocks of a server's answer into a table of the embedded engine, which spills to disk what does not fit; the table has its name only once all rows are there.</summary>
internal sealed class KeptRows : IDisposable
{
    private const string Arriving = "gnomon arriving";
    private const int MostDigits = 38;
    private const int WholeDigits = 18;

    private readonly EngineSession _engine;
    private readonly IReadOnlyList<ArrivingColumn> _columns;
    private readonly IReadOnlyList<string> _names;
    private readonly Connection _connection;
    private readonly CellAppender _output;
    private byte[] _utf8 = new byte[256];

    public KeptRows(EngineSession engine, IReadOnlyList<ArrivingColumn> columns, CancellationToken cancellation)
    {
        (_engine, _columns) = (engine, columns);
        _names = ColumnNames.Make(string.Empty, columns.Count, [.. columns.Select(c => c.Name)], []);
        _connection = engine.Connect();
        try
        {
            _connection.Execute($"CREATE OR REPLACE TABLE {SqlText.Identifier(Arriving)} ({string.Join(", ", columns.Select((c, i) => $"{SqlText.Identifier(_names[i])} {c.Stored.Sql}"))})", cancellation);
            _output = _connection.AppendCells(Arriving, [.. columns.Select(c => c.Stored.Id)]);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public bool Add(Chunk block)
    {
        for (var row = 0; row < block.Rows; row++)
        {
            for (var c = 0; c < _columns.Count; c++)
            {
                if (!block.IsNull(c, row))
                {
                    Set(block, c, row);
                }
            }

            _output.NextRow();
        }

        return true;
    }

    /// <summary>Gives the table its name. Digits become the narrowest exact type that holds them all; those of more than 38 stay text.</summary>
    public void Publish(string name, CancellationToken cancellation)
    {
        _output.Complete();
        var (from, to) = (SqlText.Identifier(Arriving), SqlText.Identifier(name));
        var select = string.Join(", ", _columns.Select((c, i) => c.IsExact ? $"{Exact(SqlText.Identifier(_names[i]), cancellation)} AS {SqlText.Identifier(_names[i])}" : SqlText.Identifier(_names[i])));
        _engine.Execute($"DROP TABLE IF EXISTS {to}", cancellation);
        if (_columns.Any(c => c.IsExact))
        {
            _engine.Execute($"CREATE TABLE {to} AS SELECT {select} FROM {from}", cancellation);
            _engine.Execute($"DROP TABLE {from}", cancellation);
        }
        else
        {
            _engine.Execute($"ALTER TABLE {from} RENAME TO {to}", cancellation);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _connection.Dispose();
    }

    private string Exact(string column, CancellationToken cancellation)
    {
        var digits = _engine.Read(
            $"SELECT COALESCE(MAX(LENGTH(SPLIT_PART({column}, '.', 2))), 0) AS scale, COALESCE(MAX(LENGTH(LTRIM(SPLIT_PART({column}, '.', 1), '-'))), 0) AS whole FROM {SqlText.Identifier(Arriving)} WHERE {column} <> 'NaN' AND {column} NOT LIKE '%Infinity'", cancellation);
        var (scale, whole) = (((IntegerColumn)digits["scale"]).Values[0], ((IntegerColumn)digits["whole"]).Values[0]);

        // NaN and infinity are no values, as in files.
        var finite = $"CASE WHEN {column} <> 'NaN' AND {column} NOT LIKE '%Infinity' THEN {column} END";
        return scale + whole > MostDigits ? finite
            : scale == 0 && whole <= WholeDigits ? $"CAST({finite} AS BIGINT)"
            : FormattableString.Invariant($"CAST({finite} AS DECIMAL({MostDigits}, {scale}))");
    }

    private void Set(Chunk block, int c, int row)
    {
        switch (_columns[c].Sent)
        {
            case ColumnType.Boolean:
                _output.Set(c, block.Integers(c)[row] != 0);
                break;
            case ColumnType.Date:
                _output.SetDay(c, checked((int)block.Integers(c)[row]));
                break;
            case ColumnType.Integer or ColumnType.LocalTimestamp or ColumnType.Timestamp or ColumnType.Time:
                _output.Set(c, block.Integers(c)[row]);
                break;
            case ColumnType.Double:
                _output.Set(c, block.Doubles(c)[row]);
                break;
            default:
                Text(c, block.Dictionary(c)[block.Codes(c)[row]]);
                break;
        }
    }

    private void Text(int c, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_utf8.Length < most)
        {
            _utf8 = new byte[2 * most];
        }

        _output.Set(c, _utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, _utf8)));
    }
}
