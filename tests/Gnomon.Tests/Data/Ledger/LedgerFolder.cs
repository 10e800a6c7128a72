using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;

namespace Gnomon.Tests.Data.Ledger;

/// <summary>A folder of its own for one test, gone afterwards, and short ways to make entries.</summary>
internal sealed class LedgerFolder : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public LedgerFolder() => Folder = Directory.CreateTempSubdirectory("gnomon-ledger-").FullName;

    public string Folder { get; }

    public string LedgerPath => Path.Combine(Folder, ".gnomon", "ledger.db");

    public SqliteLedger Open(LedgerOptions? options = null) => new(LedgerPath, options);

    public static ExperimentKey Key(string? name = null, string roles = "unit=user_id;variant=arm;arms=A,B", IReadOnlyList<ulong>? units = null, long? count = null) =>
        new(roles, name, units ?? [], count ?? units?.Count ?? 0);

    public static LedgerEntry Entry(ExperimentKey key, string dataState, int day = 0, double? p = 0.2, string metric = "revenue", string action = "keep-running", string? plan = null) =>
        new(Start.AddDays(day), "ab", FindingJson(metric, action), new LedgerTrace
        {
            Experiment = key,
            DataState = dataState,
            Hypotheses = [new Hypothesis(metric, "B - A", p, "primary"), new Hypothesis("visits", "B - A", 0.5, "secondary")],
            Exclusions = [new Exclusion("unit in both arms", 3)],
            PlanJson = plan,
        }, action);

    public static string FindingJson(string metric, string action) =>
        $$"""{"schema":"gnomon.finding/1","question":"ab","title":"Does arm B change {{metric}}?","decision":{"action":"{{action}}","summary":"s","because":[]} }""";

    /// <summary>Bottom-256 sketch of units numbered from <paramref name="from"/>, hashed by the finaliser of SplitMix64.</summary>
    public static ExperimentKey Units(long from, long count, string? name = null, string roles = "unit=user_id;variant=arm;arms=A,B")
    {
        var hashes = new ulong[count];
        for (var i = 0L; i < count; i++)
        {
            hashes[i] = Mix((ulong)(from + i));
        }

        Array.Sort(hashes);
        return new ExperimentKey(roles, name, hashes[..(int)Math.Min(count, SketchContainment.Capacity)], count);
    }

    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            return;
        }
    }
}
