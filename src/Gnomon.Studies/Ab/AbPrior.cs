using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;

namespace Gnomon.Studies.Ab;

/// <summary>A prior on the effect, as typed.</summary>
/// <param name="IsLearned">Learned from the ledger.</param>
/// <param name="IsRelative">Mean and deviation are shares of the control value.</param>
/// <param name="Mean">Centre.</param>
/// <param name="Deviation">Standard deviation; positive infinity for a flat prior.</param>
internal sealed record AbPrior(bool IsLearned, bool IsRelative, double Mean, double Deviation)
{
    public const string Hint = "Write learned, normal:0,2% (shares of control), normal:0,0.01 (the metric's unit) or flat.";

    public bool IsFlat => double.IsInfinity(Deviation);

    /// <summary>Experiments that a learned prior rests on.</summary>
    public EffectPriorResult? Source { get; init; }

    public string Name(string unit) => IsFlat ? "flat"
        : $"{(IsLearned ? "learned, " : string.Empty)}normal({Figures.Effect(Mean, IsRelative ? "relative" : unit)}, {Figures.Effect(Deviation, IsRelative ? "relative" : unit).TrimStart('+')})";

    public static AbPrior? Parse(string text)
    {
        if (text is "learned")
        {
            return new(true, true, 0, 1);
        }

        if (text is "flat")
        {
            return new(false, false, 0, double.PositiveInfinity);
        }

        var parts = text.StartsWith("normal:", StringComparison.Ordinal) ? text["normal:".Length..].Split(',', StringSplitOptions.TrimEntries) : [];
        if (parts.Length != 2)
        {
            return null;
        }

        var relative = parts[1].EndsWith('%');
        return Number(parts[0], relative) is { } mean && Number(parts[1], relative) is > 0 and var deviation ? new(false, relative, mean, deviation) : null;
    }

    /// <summary>A learned prior takes its width from the past experiments of the ledger.</summary>
    /// <exception cref="GnomonError">The ledger holds too few past experiments, or their effects vary no more than their errors.</exception>
    public AbPrior Learn(ILedger ledger, ExperimentKey own)
    {
        if (!IsLearned)
        {
            return this;
        }

        var past = ledger.PastEffects(own);
        try
        {
            var learned = EffectPrior.Learn([.. past.Select(p => p.Lift)], [.. past.Select(p => p.StandardError)]);
            return this with { Deviation = learned.Deviation, Source = learned };
        }
        catch (TooFewRowsException)
        {
            throw new GnomonError(
                "prior-not-learned", $"The ledger holds {Figures.Count(past.Count, "past experiment")} with a relative effect; a prior is learned from {EffectPrior.Fewest} or more.", "--bayes learned",
                "Name a prior: --bayes normal:0,2%; or ask for none: --bayes flat.");
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("prior-not-learned", $"No prior can be learned: {wrong.Message}.", "--bayes learned", "Name a prior: --bayes normal:0,2%; or ask for none: --bayes flat.", wrong);
        }
    }

    // A per cent sign on the deviation makes both numbers per cent.
    private static double? Number(string text, bool percent)
    {
        var bare = text.TrimEnd('%').Trim();
        return double.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) && (percent || !text.EndsWith('%')) ? percent ? v / 100 : v : null;
    }
}
