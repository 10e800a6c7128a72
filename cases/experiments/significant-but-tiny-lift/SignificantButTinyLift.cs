using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A percentage of something, significant, and perhaps worth nothing.</summary>
public sealed class SignificantButTinyLift : Case
{
    private const int Days = 28;
    private const string Roles = "ab checkout.csv --unit user_id --variant variant --time day";
    private const string Others = "added_to_basket,saw_delivery,used_voucher,opened_help,saved_address,chose_pickup,signed_in";

    public override CaseCard Card { get; } = new(
        "experiments/significant-but-tiny-lift", CaseLevel.Intermediate,
        "p = 0.03 and a lift of 0.2 %: of what, and is it worth the build?",
        "After four weeks a checkout test is reported as \"p = 0.03, lift 0.2 %\" and finance wants it live at once. The data hold 114,000 users an arm, 5.0 % against 5.2 %.",
        "Ask first 0.2 % of what: here it is points, and so 4 % of the base. Then hold the whole interval against the smallest gain that pays for the work.")
    {
        Verbs = ["ab"],
        Keywords = ["practical significance", "relative and absolute", "percentage points", "small effect", "reported result", "looks", "many metrics"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("as-told", "5,700 and 5,928 buyers of 114,000 users; three tenths of a point would pay for the work.", DecisionAction.Ship,
            $"{Roles} --metric converted --mde 0.003 --claim 'p=0.03, lift=0.2%'")
        {
            SmallCommand = $"{Roles} --metric converted --mde 0.0095 --claim 'p=0.03, lift=0.2%'",
            Fires = ["borderline-significance", "relative-effect-without-absolute", "reported-result-inconsistent", "significance-without-importance", "winners-curse"],
            Files = d => [Plant.Counts(d, "checkout.csv", Days, new("control", Size(d), d.Of(5_700, 570)), new("short_form", Size(d), d.Of(5_928, 642)))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "checkout.csv",
                Unit = "user_id",
                Variant = "variant",
                Time = "day",
                Metric = ["converted"],
                Mde = "0.003",
                Claim = "p=0.03, lift=0.2%",
            }),
        },
        new("does-it-pay", "The same users; a sale is worth 30, 400,000 visitors come each month, and the build costs 200,000.", DecisionAction.Inconclusive,
            $"{Roles} --metric converted --value 30 --reach 400000/month --cost 200000")
        {
            SmallCommand = $"{Roles} --metric converted --value 30 --reach 400000/month --cost 650000",
            Fires = ["net-value-not-shown"],
            Files = d => [Plant.Counts(d, "checkout.csv", Days, new("control", Size(d), d.Of(5_700, 570)), new("short_form", Size(d), d.Of(5_928, 642)))],
        },
        new("looks-and-metrics", "The same users, read every week on eight metrics.", DecisionAction.KeepRunning, $"{Roles} --metric converted,{Others}")
        {
            Fires = ["multiple-comparisons", "optional-stopping"],
            Files = d => [EightMetrics(d)],
            EarlierLooks = [.. Enumerable.Range(1, 3).Select(w => $"--where \"day < '{Plant.Date(7 * w)}'\"")],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "300,000 users an arm as planned, one metric, one look, and a gain above what was asked for.", DecisionAction.Ship,
        $"{Roles} --metric converted --plan plan.json --claim 'p=0.0004, difference=0.002'")
    {
        SmallCommand = $"{Roles} --metric converted --plan plan.json --claim 'p=0.0005, difference=0.0063'",
        Files = d =>
        [
            Plant.Counts(d, "checkout.csv", Days, new("control", d.Of(300_000, 30_000), d.Of(15_000, 1_500)), new("short_form", d.Of(300_000, 30_000), d.Of(15_600, 1_690))),
            Plant.Plan("short form", "A form without the optional fields is finished more often.", "user_id", "converted", d.Of("0.0018", "0.0055"), d.Of(300_000, 30_000), Days),
        ],
    };

    private static int Size(Draw d) => d.Of(114_000, 11_400);

    // Seven more yes/no metrics with the same share in both arms.
    private static CaseFile EightMetrics(Draw d)
    {
        var names = Others.Split(',');
        var rows = new List<LogRow>();
        Add("control", d.Of(5_700, 570));
        Add("short_form", d.Of(5_928, 642));
        return new CaseFile("checkout.csv", Plant.Log(d.Stream("order"), "user_id", "day", $"variant,converted,{Others}", rows));

        void Add(string arm, int converted)
        {
            var units = Size(d);
            bool[][] flags = [Plant.Ones(d.Stream(arm), units, converted), .. names.Select((n, i) => Plant.Ones(d.Stream($"{arm} {n}"), units, units / (4 + i)))];
            rows.AddRange(Enumerable.Range(0, units).Select(u => new LogRow(Plant.Day(u, units, Days), $"{arm},{string.Join(',', flags.Select(f => Plant.Bit(f[u])))}")));
        }
    }
}
