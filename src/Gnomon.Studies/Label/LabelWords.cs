using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Label;

/// <summary>The sentences of the finding.</summary>
internal sealed class LabelWords(LabelFacts facts)
{
    private readonly LabelOptions _options = facts.Options;

    public string Summary() => facts.Verdict is { } verdict ? string.Join(" ", new[] { Answer(verdict), Audit(verdict), Kept() }.Where(s => s.Length > 0)) : Plan();

    public IReadOnlyDictionary<string, string> WhenBlocked(IReadOnlyList<IEvidence> evidence)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (evidence.OfType<SharedGroups>().FirstOrDefault() is { } groups && evidence.OfType<SplitOverlap>().FirstOrDefault() is { VectorRows: > 0 } copies)
        {
            var restated = facts.Verdict is { } v ? $" Held out by {groups.Column}, the model from {Figures.Count(_options.Budget)} random labels errs on {Figures.Percent(v.Difference.Second, 1)} of {facts.FocusName}, the one from chosen labels on {Figures.Percent(v.Difference.First, 1)}." : string.Empty;
            var text = $"No score on the split in use says how the model does on a new {groups.Column}: {Figures.WholePercent(groups.SharedRows / (double)Math.Max(1, groups.Rows))} of its test rows share a {groups.Column} with training, {Figures.WholePercent((copies.NearVectors ?? 0) / (double)copies.VectorRows!.Value)} have a near copy there. Split by {groups.Column} and restate every score.{restated}";
            texts["group-leakage-across-splits"] = text;
            texts["near-duplicate-across-split"] = text;
        }

