using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>Writes the data once as typed Parquet: every later question reads only the columns it names.</summary>
internal sealed class ConvertRun(SqlOptions options, IEmbeddedDatabase database, StudyContext context)
{
    private const long SmallFile = 100_000;

    public StudyReport Report()
    {
        var table = TableNames.Of([options.Data!])[0];
        var order = new ConversionOrder(table.Name, table.Path, options.Out!, options.PartitionBy, options.Rejects ?? RejectsBeside(options.Out!));
        context.Progress?.Report(new StudyProgress("converting", null));
        var done = database.Convert(order, SqlOutput.Watch(context, "converting", File.Exists(table.Path) ? FollowedFile.At(table.Path).Length : null), context.Cancellation);
        var times = done.BytesAfter == 0 ? 0 : (double)done.BytesBefore / done.BytesAfter;
        return new StudyReport
        {
            Question = "sql",
            Title = $"What does {Path.GetFileName(table.Path.TrimEnd('/'))} look like as typed columns?",
            Propose = _ => new Proposal(DecisionAction.Answer, $"{Figures.Count(done.Rows, "row")} of {Figures.Count(done.Columns.Count, "column")} are in {Where(done)}{Size(done, times)}.{Aside(done)}"),
            Evidence = [Losses(done)],
            Limitations =
            [
                "Every cell was read under the type that its column has now: a type that did not hold for one of them would have been given up.",
                .. Small(done),
            ],
            Next = [$"Ask the copy: gnomon sql {Shown(options.Out!)} --query \"SELECT COUNT(*) FROM data\"; a question reads only the columns it names.", .. done.Rejects is { } rejects ? [$"Look at the rows in {Shown(rejects)}; each has its file, row and line."] : Array.Empty<string>()],
            Tables =
            [
                new ResultTable("columns", "Columns as they are stored", ["column", "type", "dictionary", "bytes"], [.. done.Columns.Select(c => (IReadOnlyList<object?>)[c.Name, c.NativeType, c.IsDictionary ? "yes" : "no", c.Bytes])]),
            ],
        };
    }

    /// <summary>clicks.parquet has its rejects in clicks.rejects.csv.</summary>
    internal static string RejectsBeside(string path) => Path.ChangeExtension(path.TrimEnd('/', '\\'), ".rejects.csv");

    private static string Shown(string path) => Path.GetFileName(path.TrimEnd('/', '\\'));

    private string Where(Conversion done) => done.Files == 1 ? Shown(options.Out!) : $"{Figures.Count(done.Files, "file")} under {Shown(options.Out!)}";

    private static string Size(Conversion done, double times) =>
        done.BytesBefore == 0 ? string.Empty : $", {Bytes.Text(done.BytesAfter)} for {Bytes.Text(done.BytesBefore)}{(times >= 1.05 ? $" ({Figures.Number(Math.Round(times, 1))} times smaller)" : string.Empty)}";

    private static string Aside(Conversion done)
    {
        var aside = done.SetAside == 0 ? string.Empty : $" {Figures.Count(done.SetAside, "row")} could not be read and {(done.SetAside == 1 ? "is" : "are")} in {Shown(done.Rejects!)}.";
        return aside + (done.Incomplete == 0 ? string.Empty : $" {Figures.Count(done.Incomplete, "row has", "rows have")} too few cells: converted with no value there, and listed in {Shown(done.Rejects!)}.");
    }

    private static IEnumerable<string> Small(Conversion done)
    {
        if (done.Files > 1 && done.Rows / done.Files < SmallFile)
        {
            yield return $"{Figures.Count(done.Files, "file")} hold {Figures.Count(done.Rows / done.Files, "row")} each on average: files this small cost more to open than to read. Partition by something coarser.";
        }
    }

    private ReadingLosses Losses(Conversion done)
    {
        var rows = done.Rows + done.SetAside;
        double Share(long n) => rows == 0 ? 0 : (double)n / rows;
        var losses = new List<ReadingLoss>();
        if (done.SetAside > 0)
        {
            losses.Add(new ReadingLoss("row-set-aside", done.SetAside, Share(done.SetAside), false, $"{Figures.Count(done.SetAside)} of {Figures.Count(rows, "row")} cannot be given to columns and are kept in {Shown(done.Rejects!)}"));
        }

        if (done.Incomplete > 0)
        {
            losses.Add(new ReadingLoss("row-incomplete", done.Incomplete, Share(done.Incomplete), false, $"{Figures.Count(done.Incomplete)} of {Figures.Count(rows, "row")} have too few cells"));
        }

        losses.AddRange(database.Issues.Where(i => i.Kind is "mixed-types" or "other-decimal-mark" or "bad-encoding" or "stray-quote" or "zero-byte").Select(i => new ReadingLoss(i.Kind, i.Count, Share(i.Count), false, i.Says)));
        return new ReadingLosses { Rows = rows, Losses = losses };
    }
}
