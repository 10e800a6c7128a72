using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Causal;

/// <summary>A column that the answer is adjusted for was written, or moved, after the treatment began.</summary>
public sealed class PostTreatmentAdjustment : Check<AdjustmentColumns>
{
    private const double Alpha = 0.01;
    private const double Responds = 0.1;

    // As rare as a split that counts as broken: then a small difference counts too, since with many units it moves the answer by several of its errors.
    private const double BeyondChance = 0.001;

    // What was known before foretells a yes or no only in part; the same quantity before and after may agree nearly to the digit, so a number must be a copy.
    private const double TellsYesNo = 0.99;
    private const double TellsNumber = 0.9999;
    private const double Much = 0.9;
    private const double MuchOfNumber = 0.99;
    private const double LateShare = 0.001;
    private const long Fewest = 40;
    private const int TrapUnits = 4_000;

    public override CheckCard Card { get; } = new(
        Id: "post-treatment-adjustment",
        Asks: "Were the columns that the answer is adjusted for known before the treatment?",
        FiresWhen: "an adjustment column is dated after assignment in over 0.1 % of units, "
            + "or tells 99 % of a yes/no metric's variance or 99.99 % of a number's (the outcome itself, or what follows from it; a remark from 90 % and 99 %), "
            + "or differs between the arms by over 0.1 standard deviations at p < 0.01, or by any amount at p < 0.001, corrected for the columns. Where the split is off, a difference of the arms says nothing of when a column was known and is not judged",
        Means: "Controlling for something the treatment changes hides or distorts the effect.",
        Remedy: "Drop it from the adjustment; report the total effect.",
        Source: "Rosenbaum 1984; Cinelli, Forney and Pearl 2022")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.01, Aliases = ["leaking-covariate"] };

    public override CheckResult Evaluate(AdjustmentColumns evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Units < Fewest || evidence.Columns.Count == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Units, "unit")} with {Figures.Count(evidence.Columns.Count, "column")} to adjust for; {Fewest} units are needed");
        }

        if (evidence.Columns.FirstOrDefault(c => c.Dated > 0 && c.DatedAfter > LateShare * c.Dated) is { } late)
        {
            var share = (double)late.DatedAfter / late.Dated;
            return CheckResult.Fail($"{late.Column} is dated after assignment in {Figures.Count(late.DatedAfter, "unit")} of {Figures.Count(late.Dated)}", share, LateShare);
        }

        var told = evidence.Told.OrderByDescending(t => t.Explained).FirstOrDefault(t => t.Explained >= (t.IsYesNo ? TellsYesNo : TellsNumber));
        if (told is not null)
        {
            return CheckResult.Fail($"{told.Column} tells {told.Metric} (it explains {Share(told)} of its variance): nothing that was known before does", told.Explained, told.IsYesNo ? TellsYesNo : TellsNumber);
        }

        if (evidence.SplitIsOff)
        {
            return CheckResult.Skip($"the split is off, so the arms differ in {Figures.Count(evidence.Columns.Count, "column")} for that reason alone: whether the treatment moved one cannot be told");
        }

        var worst = evidence.Columns.OrderBy(c => c.PValue).ThenByDescending(c => Math.Abs(c.StandardisedDifference)).First();
        var moved = evidence.Columns.Where(c => c.PValue < BeyondChance || (c.PValue < Alpha && Math.Abs(c.StandardisedDifference) > Responds)).OrderByDescending(c => Math.Abs(c.StandardisedDifference)).FirstOrDefault();
        var shown = moved ?? worst;
        var says = $"{shown.Column} differs between the arms by {Figures.Number(Math.Abs(shown.StandardisedDifference))} standard deviations ({Figures.P(shown.PValue)} over {Figures.Count(evidence.Columns.Count, "column")})";
        if (moved is not null)
        {
            return CheckResult.Fail(says, Math.Abs(shown.StandardisedDifference), Responds, shown.PValue);
        }

        return evidence.Told.OrderByDescending(t => t.Explained).FirstOrDefault(t => t.Explained >= (t.IsYesNo ? Much : MuchOfNumber)) is { } much
            ? CheckResult.Note($"{much.Column} explains {Share(much)} of the variance of {much.Metric}: make sure that it was known before assignment", much.Explained, much.IsYesNo ? Much : MuchOfNumber)
            : CheckResult.Pass(says, Math.Abs(shown.StandardisedDifference), Responds, shown.PValue);
    }

    private static string Share(OutcomeTold told) => Figures.Percent(Math.Floor(told.Explained * 10_000) / 10_000);

    // Moved by the treatment, or a consequence of the outcome, by turns.
    public override AdjustmentColumns Trap(int seed) => seed % 2 == 0 ? Simulate(seed, shift: 0.25) : Simulate(seed, shift: 0) with { Told = [new("revenue", "bought", 1, IsYesNo: true)] };

    public override AdjustmentColumns Clean(int seed) => Simulate(seed, shift: 0) with { Told = [new("visits", "bought", 0.5, IsYesNo: true), new("visits", "minutes", 0.97, IsYesNo: false)] };

    public override AdjustmentColumns? Tiny => new() { Units = 6, Columns = [new("age", 0.4, 0.6)] };

    // Three columns of 4,000 units in two arms; the treatment moves the first by a quarter of a standard deviation.
    private static AdjustmentColumns Simulate(int seed, double shift)
    {
        var rng = new Rng(seed).Stream("post-treatment-adjustment");
        var error = Math.Sqrt(4.0 / TrapUnits);
        return new AdjustmentColumns
        {
            Units = TrapUnits,
            Columns = [.. new[] { "visits", "age", "tenure" }.Select((name, i) => (name, d: (i == 0 ? shift : 0) + error * rng.NextNormal()))
                .Select(c => new AdjustmentColumn(c.name, c.d, Math.Min(1, 3 * 2 * Normal.Sf(Math.Abs(c.d) / error))))],
        };
    }
}
