using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Methods.Regression;
using Gnomon.Studies.Regress.Families;

namespace Gnomon.Studies.Regress;

/// <summary>The story of a regression: read the columns, fit, choose honest errors, read effects, state what may be wrong, propose.</summary>
public sealed class RegressStudy : Study<RegressOptions>
{
    private const string Bend = "missed-nonlinearity";

    /// <inheritdoc/>
    public override StudyReport Run(RegressOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        context.Progress?.Report(new StudyProgress("reading", null));
        var data = new ModelReader(options, context.RequireData()).Read(context.Cancellation);
        context.Progress?.Report(new StudyProgress("fitting", null));
        if (ModelFamily.Of(options, data) is { } family)
        {
            return new FamilyReport(family, options, data, context.Threads).Read();
        }

        var model = FittedModel.Of(options, data, context.Threads);
        var effects = new EffectReader(model, options).Read();
        var verdict = new RegressVerdict(options, model, effects);
        var asked = verdict.Asked();
        context.Progress?.Report(new StudyProgress("looking at residuals", null));
        context.Cancellation.ThrowIfCancellationRequested();
        var report = new RegressReport(options, model, effects, asked);
        var posterior = PosteriorLook.Of(options, model, context);
        var finding = new StudyReport
        {
            Question = "regress",
            Title = options.Focus is null ? $"What moves with {data.Outcome}?" : $"Does {options.Focus} move with {data.Outcome}?",
            Propose = runs => verdict.Propose(runs.Any(r => r.Card.Id == Bend && r.Result.Fired)),
            Estimates = [.. report.Estimates(), .. posterior?.Estimates() ?? []],
            Evidence = [.. new RegressEvidence(options, model, effects).State(), .. posterior?.Evidence() ?? [], .. PredictAt.Support(options, data) is { } support ? [support] : Array.Empty<PredictionSupport>()],
            Limitations = [.. Limitations(options, model, effects), .. posterior?.Limitations() ?? []],
            Next = [.. verdict.Next()],
            Plots = report.Plots(),
            Tables = [.. report.Tables(), .. posterior?.Tables() ?? []],
        };
        if (options.Design is not null)
        {
            DesignFile.Write(options.Design, model);
        }

        return finding;
    }

    private static IEnumerable<string> Limitations(RegressOptions options, FittedModel model, IReadOnlyList<Effect> effects)
    {
        var data = model.Data;
        yield return model.Errors.Why;
        foreach (var line in RegressWords.LeftOut(data))
        {
            yield return line;
        }

        if (data.Event is not null && model.Glm is { Family.Law: OutcomeLaw.Binomial })
        {
            yield return $"The model is of the chance that {(data.Event == "true" ? $"{data.Outcome} is 1" : data.Outcome)}: {Figures.Count(data.Y.LongCount(v => v == 1))} of {Figures.Count(data.Rows)} rows.";
        }

        foreach (var line in model.Mixed?.Limitations() ?? [])
        {
            yield return line;
        }

        foreach (var line in RegressWords.Coding(model.Design, model.Fit.SetAside, model.Combinations))
        {
            yield return line;
        }

        if (model.Glm is { IsPenalised: true })
        {
            yield return "Estimates are penalised (Firth): the plain ones would be infinite.";
        }

        if (effects.Count(e => e.P is not null) > 1 && options.Focus is null)
        {
            yield return $"{effects.Count(e => e.P is not null)} effects were looked at: those named in the answer survive Holm's correction; p-values in tables are not corrected.";
        }

        if (model.Linear is { ResidualSumOfSquares: 0 })
        {
            yield return "The columns fit the outcome perfectly: errors are 0, and there is nothing to test. Does a column know the outcome?";
        }
    }
}
