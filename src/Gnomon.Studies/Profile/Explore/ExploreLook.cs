using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Methods.Families;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>Patterns nobody asked for: found on one half of the rows, tested once on the other.</summary>
internal static class ExploreLook
{
    public const int FewestRows = 400;
    private const int MostRows = 100_000;
    private const int MostColumns = 150;
    private const int MostShown = 50;
    private const int MostEstimates = 10;

    /// <exception cref="GnomonError">Fewer than 400 rows or two columns to look at.</exception>
    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> sampled, StudyContext context)
    {
        if (!facts.Options.Explore)
        {
            yield break;
        }

        var columns = Wider(facts, sampled, context);
        var time = facts.Options.Time is { } name ? columns.First(c => c.Name == name) : null;
        var all = columns.Where(c => c != time).Select(PatternColumn.Of).OfType<PatternColumn>().ToList();
        var order = Order(columns, time);
        if (all.Count < 2 || order.Length < FewestRows)
        {
            throw new GnomonError(
                all.Count < 2 ? "too-few-columns" : "too-few-rows",
                $"{facts.Source} has {Figures.Count(order.Length, "row")} and {Figures.Count(all.Count, "column")} in which a pattern can be looked for; {FewestRows} rows, half of them to confirm, and 2 columns are needed.",
                "--explore", "Leave --explore out.");
        }

        context.Progress?.Report(new StudyProgress("searching one half of the rows, confirming on the other", null));
        var isOrdered = time is not null || context.RequireData().RowsHaveOrder;
        var search = new PatternSearch([.. all.Take(MostColumns)], order, time?.Numbers, isOrdered, facts.Options.Seed, context);
        var tested = search.Run(facts.Options.Level);
        yield return Part(facts, search, tested, time, columns.Count == 0 ? 1 : columns[0].Sample.Step, all.Count - MostColumns, context);
    }

    private static ProfilePart Part(ProfileFacts facts, PatternSearch search, IReadOnlyList<TestedPattern> tested, SampleColumn? time, long step, int left, StudyContext context)
    {
        var level = facts.Options.Level;
        var held = tested.Where(t => t.Held).ToList();
        // Rounded up, so that the level reads well and no interval is too narrow.
        var each = held.Count == 0 ? level : Math.Min(0.999, Math.Ceiling(1_000 * FalseCoverage.Level(held.Count, tested.Count, level) - 1e-9) / 1_000);
        var leads = PatternFold.Leads([.. held.Select(t => t.Pattern)]);
        var effects = held.Select((t, k) => leads[k] == k && PatternEffect.Of(search, t, each, Show) is { } e ? e with { Includes = leads.Count(l => l == k) - 1 } : null).OfType<PatternEffect>()
            .OrderByDescending(e => Math.Abs(e.Standardised)).ThenBy(e => e.Says, StringComparer.Ordinal).ToList();
        var (trace, earlier) = Remember(facts, context);
        return new ProfilePart
        {
            Trace = trace,
            Lead = Lead(search, tested.Count, effects),
            Evidence =
            [
                new PatternScan { Scanned = search.Questions, ExploreRows = search.Explore.Count, ConfirmRows = search.Confirm.Count, Candidates = tested.Count, Confirmed = held.Count, EarlierSplits = earlier },
                .. Family(tested, level), .. PatternEvidence.Of(search, effects, level),
            ],
            Estimates = [.. effects.Where(e => e.Interval is not null).Take(MostEstimates).Select(e => new Estimate
            {
                Name = e.Measure, Metric = e.Metric, Contrast = e.Contrast, Value = e.Value, Low = e.Interval!.Value.Low, High = e.Interval.Value.High, Level = each, Unit = e.Unit, P = e.Tested.Adjusted,
                N = e.Rows, Method = "rows kept aside; interval for all patterns shown together", Role = "secondary",
            })],
            Tables = [Scan(search, tested, held.Count, effects.Count), .. effects.Count == 0 ? [] : new[] { Held(effects) }],
            Limitations = [.. Limits(facts, search, tested, effects, step, left)],
            Next = effects.Count == 0 ? [] : [$"'{effects[0].Says}' is a find, not a cause. Before acting on it, write it down as a hypothesis and test it on rows that are not in {facts.Source}."],
        };

        string Show(int row) => time is not null ? time.Facts.Show(time.Numbers[row]) : $"row {Figures.Count((row * step) + 1)}";
    }

    // More rows than the description keeps: what is rare must be seen in a half.
    private static IReadOnlyList<SampleColumn> Wider(ProfileFacts facts, IReadOnlyList<SampleColumn> sampled, StudyContext context)
    {
        if (facts.Scan.Sample.Step == 1)
        {
            return sampled;
        }

        var scan = new ProfileScan([.. facts.Columns.Select(c => c.Scan.Plan.Field)], [], [], context) { KeptRows = MostRows }.Run();
        return [.. facts.Columns.Select(c => new SampleColumn(new ColumnFacts(scan.Columns[c.Index], c.Index, c.Role == Role.Key), scan.Sample))];
    }

    private static int[] Order(IReadOnlyList<SampleColumn> columns, SampleColumn? time)
    {
        var rows = Enumerable.Range(0, columns.Count == 0 ? 0 : columns[0].Rows);
        return time is null ? [.. rows] : [.. rows.Where(i => !time.IsMissing(i)).OrderBy(i => time.Numbers[i])];
    }

    // A search of the same bytes with another seed cuts them into other halves, and rows that confirm now were searched then.
    private static (LedgerTrace? Trace, int Earlier) Remember(ProfileFacts facts, StudyContext context)
    {
        if (context.RequireData().Identify(context.Cancellation).Sha256 is not { } sha)
        {
            return (null, 0);
        }

        var key = new ExperimentKey($"explore|{sha}", $"search of {sha[..12]}", [], facts.Rows);
        var now = $"seed {facts.Options.Seed}";
        var earlier = context.Ledger.LooksAt(key).Select(l => l.DataState).Where(s => s != now).Distinct(StringComparer.Ordinal).Count();
        return (new LedgerTrace { Experiment = key, DataState = now }, earlier);
    }

    private static IEnumerable<IEvidence> Family(IReadOnlyList<TestedPattern> tested, double level) => tested.Count < 2 ? [] :
    [
        new TestFamily
        {
            Names = [.. tested.Select(t => string.Join(", ", t.Pattern.Names))], PValues = [.. tested.Select(t => t.PValue)], Alpha = 1 - level, Decides = false, Label = "patterns carried over",
            CorrectedBy = "focused Benjamini-Hochberg", CorrectedPValues = [.. tested.Select(t => t.Adjusted)],
        },
    ];

    private static string Lead(PatternSearch search, int candidates, IReadOnlyList<PatternEffect> effects)
    {
        var scan = $"{Figures.Count(search.Questions, "question")} asked of one half of the rows gave {Figures.Count(candidates, "candidate")}, where chance alone gives up to {Figures.Count((long)Math.Round(search.ExpectedCandidates))}";
        return effects.Count == 0
            ? $"{scan}; none held on the other half: nothing here is worth a slide."
            : $"{scan}; {Figures.Count(effects.Count, "pattern")} held on the other half: {string.Join("; ", effects.Take(3).Select(e => e.Says))}{(effects.Count > 3 ? $"; {effects.Count - 3} more" : string.Empty)}.";
    }

    private static ResultTable Scan(PatternSearch search, IReadOnlyList<TestedPattern> tested, int held, int lines) => new("search", "What was searched", ["step", "count"],
    [
        .. search.Asked.Select(a => (IReadOnlyList<object?>)[a.Key, a.Value]),
        ["questions in all", search.Questions],
        ["questions with every group counted", search.Cells],
        ["below p = 0.05 on the half that explored", search.Striking],
        ["expected below p = 0.05 by chance, at most", (long)Math.Round(0.05 * search.Questions)],
        ["carried over to the other half", (long)tested.Count],
        ["expected to be carried over by chance, at most", (long)Math.Round(search.ExpectedCandidates)],
        ["held on the other half", (long)held],
        ["patterns, finds that are one joined", (long)lines],
    ]);

    private static ResultTable Held(IReadOnlyList<PatternEffect> effects) => new(
        "patterns", "Patterns that held on rows kept aside, largest first", ["pattern", "measure", "value", "low", "high", "in standard deviations", "adjusted p", "seen again in"],
        [.. effects.Take(MostShown).Select(e => (IReadOnlyList<object?>)[e.Says, e.Measure, e.Value, e.Interval?.Low, e.Interval?.High, e.Standardised, e.Tested.Adjusted, e.Includes == 0 ? string.Empty : Figures.Count(e.Includes, "more question")])]);

    private static IEnumerable<string> Limits(ProfileFacts facts, PatternSearch search, IReadOnlyList<TestedPattern> tested, IReadOnlyList<PatternEffect> effects, long step, int left)
    {
        var q = Figures.Percent(1 - facts.Options.Level);
        yield return $"Of the patterns listed at most {q} are expected to be chance: Benjamini-Hochberg over the {Figures.Count(tested.Count, "candidate")}, finds that are one line counted once, each tested once on {Figures.Count(search.Confirm.Count, "row")} that had no part in choosing it. This counts on rows that are independent of each other and says nothing of causes.";
        if (facts.Columns.FirstOrDefault(c => c.Role == Role.Identifier && c.Scan.RepeatShare > 0.05) is { } unit)
        {
            yield return $"{unit.Name} repeats: rows of one {unit.Name} stand in both halves and count as independent in this search. Bring the data to one row for each first.";
        }

        if (search.Serial.Count > 0)
        {
            yield return $"Neighbouring rows are alike in {ProfileWords.List([.. search.Serial.Select(c => c.Name)], 4)}: no change along the rows was looked for there, and two such columns were not compared with each other.";
        }

        if (step > 1)
        {
            yield return $"The search read one row in {Figures.Count(step)}.";
        }

        if (left > 0)
        {
            yield return $"{Figures.Count(left, "column")} beyond the first {MostColumns} were not searched; name others with --columns.";
        }

        if (effects.Count > MostShown)
        {
            yield return $"{Figures.Count(effects.Count)} patterns held; the {MostShown} largest are shown.";
        }
    }
}
