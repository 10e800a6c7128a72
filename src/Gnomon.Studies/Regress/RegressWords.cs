using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>Sentences of a regression's finding: business words first.</summary>
internal static class RegressWords
{
    private const int MostParts = 5;

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
            var (subject, verb) = model.Glm!.Family.Link == LinkFunction.Logit ? ($"the odds of {outcome}", "are") : ($"the expected {outcome}", "is");
            return $"{Of(effect)} {subject} {verb} {Figures.Number(effect.Value)} times as high ({Level(level)} interval {Figures.Number(effect.Low)} to {Figures.Number(effect.High)})";
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

    private static string Of(Effect effect) => Of(effect.Column, effect.Contrast);

    /// <summary><c>for each 1 of area</c>, <c>with plan pro instead of basic</c>.</summary>
    public static string Of(string column, string contrast) => contrast.StartsWith("per 1 of ", StringComparison.Ordinal)
        ? $"for each 1 of {column}"
        : contrast.Contains(" - ", StringComparison.Ordinal) ? $"with {column} {contrast.Replace(" - ", " instead of ", StringComparison.Ordinal)}" : $"for {contrast}";

    /// <summary>Rows with a gap, if any.</summary>
    public static IEnumerable<string> LeftOut(ModelData data)
    {
        if (data.Rows < data.RowsRead)
        {
            yield return $"{Figures.Count(data.RowsRead - data.Rows)} of {Figures.Count(data.RowsRead)} rows are left out because a column of the model has no usable value there ({string.Join(", ", data.Missing.Select(m => $"{m.Column}: {Figures.Count(m.Rows)}"))}).";
        }
    }

    /// <summary>Reference levels, and columns without a coefficient.</summary>
    public static IEnumerable<string> Coding(ModelDesign design, IReadOnlyList<string> setAside, IReadOnlyList<ExactCombination>? combinations = null)
    {
        foreach (var (column, reference) in design.References.Take(5))
        {
            yield return $"Levels of {column} are compared with '{reference}'.";
        }

        if (setAside.Count > 0)
        {
            yield return $"{string.Join(", ", setAside.Take(5))}{(setAside.Count > 5 ? $" and {setAside.Count - 5} more" : string.Empty)}: no coefficient, because earlier columns determine {(setAside.Count == 1 ? "it" : "them")}{(combinations is { Count: > 0 } ? $": {string.Join("; ", combinations.Take(3).Select(c => $"{c.Term} = {Sum(c.Parts)}"))}" : string.Empty)}.";
        }
    }

    /// <summary>Columns of the data that others determine, as equations; those that follow from crossing factors are no news.</summary>
    public static IReadOnlyList<string> Determined(IEnumerable<ExactCombination> combinations, IReadOnlyCollection<string> columns) =>
        [.. combinations.Where(c => columns.Contains(c.Term)).Select(c => $"{c.Term} = {Sum(c.Parts)}")];

    private static string Sum(IReadOnlyList<(string Term, double Factor)> parts)
    {
        if (parts.Count == 0)
        {
            return "0";
        }

        var said = new System.Text.StringBuilder();
        foreach (var (term, factor) in parts.OrderBy(p => p.Term == DesignMatrix.InterceptName).Take(MostParts))
        {
            var size = Math.Abs(factor);
            var product = term == DesignMatrix.InterceptName ? Figures.Number(size) : Math.Abs(size - 1) < 1e-7 ? term : $"{Figures.Number(size)} × {term}";
            said.Append(said.Length == 0 ? (factor < 0 ? "-" : string.Empty) : factor < 0 ? " - " : " + ").Append(product);
        }

        return parts.Count > MostParts ? $"{said} and {parts.Count - MostParts} more parts" : said.ToString();
    }

    public static string Size(double value, string unit, double spread) => Figures.Effect(Math.Abs(value), unit, spread).TrimStart('+');

    public static string Direction(double value) => value < 0 ? "lower" : "higher";
}
