using Gnomon.Core.Findings;
using Gnomon.Studies.Design;

namespace Gnomon.Cases.Experiments;

/// <summary>A rule that makes one error in six out of one in twenty.</summary>
public sealed class StopWhenSignificant : Case
{
    private const int Days = 28;
    private const string Roles = "design checkout-history.csv --metric converted --unit user_id --time day --mde 5%";

    public override CaseCard Card { get; } = new(
        "experiments/stop-when-significant", CaseLevel.Basic,
        "Run it for a week, and stop when p is below 0.05",
        "A product manager plans the next checkout test: one week, a look every morning, stop when it is significant. One visitor in ten orders; half a point more would be worth having; 5,600 new visitors come a day.",
        "Seven looks turn one false alarm in twenty into one in six, and a week brings a third of the visitors that the effect needs. The same looks can be paid for: three whole weeks, and a boundary that is written down before the start.")
    {
        Verbs = ["design", "ledger"],
        Keywords = ["sample size", "peeking", "stopping rule", "O'Brien-Fleming", "duration", "power", "weeks"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Four weeks of visitors before the test; the plan is one week.", DecisionAction.Answer, $"{Roles} --days 7")
        {
            Fires = ["underpowered-test"],
            Files = d => [History(d)],
            InCode = InCode.Of(() => new DesignOptions
            {
                Data = "checkout-history.csv",
                Metric = "converted",
                Unit = "user_id",
                Time = "day",
                Mde = "5%",
                Days = 7,
            }),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same visitors; the size follows from the effect, and three weekly looks are planned.", DecisionAction.Answer, $"{Roles} --looks 3")
    {
        Files = d => [History(d)],
    };

    private static CaseFile History(Draw d)
    {
        var perDay = d.Of(5_600, 560);
        var rng = d.Stream("history");
        var rows = new List<LogRow>();
        for (var day = 0; day < Days; day++)
        {
            // Weekends order a little less; over the week one in ten.
            var rate = day % 7 >= 5 ? 0.0885 : 0.1046;
            for (var i = 0; i < perDay; i++)
            {
                rows.Add(new LogRow(day, Plant.Bit(rng.NextDouble() < rate)));
            }
        }

        return new CaseFile("checkout-history.csv", Plant.Log(d.Stream("order"), "user_id", "day", "converted", rows));
    }
}
