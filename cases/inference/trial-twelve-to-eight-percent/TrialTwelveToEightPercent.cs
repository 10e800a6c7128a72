using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>A relative cut without its base, and a quarrel about importance without a limit.</summary>
public sealed class TrialTwelveToEightPercent : Case
{
    private const string Roles = "compare trial.csv --metric admitted --by arm --randomized";

    public override CaseCard Card { get; } = new(
        "inference/trial-twelve-to-eight-percent", CaseLevel.Intermediate,
        "A third fewer admissions, p = 0.001, and a physician who shrugs",
        "In a randomised trial 12 % of the control arm and 8 % of the drug arm were admitted to hospital. The brief says \"34 % fewer, p = 0.001\"; a physician answers that this is clinically nothing.",
        "Neither the p-value nor the relative cut can settle it. Four fewer of a hundred, one in 25 (16 to 61), can be held against a limit that somebody states beforehand.")
    {
        Verbs = ["compare"],
        Keywords = ["clinical trial", "absolute risk reduction", "number needed to treat", "relative risk", "clinical importance", "margin"],
        Gaps = ["The fragility index, harms beside the benefit and the cost of an avoided admission are not computed."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "1,218 patients an arm, 146 and 97 admissions; three fewer of a hundred were called the least that matters.", DecisionAction.Answer, $"{Roles} --margin 0.03 --claim 'p=0.001, lift=-34%'")
        {
            Fires = ["relative-effect-without-absolute", "underpowered-test"],
            Files = d => [Patients(d, 1_218, 146, 97)],
            InCode = InCode.Of(() => new CompareOptions
            {
                Data = "trial.csv",
                Metric = "admitted",
                By = "arm",
                Randomized = true,
                Margin = "0.03",
                Claim = "p=0.001, lift=-34%",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "6,000 patients an arm with the same rates, two fewer of a hundred as the limit, and the absolute figure in the brief.", DecisionAction.Answer,
        $"{Roles} --margin 0.02 --claim 'lift=-33%, difference=-0.04'")
    {
        Files = d => [Patients(d, 6_000, 720, 480)],
    };

    private static CaseFile Patients(Draw d, int units, int control, int drug)
    {
        var rows = new List<LogRow>();
        Add("control", control);
        Add("drug", drug);
        return new CaseFile("trial.csv", Plant.Log(d.Stream("order"), "patient_id", "enrolled", "arm,admitted", rows));

        void Add(string arm, int events) => rows.AddRange(Plant.Ones(d.Stream(arm), units, events).Select((e, i) => new LogRow(Plant.Day(i, units, 90), $"{arm},{Plant.Bit(e)}")));
    }
}
