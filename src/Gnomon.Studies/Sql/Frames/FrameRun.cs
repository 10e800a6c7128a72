using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Planning;
using Gnomon.Studies.Sql.Rules;

namespace Gnomon.Studies.Sql.Frames;

/// <summary>
/// A loop over many small files beside one pass over all of their rows: some files are taken one by one as the loop takes them, and as parts that are worked on side by side, and every cell of both is compared with the pass.
/// </summary>
internal sealed class FrameRun(SqlOptions options, IEmbeddedDatabase database, StudyContext context)
{
    private const string Sample = "gnomon sample";
    private const string Theirs = "gnomon theirs";
    private const int MostSampled = 100;
    private const int Probes = 5;
    private const string One = "gnomon frame";
    private const string Trial = "gnomon trial";

    private readonly List<double> _sizes = [], _costs = [], _peaks = [];
    private double _fixed, _fixedPeak;
    private double _loadedIn;

    public IFrameFolder Folder { get; } = database.Frames(options.Data!, context.Cancellation);

    public DatabaseTable Table { get; private set; } = null!;

    public RuleSql Sql { get; private set; } = null!;

    /// <summary>The same rules over the sampled files, or over the units that the loop's own output holds.</summary>
    public RuleSql Tried { get; private set; } = null!;

    /// <summary>The table of those rows.</summary>
    public string TriedTable { get; private set; } = Sample;

    public FrameMeasure Measure { get; private set; } = null!;

    /// <summary>Reads everything; before that smaller shares of it, where the whole shall be predicted.</summary>
    public void Load(RuleFile rules)
    {
        if (Folder.Count < 2)
        {
            throw new GnomonError("too-few-files", $"{options.Data} is one file: there is no loop over files to replace.", "--loop-steps", "Name a pattern that matches all of them, or use --loop-cost for a loop over rows.");
        }

        if (options.Explain)
        {
            Predict(rules);
        }

        context.Progress?.Report(new StudyProgress("reading the files", null));
        var name = TableNames.Of([options.Data!])[0].Name;
        _loadedIn = Folder.LoadAll(name, context.Cancellation).Seconds;
        Table = database.Tables.First(t => t.Name == name);
        Sql = new RuleSql(rules, Table.Schema, name);
    }

    /// <summary>The files one by one and side by side, beside the rows of the pass.</summary>
    public void Compare(RuleFile rules, string answer, WorkDone work)
    {
        context.Progress?.Report(new StudyProgress("taking some files one by one", null));
        var files = Spread(Math.Min(MostSampled, Folder.Count));
        var sample = Load(Sample, files, out _);
        var keys = string.Join(", ", rules.Per.Select(SqlName.Quoted));
        var loop = Loop(rules, files, out var times);
        var map = SideBySide(rules, files, out var mapSeconds);
        var rows = rules.Per.Count == 0 ? new RuleSql(rules, Table.Schema, sample).Answer : $"SELECT * FROM (SELECT *, ROW_NUMBER() OVER () AS \"gnomon row\" FROM {answer}) AS numbered WHERE ({keys}) IN (SELECT ({keys}) FROM {SqlName.Quoted(sample)}) ORDER BY \"gnomon row\"";
        var (cells, loopDiffers) = Differ(loop, rows);
        var (_, mapDiffers) = Differ(loop, map);
        Measure = new FrameMeasure
        {
            Files = files.Length, Rows = Whole($"SELECT COUNT(*) AS n FROM {SqlName.Quoted(sample)}"), Cells = cells, LoopDiffers = loopDiffers, MapDiffers = mapDiffers, Here = times, MapSeconds = mapSeconds,
            LoadSeconds = _loadedIn, Work = work, Forecast = Forecast(work.Rows, _costs, _fixed), Memory = Forecast(work.Rows, _peaks, _fixedPeak),
        };
        TriedTable = options.Against is null ? sample : Units(rules, keys);
        Tried = new RuleSql(rules, Table.Schema, TriedTable);
    }

    // Only the units that the loop's output names are tried: it may hold some customers of many.
    private string Units(RuleFile rules, string keys)
    {
        database.LoadFilesOf($"SELECT * FROM {SqlName.Quoted(options.Against!)}", context.Cancellation);
        var theirs = database.Describe($"SELECT * FROM {SqlName.Quoted(options.Against!)}", context.Cancellation);
        var named = rules.Per.Count > 0 && rules.Per.All(p => theirs.Any(f => f.Name == p));
        _ = database.Keep(Theirs, named ? $"SELECT * FROM {SqlName.Quoted(Table.Name)} WHERE ({keys}) IN (SELECT ({keys}) FROM {SqlName.Quoted(options.Against!)})" : $"SELECT * FROM {SqlName.Quoted(Table.Name)}", null, context.Cancellation);
        return Theirs;
    }

    private string Loop(RuleFile rules, int[] files, out LoopTimes times)
    {
        var (load, parse, compute, write) = (0.0, 0.0, 0.0, 0.0);
        for (var k = 0; k < files.Length; k++)
        {
            var fetched = Folder.Fetch(files[k]);
            var one = Load(One, [files[k]], out var read);
            (load, parse) = (load + fetched, parse + Math.Max(0, read - fetched));
            var name = Named("loop", k);
            compute += database.KeepMeasured(name, new RuleSql(rules, Table.Schema, one).Answer, 1, null, context.Cancellation).Seconds;
            write += Folder.TryWriting($"SELECT * FROM {SqlName.Quoted(name)}", context.Cancellation);
        }

        times = new LoopTimes(load / files.Length, parse / files.Length, compute / files.Length, write / files.Length, true);
        return All("loop", files.Length);
    }

