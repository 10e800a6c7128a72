using System.Diagnostics;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Xunit;

namespace Gnomon.Tests.Data.DuckDb;

/// <summary>Tests that weigh the whole process run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>What engines leave behind when they are closed: nothing.</summary>
[Collection(Alone.Name)]
public sealed class EngineLeakTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    [Trait("speed", "slow")]
    public void Engines_open_and_close_without_leaving_memory_or_files()
    {
        var spill = Directory.CreateDirectory(Path.Combine(_sources.Folder, "spill")).FullName;
        Open(20);
        var before = Process.GetCurrentProcess().PrivateMemorySize64;
        Open(500);
        using var now = Process.GetCurrentProcess();
        Assert.InRange(now.PrivateMemorySize64 - before, long.MinValue, 150_000_000);
        Assert.Empty(Directory.GetFileSystemEntries(spill));

        void Open(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var session = new EngineSession(new SourceOptions { SpillDirectory = spill, Threads = 1 });
                using var connection = session.Connect();
                using var statement = connection.Prepare("SELECT 1");
                using var result = statement.Run(streaming: true);
                using var chunk = result.Next();
                Assert.NotNull(chunk);
            }
        }
    }
}
