using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The mixture of cases changed more than the cases did.</summary>
public sealed class MixShift : Check<MixChange>
{
    private const double Alpha = 0.01;
    private const double LeastShare = 0.5;
    private const long FewestRows = 100;

    public override CheckCard Card { get; } = new(
        Id: "mix-shift",
        Asks: "Did the cases change, or only their mixture?",
        FiresWhen: "of a difference of means, the part that the shares of groups explain (Kitagawa) differs from 0 (p < 0.01) and exceeds half of the difference, or the part within groups has the other sign than the whole. Fewer than 100 rows or 2 groups: undecided",
        Means: "The mixture of cases changed more than the cases did.",
        Remedy: "Report mix-adjusted and within-group terms side by side.",
        Source: "Kitagawa 1955; Oaxaca 1973")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.02 };

    public override CheckResult Evaluate(MixChange evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || evidence.Groups < 2 || !(evidence.MixStandardError > 0))
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} in {Figures.Count(evidence.Groups, "group")} of {evidence.Category}; {FewestRows} rows and 2 groups are needed");
        }

        var p = Math.Min(1, 2 * Normal.Sf(Math.Abs(evidence.Mix) / evidence.MixStandardError));
        var says = $"{evidence.Metric}, {evidence.Contrast}: {Signed(evidence.Total)}, of which the mixture of {evidence.Category} makes {Signed(evidence.Mix)} and its groups {Signed(evidence.Within)}";
        var share = evidence.Total == 0 ? 0 : evidence.Mix / evidence.Total;
        return p < Alpha && (share > LeastShare || evidence.Within * evidence.Total < 0)
            ? CheckResult.Warn(says, share, LeastShare, p)
            : CheckResult.Pass(says, share, LeastShare, p);
    }

    public override MixChange Trap(int seed) => Simulate(seed, shift: 0.15, within: 0.05);

    public override MixChange Clean(int seed) => Simulate(seed, shift: 0, within: 0.3);

    public override MixChange? Tiny => new() { Metric = "spend", Contrast = "after - before", Category = "plan", Groups = 2, Rows = 20, Total = 1, Mix = 0.8, MixStandardError = 0.5, Within = 0.2 };

    private static string Signed(double x) => x > 0 ? "+" + Figures.Number(x) : Figures.Number(x);

    // 4,000 rows before and after in two groups one and a half apart; the share of the dearer group rises by 15 points, or every group rises by a third of its spread.
    private static MixChange Simulate(int seed, double shift, double within)
    {
        var rng = new Rng(seed).Stream("mix-shift");
        const long Rows = 4_000;
        var before = Side(0.4, 0);
        var after = Side(0.4 + shift, within);
        var split = MixDecomposition.Of(before, after);
        return new MixChange
        {
            Metric = "spend", Contrast = "after - before", Category = "plan", Groups = split.GroupsUsed, Rows = 2 * Rows, Total = split.Total.Value, Mix = split.Mix.Value,
            MixStandardError = split.Mix.StandardError, Within = split.Within.Value,
        };

        Moments[] Side(double share, double rise)
        {
            var dear = rng.NextBinomial(Rows, share);
            return [Simulated.Normal(rng, Rows - dear, rise, 1), Simulated.Normal(rng, dear, 1.5 + rise, 1)];
        }
    }
}
