using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Sql;

/// <summary>Part of the data drops out or turns null in the join.</summary>
public sealed class UnmatchedKeys : Check<KeyMatch>
{
    private const double ShareThreshold = 0.005;
    private const double GainThreshold = 0.01;
    private const long FewestRows = 20;

    public override CheckCard Card { get; } = new(
        Id: "unmatched-keys",
        Asks: "Does every row find its partner?",
        FiresWhen: "more than 0.5 % of the rows find no partner; when comparing keys as trimmed lower-case text without leading zeros or a decimal .0 finds one for more than 1 % of the rows besides, the spelling of the keys is named",
        Means: "Part of the data drops out or turns null in the join.",
        Remedy: "Normalise keys once and record the rule; report, quarantine or use an 'unknown' member for the rest.",
        Source: "Kimball and Ross 2013; Christen 2012")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.001, Aliases = ["join-key-type-mismatch"] };

    public override CheckResult Evaluate(KeyMatch evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{evidence.Join}: {Figures.Count(evidence.Rows, "row")}, too few for a share; {FewestRows} are needed");
        }

        var share = (double)evidence.Unmatched / evidence.Rows;
        var gain = (double)(evidence.Unmatched - evidence.UnmatchedNormalised) / evidence.Rows;
        var says = $"{evidence.Join}: {Figures.Percent(share)} of {Figures.Count(evidence.Rows, "row")} find no partner{(evidence.NullKeys > 0 ? $", {Figures.Count(evidence.NullKeys)} of them for want of a key" : string.Empty)}";
        if (share <= ShareThreshold)
        {
            return CheckResult.Pass(says, share, ShareThreshold);
        }

        return gain > GainThreshold
            ? CheckResult.Warn($"{says}; spelled alike (trimmed, lower case, no leading zeros), {Figures.Percent((double)evidence.UnmatchedNormalised / evidence.Rows)} would", share, ShareThreshold)
            : CheckResult.Warn(says, share, ShareThreshold);
    }

    public override KeyMatch Trap(int seed) => Simulate(seed, 0.02);

    public override KeyMatch Clean(int seed) => Simulate(seed, 0.001);

    public override KeyMatch? Tiny => new() { Join = "events to campaigns", Rows = 7, NullKeys = 0, Unmatched = 3, UnmatchedNormalised = 3 };

    // 10,000 rows; one in fifty, or one in a thousand, without a partner.
    private static KeyMatch Simulate(int seed, double share)
    {
        var unmatched = new Rng(seed).Stream("unmatched-keys").NextBinomial(10_000, share);
        return new KeyMatch { Join = "events to campaigns on campaign_id", Rows = 10_000, NullKeys = 0, Unmatched = unmatched, UnmatchedNormalised = unmatched / 4 };
    }
}
