using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;

namespace Gnomon.SystemTests.Ledger;

/// <summary>
/// A process of its own that appends to a ledger: this very executable, started with two variables set. It does its work before the test
/// runner's entry point is reached, and ends.
/// </summary>
internal static class LedgerWorker
{
    private const string PathVariable = "GNOMON_TEST_LEDGER";
    private const string WorkVariable = "GNOMON_TEST_LEDGER_WORK";

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            var work = Environment.GetEnvironmentVariable(WorkVariable)!.Split(':');
            Append(path, work[0], int.Parse(work[1], CultureInfo.InvariantCulture));
            Environment.Exit(0);
        }
    }

    /// <summary>Starts a worker that appends <paramref name="count"/> entries and prints each sequence number once it is told it is recorded.</summary>
    public static Process Start(string ledger, string worker, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (string.Equals(Path.GetFileNameWithoutExtension(start.FileName), "dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(LedgerWorker).Assembly.Location);
        }

        start.Environment[PathVariable] = ledger;
        start.Environment[WorkVariable] = string.Create(CultureInfo.InvariantCulture, $"{worker}:{count}");
        return Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
    }

    /// <summary>The numbers a worker printed; a line cut off by a kill does not count.</summary>
    public static IReadOnlyList<long> Recorded(string output) =>
        [.. output[..(output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => long.Parse(l, CultureInfo.InvariantCulture))];

    private static void Append(string path, string worker, int count)
    {
        using var output = Console.OpenStandardOutput();
        using var ledger = new SqliteLedger(path, new LedgerOptions { BusyTimeoutMilliseconds = 120_000 });
        for (var i = 0; i < count; i++)
        {
            var sequence = ledger.Append(new LedgerEntry(DateTimeOffset.UnixEpoch.AddSeconds(i), "ab", $$"""{"title":"{{worker}} {{i}}"}""", new LedgerTrace
            {
                Experiment = new ExperimentKey("unit=user_id;variant=arm;arms=A,B", null, [1, 2, 3, 4, 5], 5),
                DataState = $"{worker}-{i}",
                Hypotheses = [new Hypothesis("revenue", "B - A", 0.5, "primary")],
            }, "keep-running"));
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sequence}\n")));
            output.Flush();
        }
    }
}
