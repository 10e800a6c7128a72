using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Features;

/// <summary>A column that knows what came after its row's time.</summary>
public sealed class FutureInformationFeature : Check<FutureColumns>
{
    private const double MostAfter = 0.001;
    private const double MostGap = 0.5;
    private const long FewestRows = 50;

    public override CheckCard Card { get; } = new(
        Id: "future-information-feature",
        Asks: "Was every column known at the time of its row?",
        FiresWhen: "beside a declared time and target: another column of times lies after the row's own in more than 0.1 % of rows; or a column is missing in the newest tenth of rows more often than before by an interval (99.9 %) beyond 50 points, as what is filled in later is; or it changes, within an entity, at the steps where the target changes by an interval beyond 50 points more than at others",
        Means: "The column uses information that did not exist at the time of the row.",
        Remedy: "Rebuild the column as it stood at the time of the row (point-in-time join on arrival), or leave it out; show the score with each.",
        Source: "Kaufman et al. 2012; point-in-time join convention")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.001 };

    public override CheckResult Evaluate(FutureColumns evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} with a value of {evidence.TimeColumn}, too few; {FewestRows} are needed");
        }

        var found = new List<(double Share, string Says)>();
        foreach (var l in evidence.Later.Where(l => l.Rows > 0 && l.After > MostAfter * l.Rows))
        {
            found.Add(((double)l.After / l.Rows, $"{l.Column} lies after {evidence.TimeColumn} in {Figures.Percent((double)l.After / l.Rows)} of {Figures.Count(l.Rows, "row")}, by {l.MedianLag} in the middle"));
        }

        foreach (var f in evidence.Filled.Where(f => f.LowestDifference > MostGap))
        {
            found.Add((f.LowestDifference, $"{f.Column} is missing in {Figures.Percent((double)f.NewMissing / f.NewRows)} of the newest tenth of rows and in {Figures.Percent((double)f.OldMissing / f.OldRows)} of the others: it is filled in later"));
        }

        foreach (var c in evidence.Changed.Where(c => c.LowestDifference > MostGap))
        {
            found.Add((c.LowestDifference, $"{c.Column} changes at {Figures.Percent((double)c.With / c.WithSteps)} of the steps where {evidence.Target} changes and at {Figures.Percent((double)c.Without / c.WithoutSteps)} of the others"));
        }

        if (found.Count == 0)
        {
            return CheckResult.Pass($"no column of {Figures.Count(evidence.Later.Count, "time")} lies after {evidence.TimeColumn}, and none is filled in later or follows {evidence.Target}", 0, MostAfter);
        }

        var worst = found.MaxBy(f => f.Share);
        var more = found.Count > 1 ? $"; and {found.Count - 1} more: {string.Join("; ", found.Where(f => f != worst).Take(2).Select(f => f.Says))}" : string.Empty;
        return CheckResult.Fail(worst.Says + more, worst.Share, MostAfter);
    }

    public override FutureColumns Trap(int seed) => Simulate(seed, 0.01, 0.9);

    public override FutureColumns Clean(int seed) => Simulate(seed, 0, 0.1);

    public override FutureColumns? Tiny => new() { Target = "churn", TimeColumn = "at", Rows = 10, Later = [], Filled = [], Changed = [] };

    // 4,000 rows; in the trap one in a hundred has a contact dated after the row, and the newest tenth lacks what is filled in later.
    private static FutureColumns Simulate(int seed, double after, double missing)
    {
        var rng = new Rng(seed).Stream("future-information-feature");
        var (old, now) = (rng.NextBinomial(3_600, 0.1), rng.NextBinomial(400, missing));
        return new FutureColumns
        {
            Target = "churn", TimeColumn = "at", Rows = 4_000, Later = [new("last_contact", 4_000, rng.NextBinomial(4_000, after), "12 days")],
            Filled = [new("closed_reason", old, 3_600, now, 400, TwoProportions.Score(now, 400, old, 3_600, 0.999).Low)], Changed = [],
        };
    }
}
