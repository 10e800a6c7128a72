using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>A wide table, no question, and the wish for a surprise.</summary>
public sealed class UnexpectedPatternWithoutHypothesis : Case
{
    private const string Line = "profile accounts.csv --explore";
    private static readonly string[] Plans = ["basic", "plus", "team", "business", "enterprise", "custom"];

    public override CaseCard Card { get; } = new(
        "data/unexpected-pattern-without-hypothesis", CaseLevel.Advanced,
        "Sixty columns, no hypothesis: which surprise is one?",
        "An analyst explores a wide table hoping for something new. Thousands of cells are looked at; the luckiest has p = 0.0002, and a slide is half written.",
        "A search needs two sets of rows: one to find, one to confirm. What is found and tested on the same rows is what luck looks like.")
    {
        Verbs = ["profile"],
        Keywords = ["exploration", "hypothesis", "forking paths", "held-out", "false discovery rate", "distance correlation", "subgroup", "change point", "Simpson"],
        Gaps =
        [
            "Groups that only two columns together make are not searched, so that the number of questions stays within reach of the rows.",
            "A second file to confirm on cannot be named yet; new rows are tested with the verb that fits the pattern.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Three patterns among thousands of questions: a rare segment that uses more, a load time that steps up, and a discount that seems to raise spending and lowers it within every plan.", DecisionAction.Investigate, Line)
        {
            Fires = ["mix-shift", "simpsons-paradox"],
            Files = d => [new CaseFile("accounts.csv", Accounts(d, planted: true))],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "accounts.csv",
                Explore = true,
            }),
        },
        new("again", "Columns that have nothing to do with each other, searched three times with other halves in the hope that something holds.", DecisionAction.Investigate, Line)
        {
            Fires = ["double-dipping"],
            Files = d => [new CaseFile("accounts.csv", Accounts(d, planted: false))],
            EarlierLooks = ["--seed 2", "--seed 3"],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "Columns that have nothing to do with each other, searched once.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("accounts.csv", Accounts(d, planted: false))],
    };

    // Sizes of the patterns at 40,000 rows: 0.2 of a spread in 3 % of the rows, 0.2 from 60 % of the rows on, and a discount that lowers spending by 0.2 within a plan and goes to dear plans.
    private static IEnumerable<string> Accounts(Draw d, bool planted)
    {
        var rng = d.Stream("accounts");
        var rows = d.Of(40_000, 3_000);
        var (numbers, flags) = (d.Of(44, 10), d.Of(10, 3));
        var sizes = d.Full ? new Sizes(0.03, 0.2, 15, 90) : new Sizes(0.1, 0.6, 30, 160);
        yield return $"segment,plan,discount,spend,usage,load_ms,{string.Join(',', Enumerable.Range(1, numbers).Select(k => $"metric_{k:00}"))},{string.Join(',', Enumerable.Range(1, flags).Select(k => $"option_{k:00}"))}";
        for (var i = 0; i < rows; i++)
        {
            yield return string.Join(',', Account(rng, planted, i >= 0.6 * rows, sizes).Concat(Noise(rng, numbers, flags)));
        }
    }

    private static IEnumerable<string> Account(Rng rng, bool planted, bool late, Sizes sizes)
    {
        var isRare = rng.NextDouble() < sizes.RareShare;
        var plan = rng.NextInt(Plans.Length);
        var discount = rng.NextDouble() < (!planted ? 0.5 : plan >= 3 ? 0.7 : 0.3);
        var spend = 400 + (planted ? (plan >= 3 ? sizes.DearPlans : 0) - (discount ? sizes.Discount : 0) : 0) + (75 * rng.NextNormal());
        yield return isRare ? "schools" : $"s{1 + rng.NextInt(9)}";
        yield return Plans[plan];
        yield return discount ? "yes" : "no";
        yield return $"{spend:0.00}";
        yield return $"{50 + (planted && isRare ? 10 * sizes.Strength : 0) + (10 * rng.NextNormal()):0.00}";
        yield return $"{240 + (planted && late ? 30 * sizes.Strength : 0) + (30 * rng.NextNormal()):0.0}";
    }

    private static IEnumerable<string> Noise(Rng rng, int numbers, int flags)
    {
        for (var k = 0; k < numbers; k++)
        {
            yield return (k % 4) switch { 0 => $"{50 + (10 * rng.NextNormal()):0.0}", 1 => $"{20 * Math.Exp(0.6 * rng.NextNormal()):0.0}", 2 => $"{100 * rng.NextDouble():0.0}", _ => $"{rng.NextPoisson(6)}" };
        }

        for (var k = 0; k < flags; k++)
        {
            yield return rng.NextDouble() < 0.3 + (0.03 * k) ? "on" : "off";
        }
    }

    private sealed record Sizes(double RareShare, double Strength, double Discount, double DearPlans);
}
