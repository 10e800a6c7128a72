using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Design;

namespace Gnomon.Cases.Experiments;

/// <summary>The same 29,502 people come in 8, 12 or 15 days, by what is counted.</summary>
public sealed class HowManyAndHowLong : Case
{
    private const int Days = 28;
    private const int FirstDayVisitors = 2_500;
    private const int VisitsPerDay = 4_000;
    private const string Roles = "--metric ordered --unit visitor_id --time day --baseline 0.10 --mde 0.01";

    public override CaseCard Card { get; } = new(
        "experiments/how-many-and-how-long", CaseLevel.Basic,
        "4,000 visits a day, so eight days will do",
        "One visitor in ten orders, and a change is worth shipping if it makes that eleven. The shop has 4,000 visits a day, of which 2,500 were from somebody new when the history begins. How many visitors does the test need, and how long must it run?",
        "14,751 visitors in each arm. Divided by visits that is 8 days; by the new visitors of a good day 12; as fewer new ones come each day, 15. So the test runs three whole weeks, and the plan says which of these was counted.")
    {
        Verbs = ["design"],
        Keywords = ["sample size", "duration", "traffic", "new visitors", "returning visitors", "weekly cycle", "power", "whole weeks"],
        Gaps = ["The curve of new visitors is learned from one history; how it differs from season to season is not modelled."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("eight-days", "Four weeks of visits; first-time visitors fall by 3 % a day, and weekends order less. The plan divides by visits: 8 days.", DecisionAction.Answer, $"design visits.csv {Roles} --days 8")
        {
            Fires = ["partial-week-cycle", "underpowered-test"],
            Files = d => [Visits(d, kept: 0.97)],
            InCode = InCode.Of(() => new DesignOptions
            {
                Data = "visits.csv",
                Metric = "ordered",
                Unit = "visitor_id",
                Time = "day",
                Baseline = 0.10,
                Mde = "0.01",
                Days = 8,
            }),
        },
        new("one-week", "The same visits; the plan is one week because a week is what the calendar has.", DecisionAction.Answer, $"design visits.csv {Roles} --days 7")
        {
            Fires = ["underpowered-test"],
            Files = d => [Visits(d, kept: 0.97)],
        },
        new("three-metrics", "The same visits; two weeks, and three metrics of which any may win.", DecisionAction.Answer, $"design visits.csv {Roles} --metrics 3 --days 14")
        {
            Fires = ["underpowered-test"],
            Files = d => [Visits(d, kept: 0.97)],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "As many new visitors every day: the size is there on day 12, and two whole weeks are run.", DecisionAction.Answer, $"design visits.csv {Roles}")
    {
        Files = d => [Visits(d, kept: 1)],
    };

    // One row for each visit. Whether a visitor ordered is known of each once, at the first visit; later visits leave it empty.
    private static CaseFile Visits(Draw d, double kept)
    {
        var scale = d.Of(1, 10);
        var rng = d.Stream("visits");
        var lines = new List<string> { "visitor_id,day,ordered" };
        var known = 0;
        for (var day = 0; day < Days; day++)
        {
            var fresh = (int)Math.Round(FirstDayVisitors / (double)scale * Math.Pow(kept, day));

            // Weekends order less; over the week one in ten.
            var rate = day % 7 >= 5 ? 0.05 : 0.12;
            for (var i = 0; i < fresh; i++)
            {
                known++;
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"v{known},{Plant.Date(day)},{Plant.Bit(rng.NextDouble() < rate)}"));
            }

            for (var i = fresh; i < VisitsPerDay / scale; i++)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"v{1 + rng.NextInt(known)},{Plant.Date(day)},"));
            }
        }

        return new CaseFile("visits.csv", lines);
    }
}