        return texts;
    }

    public IEnumerable<string> Limitations()
    {
        var (scan, held) = (facts.Scan, facts.Held);
        if (facts.Verdict is { } verdict)
        {
            yield return $"The replay bought labels that rows already have, {Figures.Count(verdict.Replay.Repeats, "time")} with groups split anew; every error is counted on groups that the model did not see, weighted to all rows. Cases are rows with {scan.Columns.Target!.Name} = {scan.Labels[1]}; a label that is wrong counts as an error of the model that is right.";
            yield return $"The model is a logistic regression of the {Figures.Count(held.FeatureColumns, "column")} named. A model that learns more from its labels has other curves; which way of choosing is ahead should be looked at again with it.";
            if (facts.Rare.Count == 0)
            {
                yield return $"No scenario has less than {Figures.Percent(_options.Rare)} of rows: the curves are those of all rows.";
            }
        }

        if (_options.Raw is not null)
        {
            yield return $"Volumes count the slice at {Figures.Percent(_options.Audit)}. Rows that small scenarios get beyond it, {Figures.Count(_options.AuditLeast)} at least of each, are left out: their number does not grow with the volume.";
        }

        var whole = held.IsWhole.Count(w => !w);
        if (whole > 0)
        {
            yield return $"{Figures.Count(whole, "row")} of those held lack a feature or a group: they are not chosen, and models are not judged on them.";
        }

        if (scan.Kept > HeldRows.MostKept)
        {
            yield return $"The triggers keep {Figures.Count(scan.Kept, "row")}; rows to label were chosen among {Figures.Count(HeldRows.MostKept)} of these, drawn at random.";
        }

        if (held.Drawn.Sum() is var drawn && drawn < _options.Audit * scan.Rows)
        {
            yield return $"Of the slice of {Figures.Percent(_options.Audit)}, {Figures.Count(drawn, "row")} drawn at random were read here.";
        }

        if (_options.Second is not null && facts.Agreement?.Kappa is null)
        {
            yield return $"Agreement of annotators is open: {Figures.Count(Enumerable.Range(0, held.Count).Count(i => held.IsAudit[i] && held.Label[i] >= 0 && held.Second[i] >= 0), "row")} of the slice have both labels, or all of them the same one.";
        }

        if (_options.Target is not null && held.Label.Where((l, i) => l < 0 && held.IsAudit[i]).Count() is > 0 and var open)
        {
            yield return $"{Figures.Count(open, "row")} of the slice have no label. Shares of the whole hold if these are like the labelled ones of their scenario.";
        }
    }

    public IEnumerable<string> Next()
    {
        if (_options.Queue is null)
        {
            yield return "To hand the rows to annotators: add --queue FILE; it says where two of them should label the same row.";
        }

        if (facts.Agreement?.Kappa is { Differ: > 0 } agreement)
        {
            yield return $"Have a third annotator settle the {Figures.Count(agreement.Differ, "row")} of the slice on which two differ, and write down what they differed about.";
        }

        if (_options.Raw is null)
        {
            yield return "To see what keeping costs: add --raw with the terabytes a day that these rows stand for.";
        }
    }

    private string Answer(LabelVerdict v)
    {
        var (d, labels) = (v.Difference, Figures.Count(v.Replay.Budgets[^1], "label"));
        var unit = FigureUnit.Of("proportion", change: true);
        var interval = Figures.Interval(d.Difference, d.Low, d.High, unit);
        var errors = $"with {labels} the model errs on {Figures.Percent(d.First, 1)} of {facts.FocusName} where rows are chosen and on {Figures.Percent(d.Second, 1)} where they are drawn at random ({interval.Point}, {Figures.Confidence(_options.Level)} interval {interval.Range})";
        return v.Answer switch
        {
            LabelAnswer.Choose => $"Adopt triggers and diverse selection: {errors}.{Saved(v)}{Triggers(v)} No scenario is worse than with {v.Slices.Before} beyond noise.",
            LabelAnswer.NoDifference => $"Draw rows at random: choosing them brings nothing that matters; {errors}.",
            LabelAnswer.RandomBetter => $"Draw rows at random: {errors}.",
            LabelAnswer.WorseSomewhere => $"Choosing rows helps on {facts.FocusName} and hurts elsewhere: {errors}; worse than with {v.Slices.Before} in {string.Join(", ", v.Slices.Broken.Take(3).Select(b => facts.Scan.Scenario(b.Scenario)))}.",
            _ => $"Open whether choosing rows helps: {errors}. A difference of {Figures.Number(100 * _options.Margin)} points would matter.",
        };
    }

    private static string Saved(LabelVerdict v) => v.LabelsForSame is { } labels
        ? $" Chosen rows get there with {About(v, labels)}."
        : string.Empty;

    // What triggers alone bring, so that the rest of the method is not credited with it.
    private string Triggers(LabelVerdict v) => facts.Scan.Kept == 0 ? string.Empty
        : $" Drawn among what the triggers keep it is {Figures.Percent(v.Replay.Focus.Error(LabelReplay.Triggered, v.Replay.Budgets.Length - 1), 1)}{(v.LabelsForTriggers is { } labels ? $", which chosen rows reach with {About(v, labels)}" : ": choosing among them adds nothing")}.";

    private static string About(LabelVerdict v, double labels) => $"{(v.IsAtMost(labels) ? "at most " : "about ")}{Figures.Count((long)Math.Round(labels), "label")}";

    private string Audit(LabelVerdict v) => facts.ErrorToday is { } today && facts.ErrorOutside is { } outside
        ? $"Keep the random slice of {Figures.Percent(_options.Audit)}: {Figures.WholePercent(today.Value > 0 ? outside.Value / today.Value : 0)} of today's errors are in rows that no trigger keeps, and only it sees them."
        : v.Answer == LabelAnswer.Choose ? $"Keep the random slice of {Figures.Percent(_options.Audit)}: only it speaks for all rows." : string.Empty;

    private string Kept()
    {
        var kept = $"Triggers keep {Figures.Percent(facts.Triggered)} of {(facts.Scan.Columns.Size is null ? "rows" : "the volume")}, with the slice {Figures.Percent(facts.KeptVolume)}";
        return _options.Raw is { } raw ? $"{kept}: {Volume(raw * 365 * facts.KeptVolume)} a year of {Volume(raw * 365)}." : $"{kept}.";
    }

    private string Plan() => $"{Kept()} {(_options.Embedding.Count == 0 ? "Without --embedding near copies stay in." : $"{Figures.Count(facts.Chooser.Candidates - facts.Chooser.Pool.Length, "row")} of {Figures.Count(facts.Chooser.Candidates)} to choose from are near copies of another.")} {Figures.Count(facts.Queue.Count, "row")} are listed to be labelled, {facts.Queue.How}. With --target the way of choosing is replayed against drawing at random.";

    private static string Volume(double terabytes) => terabytes >= 1000 ? $"{Figures.Number(terabytes / 1000)} PB" : $"{Figures.Number(terabytes)} TB";
}
