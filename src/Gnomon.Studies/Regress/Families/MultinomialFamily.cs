using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Regress.Families;

/// <summary>Which of several categories: the odds of each against the most frequent one.</summary>
internal sealed class MultinomialFamily : ModelFamily
{
    private const int MostCategories = 12;

    public override string Name => "multinomial";

    public override bool HasCategories => true;

    public override FamilyFit Fit(FamilyInput input)
    {
        var data = input.Data;
        if (data.Categories.Count > MostCategories)
        {
            throw new GnomonError("too-many-levels", $"{data.Outcome} has {data.Categories.Count} different values; at most {MostCategories} categories are fitted.", data.Outcome, "Pool rare categories, or choose another family.");
        }

        var (codes, names) = FrequentFirst(data);
        var fit = MultinomialLogit.Fit(input.Matrix, codes, names.Count, input.Options.Level);
        var effects = new List<FamilyEffect>();
        for (var c = 0; c < fit.Coefficients.Count; c++)
        {
            effects.AddRange(FamilyTables.Effects(input, fit.Coefficients[c], fit.Covariances[c], $"the odds of {names[c + 1]} rather than {names[0]}", "odds ratio", true, "multinomial logistic regression")
                .Select(e => e with { Verb = "are", Beside = names.Count == 2 ? null : $"{names[c + 1]} rather than {names[0]}" }));
        }

        var sizes = names.Select((n, i) => new ClassCount(n, codes.LongCount(c => c == i))).ToList();
        var parameters = fit.Coefficients[0].Count;
        var gain = 2 * (fit.LogLikelihood - fit.NullLogLikelihood);
        var slopes = (parameters - 1) * (names.Count - 1);
        return new FamilyFit
        {
            Effects = effects,
            Terms = [.. fit.Coefficients[0].Select(c => c.Term)],
            SetAside = fit.SetAside,
            Tables =
            [
                .. fit.Coefficients.Select((c, i) => FamilyTables.Coefficients(c, $"Log odds of {names[i + 1]} rather than {names[0]}", i == 0 ? "coefficients" : $"coefficients-{i + 1}")),
                FamilyTables.Fit(
                    ("rows", (long)data.Rows), ("formula", data.Formula.Text), ("log-likelihood", fit.LogLikelihood), ("log-likelihood without columns", fit.NullLogLikelihood), ("McFadden's R squared", 1 - fit.LogLikelihood / fit.NullLogLikelihood),
                    ("likelihood ratio chi-square", slopes > 0 ? gain : null), ("degrees of freedom", slopes > 0 ? (long)slopes : null), ("p", slopes > 0 ? ChiSquared.Sf(Math.Max(0, gain), slopes) : null), ("AIC", 2 * (parameters * (names.Count - 1) - fit.LogLikelihood))),
                Confusion(input, fit, codes, names),
            ],
            Plots = [new Plot("categories", $"Categories of {data.Outcome}", BarPlot.Build([.. sizes.Select(s => new Bar(s.Value, s.Rows / (double)data.Rows))], "share of rows", new PlotUnit("proportion")))],
            Evidence = [.. new IEvidence?[] { FamilyTables.Overlap(input, fit.Coefficients[0]), Counted(data, sizes, parameters) }.OfType<IEvidence>()],
            Rows = new RowPulls(input.Matrix, Pulls(input, fit, codes, names.Count)),
            Limitations = [$"Categories are compared with '{names[0]}', the most frequent one ({string.Join(", ", sizes.Select(s => $"{s.Value} {Figures.Count(s.Rows)}"))}). Odds between two categories are taken not to depend on which other categories exist."],
            Explains = $"The model takes {Figures.Percent(1 - fit.LogLikelihood / fit.NullLogLikelihood, 0)} off the deviance.",
            Predicts = [.. names.Select(n => $"chance of {n}")],
            Predict = row => fit.Probabilities(row).Select(p => (object?)p),
        };
    }

    // Of each category but the first: whether a row is it, less the fitted chance.
    private static IReadOnlyList<double[]> Pulls(FamilyInput input, MultinomialFit fit, int[] codes, int categories)
    {
        var terms = fit.Coefficients[0].Select(c => Array.IndexOf([.. input.Matrix.Names], c.Term)).ToArray();
        var chances = Enumerable.Range(0, codes.Length).Select(i => fit.Probabilities(Array.ConvertAll(terms, t => input.Matrix.Column(t)[i]))).ToArray();
        return [.. Enumerable.Range(1, categories - 1).Select(c => chances.Select((p, i) => (codes[i] == c ? 1 : 0) - p[c]).ToArray())];
    }

    private static EventCounts Counted(ModelData data, List<ClassCount> sizes, int parameters) =>
        new() { Target = data.Outcome, Classes = [.. sizes.OrderByDescending(s => s.Rows)], Parameters = Math.Max(1, parameters - 1) };

    internal static (int[] Codes, IReadOnlyList<string> Names) FrequentFirst(ModelData data)
    {
        var counts = new int[data.Categories.Count];
        foreach (var y in data.Y)
        {
            counts[(int)y]++;
        }

        var first = Array.IndexOf(counts, counts.Max());
        var order = Enumerable.Range(0, counts.Length).OrderBy(i => i == first ? -1 : i).ToArray();
        return (Array.ConvertAll(data.Y, y => Array.IndexOf(order, (int)y)), [.. order.Select(i => data.Categories[i])]);
    }

    // Rows by what they are and by what the model would call them: on the rows it was fitted to.
    private static ResultTable Confusion(FamilyInput input, MultinomialFit fit, int[] codes, IReadOnlyList<string> names)
    {
        var counts = new long[names.Count, names.Count];
        var terms = fit.Coefficients[0].Select(c => Array.IndexOf([.. input.Matrix.Names], c.Term)).ToArray();
        for (var i = 0; i < codes.Length; i++)
        {
            var p = fit.Probabilities(Array.ConvertAll(terms, t => input.Matrix.Column(t)[i]));
            counts[codes[i], Array.IndexOf(p, p.Max())]++;
        }

        return new ResultTable(
            "called", "What rows are, and what the model calls them (the rows it was fitted to)", ["is", .. names.Select(n => $"called {n}")],
            [.. names.Select((n, r) => (IReadOnlyList<object?>)[n, .. Enumerable.Range(0, names.Count).Select(c => (object?)counts[r, c])])]);
    }
}