    private string SideBySide(RuleFile rules, int[] files, out double seconds)
    {
        var parts = Math.Clamp(context.Threads, 2, files.Length);
        var shares = Enumerable.Range(0, parts).Select(p => files[(p * files.Length / parts)..((p + 1) * files.Length / parts)]).ToArray();
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts, CancellationToken = context.Cancellation }, p =>
        {
            var part = Load(Named("part", p), shares[p], out _);
            _ = database.Keep(Named("map", p), new RuleSql(rules, Table.Schema, part).Answer, null, context.Cancellation);
        });
        seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        return All("map", parts);
    }

    // A file alone may suggest other types than all of them together, such as text where it has no value at all: it is read as the whole is.
    private string Load(string name, int[] files, out double seconds)
    {
        seconds = Folder.Load(name, files, context.Cancellation).Seconds;
        var here = database.Describe($"SELECT * FROM {SqlName.Quoted(name)}", context.Cancellation);
        if (here.Select(f => (f.Name, f.NativeType)).SequenceEqual(Table.Schema.Select(f => (f.Name, f.NativeType))))
        {
            return name;
        }

        var columns = Table.Schema.Select(f => $"CAST({(here.Any(h => h.Name == f.Name) ? SqlName.Quoted(f.Name) : "NULL")} AS {f.NativeType}) AS {SqlName.Quoted(f.Name)}");
        _ = database.Keep($"{name} typed", $"SELECT {string.Join(", ", columns)} FROM {SqlName.Quoted(name)}", null, context.Cancellation);
        return $"{name} typed";
    }

    // Row by row in the order of the files: cells that one has and the other has not.
    private (long Cells, long Differing) Differ(string one, string other)
    {
        var derived = Sql.Columns.Select(c => SqlName.Quoted(c.Name)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        string Numbered(string rows) => $"(SELECT *, ROW_NUMBER() OVER () AS \"gnomon place\" FROM ({rows}) AS rows_in_order)";
        var table = database.Ask(
            $"SELECT COUNT(*) AS n, {string.Join(" + ", derived.Select(c => $"COUNT(CASE WHEN a.{c} IS DISTINCT FROM b.{c} OR a.\"gnomon place\" IS NULL OR b.\"gnomon place\" IS NULL THEN 1 END)"))} AS d FROM {Numbered(one)} AS a FULL JOIN {Numbered(other)} AS b ON a.\"gnomon place\" = b.\"gnomon place\"",
            context.Cancellation);
        return (Cells.Whole(table, "n") * derived.Count, Cells.Whole(table, "d"));
    }

    // Five shares of the files, each twice the one before; a single file stands for the cost that does not grow.
    private void Predict(RuleFile rules)
    {
        context.Progress?.Report(new StudyProgress("trying some of the files", null));
        try
        {
            Try(rules);
        }
        catch (GnomonError)
        {
            // A few files alone may not show the types that the rules need: then nothing is predicted, and the whole will say what is wrong.
            _sizes.Clear();
        }
    }

    private void Try(RuleFile rules)
    {
        var largest = Math.Max(1, Folder.Count / 16);
        var counts = Enumerable.Range(0, Probes).Select(k => Math.Max(2, largest >> (Probes - 1 - k))).Distinct().ToList();
        _ = TryPass(rules, [0]);
        var (_, first, peakOfOne) = TryPass(rules, [0]);
        (_fixed, _fixedPeak) = (Math.Min(first, TryPass(rules, [0]).Seconds), peakOfOne);
        foreach (var count in counts)
        {
            var (rows, seconds, peak) = TryPass(rules, Spread(count));
            _sizes.Add(rows);
            _costs.Add(seconds);
            _peaks.Add(peak);
        }
    }

    private (long Rows, double Seconds, double Peak) TryPass(RuleFile rules, int[] files)
    {
        var read = Folder.Load(Trial, files, context.Cancellation);
        var schema = new Schema(Trial, database.Describe($"SELECT * FROM {SqlName.Quoted(Trial)}", context.Cancellation));
        var work = database.KeepMeasured("gnomon trial answer", new RuleSql(rules, schema, Trial).Answer, null, null, context.Cancellation);
        return (read.Rows, read.Seconds + work.Seconds, work.PeakMemory);
    }

    // Files of one shape cost alike, so the whole is in proportion to its parts.
    private ScalingForecast? Forecast(double rows, IReadOnlyList<double> costs, double fixedCost)
    {
        try
        {
            return _sizes.Count < 2 ? null : ProportionalForecast.Predict([.. _sizes], [.. costs], fixedCost, rows);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    // Places spread evenly over the list, so that early and late files are both there.
    private int[] Spread(int count) => [.. Enumerable.Range(0, count).Select(k => (int)((long)k * Folder.Count / count))];

    private static string Named(string what, int k) => FormattableString.Invariant($"gnomon {what} {k}");

    private static string All(string what, int count) => string.Join(" UNION ALL ", Enumerable.Range(0, count).Select(k => $"SELECT * FROM {SqlName.Quoted(Named(what, k))}"));

    private long Whole(string question) => Cells.Whole(database.Ask(question, context.Cancellation), "n");
}
