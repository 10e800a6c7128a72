using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Rows break rules that were written down for their table.</summary>
public sealed class RuleViolation : Check<ContractReview>
{
    /// <summary>Chance of any alarm, over all learned rules together, when the new rows come from the source the rules were learned from.</summary>
    private const double FamilyRate = 0.01;

    public override CheckCard Card { get; } = new(
        Id: "rule-violation",
        Asks: "Does the table keep the rules that were written down for it?",
        FiresWhen: "a column of the rules is missing, added or of another type; or a learned rule is broken by more rows than a second sample of the same source would break with a chance of 1 % over all rules together (beta-binomial prediction from the rows it was learned from); or a rule written by hand by more than the share it allows",
        Means: "The table breaks rules that the report or model was built on.",
        Remedy: "Reject or map what breaks the rule, with the rows counted; change the rule only with the owner of the data.",
        Source: "Breck et al. 2019 (data validation for ML); Fligner and Wolfe 1976")
    { Level = CheckLevel.Blocking, FalseAlarmRate = FamilyRate };

    public override CheckResult Evaluate(ContractReview evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var asked = evidence.Rules.Where(r => r.NotAsked is null).ToList();
        if (asked.Count == 0 || evidence.Rows == 0)
        {
            return CheckResult.Skip($"0 of {Figures.Count(evidence.Rules.Count, "rule")} of {evidence.Contract} could be asked of {Figures.Count(evidence.Rows, "row")}");
        }

        var broken = asked.Where(r => r.IsBroken).OrderByDescending(Share).ToList();
        if (broken.Count == 0)
        {
            var few = asked.Count(r => r.Broken > 0);
            var slack = few == 0 ? string.Empty : $"; {Figures.Count(few)} {(few == 1 ? "is" : "are")} broken by no more rows than {(few == 1 ? "it allows" : "they allow")}";
            return CheckResult.Pass($"all {Figures.Count(asked.Count, "rule")} of {evidence.Contract} hold in {Figures.Count(evidence.Rows, "row")}{slack}", 0, 0);
        }

        var more = broken.Count > 1 ? $"; also {string.Join(", ", broken.Skip(1).Take(4).Select(r => r.Id))}{(broken.Count > 5 ? $" and {broken.Count - 5} more" : string.Empty)}" : string.Empty;
        return CheckResult.Fail($"{Figures.Count(broken.Count)} of {Figures.Count(asked.Count, "rule")} of {evidence.Contract} {(broken.Count == 1 ? "is" : "are")} broken: {broken[0].Says}{more}", broken.Count, 0);
    }

    public override ContractReview Trap(int seed) => Simulate(seed, 0.03);

    public override ContractReview Clean(int seed) => Simulate(seed, 0);

    public override ContractReview? Tiny => new() { Contract = "rules.json", Rows = 0, Rules = [] };

    private static double Share(RuleReview r) => r.Asked == 0 ? 1 : (double)r.Broken / r.Asked;

    // Twenty ranges learned from the smallest and largest of 2,000 rows, asked of 2,000 new ones; in the trap 3 % of the first column are out of it.
    private static ContractReview Simulate(int seed, double wrong)
    {
        const int Rows = 2_000;
        const int Columns = 20;
        var rng = new Rng(seed).Stream("rule-violation");
        var rules = new List<RuleReview>();
        for (var c = 0; c < Columns; c++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (var i = 0; i < Rows; i++)
            {
                var value = rng.NextNormal();
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }

            long broken = 0;
            for (var i = 0; i < Rows; i++)
            {
                var value = rng.NextNormal();
                broken += value < low || value > high || (c == 0 && rng.NextDouble() < wrong) ? 1 : 0;
            }

            rules.Add(new RuleReview($"range-{c}", $"range-{c}: {broken} of {Rows} rows lie outside", broken, Rows, ExceedancePrediction.MostBroken(FamilyRate / Columns, Rows, Rows, 0, 2)));
        }

        return new ContractReview { Contract = "rules.json", Rows = Rows, Rules = rules };
    }
}
