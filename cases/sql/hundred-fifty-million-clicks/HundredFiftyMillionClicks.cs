using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Clicks with repeated ids, to be cut into sessions on one machine.</summary>
public sealed class HundredFiftyMillionClicks : Case
{
    private const string Ask = "sql clicks.csv --recipe sessions --unit user_id --time at --id event_id --gap 30";

    private static readonly DateTime From = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "sql/hundred-fifty-million-clicks", CaseLevel.Advanced,
        "150 million clicks, and a notebook that dies",
        "Reading the clicks takes eight minutes and grouping them kills the notebook. A distributed layer is proposed; nobody asks why every column of text is read each time, or whether clicks repeat.",
        "Convert once to typed columns (gnomon sql clicks.csv --out clicks.parquet) and ask those; count each click once.")
    {
        Verbs = ["sql"],
        Keywords = ["clickstream", "sessions", "Parquet", "columnar", "Dask", "duplicates", "out of core", "SQL"],
        Gaps = ["Conversion and groupings of 150 million rows are timed by the benchmarks; here are a thousandth of them."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("repeated-clicks", "Eight clicks in a thousand were logged twice.", DecisionAction.Answer, Ask)
        {
            Fires = ["duplicate-records"],
            Files = d => [new CaseFile("clicks.csv", Clicks(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "clicks.csv",
                Recipe = "sessions",
                Unit = "user_id",
                Time = "at",
                Id = "event_id",
                Gap = 30,
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Each user clicks once a day at noon, and nothing is logged twice.", DecisionAction.Answer, Ask)
    {
        Files = d => [new CaseFile("clicks.csv", Clicks(d, flawed: false))],
    };

    private static IEnumerable<string> Clicks(Draw d, bool flawed)
    {
        var rng = d.Stream("clicks");
        yield return "event_id,user_id,at,page,device";
        var id = 0;
        for (var user = 1; user <= d.Of(3_000, 400); user++)
        {
            var at = From.AddHours(12);
            for (var k = 0; k < (flawed ? 1 + rng.NextPoisson(20) : 12); k++)
            {
                var text = $"{++id},{user},{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},page {rng.NextInt(30)},{(rng.NextInt(2) == 0 ? "phone" : "desk")}";
                yield return text;
                if (flawed && rng.NextDouble() < 0.008)
                {
                    yield return text;
                }

                at = flawed ? at.AddSeconds(rng.NextDouble() < 0.3 ? 3_600 + rng.NextInt(400_000) : 5 + rng.NextInt(900)) : at.AddDays(1);
            }
        }
    }
}
