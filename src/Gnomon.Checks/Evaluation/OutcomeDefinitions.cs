using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;

namespace Gnomon.Checks.Evaluation;

/// <summary>Two plausible definitions of one outcome: do they name the same units?</summary>
internal static class OutcomeDefinitions
{
    private const double LeastKappa = 0.8;

    public static CheckResult Judge(DefinitionAgreement two, long units)
    {
        var says = $"'{two.First}' and '{two.Second}' agree on {Figures.Count(units, "unit")} with a kappa of {Figures.Number(two.Kappa)} ({Figures.Number(two.Low)} to {Figures.Number(two.High)}); {Figures.Count(two.Differ)} change sides";
        return two.High < LeastKappa ? CheckResult.Warn(says, two.High, LeastKappa) with { Remedy = "Have the owner of the question confirm one definition, and write it on the card, before anything is trained on it." } : CheckResult.Pass(says, two.High, LeastKappa);
    }
}
