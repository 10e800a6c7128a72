using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>Sentences of a regression's finding: business words first.</summary>
internal static class RegressWords
{
    public static string Level(double level) => (level * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>The unit of an effect in the finding.</summary>
    public static string Unit(FittedModel model, Effect effect) => effect.IsRatio
        ? model.Glm!.Family switch
        {
            { Link: LinkFunction.Logit } => "odds ratio",
            { Law: OutcomeLaw.Poisson or OutcomeLaw.NegativeBinomial } => "rate ratio",
            _ => "mean ratio",
        }
        : model.Glm is { Family.Link: LinkFunction.Probit } ? "probit" : model.Glm is { Family.Link: LinkFunction.Inverse } ? "reciprocal" : model.Data.Outcome;

    /// <summary>The unit of an average effect in the outcome.</summary>
    public static string OutcomeUnit(FittedModel model) => model.Glm is { Family.Law: OutcomeLaw.Binomial } ? "proportion" : model.Data.Outcome;

    /// <summary><c>price is 1,240 higher per 1 of area (95 % interval +1,100 to +1,380)</c>.</summary>
    public static string Sentence(FittedModel model, Effect effect, double level)
    {
        var outcome = model.Data.Outcome;
        if (effect.InOutcome is { } average)
        {
            var unit = OutcomeUnit(model);
            var spread = average.High - average.Low;
            var what = unit == "proportion" ? $"the chance of {outcome}" : $"the expected {outcome}";
            var ratio = effect.IsRatio ? $"; {(model.Glm!.Family.Link == LinkFunction.Logit ? "odds times" : "times")} {Figures.Number(effect.Value)}" : string.Empty;
            return $"{Of(effect)} {what} is {Size(average.Value, unit, spread)} {Direction(average.Value)} ({Level(level)} interval {Figures.Range(average.Low, average.High, unit)}{ratio})";
        }

        if (effect.IsRatio)
        {
            return $"{Of(effect)} {outcome} is {Figures.Number(effect.Value)} times as high ({Level(level)} interval {Figures.Number(effect.Low)} to {Figures.Number(effect.High)})";
        }

        return $"{Of(effect)} {outcome} is {Size(effect.Value, "number", effect.High - effect.Low)} {Direction(effect.Value)} ({Level(level)} interval {Figures.Range(effect.Low, effect.High, "number")})";
    }

    /// <summary><c>for area anything from -2 to +5</c>.</summary>
    public static string Allowed(FittedModel model, Effect effect)
    {
        var estimate = effect.InOutcome ?? effect.Estimate;
        var unit = effect.InOutcome is null ? "number" : OutcomeUnit(model);
        return $"{effect.Contrast}: anything from {Figures.Range(estimate.Low, estimate.High, unit)}";
    }

    private static string Of(Effect effect) => effect.Contrast.StartsWith("per 1 of ", StringComparison.Ordinal)
        ? $"for each 1 of {effect.Column}"
        : effect.Contrast.Contains(" - ", StringComparison.Ordinal) ? $"with {effect.Column} {effect.Contrast.Replace(" - ", " instead of ", StringComparison.Ordinal)}" : $"for {effect.Contrast}";

    private static string Size(double value, string unit, double spread) => Figures.Effect(Math.Abs(value), unit, spread).TrimStart('+');

    private static string Direction(double value) => value < 0 ? "lower" : "higher";
}
