using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A posterior chance of 87 % at an unplanned look, taken for an answer.</summary>
public sealed class BayesianTrialAt87Percent : Case
{
    private const int PlannedPerArm = 250;
    private const int SeenPerArm = 100;
    private const int Looks = 5;
    private const double Deviation = 20;

    // Phi(3.1859 / (20 sqrt(2 / 100))) = 0.8700.
    private const double Difference = 3.1859;
    private const string Line = "ab trial.csv --unit patient --variant arm --metric relief --mde 5.2 --guardrail adverse<=+0.08 --split 50/50 --plan plan.json";

    public override CaseCard Card { get; } = new(
        "experiments/bayesian-trial-at-87-percent", CaseLevel.Advanced,
        "B is better with a chance of 87 %: stop and switch?",
        "Two formulations of a pain drug, 250 patients planned in each arm, relief measured in points of the pain score. After 100 in each arm, at the fifth look, the posterior chance that B is better stands at 87 %. The clinical lead wants to stop and give B to everybody.",
        "87 % is odds of 6.7 to 1 for any gain at all, under a flat prior: a two-sided p of 0.26. It says little of a gain worth having, nothing of safety, and at five looks it is reached in 29 of 100 trials of two identical drugs. Go on to the planned size.")
    {
        Verbs = ["ab"],
        Keywords = ["Bayesian", "posterior probability", "stopping rule", "sceptical prior", "predictive probability", "interim analysis", "data monitoring", "expected loss", "optional stopping"],
        Gaps = ["The note to the data monitoring board is not written; the finding's HTML page is what it would rest on."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "100 patients in each arm, B ahead by 3.19 points; the fifth look, with 40 % of the plan reached.", DecisionAction.KeepRunning, $"{Line} --bayes flat")
        {
            Fires = ["optional-stopping", "underpowered-test", "guardrail-metric-regression"],
            Files = d => [Trial(d, SeenPerArm, Difference, 8, 14), Plan(d)],
            EarlierLooks = EarlierLooksOf(),
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "trial.csv",
                Unit = "patient",
                Variant = "arm",
                Metric = ["relief"],
                Mde = "5.2",
                Guardrail = ["adverse<=+0.08"],
                Split = "50/50",
                Plan = "plan.json",
                Bayes = "flat",
            }),
        },
        new("enthusiast", "The same patients under the prior of somebody who expects the gain that the trial was planned for.", DecisionAction.KeepRunning, $"{Line} --bayes normal:5.2,2.65")
        {
            Fires = ["optional-stopping", "prior-sensitivity", "guardrail-metric-regression"],
            Files = d => [Trial(d, SeenPerArm, Difference, 8, 14), Plan(d)],
            EarlierLooks = EarlierLooksOf(),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "All 250 patients in each arm, read once: B ahead by 6 points, as many adverse events in both.", DecisionAction.Ship, $"{Line} --bayes flat")
    {
        Files = d => [Trial(d, PlannedPerArm, 6, 20, 20), Plan(d)],
    };

    private static IReadOnlyList<string> EarlierLooksOf() => [.. Enumerable.Range(1, Looks - 1).Select(k => string.Create(CultureInfo.InvariantCulture, $"--where \"visit <= {k}\""))];

    // The same size at any draw: the numbers of the situation are those of 100 and of 250 patients.
    private static CaseFile Trial(Draw d, int perArm, double difference, int adverseA, int adverseB)
    {
        var lines = new List<string> { "patient,arm,visit,relief,adverse" };
        foreach (var (arm, mean, adverse) in new[] { ("A", 20.0, adverseA), ("B", 20 + difference, adverseB) })
        {
            var relief = Plant.Normal(d.Stream("relief " + arm), perArm, mean, Deviation);
            var events = Plant.Ones(d.Stream("adverse " + arm), perArm, adverse);
            for (var i = 0; i < perArm; i++)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{arm}{i + 1:000},{arm},{1 + (i * Looks / perArm)},{relief[i]:R},{Plant.Bit(events[i])}"));
            }
        }

        return new CaseFile("trial.csv", lines);
    }

    private static CaseFile Plan(Draw d)
    {
        _ = d;
        return new CaseFile("plan.json",
        [
            "{",
            "  \"schema\": \"gnomon.plan/1\",",
            "  \"experiment\": \"formulation B\",",
            "  \"hypothesis\": \"The slower release of B relieves more pain.\",",
            "  \"unit\": \"patient\",",
            "  \"control\": \"A\",",
            "  \"split\": \"50/50\",",
            "  \"primary\": [\"relief\"],",
            "  \"guardrails\": [\"adverse<=+0.08\"],",
            "  \"mde\": \"5.2\",",
            $"  \"unitsPerArm\": {PlannedPerArm},",
            "  \"looks\": 1",
            "}",
        ]);
    }
}
