using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Many events and a lookup of fifty rows whose keys repeat and are spelled differently.</summary>
public sealed class FiftyRowLookupShuffled : Case
{
    private const string Ask = "--recipe lookup --key campaign_id --value clicks";

    public override CaseCard Card { get; } = new(
        "sql/fifty-row-lookup-shuffled", CaseLevel.Intermediate,
        "A join with fifty rows takes forty-five minutes",
        "Ten million events are joined with a table of fifty campaigns, and the cluster moves all of them. The totals came out too high besides, and part of the events found no campaign.",
        "Send the small table to the data, not the data to it; and before that give its keys one spelling and one row each.")
    {
        Verbs = ["sql"],
        Keywords = ["lookup", "broadcast join", "fan-out", "key mismatch", "duplicate keys", "control total", "SQL"],
        Gaps = ["Rows moved between workers are not measured: the embedded engine is one process. The data are a hundredth of the situation's events."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("repeated-keys", "Two of fifty campaigns stand twice in the lookup, and its keys are text with zeros in front where the events hold numbers.", DecisionAction.Answer, $"sql events.csv campaigns.csv {Ask}")
        {
            Fires = ["join-fanout", "unmatched-keys"],
            Files = d => [new CaseFile("events.csv", Events(d)), new CaseFile("campaigns.csv", Campaigns(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "events.csv",
                More = ["campaigns.csv"],
                Recipe = "lookup",
                Key = ["campaign_id"],
                Value = "clicks",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Fifty campaigns with one row each, keys as in the events.", DecisionAction.Answer, $"sql events.csv campaigns.csv {Ask}")
    {
        Files = d => [new CaseFile("events.csv", Events(d)), new CaseFile("campaigns.csv", Campaigns(d, flawed: false))],
    };

    // Six events in ten belong to one campaign.
    private static IEnumerable<string> Events(Draw d)
    {
        var rng = d.Stream("events");
        yield return "event_id,campaign_id,clicks";
        for (var k = 1; k <= d.Of(100_000, 10_000); k++)
        {
            yield return $"{k},{(rng.NextDouble() < 0.6 ? 1 : 2 + rng.NextInt(49))},{rng.NextInt(5)}";
        }
    }

    private static IEnumerable<string> Campaigns(Draw d, bool flawed)
    {
        var rng = d.Stream("campaigns");
        yield return "campaign_id,name,channel";
        for (var k = 1; k <= 50; k++)
        {
            var key = flawed ? $"\"{k:000}\"" : $"{k}";
            yield return $"{key},Campaign {k},{(rng.NextInt(2) == 0 ? "mail" : "search")}";
            if (flawed && (k == 1 || k == 7))
            {
                yield return $"{key},Campaign {k} (old),mail";
            }
        }
    }
}
