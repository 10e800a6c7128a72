using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>Three extracts, each with a fault of its own.</summary>
public sealed class ThreeSourcesOneTrainingTable : Case
{
    private static readonly string[] Names = ["Müller", "Weiß", "Schäfer", "Krüger", "Jäger", "Köhler", "Schmidt", "Fischer", "Weber", "Wagner", "Becker", "Hoffmann"];
    private static readonly string[] Misread = ["MÃ¼ller", "WeiÃŸ", "SchÃ¤fer", "KrÃ¼ger", "JÃ¤ger", "KÃ¶hler", "Schmidt", "Fischer", "Weber", "Wagner", "Becker", "Hoffmann"];

    public override CaseCard Card { get; } = new(
        "data/three-sources-one-training-table", CaseLevel.Intermediate,
        "Billing, support and web events are to become one training table",
        "Three extracts with their own keys, clocks and encodings are to be joined into a training table. The plan is an inner join and to drop what is incomplete.",
        "Look at each source alone before joining: a wrong encoding, a repeated ticket or two clocks in one column survive any join and get harder to find.")
    {
        Verbs = ["profile", "sql"],
        Keywords = ["join", "encoding", "mojibake", "duplicates", "time zone", "missing values", "extract", "training table"],
        Gaps =
        [
            "The joins themselves (match rates, fan-out, control totals, who is lost) belong to a verb that does not exist yet; only each file alone is judged here.",
            "An amount that was in cents for a quarter is seen at most as a change between the halves of a file; the check unit-mismatch does not exist yet.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("customers", "Names of two offices were decoded in the wrong code page; the phone number is mostly missing for recent sign-ups.", DecisionAction.Investigate, "profile customers.csv --key customer_no")
        {
            Fires = ["informative-missingness", "parsing-loss"],
            Files = d => [new CaseFile("customers.csv", Customers(d, flawed: true))],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "customers.csv",
                Key = ["customer_no"],
            }),
        },
        new("support", "One ticket in twenty-five was exported twice.", DecisionAction.Investigate, "profile support.csv --key ticket_no")
        {
            Fires = ["duplicate-records"],
            Files = d => [new CaseFile("support.csv", Tickets(d))],
        },
        new("events", "Web events in local time beside events in UTC.", DecisionAction.Investigate, "profile events.csv")
        {
            Fires = ["timezone-mismatch"],
            Files = d => [new CaseFile("events.csv", Events(d))],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Customers decoded as they were written; phone numbers are missing by accident.", DecisionAction.Answer, "profile customers.csv --key customer_no")
    {
        Files = d => [new CaseFile("customers.csv", Customers(d, flawed: false))],
    };

    private static int Size(Draw d) => d.Of(10_000, 2_000);

    private static IEnumerable<string> Customers(Draw d, bool flawed)
    {
        var rng = d.Stream("customers");
        yield return "customer_no,name,phone,tenure_days,monthly_fee";
        for (var i = 0; i < Size(d); i++)
        {
            var name = rng.NextInt(Names.Length);
            var tenure = 1 + rng.NextInt(1_500);
            var noPhone = rng.NextDouble() < (flawed ? tenure < 60 ? 0.90 : 0.03 : 0.03);
            var shown = flawed && rng.NextDouble() < 0.4 ? Misread[name] : Names[name];
            yield return $"{700_000 + i},{shown},{(noPhone ? string.Empty : $"0{151 + rng.NextInt(20)}-{100_000 + rng.NextInt(900_000)}")},{tenure},{12 + 6 * rng.NextDouble():0.00}";
        }
    }

    private static IEnumerable<string> Tickets(Draw d)
    {
        var rng = d.Stream("tickets");
        yield return "ticket_no,customer_no,opened_on,minutes,topic";
        for (var i = 0; i < Size(d); i++)
        {
            var line = $"{i + 1},{700_000 + rng.NextInt(Size(d))},{Plant.Date(rng.NextInt(90))},{1 + rng.NextPoisson(12)},{(rng.NextInt(3) switch { 0 => "bill", 1 => "fault", _ => "move" })}";
            yield return line;
            if (rng.NextDouble() < 0.04)
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Events(Draw d)
    {
        var rng = d.Stream("events");
        yield return "event_no,at,time_zone,page";
        for (var i = 0; i < Size(d); i++)
        {
            var second = rng.NextInt(86_400);
            yield return $"{i + 1},{Plant.Date(rng.NextInt(28))} {second / 3600:00}:{second / 60 % 60:00}:{second % 60:00},{(rng.NextDouble() < 0.35 ? "Europe/Berlin" : "UTC")},{(rng.NextInt(3) switch { 0 => "start", 1 => "search", _ => "contract" })}";
        }
    }
}
