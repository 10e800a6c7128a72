using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Preparation;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Prepare;

/// <summary>A preparation fitted on the whole table and inside each fold: both scores, the steps that make the difference, the columns that say the same, and the fitted steps as a file.</summary>
internal sealed class PrepareLook
{
    private const int MostShown = 20;
    private readonly ProfileFacts _facts;
    private readonly PreparedTable _table;
    private readonly IReadOnlyList<PreparationStep> _steps;

    private PrepareLook(ProfileFacts facts, PreparedTable table) => (_facts, _table, _steps) = (facts, table, facts.Options.Steps);

    private double Level => _facts.Options.Level;

    private string Score => _table.IsLogistic ? "AUC" : "R squared";

    /// <exception cref="GnomonError">The target, the folds or a file is not what it should be.</exception>
    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        var script = facts.Options.Script is { } path ? ScriptReview.Read(path) : null;
        if (facts.Options.Prepare.Count > 0)
        {
            context.Progress?.Report(new StudyProgress("preparing in both orders", null));
            yield return new PrepareLook(facts, PreparedTable.Of(facts, columns)).Part(script, context.Cancellation);
        }
        else if (script is not null)
        {
            var evidence = new PreparationOrder { Target = facts.Options.Target ?? "the target", Score = "AUC", Rows = 0, Lines = Lines(script) };
            yield return new ProfilePart { Evidence = [evidence], Tables = [.. Remarks(script, facts.Options.Script!)], Limitations = [Reach(script)], Next = ["Add --target COLUMN and --prepare STEP,... to measure what the order adds to the score."] };
        }

