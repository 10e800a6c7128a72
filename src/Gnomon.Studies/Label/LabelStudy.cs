using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Sampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Label;

/// <summary>The story of a label budget: what triggers keep, what a random slice says of the rest, which rows to label, and whether choosing them was worth it.</summary>
public sealed class LabelStudy : Study<LabelOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(LabelOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var data = context.RequireData();
        var columns = LabelColumns.Find(options, data);
        var scan = LabelScan.Of(columns, data, context.Cancellation, Progress(context, "asking the triggers"));
        var held = HeldRows.Of(scan, options, data, context.Cancellation, Progress(context, "holding rows to label"));
        context.Progress?.Report(new StudyProgress("leaving out near copies", null));
        var chooser = new RowChooser(scan, held, options);
        var order = chooser.RandomOrder(new Rng((ulong)options.Seed).Stream("order"));
        var queue = LabelQueue.Of(scan, held, chooser, chooser.RandomOrder(new Rng((ulong)options.Seed).Stream("order"), labelled: false), options);
        var facts = Judge(new LabelFacts { Options = options, Scan = scan, Held = held, Chooser = chooser, Queue = queue }, order, context);
        if (options.Queue is { } path)
        {
            queue.Write(path);
        }

        var evidence = new List<IEvidence>();
        if (columns.Split is not null && columns.Group is not null)
        {
            context.Progress?.Report(new StudyProgress("looking for copies across the split", null));
            evidence.Add(SplitLook.Groups(scan));
            evidence.Add(SplitLook.Copies(scan, held, order, options.Near, data, context.Cancellation));
        }

        if (facts.Verdict is { } verdict && columns.Scenario is not null)
        {
            evidence.Add(verdict.Slices.Performance());
        }

        if (facts.Agreement?.Evidence is { } labels)
        {
            evidence.Add(labels);
        }

        var words = new LabelWords(facts);
        return new StudyReport
        {
            Question = "label",
            Title = $"Which rows of {data.Name} are worth keeping and labelling?",
            Propose = _ => new Proposal(facts.Verdict?.Action ?? DecisionAction.Answer, words.Summary(), words.WhenBlocked(evidence)),
            Evidence = evidence,
            Estimates = [.. LabelReport.Estimates(facts)],
            Limitations = [.. words.Limitations()],
            Next = [.. words.Next()],
            Plots = [.. LabelReport.Plots(facts)],
            Tables = [.. LabelReport.Tables(facts)],
            HoldsRows = ["queue"],
        };
    }

    private static LabelFacts Judge(LabelFacts facts, IReadOnlyList<int> order, StudyContext context)
    {
        var (options, scan, held) = (facts.Options, facts.Scan, facts.Held);
        if (options.Target is null)
        {
            return facts;
        }

        ShareOfWhole? Share(Func<int, bool> counts, Func<int, bool> hits) => LabelFacts.Share(scan, held, options.Level, counts, hits);
        bool IsScored(int i) => !double.IsNaN(held.Score[i]);
        bool IsWrong(int i) => held.Score[i] > 0.5 != (held.Label[i] == 1);
        context.Progress?.Report(new StudyProgress("buying labels both ways", null));
        bool[] focus = [.. Enumerable.Range(0, scan.ScenarioRows.Count).Select(h => LabelFacts.IsRare(scan, options, h))];
        if (!focus.Contains(true))
        {
            Array.Fill(focus, true);
        }

        var replay = LabelReplay.Of(scan, held, facts.Chooser, options, focus, context.Cancellation);
        return facts with
        {
            Agreement = AgreementLook.Of(scan, held, order, options),
            CaseRate = Share(_ => true, i => held.Label[i] == 1),
            ErrorToday = options.Score is null ? null : Share(IsScored, IsWrong),
            ErrorOutside = options.Score is null || options.Keep.Count == 0 ? null : Share(IsScored, i => IsWrong(i) && !held.IsTriggered[i]),
            Verdict = new LabelVerdict(replay, new LabelSlices(scan, held, facts.Chooser, replay, options.Level), options),
        };
    }

    private static IProgress<double>? Progress(StudyContext context, string step) => context.Progress is { } progress ? new Shares(progress, step) : null;

    private sealed class Shares(IProgress<StudyProgress> progress, string step) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new StudyProgress(step, value));
    }
}
