using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>The second highest salary of each department, with ties at the top.</summary>
public sealed class SecondHighestSalaryPerDepartment : Case
{
    private const string Ask = "--recipe top-n --unit department --value salary --id employee_id --count 2";

    public override CaseCard Card { get; } = new(
        "sql/second-highest-salary-per-department", CaseLevel.Basic,
        "The second highest salary of each department",
        "For a pay review each department's second highest salary is wanted, with everybody who earns it. Somebody proposes LIMIT 1 OFFSET 1.",
        "Rank values, not rows, and rank them inside each department: DENSE_RANK gives ties one place and leaves no gap behind them.")
    {
        Verbs = ["sql"],
        Keywords = ["top n per group", "DENSE_RANK", "ROW_NUMBER", "RANK", "ties", "NULL", "OFFSET", "SQL"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("ties", "The top salary is shared in a quarter of the departments, one department in twenty pays everybody the same, two employees in a hundred have no salary on file.", DecisionAction.Answer, $"sql staff.csv {Ask}")
        {
            Fires = ["null-semantics", "order-dependent-result", "row-count-changed"],
            Files = d => [new CaseFile("staff.csv", Staff(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "staff.csv",
                Recipe = "top-n",
                Unit = "department",
                Value = "salary",
                Id = "employee_id",
                Count = 2,
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Every salary is there and stands once: every way of ranking gives the same answer.", DecisionAction.Answer, $"sql staff.csv {Ask}")
    {
        Files = d => [new CaseFile("staff.csv", Staff(d, flawed: false))],
    };

    private static IEnumerable<string> Staff(Draw d, bool flawed)
    {
        var rng = d.Stream("staff");
        yield return "employee_id,department,salary";
        var employee = 0;
        for (var department = 1; department <= d.Of(400, 80); department++)
        {
            var steps = Enumerable.Range(0, 200).ToArray();
            rng.Shuffle<int>(steps);
            var isFlat = flawed && rng.NextDouble() < 0.05;
            var isTied = flawed && rng.NextDouble() < 0.25;
            var pay = Enumerable.Range(0, 50).Select(k => 30_000 + 250 * (isFlat ? 100 : steps[k])).ToList();
            if (isTied)
            {
                pay[1] = pay[0] = pay.Max();
            }

            foreach (var salary in pay)
            {
                yield return $"{++employee},D{department:000},{(flawed && rng.NextDouble() < 0.02 ? string.Empty : $"{salary}")}";
            }
        }
    }
}