        if (facts.Options.Prepared is { } file)
        {
            yield return PreparedScore.Of(facts, columns, file);
        }
    }

    private ProfilePart Part(ScriptReview? script, CancellationToken cancellation)
    {
        var columns = _table.Columns;
        try
        {
            var found = ScopeComparison.Of(_steps, columns, _table.Target, _table.IsLogistic, _table.Folds, cancellation);
            int[] all = [.. Enumerable.Range(0, _table.Target.Length)];
            var fitted = FittedPipeline.Fit(_steps, columns, _table.Target, _table.IsLogistic, all, []);
            if (_facts.Options.WritePrepared is { } path)
            {
                CsvFile.Write(path, "--write-prepared", "The preparation", w => w.Write(new PreparedFile { Target = _table.TargetName, Positive = _table.Positive, Columns = _table.Names, Pipeline = fitted, OutOfFold = (Score, found.Inside.Value, found.Inside.StandardError) }.Write()));
            }

            return Part(found, fitted, script);
        }
        catch (TooFewRowsException few)
        {
            throw new GnomonError("too-few-rows", $"{few.Message}", "--prepare", "Keep fewer columns (best=K), use fewer --folds, or bring more rows.", few);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", Named(wrong.Message), "--prepare", "Begin with impute where columns have gaps; leave out columns without values by --columns.", wrong);
        }
    }

    // Methods know columns by their place.
    private string Named(string message) => message.StartsWith("Column ", StringComparison.Ordinal) && int.TryParse(message.Split(' ')[1], out var at) && at >= 1 && at <= _table.Names.Count ? $"{_table.Names[at - 1]} {message[(message.IndexOf(' ', 7) + 1)..]}" : message;

    private ProfilePart Part(ScopeComparison found, FittedPipeline fitted, ScriptReview? script) => new()
    {
        Lead = $"On rows that no step had seen, the model of {_table.TargetName} has an {Score} of {Fixed(found.Inside.Value)} (standard error {Fixed(found.Inside.StandardError)}): that is the estimate.",
        Estimates =
        [
            Estimate($"out-of-fold {Score}", "steps inside each fold", null, found.Inside.Value, found.Inside.StandardError, "primary"),
            Estimate($"inflated {Score}", "steps on the whole table", null, found.Whole.Value, found.Whole.StandardError, "sensitivity"),
            Estimate($"gap in {Score}", _table.TargetName, "whole table less folds", found.Gap.Value, found.Gap.StandardError, "sensitivity"),
        ],
        Evidence =
        [
            new PreparationOrder
            {
                Target = _table.TargetName, Score = Score, Rows = _table.Target.Length, Whole = found.Whole.Value, Inside = found.Inside.Value, GapError = found.Gap.StandardError,
                Steps = [.. found.Steps.Zip(_steps, (g, s) => new StepGap(Words(s), g.Value, g.StandardError))], Lines = script is null ? [] : Lines(script),
            },
        ],
        Tables = [Orders(found), Steps(found, fitted), .. Twins(fitted), .. script is null ? [] : Remarks(script, _facts.Options.Script!)],
        Limitations =
        [
            $"{Figures.Count(_table.Target.Length, "row")}, {Figures.Count(_table.Folds.Max() + 1, "fold")}{(_facts.Options.Fold is { } fold ? $" as {fold} says" : " dealt at random")}; every row is graded once, by a model and steps that did not see it, and none is dropped: values beyond a fence are moved to it. The standard errors take the fitted models as given.",
            .. _table.LeftOut.Count == 0 ? [] : new[] { $"Not among the columns of the model, being no numbers: {ProfileWords.List(_table.LeftOut, 6)}." },
            .. _table.Step == 1 ? [] : new[] { $"The preparation was tried on every {Figures.Count(_table.Step)}th row." },
            .. script is null ? [] : new[] { Reach(script) },
        ],
        Next = [_facts.Options.WritePrepared is { } path ? $"Grade other rows with the kept steps: gnomon profile NEW.csv --target {_table.TargetName} --prepared {Path.GetFileName(path)}" : "Keep the fitted steps with the model: add --write-prepared FILE.json."],
    };

    private Estimate Estimate(string name, string metric, string? contrast, double value, double error, string role)
    {
        var half = Normal.UpperQuantile((1 - Level) / 2) * error;
        return new Estimate { Name = name, Metric = metric, Contrast = contrast, Value = value, Low = value - half, High = value + half, Level = Level, Unit = Score, N = _table.Target.Length, Method = $"{_table.Folds.Max() + 1}-fold cross-validation, {(_table.IsLogistic ? "DeLong within folds" : "linearised ratio within folds")}", Role = role };
    }

    private ResultTable Orders(ScopeComparison found) => new(
        "preparation", "The same steps in both orders", ["order", Score, "standard error", "lowest fold", "highest fold"],
        [
            ["inside each fold: the estimate", found.Inside.Value, found.Inside.StandardError, found.Inside.Folds.Min(), found.Inside.Folds.Max()],
            ["on the whole table, before the split", found.Whole.Value, found.Whole.StandardError, found.Whole.Folds.Min(), found.Whole.Folds.Max()],
            ["difference", found.Gap.Value, found.Gap.StandardError, null, null],
        ]);

    private ResultTable Steps(ScopeComparison found, FittedPipeline fitted)
    {
        var rows = new List<IReadOnlyList<object?>>();
        IReadOnlyList<double[]> columns = _table.Columns;
        for (var s = 0; s < _steps.Count; s++)
        {
            var after = fitted.Steps[s].Apply(columns);
            var kept = fitted.Steps[s].Kept;
            var touched = Enumerable.Range(0, after.Count).Sum(k => _steps[s].Kind is PreparationKind.Impute or PreparationKind.Clip ? after[k].Zip(columns[kept[k]]).LongCount(v => !v.First.Equals(v.Second)) : 0L);
            rows.Add([Words(_steps[s]), (long)columns.Count, (long)after.Count, touched, found.Steps[s].Value, found.Steps[s].StandardError]);
            columns = after;
        }

        return new ResultTable("preparation-steps", "What each step does, and what it adds to the score when it alone sees the rows that grade", ["step", "columns in", "columns out", "cells changed", "adds alone", "standard error"], rows);
    }

    private IEnumerable<ResultTable> Twins(FittedPipeline fitted)
    {
        IReadOnlyList<string> names = _table.Names;
        foreach (var step in fitted.Steps)
        {
            if (step.Clusters.Count > 0)
            {
                var shown = names;
                yield return new ResultTable("twins", "Columns that say the same", ["kept", "dropped", "weakest correlation, shrunken"], [.. step.Clusters.Take(MostShown).Select(c => (IReadOnlyList<object?>)[shown[c.Leader], ProfileWords.List([.. c.Others.Select(o => shown[o])], 6), c.Weakest])]);
            }

            names = [.. step.Kept.Select(k => names[k])];
        }
    }

    private static IReadOnlyList<string> Lines(ScriptReview script) => [.. script.Remarks().Select(r => FormattableString.Invariant($"line {r.Line} {r.Says}"))];

    private static IEnumerable<ResultTable> Remarks(ScriptReview script, string path) => script.Remarks() is not { Count: > 0 } remarks ? [] :
    [
        new ResultTable("script", $"What to look at in {Path.GetFileName(path)}", ["line", "column", "rule", "remark", "instead"], [.. remarks.Select(r => (IReadOnlyList<object?>)[(long)r.Line, (long)r.Column, r.Rule, r.Says, r.Instead])]),
    ];

    private static string Reach(ScriptReview script) => script.SplitLine is { } line
        ? $"The script was read and not run: the first split was found in line {Figures.Count(line)}; what functions defined elsewhere do is not seen."
        : "The script was read and not run; no split was found in it, so nothing can be said to come before it.";

    private static string Words(PreparationStep step) => step.Kind switch
    {
        PreparationKind.Impute => "filling gaps by the median",
        PreparationKind.Clip => "moving values beyond the fences",
        PreparationKind.Twins => "dropping twins",
        PreparationKind.Best => $"choosing the {Figures.Count(step.Keep, "best column")}",
        _ => "scaling",
    };

    internal static string Fixed(double value) => (Math.Round(value, 3) + 0.0).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
