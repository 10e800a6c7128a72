using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress.Families;

/// <summary>The finding of a family with a fit of its own: the answer in words, estimates, tables and pictures in the shape that every regression has.</summary>
internal sealed class FamilyReport(ModelFamily family, RegressOptions options, ModelData data, int? threads)
{
    private const int MostNamed = 3;
    private const int MostRows = 40;

    private string Subject => data.EndedBy is { } by ? $"the time to the event ({by})" : data.Outcome;

    public StudyReport Read()
    {
        Refuse(family, data);
        var design = new ModelDesign(family.Prepare(options, data));
        var fit = Fit(design);
        var effects = Corrected(fit.Effects);
        var asked = Asked(effects);
        return new StudyReport
        {
            Question = "regress",
            Title = options.Focus is null ? $"What moves with {Subject}?" : $"Does {options.Focus} move with {Subject}?",
            Propose = _ => Propose(fit, asked),
            Estimates = [.. effects.Select(e => Estimate(e, asked))],
            Evidence = [.. fit.Evidence, .. FamilyRows.Evidence(options, data, fit.Rows), .. PredictAt.Support(options, data) is { } support ? [support] : Array.Empty<PredictionSupport>()],
            Limitations = [.. fit.Limitations, .. RegressWords.LeftOut(data), .. RegressWords.Coding(design, fit.SetAside), .. Looked(effects), .. Order()],
            Next = [.. fit.Next, "A coefficient says what goes together. To know what changing a column would do, vary it at random (gnomon ab), or state what else could make both move."],
            Plots = [.. EffectPlots(effects), .. fit.Plots],
            Tables = [.. fit.Tables, .. Predictions(design, fit)],
        };
    }

    // What a family cannot hold must not be dropped in silence.
    internal static void Refuse(ModelFamily family, ModelData data)
    {
        if (data.Formula.Random.Count > 0)
        {
            throw new GnomonError(
                "random-effects-not-available", $"--family {family.Name} has no random effects; the formula has {string.Join(" + ", data.Formula.Random.Select(r => r.Text))}.", "--formula, --family",
                family.TakesClusters ? $"Name the group with --cluster {data.Formula.Random[0].Groups[0]} instead, or leave --family out for a mixed model." : "Leave --family out for a mixed model of a number, or leave the random term out.");
        }

        if (family is not AdditiveFamily && data.Formula.Terms.SelectMany(t => t.Atoms).FirstOrDefault(a => a.Function == "s") is { } smooth)
        {
            throw new GnomonError(
                "smooth-not-available", $"--family {family.Name} fits no smooth curves; the formula has {smooth.Text}.", "--formula, --family", $"Write ns({smooth.Column}) for a natural spline, or leave --family out for a smooth curve of a number.");
        }
    }

    private FamilyFit Fit(ModelDesign design)
    {
        if (!data.Y.AsSpan().ContainsAnyExcept(data.Y[0]) && !family.HasEvent)
        {
            throw new GnomonError(
                "constant-outcome", $"{data.Outcome} is {(data.Categories.Count > 0 ? $"'{data.Categories[0]}'" : data.Y[0].ToString("G6", System.Globalization.CultureInfo.InvariantCulture))} in every complete row: there is nothing to explain.",
                data.Outcome, "Check the outcome, or the condition of --where.");
        }

        try
        {
            return family.Fit(new FamilyInput { Options = options, Data = data, Design = design, Matrix = design.Build(data.Columns, data.Rows), Threads = threads });
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", $"{data.Outcome}: {wrong.Message}", data.Outcome, "Name fewer columns, or pool levels.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{data.Outcome}: {wrong.Message}", data.Outcome, family is NonlinearFamily ? "Start nearer to the solution with --start, or write the formula with fewer parameters." : "Leave out the column that the message names, or pool its levels.", wrong);
        }
    }

    private static IReadOnlyList<FamilyEffect> Corrected(IReadOnlyList<FamilyEffect> effects)
    {
        var family = effects.Where(e => !e.IsBeside && e.P is not null).ToList();
        if (family.Count == 0)
        {
            return effects;
        }

        var holm = Multiplicity.Holm(family.Select(e => e.P!.Value).ToArray());
        return [.. effects.Select(e => family.IndexOf(e) is >= 0 and var at ? e with { Adjusted = holm[at] } : e)];
    }

    private List<FamilyEffect> Asked(IReadOnlyList<FamilyEffect> effects)
    {
        var main = effects.Where(e => !e.IsBeside).ToList();
        if (options.Focus is not { } focus)
        {
            return main;
        }

        var own = main.Where(e => string.Equals(e.Column, focus, StringComparison.OrdinalIgnoreCase)).ToList();
        var names = effects.Select(e => e.Column).Concat(data.Columns.Keys).Distinct(StringComparer.Ordinal).ToList();
        return own.Count > 0 ? own : names.Exists(n => string.Equals(n, focus, StringComparison.OrdinalIgnoreCase))
            ? throw new GnomonError("not-estimable", $"{focus} has no coefficient: the other columns determine it.", "--focus", "Leave out one of the columns that say the same.")
            : throw new GnomonError("column-not-found", $"--focus {focus} is not a column of the model. Columns: {string.Join(", ", names)}.", "--focus", NearestName.To(focus, names) is { } near ? $"Did you mean '{near}'?" : "Name one of them.");
    }

