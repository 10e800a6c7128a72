using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data.DuckDb;

/// <summary>Rows handed to several consumers: each once, missing ones as missing, and faults told as in a scan in order.</summary>
public sealed class UnorderedScanTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Column d lies as a dictionary with nulls in it, p plainly; NaN and infinities count as missing in both.
    private string Parquet(int rows)
    {
        var path = Path.Combine(_sources.Folder, "rows.parquet");
        using var session = new EngineSession(new SourceOptions());
        session.Execute(
            $"""
             COPY (SELECT range AS id, CASE WHEN range % 7 = 0 THEN NULL ELSE 'arm ' || (range % 3) END AS arm,
             CASE WHEN range % 5 = 0 THEN NULL WHEN range % 1001 = 3 THEN 'nan'::DOUBLE WHEN range % 1001 = 4 THEN '-inf'::DOUBLE ELSE (range % 100)::DOUBLE END AS d,
             CASE WHEN range % 11 = 0 THEN NULL ELSE range * 0.5::DOUBLE END AS p FROM range({rows})) TO '{path}' (FORMAT parquet)
             """,
            Token);
        return path;
    }

    [Fact]
    public void Every_row_comes_once_with_its_cells()
    {
        const int rows = 400_000;
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = Parquet(rows), Threads = 2 }, Token);
        Assert.True(data.ReadsColumnsAlone);
        var seen = new byte[rows];
        var consumers = 0;
        data.ScanUnordered(
            data.Columns(),
            () =>
            {
                Interlocked.Increment(ref consumers);
                return chunk =>
                {
                    var ids = chunk.Integers(0);
                    var codes = chunk.Codes(1);
                    var arms = chunk.Dictionary(1);
                    var d = chunk.Doubles(2);
                    var p = chunk.Doubles(3);
                    for (var i = 0; i < chunk.Rows; i++)
                    {
                        var id = ids[i];
                        seen[id]++;
                        Assert.Equal(id % 7 == 0 ? null : $"arm {id % 3}", codes[i] < 0 ? null : arms[codes[i]]);
                        var missing = id % 5 == 0 || id % 1001 is 3 or 4;
                        Assert.Equal(missing, chunk.IsNull(2, i));
                        Assert.Equal(missing ? 0.0 : id % 100, d[i]);
                        Assert.Equal(id % 11 == 0, chunk.IsNull(3, i));
                        Assert.Equal(id % 11 == 0 ? 0.0 : id * 0.5, p[i]);
                    }

                    return true;
                };
            },
            Token);
        Assert.All(seen, times => Assert.Equal(1, times));
        Assert.InRange(consumers, 1, 4);
    }

    [Fact]
    public void What_a_consumer_throws_reaches_the_caller()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = Parquet(50_000) }, Token);
        var thrown = Assert.Throws<InvalidDataException>(() => data.ScanUnordered(data.Columns(), () => _ => throw new InvalidDataException("of ours"), Token));
        Assert.Equal("of ours", thrown.Message);
        Assert.Equal(50_000, data.Identify(Token).Rows);
    }

    [Fact]
    public void One_that_has_enough_ends_the_scan_and_no_rows_are_no_fault()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = Parquet(3_000_000) }, Token);
        var chunks = 0;
        data.ScanUnordered(data.Columns(), () => _ => Interlocked.Increment(ref chunks) < 3, Token);
        Assert.InRange(chunks, 3, 200);
        var none = data.Columns() with { Where = Scalar.Call(ScalarFunction.Greater, Scalar.Column("id"), Scalar.Value(1e12)) };
        data.ScanUnordered(none, () => _ => throw new InvalidOperationException("There are no rows."), Token);
    }

    [Fact]
    public void A_cancelled_scan_says_so()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = Parquet(3_000_000) }, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var chunks = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => data.ScanUnordered(
            data.Columns(),
            () => _ =>
            {
                if (Interlocked.Increment(ref chunks) == 5)
                {
                    stop.Cancel();
                }

                return true;
            },
            stop.Token));
    }
}
