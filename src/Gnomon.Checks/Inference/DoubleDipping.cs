using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A pattern was found and tested on the same rows.</summary>
public sealed class DoubleDipping : Check<PatternScan>
{
    public override CheckCard Card { get; } = new(
        Id: "double-dipping",
        Asks: "Were the rows that confirm a pattern kept out of the search for it?",
        FiresWhen: "patterns are tested on the rows that showed them, or the ledger holds an earlier search of the same data with another split, so that rows which confirm now were searched before. A search without a question: undecided",
        Means: "The pattern was found and confirmed on the same data.",
        Remedy: "Explore on one half, confirm once on the other, correct for everything scanned; after a second split, confirm on new rows.",
        Source: "Kriegeskorte et al. 2009; Gelman and Loken 2013")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.001, Aliases = ["found-then-tested"] };

    public override CheckResult Evaluate(PatternScan evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Scanned == 0)
        {
            return CheckResult.Skip("0 questions were asked of the rows");
        }

        var scan = $"{Figures.Count(evidence.Scanned, "question")} asked of {Figures.Count(evidence.ExploreRows, "row")}";
        if (evidence.ConfirmRows == 0)
        {
            return CheckResult.Warn($"{scan} and {Figures.Count(evidence.Candidates, "find")} tested on the same rows", evidence.Candidates, 0);
        }

        return evidence.EarlierSplits > 0
            ? CheckResult.Warn($"{scan}, finds tested on {Figures.Count(evidence.ConfirmRows)} others; but these data were searched {Figures.Count(evidence.EarlierSplits, "time")} before with other halves, so every row has been seen", evidence.EarlierSplits, 0)
            : CheckResult.Pass($"{scan}; {Figures.Count(evidence.Candidates, "find")} tested once on {Figures.Count(evidence.ConfirmRows)} rows kept aside", evidence.EarlierSplits, 0);
    }

    public override PatternScan Trap(int seed)
    {
        // Either no rows were kept aside, or the search was repeated with other halves.
        var rng = new Rng(seed).Stream("double-dipping");
        var none = rng.NextDouble() < 0.5;
        return Scan(none ? 0 : 20_000, none ? 0 : 1 + rng.NextInt(5), rng);
    }

    public override PatternScan Clean(int seed) => Scan(20_000, 0, new Rng(seed).Stream("double-dipping"));

    public override PatternScan? Tiny => new() { Scanned = 0, ExploreRows = 6, ConfirmRows = 6, Candidates = 0, Confirmed = 0, EarlierSplits = 0 };

    private static PatternScan Scan(long kept, int earlier, Rng rng)
    {
        var finds = 5 + rng.NextPoisson(20);
        return new PatternScan { Scanned = 1_770, ExploreRows = 20_000, ConfirmRows = kept, Candidates = (int)finds, Confirmed = 0, EarlierSplits = earlier };
    }
}
