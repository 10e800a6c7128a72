using System.Globalization;
using Gnomon.Studies.Sql;
using Gnomon.System.Packaging;
using Xunit;

namespace Gnomon.System.Cli;

/// <summary>
/// A query under a hard limit of memory: it finishes, spills where it must and says what it needed. By default it is scaled down, 2 million rows (about 170 MB) under 0.7 GB, and the file is
/// smaller than the limit; GNOMON_BIG_ROWS and GNOMON_BIG_LIMIT_KB set other sizes: 50 million rows under 2097152 is a file larger than memory.
/// </summary>
public sealed class HardMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [Trait("speed", "slow")]
    public void A_query_finishes_under_a_hard_limit(string format)
    {
        if (!File.Exists("/bin/bash") || !File.Exists("/proc/self/limits"))
        {
            Assert.Skip("Limits of a process are set by bash here.");
        }

        var rows = Whole("GNOMON_BIG_ROWS", 2_000_000);
        var limit = Whole("GNOMON_BIG_LIMIT_KB", 700_000);
        var file = Path.Combine(_folder.Path, "big." + format);
        _ = Ask.Sql(new SqlOptions
        {
            Query = FormattableString.Invariant($"SELECT i AS event_id, hash(i) % {rows / 2} AS user_id, TIMESTAMP '2026-01-01' + to_seconds(i % 7776000) AS event_time, 'page-' || (hash(i + 1) % 500) AS page, md5(CAST(i AS VARCHAR)) AS token FROM range({rows}) AS t(i)"),
            Out = file, Rows = 1, Threads = 1,
        });
        // The data of a process: its heaps and those of the engine, all that can be written. What is only reserved does not count.
        var command = $"ulimit -d {limit.ToString(CultureInfo.InvariantCulture)}; dotnet '{Path.Combine(AppContext.BaseDirectory, "Gnomon.Cli.dll")}' sql '{file}' --query 'SELECT user_id, COUNT(*) AS n, MAX(token) AS t FROM data GROUP BY user_id ORDER BY t DESC, user_id' --rows 3 --explain --no-ledger";
        var result = Tool.Run("/bin/bash", _folder.Path, "-c", command);
        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("the limit of the process (ulimit -d)", result.Out, StringComparison.Ordinal);
        Assert.Contains("peak memory of the engine", result.Out, StringComparison.Ordinal);
        Assert.Contains("spill folder", result.Out, StringComparison.Ordinal);
    }

    private static long Whole(string variable, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
