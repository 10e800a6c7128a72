using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>Brings the rows of the data, or of a query, into a Parquet file by key, and accounts for each of them.</summary>
internal sealed class MergeRun(SqlOptions options, IEmbeddedDatabase database, StudyContext context)
{
    private const string Incoming = "gnomon answer";
    private const string Changes = "changes";
    private const string Conflicts = "conflicts";

    public StudyReport Report()
    {
        context.Progress?.Report(new StudyProgress("merging", null));
        var table = database.Tables.Count > 0 ? database.Tables[0].Name : Incoming;
        if (options.Query is not null || options.File is not null)
        {
            var sql = QueryRun.Text(options);
            database.LoadFilesOf(sql, context.Cancellation);
            _ = database.Keep(table = Incoming, sql, SqlOutput.Watch(context, "running the query"), context.Cancellation);
        }

        var done = database.Merge(new MergeOrder(table, options.Into!, options.Key, options.Time, options.Rows), context.Cancellation);
        var file = Path.GetFileName(options.Into!);
        return new StudyReport
        {
            Question = "sql",
            Title = $"What do the new rows change in {file}?",
            Propose = _ => new Proposal(DecisionAction.Answer, Says(done, file)),
            Evidence = [.. Evidence(done)],
            Limitations = [.. Rules(done)],
            Next = done.ConflictKeys > 0 ? [$"Decide which rows of the keys in conflict are right; --time COLUMN takes the latest of each."] : [],
            Tables = [Account(done), .. Shown(done)],
            HoldsRows = [Changes, Conflicts],
        };
    }

    private static string Says(MergeReport done, string file)
    {
        var touched = done.Added + done.Changed > 0 || done.NewColumns.Count > 0;
        var open = done.ConflictKeys == 0 ? string.Empty : $" {Figures.Count(done.ConflictKeys, "key stands", "keys stand")} for differing rows and {(done.ConflictKeys == 1 ? "was" : "were")} left as the file has {(done.ConflictKeys == 1 ? "it" : "them")}.";
        return touched
            ? $"{file} has {Figures.Count(done.After, "row")}: {Figures.Count(done.Added)} added, {Figures.Count(done.Changed)} changed, {Figures.Count(done.Unchanged)} as they were.{open}"
            : $"Nothing changes: {Figures.Count(done.Unchanged, "incoming row is", "incoming rows are")} in {file} already, and it was not touched.{open}";
    }

    private IEnumerable<IEvidence> Evidence(MergeReport done)
    {
        var key = string.Join(", ", options.Key);
        yield return new RowContract { Step = "the merge, rows before and those added", Promised = done.Before + done.Added, Found = done.After, IsAnswer = true };
        yield return new RecordRepeats { On = key, IsKey = true, Rows = done.Incoming, RowsSeen = done.Incoming - done.NoKey, Repeats = done.Duplicates + done.Superseded + done.ConflictRows - done.ConflictKeys, ExpectedByChance = 0 };
        double Share(long n) => done.Incoming == 0 ? 0 : (double)n / done.Incoming;
        var losses = new List<ReadingLoss>();
        if (done.ConflictRows > 0)
        {
            losses.Add(new ReadingLoss("row-set-aside", done.ConflictRows, Share(done.ConflictRows), false, $"{Figures.Count(done.ConflictRows)} of {Figures.Count(done.Incoming, "row")} differ from others of the same {key} and were not merged"));
        }

        if (done.NoKey > 0)
        {
            losses.Add(new ReadingLoss("row-set-aside", done.NoKey, Share(done.NoKey), false, $"{Figures.Count(done.NoKey)} of {Figures.Count(done.Incoming, "row")} have no {key} and were not merged"));
        }

        yield return new ReadingLosses { Rows = done.Incoming, Losses = losses };
    }

    private IEnumerable<string> Rules(MergeReport done)
    {
        yield return "A row that is met takes every incoming value, also where that is NULL; rows of the file that no incoming row meets stay as they are, and nothing is deleted.";
        yield return options.Time is { } time ? $"Of several incoming rows of a key the one with the latest {time} counts." : "Several incoming rows of a key that differ are a conflict: name --time to take the latest.";
        if (done.KeptColumns.Count > 0)
        {
            yield return $"The incoming rows have no {string.Join(", ", done.KeptColumns)}: rows of the file keep their values there, and added rows have none.";
        }

        if (done.NewColumns.Count > 0)
        {
            yield return $"{string.Join(", ", done.NewColumns)} {(done.NewColumns.Count == 1 ? "is" : "are")} new in the file: rows that no incoming row meets have no value there.";
        }
    }

    private static ResultTable Account(MergeReport done) => new(
        "merge", "What became of the incoming rows", ["", "rows"],
        [
            ["added", done.Added], ["changed", done.Changed], ["unchanged", done.Unchanged], ["equal to another incoming row", done.Duplicates], ["superseded by a later one", done.Superseded],
            ["in conflict, not merged", done.ConflictRows], ["without a key, not merged", done.NoKey], ["incoming", done.Incoming], ["in the file before", done.Before], ["in the file now", done.After],
        ]);

    private IEnumerable<ResultTable> Shown(MergeReport done)
    {
        if (done.ChangedColumns.Count > 0)
        {
            yield return new ResultTable("columns", "Changed cells by column", ["column", "cells"], [.. done.ChangedColumns.Select(c => (IReadOnlyList<object?>)[c.Column, c.Cells])]);
            var all = done.ChangedColumns.Sum(c => c.Cells);
            yield return Cells.Shown(Changes, all > options.Rows ? $"First {Figures.Count(done.FirstChanges.Rows)} of {Figures.Count(all, "changed cell")}" : "Changed cells", done.FirstChanges);
        }

        if (done.ConflictKeys > 0)
        {
            yield return Cells.Shown(Conflicts, done.ConflictKeys > options.Rows ? $"First {Figures.Count(done.FirstConflicts.Rows)} of {Figures.Count(done.ConflictKeys, "key")} in conflict" : "Keys in conflict", done.FirstConflicts);
        }
    }
}
