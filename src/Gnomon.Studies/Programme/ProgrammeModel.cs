using Gnomon.Core.Findings;
using Gnomon.Methods.Families;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Programme;

/// <summary>All experiments under one model: how far true effects differ, what each effect is worth under it, and where the next one will lie.</summary>
internal sealed class ProgrammeModel(ProgrammeFacts facts, NextEffectResult next)
{
    private const int MostRows = 200;
    private const double Level = 0.95;

    private string Word => facts.Input.Unit == "relative" ? "lift" : "effect";

    /// <returns>Null when fewer than three effects share a unit.</returns>
    public static ProgrammeModel? Of(ProgrammeFacts facts)
    {
        if (facts.Shrinkage is null)
        {
            return null;
        }

        var (effects, errors) = ProgrammeFacts.Pooled([.. facts.Tests.Where(t => t.Shrunken is not null)], facts.Unlisted);
        return new(facts, NextEffect.Of(effects, errors, Level));
    }

    public IEnumerable<ResultTable> Tables()
    {
        var (low, high) = ($"low {Word}", $"high {Word}");
        yield return new ResultTable("model", "All experiments under one model", ["what", Word, low, high],
        [
            ["mean of the true effects", next.Mean, next.MeanInterval.Low, next.MeanInterval.High],
            ["spread of the true effects (standard deviation)", next.Spread, next.SpreadInterval.Low, next.SpreadInterval.High],
            ["true effect of the next experiment", next.Mean, next.Next.Low, next.Next.High],
        ]);
        var z = Normal.UpperQuantile((1 - Level) / 2);
        yield return new ResultTable("shrunken", "Each effect under the model, with its 95 % interval", ["experiment", Word, $"shrunken {Word}", low, high, "weight of its own data"],
            [.. facts.Tests.Where(t => t.Shrunken is not null).OrderByDescending(t => t.Shrunken!.Estimate).Take(MostRows)
                .Select(t => (IReadOnlyList<object?>)[t.Row.Name, t.Row.Effect, t.Shrunken!.Estimate, t.Shrunken.Estimate - z * t.Shrunken.Deviation, t.Shrunken.Estimate + z * t.Shrunken.Deviation, t.Shrunken.Weight])]);
    }

    public IEnumerable<string> Sentences()
    {
        yield return $"An idea like these, tested next, has a true effect of {Figures.Range(next.Next.Low, next.Next.High, facts.Input.Unit!)} (95 % prediction interval); {Figures.WholePercent(next.ShareAboveZero)} of such ideas help at all, by however little. "
            + (next.Spread > 0
                ? $"{Figures.WholePercent(next.Inconsistency)} of the variation between these experiments is of the ideas, the rest is noise."
                : "The experiments differ by no more than their noise, so the model cannot tell one idea from another.");
    }
}
