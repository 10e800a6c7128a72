using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.SystemTests.Ledger;

public sealed class LedgerProcessTests
{
    private static readonly ExperimentKey Key = new("unit=user_id;variant=arm;arms=A,B", null, [1, 2, 3, 4, 5], 5);

    [Fact]
    public async Task Eight_processes_at_once_lose_nothing_and_keep_one_chain()
    {
        const int Processes = 8;
        const int Appends = 50;
        var folder = Directory.CreateTempSubdirectory("gnomon-ledger-");
        var path = Path.Combine(folder.FullName, ".gnomon", "ledger.db");
        var workers = Enumerable.Range(0, Processes).Select(i => LedgerWorker.Start(path, $"w{i}", Appends)).ToList();
        var outputs = await Task.WhenAll(workers.Select(w => w.StandardOutput.ReadToEndAsync()));
        foreach (var worker in workers)
        {
            var complaint = await worker.StandardError.ReadToEndAsync();
            await worker.WaitForExitAsync();
            Assert.True(worker.ExitCode == 0, complaint);
        }

        Assert.Equal(Enumerable.Range(1, Processes * Appends).Select(i => (long)i), outputs.SelectMany(LedgerWorker.Recorded).Order());
        using (var file = LedgerFile.Open(path))
        {
            Assert.True(file.Verify() is { Intact: true, Entries: Processes * Appends }, file.Verify().Summary);
        }

        using (var ledger = new SqliteLedger(path))
        {
            Assert.Equal(
                Enumerable.Range(0, Processes).SelectMany(w => Enumerable.Range(0, Appends).Select(i => $"w{w}-{i}")).Order(StringComparer.Ordinal),
                ledger.LooksAt(Key).Select(l => l.DataState).Order(StringComparer.Ordinal));
        }

        folder.Delete(recursive: true);
    }

    /// <summary>A kill -9, for the process: no handler runs, nothing is closed.</summary>
    [Fact]
    public async Task A_kill_at_any_moment_loses_nothing_that_was_reported_as_recorded()
    {
        const int Rounds = 20;
        var folder = Directory.CreateTempSubdirectory("gnomon-ledger-");
        var path = Path.Combine(folder.FullName, "ledger.db");
        var random = new Random(20260301);
        var promised = 0L;

        // A busy machine starts processes slowly: rounds that met no write make the next ones wait longer.
        var patience = 1;
        for (var round = 0; round < Rounds; round++)
        {
            using var worker = LedgerWorker.Start(path, $"r{round}", int.MaxValue);
            var reading = worker.StandardOutput.ReadToEndAsync();

            // The pause is the point of the test: it spreads the kills over start-up, first creation, writing and committing.
            await Task.Delay((random.Next(400) + (round % 2 == 0 ? 60 : 250)) * patience);
            worker.Kill();
            var recorded = LedgerWorker.Recorded(await reading);
            await worker.WaitForExitAsync();
            patience = recorded.Count > 0 ? patience : Math.Min(patience + 1, 8);
            promised = recorded.Count > 0 ? recorded[^1] : promised;
            if (promised == 0)
            {
                continue;
            }

            using (var file = LedgerFile.Open(path))
            {
                var outcome = file.Verify();
                Assert.True(outcome.Intact, outcome.Summary);
                Assert.True(outcome.Entries >= promised, $"entry {promised} was reported as recorded; {outcome.Entries} are there");
                var titles = file.List().Select(l => l.Title).ToList();
                Assert.All(recorded, sequence => Assert.StartsWith($"r{round} ", titles[(int)sequence - 1], StringComparison.Ordinal));
            }

            using var ledger = new SqliteLedger(path);
            promised = ledger.Append(new LedgerEntry(DateTimeOffset.UnixEpoch, "ab", "{}", null, "keep-running"));
        }

        Assert.True(promised > Rounds, $"too few entries ({promised}) for the kills to have met a write");
        folder.Delete(recursive: true);
    }
}