    private Proposal Propose(FamilyFit fit, List<FamilyEffect> asked)
    {
        if (asked.TrueForAll(e => e.Sentence is not null))
        {
            return new Proposal(DecisionAction.Answer, $"{string.Join(". ", asked.Select(e => Upper(e.Sentence!)))}. {fit.Explains}");
        }

        var alpha = 1 - options.Level;
        var seen = asked.Where(e => (options.Focus is null ? e.Adjusted : e.P) is { } p && p < alpha).OrderByDescending(e => Math.Abs(e.Estimate.Statistic ?? 0)).ToList();
        if (seen.Count == 0)
        {
            var allowed = asked.Take(MostNamed).Select(e => $"{e.Contrast}{(asked.Select(a => a.About).Distinct().Skip(1).Any() ? $" on {e.About}" : string.Empty)}: anything from {Range(e)}");
            return new Proposal(DecisionAction.Inconclusive, $"Nothing here moves with {Subject} beyond chance in {Figures.Count(data.Rows)} rows. The data allow, {string.Join("; ", allowed)}.");
        }

        var said = seen.Take(MostNamed).Select(e => Upper(Sentence(e)));
        var more = seen.Count > MostNamed ? $" {seen.Count - MostNamed} more {(seen.Count == MostNamed + 1 ? "effect is" : "effects are")} beyond chance." : string.Empty;
        var held = data.Columns.Count > 1 ? ", the other columns held" : string.Empty;
        return new Proposal(DecisionAction.Answer, $"{string.Join(". ", said)}{held}.{more}{(fit.Explains.Length > 0 ? " " + fit.Explains : string.Empty)}");
    }

    private string Sentence(FamilyEffect e) => e.IsRatio
        ? $"{RegressWords.Of(e.Column, e.Contrast)} {e.About} {e.Verb} {Figures.Number(e.Value)} times as high ({RegressWords.Level(options.Level)} interval {Range(e)})"
        : $"{RegressWords.Of(e.Column, e.Contrast)} {e.About} {e.Verb} {RegressWords.Size(e.Value, "number", e.High - e.Low)} {RegressWords.Direction(e.Value)} ({RegressWords.Level(options.Level)} interval {Range(e)})";

    private static string Range(FamilyEffect e) => e.IsRatio ? $"{Figures.Number(e.Low)} to {Figures.Number(e.High)}" : Figures.Range(e.Low, e.High, "number");

    private Estimate Estimate(FamilyEffect e, List<FamilyEffect> asked) => new()
    {
        Name = e.IsRatio ? e.Unit : e.Contrast.StartsWith("per 1 of ", StringComparison.Ordinal) ? "slope" : e.Sentence is null ? "difference" : "parameter",
        Metric = e.Column, Contrast = e.Beside is null ? e.Contrast : $"{e.Contrast}, {e.Beside}", Value = e.Value, Low = e.Low, High = e.High, Level = options.Level, Unit = e.Unit, P = e.P, N = data.Rows, Method = e.Method,
        Role = e.IsBeside ? "descriptive" : options.Focus is null || asked.Contains(e) ? "primary" : "secondary",
    };

    private IEnumerable<string> Looked(IReadOnlyList<FamilyEffect> effects)
    {
        var count = effects.Count(e => e is { IsBeside: false, P: not null, Sentence: null });
        if (count > 1 && options.Focus is null)
        {
            yield return $"{count} effects were looked at: those named in the answer survive Holm's correction; p-values in tables are not corrected.";
        }
    }

    private IEnumerable<string> Order()
    {
        if (options.Time is { } time && !family.TakesTime)
        {
            yield return data.Times == data.Rows
                ? $"Rows were put in order of {time} to see whether neighbours are alike; the errors themselves take rows as separate."
                : $"Several rows share a value of {time}, so they are not one series: whether neighbours are alike was not looked at.";
        }
    }

    // One picture per thing that moves, so that every row of it stands on one scale.
    private IEnumerable<Plot> EffectPlots(IReadOnlyList<FamilyEffect> effects)
    {
        var place = 0;
        foreach (var group in effects.Where(e => e.Sentence is null).Take(MostRows).GroupBy(e => (e.About, e.Unit)))
        {
            var rows = group.Select(Standardised).ToList();
            yield return new Plot(place++ == 0 ? "effects" : $"effects-{place}", "Effects, numbers per standard deviation", IntervalPlot.Build(rows, $"effect on {group.Key.About}", new PlotUnit(group.Key.Unit, Change: true)));
        }
    }

    private IntervalRow Standardised(FamilyEffect e)
    {
        var isSlope = e.Contrast.StartsWith("per 1 of ", StringComparison.Ordinal);
        var scale = isSlope && data.Columns[e.Column].Numbers is { Length: > 1 } values ? Moments.MeanVariance(values).StandardDeviation : 1;
        scale = scale > 0 && double.IsFinite(scale) ? scale : 1;
        var label = isSlope ? $"{e.Column} (per {Figures.Number(scale)})" : $"{e.Column}: {e.Contrast}";
        return e.IsRatio
            ? new IntervalRow(label, Math.Exp(scale * e.Estimate.Value), Math.Exp(scale * e.Estimate.Low), Math.Exp(scale * e.Estimate.High))
            : new IntervalRow(label, scale * e.Estimate.Value, scale * e.Estimate.Low, scale * e.Estimate.High);
    }

    private IEnumerable<ResultTable> Predictions(ModelDesign design, FamilyFit fit)
    {
        if (options.Predict.Count == 0 || fit.Predict is not { } predict)
        {
            yield break;
        }

        var rows = new List<IReadOnlyList<object?>>();
        foreach (var text in options.Predict)
        {
            var (at, columns) = PredictAt.Read(text, data);
            var full = design.Build(columns, 1);
            double[] row = [.. fit.Terms.Select(t => full.Column(Array.IndexOf([.. full.Names], t))[0])];
            rows.Add([at, .. predict(row)]);
        }

        yield return new ResultTable("predictions", "Predictions", ["at", .. fit.Predicts], rows);
    }

    private static string Upper(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
