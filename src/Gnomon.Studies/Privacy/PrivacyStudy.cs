using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>The story of a release: who is named, who is alone, how coarse is coarse enough, what that costs, what leaves, and what is written down.</summary>
public sealed class PrivacyStudy : Study<PrivacyOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(PrivacyOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var data = context.RequireData();
        ReleaseFile.RequireFree(options);
        var pseudonyms = options.KeyFile is null ? null : Pseudonyms.Load(options.KeyFile);
        var table = PrivacyTable.Read(data, context.Cancellation);
        var forgotten = Forgotten(options, table);
        table = forgotten.Count == 0 ? table : table.Without(forgotten);
        var scan = PrivacyScan.Of(table, options);
        var sensitive = options.Sensitive is null ? null : table.Find(options.Sensitive, "--sensitive");
        var bounds = new PrivacyBounds(options.Bounds, table);
        context.Progress?.Report(new StudyProgress("looking for people who are alone", null));
        var before = scan.Measure((int)options.K, sensitive);
        List<Ladder> ladders = [.. scan.Quasi.Select(Ladder.Of)];
        var made = Generaliser.Of(ladders, table.Rows, (int)options.K, options.Suppress);
        var after = After(table, made, (int)options.K, sensitive);
        context.Progress?.Report(new StudyProgress("measuring what protection costs", null));
        var model = ModelRows.Of(options, scan);
        var trade = TradeOff.Of(options, scan, model, ladders, bounds, context.Cancellation);
        var membership = MembershipLook.Of(options, model, made, bounds);

        var identity = data.Identify(context.Cancellation);
        using var log = options.Log is null ? null : PrivacyLog.Open(options.Log, options.Total, data.Name, context.Now);
        var source = options.NoiseSeed is { } seed ? NoiseSource.Seeded((ulong)seed) : NoiseSource.Secure;
        var numbers = PrivateAnswers.Of(options, table, bounds, model, log, identity.Sha256 ?? string.Empty, context.Now, source);
        var again = Deletions(options, log, pseudonyms, context.Now);
        (int Rows, IReadOnlyList<string> Columns)? written = options.Release is null ? null : ReleaseFile.Write(options, scan, made, pseudonyms);
        if (written is { } w)
        {
            log?.Note("release", options.Release!, options.Purpose ?? string.Empty, context.Now, ("recipient", options.Recipient), ("legalBasis", options.LegalBasis), ("retainUntil", options.RetainUntil),
                ("says", $"k = {options.K}, {w.Rows} rows of {data.Name}: {made.Says}"), ("sha256", identity.Sha256));
        }

        var words = new PrivacyWords(options, scan, before, made, after, trade, written?.Rows);
        return new StudyReport
        {
            Question = "privacy",
            Title = written is null ? $"What would {data.Name} give away about people?" : $"What does the release of {data.Name} give away?",
            Propose = _ => new Proposal(DecisionAction.Answer, words.Summary(), new Dictionary<string, string>(StringComparer.Ordinal) { ["sensitive-data-exposed"] = words.Summary() }),
            Evidence = [Exposure(data.Name, options, scan, before, after, written is not null)],
            Estimates = trade is null ? [] : [.. trade.Estimates()],
            Limitations = [.. words.Limitations(again), .. Spoken(options, numbers)],
            Next = [.. words.Next()],
            Plots = trade is null ? [] : [.. trade.Plots()],
            Tables = [.. Tables(options, scan, before, made, after, trade, membership, numbers, log)],
        };
    }

    private static HashSet<int> Forgotten(PrivacyOptions options, PrivacyTable table)
    {
        if (options.Forget.Count == 0)
        {
            return [];
        }

        var unit = table.Find(options.Unit!, "--unit");
        var gone = options.Forget.ToHashSet(StringComparer.Ordinal);
        HashSet<int> rows = [.. Enumerable.Range(0, table.Rows).Where(i => gone.Contains(unit.Values[unit.Codes[i]]))];
        return rows.Count > 0 && rows.Count < table.Rows
            ? rows
            : throw new Core.Errors.GnomonError(rows.Count == 0 ? "value-not-found" : "no-rows", rows.Count == 0 ? $"No row has a value of --forget in {unit.Name}." : "No row is left once these people are out.", "--forget", "Write the values as they stand in the file.");
    }

    private static AnonymityResult After(PrivacyTable table, Generalisation made, int k, PrivacyColumn? sensitive)
    {
        int[] kept = [.. Enumerable.Range(0, table.Rows).Where(i => !made.Suppressed.Contains(i))];
        var (classes, count) = Anonymity.Classes([.. made.Ladders.Select((_, c) => Array.ConvertAll(kept, i => made[c].Codes[i]))], kept.Length);
        return Anonymity.Measure(classes, count, k, sensitive is null ? [] : Array.ConvertAll(kept, i => sensitive.Codes[i]));
    }

    // Earlier releases hold the people who are deleted now: they have to be made again.
    private static IReadOnlyList<string> Deletions(PrivacyOptions options, PrivacyLog? log, Pseudonyms? pseudonyms, DateTimeOffset now)
    {
        if (options.Forget.Count == 0)
        {
            return [];
        }

        List<string> releases = [.. log!.Entries.Where(e => e.Kind == "release").Select(e => e.What).Distinct(StringComparer.Ordinal)];
        foreach (var person in options.Forget)
        {
            log.Note("deletion", pseudonyms!.Of(options.Unit!, person), options.Purpose ?? string.Empty, now, ("releases", string.Join(", ", releases)));
        }

        return releases;
    }

    private static ReleaseExposure Exposure(string name, PrivacyOptions options, PrivacyScan scan, AnonymityResult before, AnonymityResult after, bool isRelease) => new()
    {
        Source = isRelease ? options.Release! : name, Columns = isRelease ? [] : scan.Direct, Known = [.. scan.Quasi.Select(q => q.Name)], K = options.K, Rows = isRelease ? after.Rows : before.Rows,
        Below = isRelease ? after.Below : before.Below, Smallest = isRelease ? after.Smallest : before.Smallest,
    };

    private static IEnumerable<string> Spoken(PrivacyOptions options, ResultTable? numbers)
    {
        if (numbers is not null)
        {
            yield return "Of this page only the table of numbers with noise may leave; everything else is exact. Lists of values of categories count as known to everybody.";
        }

        if (numbers is not null && options.NoiseSeed is not null)
        {
            yield return $"The noise was drawn from seed {options.NoiseSeed}: whoever knows it takes the noise off. These numbers protect nobody.";
        }
    }

    private static IEnumerable<ResultTable> Tables(
        PrivacyOptions options, PrivacyScan scan, AnonymityResult before, Generalisation made, AnonymityResult after, TradeOff? trade, ResultTable? membership, ResultTable? numbers, PrivacyLog? log)
    {
        if (numbers is not null)
        {
            yield return numbers;
        }

        if (scan.Direct.Count > 0)
        {
            yield return new ResultTable("direct-identifiers", "Columns that name people", ["column", "holds", "share of cells"], [.. scan.Direct.Select(d => (IReadOnlyList<object?>)[d.Column, d.Kind, d.Share])]);
        }

        yield return new ResultTable("anonymity", "People among rows like theirs", ["measure", "as it is", $"k = {options.K}"], [.. Measures(before, after).Select(m => (IReadOnlyList<object?>)[m.Name, m.Before, m.After])]);
        if (scan.Combinations() is { Rows.Count: > 0 } combinations)
        {
            yield return combinations;
        }

        yield return new ResultTable("coarser", $"How coarse for k = {options.K}", ["column", "how", "lost share", "values"],
            [.. made.Ladders.Select((l, c) => (IReadOnlyList<object?>)[l.Column.Name, made[c].Says, made[c].Loss, made[c].Labels.Count])]);
        foreach (var table in trade?.Tables() ?? [])
        {
            yield return table;
        }

        if (membership is not null)
        {
            yield return membership;
        }

        yield return LegalPage.Of(options, scan, before, made, after, log);
        if (log is { Entries.Count: > 0 })
        {
            yield return new ResultTable("privacy-log", "Budget, releases and deletions so far", ["when", "kind", "what", "epsilon", "purpose"],
                [.. log.Entries.Select(e => (IReadOnlyList<object?>)[e.At, e.Kind, e.What, e.Epsilon > Epsilon.Zero ? e.Epsilon.ToString() : null, e.Purpose])]);
        }
    }

    private static IEnumerable<(string Name, object? Before, object? After)> Measures(AnonymityResult before, AnonymityResult after)
    {
        yield return ("rows", before.Rows, after.Rows);
        yield return ("combinations", before.Classes, after.Classes);
        yield return ("smallest group, k", before.Smallest, after.Smallest);
        yield return ("rows alone", before.Unique, after.Unique);
        yield return ("rows in groups below k", before.Below, after.Below);
        yield return ("largest chance to pick a person", before.LargestRisk, after.LargestRisk);
        yield return ("average chance", before.AverageRisk, after.AverageRisk);
        if (before.Diversity is not null)
        {
            yield return ("fewest sensitive values in a group, l", before.Diversity, after.Diversity);
            yield return ("the same by entropy", before.EntropyDiversity, after.EntropyDiversity);
            yield return ("rows whose group tells the sensitive value", before.Told, after.Told);
        }
    }
}
