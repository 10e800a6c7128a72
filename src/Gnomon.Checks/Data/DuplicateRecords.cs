using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The same record stands in the data more than once.</summary>
public sealed class DuplicateRecords : Check<RecordRepeats>
{
    private const double ShareThreshold = 0.001;
    private const double PoissonTail = 0.001;
    private const long FewestRows = 20;

    public override CheckCard Card { get; } = new(
        Id: "duplicate-records",
        Asks: "Does every record stand in the data once?",
        FiresWhen: "rows repeat on the key or on all columns, in more than 0.1 % of rows and beyond the 99.9 % Poisson limit of repeats by chance; chance counts only where no key was declared",
        Means: "Some records appear more than once, so counts, sums and errors are off.",
        Remedy: "Deduplicate on the key by a stated rule and show the totals before and after.",
        Source: "Fellegi and Sunter 1969; Christen 2012")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.005 };

    public override CheckResult Evaluate(RecordRepeats evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.RowsSeen < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.RowsSeen, "row")}, too few to tell repeats from chance; {FewestRows} are needed");
        }

        var share = (double)evidence.Repeats / evidence.RowsSeen;
        var chance = evidence.IsKey ? 0 : evidence.ExpectedByChance * evidence.RowsSeen / evidence.Rows;
        var limit = chance > 0 ? Poisson.UpperQuantile(PoissonTail, chance) : 0;
        var says = Says(evidence, share);
        return share > ShareThreshold && evidence.Repeats > limit
            ? CheckResult.Warn(says, share, ShareThreshold)
            : CheckResult.Pass(share > ShareThreshold ? $"{says}, no more than chance makes of so few different values" : says, share, ShareThreshold);
    }

    public override RecordRepeats Trap(int seed) => Simulate(seed, 0.005);

    public override RecordRepeats Clean(int seed) => Simulate(seed, 0);

    public override RecordRepeats? Tiny => new() { On = "rows", IsKey = false, Rows = 5, RowsSeen = 5, Repeats = 1, ExpectedByChance = 0 };

    // 20,000 rows that collide by chance 25 times; in the trap one row in 200 was written twice.
    private static RecordRepeats Simulate(int seed, double doubled)
    {
        var rng = new Rng(seed).Stream("duplicate-records");
        const long rows = 20_000;
        return new RecordRepeats
        {
            On = "rows", IsKey = false, Rows = rows, RowsSeen = rows, Repeats = rng.NextPoisson(25) + rng.NextBinomial(rows, doubled), ExpectedByChance = 25,
        };
    }

    private static string Says(RecordRepeats e, double share)
    {
        var what = e.IsLinked ? $"seem to be an entity that an earlier row holds, judged by {e.On}" : e.IsKey ? $"repeat a value of {e.On}" : "repeat an earlier row in every column";
        if (e.RowsSeen == e.Rows)
        {
            return $"{Figures.Count(e.Repeats)} of {Figures.Count(e.Rows, "row")} {what} ({Figures.Percent(share)})";
        }

        var limits = OneProportion.Wilson(e.Repeats, e.RowsSeen);
        return $"about {Figures.Percent(share)} of rows {what} ({Figures.Percent(limits.Low)} to {Figures.Percent(limits.High)}, from all occurrences of a sample of records, {Figures.Count(e.RowsSeen)} rows)";
    }
}
