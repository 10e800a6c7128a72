using Gnomon.Methods;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Weights of the sampled rows to the population's margins.</summary>
/// <param name="Margins">Margins they were fitted to.</param>
/// <param name="Fit">The weights.</param>
/// <param name="Trimmed">The same, none above five times the mean.</param>
internal sealed record PopulationWeights(IReadOnlyList<RakingMargin> Margins, RakingResult Fit, double[] Trimmed)
{
    public const double Limit = 5;
    private const int MostMargins = 8;

    public bool IsTrimmed => Fit.Weights.Any(w => w > Limit);

    /// <summary>Weights to the margins that differ; groups of the population without a row here are left out of their margin.</summary>
    /// <returns>Null when no margin differs or none can be fitted.</returns>
    public static PopulationWeights? Of(IReadOnlyList<PopulationMargin> margins)
    {
        var used = margins.OrderByDescending(m => m.Largest).Take(MostMargins).Select(Covered).OfType<RakingMargin>().ToList();
        if (used.Count == 0 || used[0].Groups.Length < 2)
        {
            return null;
        }

        try
        {
            var fit = Raking.Fit(used, used[0].Groups.Length);
            return new PopulationWeights(used, fit, Raking.Trim(fit.Weights, Limit));
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private static RakingMargin? Covered(PopulationMargin margin)
    {
        var has = new bool[margin.Names.Count];
        foreach (var code in margin.Codes.Where(c => c >= 0))
        {
            has[code] = true;
        }

        var shares = margin.Shares.Select((s, g) => has[g] ? s : 0).ToArray();
        return shares.Sum() > 0 ? new RakingMargin(margin.Name, margin.Codes, shares) : null;
    }
}
