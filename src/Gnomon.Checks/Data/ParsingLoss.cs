using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>What was read is not what was written.</summary>
public sealed class ParsingLoss : Check<ReadingLosses>
{
    private const double Threshold = 0.001;

    public override CheckCard Card { get; } = new(
        Id: "parsing-loss",
        Asks: "Did reading the file keep every value as it was written?",
        FiresWhen: "a value cannot be had back from what was read (one is enough); or one column holds two or more types, each in more than 0.1 % of rows; or text decoded in the wrong code page stands in more than 0.1 % of text cells",
        Means: "Reading the file changed the values: type, encoding or shape was misread.",
        Remedy: "Keep text or a wider type, decode again from the raw bytes, type JSON by union and quarantine conflicts.",
        Source: "RFC 8259; IEEE 754; Unicode practice")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, Aliases = ["lossy-cast", "inconsistent-json-schema", "mojibake-text"] };

    public override CheckResult Evaluate(ReadingLosses evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows == 0)
        {
            return CheckResult.Skip("there are 0 rows to read");
        }

        var found = evidence.Losses.Where(l => l.IsIrreversible ? l.Cells > 0 : l.Share > Threshold).OrderByDescending(l => l.Share).ToList();
        if (found.Count == 0)
        {
            return CheckResult.Pass($"nothing was lost or mixed in {Figures.Count(evidence.Rows, "row")}", 0, Threshold);
        }

        var more = found.Count > 1 ? $"; and {found.Count - 1} more of the kind ({string.Join(", ", found.Skip(1).Select(f => f.Kind).Distinct().Take(3))})" : string.Empty;
        return CheckResult.Warn($"{found[0].Says.TrimEnd('.')} ({Figures.Count(found[0].Cells)} {(found[0].Cells == 1 ? "cell" : "cells")}){more}", found[0].Share, Threshold);
    }

    public override ReadingLosses Trap(int seed) => Simulate(seed, 0.004);

    public override ReadingLosses Clean(int seed) => Simulate(seed, 0);

    public override ReadingLosses? Tiny => new() { Rows = 0, Losses = [] };

    // 10,000 prices of which, in the trap, four in a thousand are words.
    private static ReadingLosses Simulate(int seed, double words)
    {
        const long rows = 10_000;
        var odd = new Rng(seed).Stream("parsing-loss").NextBinomial(rows, words);
        return new ReadingLosses
        {
            Rows = rows, Losses = odd == 0 ? [] : [new ReadingLoss("mixed-types", odd, (double)odd / rows, false, $"price holds {odd} words among {rows - odd} numbers")],
        };
    }
}
