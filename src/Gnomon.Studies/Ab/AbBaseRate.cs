using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab;

/// <summary>What a win is worth where ideas of this kind seldom work: the false-positive risk at the share of wins among the ledger's other experiments.</summary>
/// <remarks>Source: Kohavi, Deng and Vermeer 2022, KDD. A test of a working idea is taken to win with a power of 0.8, and the share of wins has a 95 % Wilson interval.</remarks>
internal static class AbBaseRate
{
    private const int Fewest = 5;
    private const double Power = 0.8;

    /// <summary>Empty without a win, or with fewer than five other experiments to learn from.</summary>
    public static IEnumerable<string> Sentences(AbFacts facts, ILedger ledger, ExperimentKey key)
    {
        var wins = facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary && c.FamilyP < facts.Alpha && c.Benefit > 0).Select(c => c.Spec.Name).Distinct().ToList();
        if (wins.Count == 0 || ledger.PastEffects(key) is not { Count: >= Fewest } past)
        {
            yield break;
        }

        var alpha = facts.Design.Alpha;
        var won = past.Count(p => p.Won);
        var wilson = OneProportion.Wilson(won, past.Count, 0.95);
        var (risk, least, most) = (Risk((double)won / past.Count), Risk(wilson.High), Risk(wilson.Low));
        var before = $"Of {Figures.Count(past.Count, "other experiment")} in the ledger {Figures.Count(won)} won";
        yield return won == 0 || risk >= 1
            ? $"{before}, no more than luck gives: nothing shows yet that ideas of this kind work, so repeat a win before it is relied on."
            : risk <= 0
            ? $"{before}, so many that the share of false wins cannot be told from them."
            : $"{before}: if ideas of this kind work as often as that suggests ({Figures.WholePercent(FalsePositiveRisk.SuccessRate((double)won / past.Count, Power, alpha))}, at a power of {Power:0.0}), {Figures.Percent(risk, 0)} of significant wins are no effect at all ({Figures.Percent(least, 0)} to {Figures.Percent(most, 0)}, as so few experiments allow).";

        double Risk(double rate) => FalsePositiveRisk.Of(FalsePositiveRisk.SuccessRate(rate, Power, alpha), Power, alpha);
    }
}
