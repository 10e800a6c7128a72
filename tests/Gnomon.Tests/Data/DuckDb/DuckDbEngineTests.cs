using System.Diagnostics;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Xunit;

namespace Gnomon.Tests.Data.DuckDb;

/// <summary>The engine as a resource: it streams, stops, cleans up and shares a process.</summary>
public sealed class DuckDbEngineTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_long_scan_holds_a_few_chunks_only()
    {
        var path = Path.Combine(_sources.Folder, "long.parquet");
        using (var session = new EngineSession(new SourceOptions()))
        {
            session.Execute($"COPY (SELECT range AS x, 'arm ' || (range % 3) AS arm FROM range(3000000)) TO '{path}' (FORMAT parquet)", Token);
        }

        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = path }, Token);
        var rows = 0L;
        var codes = 0L;
        // Of this thread: other tests allocate beside it.
        var before = GC.GetAllocatedBytesForCurrentThread();
        data.Scan(data.Columns(), c => { rows += c.Integers(0).Length; codes += c.Codes(1)[0]; return true; }, Token);
        Assert.Equal(3_000_000, rows);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Rows_come_in_file_order_with_one_and_two_threads()
    {
        var path = _sources.Write("a.csv", "id,v\n" + string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i},{i % 13}\n")));
        foreach (var threads in new[] { 1, 2 })
        {
            using var engine = new DuckDbEngine();
            using var data = engine.Open(new() { Path = path, Threads = threads }, Token);
            var next = 0L;
            data.Scan(
                new Query { Select = [Projection.Column("id")], Where = Scalar.Call(ScalarFunction.NotEqual, Scalar.Column("v"), Scalar.Value(5L)) },
                chunk =>
                {
                    foreach (var id in chunk.Integers(0))
                    {
                        next += next % 13 == 5 ? 1 : 0;
                        Assert.Equal(next++, id);
                    }

                    return true;
                },
                Token);
            Assert.Equal(300_000, next);
        }
    }

    [Fact]
    public void A_consumer_may_stop_early_and_ask_again()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select range as x from range(1000000)" }, Token);
        var chunks = 0;
        data.Scan(data.Columns(), _ => ++chunks < 3, Token);
        Assert.Equal(3, chunks);
        Assert.Equal(1_000_000, data.Identify(Token).Rows);
    }

    [Fact]
    public void A_query_inside_a_scan_does_not_disturb_it()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select range as x from range(10000)" }, Token);
        var rows = 0;
        data.Scan(
            data.Columns(),
            chunk =>
            {
                Assert.Equal(9_999L, data.Ask(Scalar.Aggregate(AggregateFunction.Max, Scalar.Column("x"))));
                rows += chunk.Rows;
                return true;
            },
            Token);
        Assert.Equal(10_000, rows);
    }

    [Fact]
    public void A_long_aggregate_ends_when_it_is_cancelled()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select 1 as one" }, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(300);
        var watch = Stopwatch.StartNew();

        // Hours of work; the limit only tells an end from none on a busy machine.
        var endless = Query.Of(new Projection("n", Scalar.UserSql("(select sum(hash(a.range + b.range)) from range(10000000) a, range(1000000) b)")));
        Assert.ThrowsAny<OperationCanceledException>(() => data.Read(endless, stop.Token));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 20_000);
        Assert.Equal(1L, data.Ask(Scalar.Column("one")));
    }

    [Fact]
    public void A_scan_ends_between_chunks_when_cancelled()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select range as x from range(10000000)" }, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var chunks = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => data.Scan(
            data.Columns(),
            _ =>
            {
                if (++chunks == 5)
                {
                    stop.Cancel();
                }

                return true;
            },
            stop.Token));
        Assert.Equal(5, chunks);
    }

    [Fact]
    public void Reading_a_file_can_be_cancelled()
    {
        var path = _sources.Write("a.csv", "id,v\n" + string.Concat(Enumerable.Repeat("123456789,987654321\n", 500_000)));
        using var engine = new DuckDbEngine();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(30);
        var watch = Stopwatch.StartNew();
        try
        {
            using var data = engine.Open(new() { Path = path }, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The other outcome, a machine that reads 10 MB in 30 ms, is welcome too.
        }

        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
        using var again = engine.Open(new() { Path = path }, Token);
        Assert.Equal(500_000, again.Identify(Token).Rows);
    }

    [Fact]
    public void Progress_goes_up_to_the_end()
    {
        var seen = new List<double>();
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select range as x from range(3000000)" }, Token);
        data.Scan(data.Columns(), _ => true, Token, new Collector(seen));
        Assert.All(seen, s => Assert.InRange(s, 0, 1));
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1.0, seen[^1]);
    }

    [Fact]
    public void Engines_side_by_side_do_not_see_each_other()
    {
        var answers = new double[6];
        var threads = Enumerable.Range(0, answers.Length).Select(i => new Thread(() =>
        {
            using var engine = new DuckDbEngine();
            using var data = engine.Open(new() { Memory = Table.With("x", Enumerable.Range(0, 50_000).Select(v => (long)v * i)) }, CancellationToken.None);
            var total = 0L;
            data.Scan(Query.Of(Projection.Column("x")), c => { foreach (var v in c.Integers(0)) { total += v; } return true; }, CancellationToken.None);
            answers[i] = total;
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(Enumerable.Range(0, answers.Length).Select(i => i * 49_999.0 * 50_000 / 2), answers);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_table_larger_than_memory_is_read_from_the_file()
    {
        var path = _sources.Write("a.csv", "id,v\n" + string.Concat(Enumerable.Range(0, 2_500_000).Select(i => $"{i},some text of {i % 1000} and more\n")));
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = path, MemoryLimit = "150MB" }, Token);
        Assert.Equal(2_500_000, data.Identify(Token).Rows);
        Assert.Equal(2_499_999L, data.Ask(Scalar.Aggregate(AggregateFunction.Max, Scalar.Column("id"))));
    }

    [Fact]
    public void The_engine_does_not_reach_for_the_network()
    {
        using var session = new EngineSession(new SourceOptions());
        var error = Assert.Throws<EngineException>(() => session.Execute("SELECT * FROM 'https://localhost:1/x.csv'", Token));
        Assert.Contains("httpfs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_is_looked_for_in_order()
    {
        var candidates = NativeLibraryResolver.Candidates(Path.Combine(_sources.Folder, "bin"), _sources.Folder).ToList();
        Assert.Equal(Path.Combine(_sources.Folder, "bin", "runtimes", NativeLibraryResolver.RuntimeId, "native", NativeLibraryResolver.FileName), candidates[0]);
        Assert.Equal(Path.Combine(_sources.Folder, NativeLibraryResolver.FileName), candidates[2]);
        Assert.Contains(candidates, c => c.Contains("node_modules", StringComparison.Ordinal));
    }

    private sealed class Collector(List<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen.Add(value);
    }
}
