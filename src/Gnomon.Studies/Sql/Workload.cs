using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Sql;

/// <summary>Runs the query that answers, and keeps account of it where the user asks what it costs or sets a budget.</summary>
internal sealed class Workload(SqlOptions options, IDatabase database, StudyContext context)
{
    private const double EnoughSeconds = 0.05;
    private const int Probes = 5;
    private const long FewestRows = 1_000;
    private const int MostSteps = 40;

    private readonly List<IEvidence> _evidence = [];
    private readonly List<ResultTable> _tables = [];
    private readonly List<string> _limits = [];
    private readonly IEmbeddedDatabase? _engine = database as IEmbeddedDatabase;
    private List<(long Rows, WorkDone Work)> _probes = [];
    private double _fixed;

    public IReadOnlyList<IEvidence> Evidence => _evidence;

    public IReadOnlyList<ResultTable> Tables => _tables;

    public IReadOnlyList<string> Limitations => _limits;

    /// <summary>Why the query was not run; null when it was.</summary>
    public string? NotRun { get; private set; }

    /// <returns>Rows of the answer; null when the forecast is beyond the budget and nothing was run.</returns>
    public long? Keep(string name, string sql)
    {
        var step = SqlOutput.Watch(context, "running the query");
        if (_engine is null || (!options.Explain && options.TimeBudget is null && options.ThreadsAgainst is null))
        {
            return database.Keep(name, sql, step, context.Cancellation);
        }

        var rows = _engine.LargestTable(context.Cancellation);
        if (options.TimeBudget is { } budget)
        {
            context.Progress?.Report(new StudyProgress("trying the first rows", null));
            Try(sql, rows);
            var forecast = Forecast(rows, budget);
            if (forecast is { } f && Low(f) is { } low && low > budget)
            {
                _evidence.Add(f);
                NotRun = $"The query was not run: on the first {Figures.Count(_probes[^1].Rows, "row")} it takes {Seconds(_probes[^1].Work.Seconds)}, and on all {Figures.Count(rows)} it would take about {Seconds(Predicted(f)!.Value)}, more than the {Seconds(budget)} of --time-budget.";
                return null;
            }
        }

        var work = _engine.KeepMeasured(name, sql, null, step, context.Cancellation);
        if (options.TimeBudget is { } may)
        {
            _evidence.Add((Forecast(rows, may) ?? Empty(rows, may)) with { Measured = work.Seconds });
        }

        Account(work);
        if (options.ThreadsAgainst is { } threads)
        {
            Against(sql, work, threads);
        }

        return work.Rows;
    }

    // Five sizes, each twice the one before; the largest takes long enough to be measured, and is a quarter of the whole at most.
    private void Try(string sql, long rows)
    {
        _fixed = Math.Min(Probe(sql, 0).Seconds, Probe(sql, 0).Seconds);
        var size = Math.Max(FewestRows, rows / 256);
        while (size <= rows / 4)
        {
            var work = Probe(sql, size);
            _probes.Add((size, work));
            if (work.Seconds - _fixed > EnoughSeconds && _probes.Count >= Probes)
            {
                break;
            }

            size *= 2;
        }

        _probes = [.. _probes.TakeLast(Probes)];
    }

    private WorkDone Probe(string sql, long size) => _engine!.Probe(sql, size, context.Cancellation);

    private ResourceForecast? Forecast(long rows, double budget) => _probes.Count == 0 ? null : Empty(rows, budget) with
    {
        Sizes = [.. _probes.Select(p => (double)p.Rows)], Costs = [.. _probes.Select(p => p.Work.Seconds)], FixedCost = _fixed,
    };

    private static ResourceForecast Empty(long rows, double budget) => new()
    {
        Resource = "time", Unit = "seconds", Budget = budget, BudgetFrom = "--time-budget", Sizes = [], Costs = [], FixedCost = 0, Rows = rows,
    };

    private static double? Predicted(ResourceForecast f) => Law(f)?.Cost;

    private static double? Low(ResourceForecast f) => Law(f)?.Low;

    // What cannot be predicted is run: the measurement will tell.
    private static ScalingForecast? Law(ResourceForecast f)
    {
        try
        {
            return f.Sizes.Count < 3 ? null : ScalingLaw.Predict([.. f.Sizes], [.. f.Costs], f.FixedCost, f.Rows);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private void Account(WorkDone work)
    {
        var limits = _engine!.Limits;
        _evidence.Add(new ResourceForecast
        {
            Resource = "memory", Unit = "bytes", Budget = limits.MemoryBytes, BudgetFrom = limits.MemoryFrom, Sizes = [], Costs = [], FixedCost = 0, Rows = work.RowsScanned,
            Measured = work.PeakSpill > 0 ? Math.Max(work.PeakMemory, limits.MemoryBytes + work.PeakSpill) : work.PeakMemory, CanSpill = true,
        });
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { "rows read", Figures.Count(work.RowsScanned) },
            new object?[] { "bytes handed on by the scans", Bytes.Text(work.BytesScanned) },
            new object?[] { "rows returned", Figures.Count(work.Rows) },
            new object?[] { "time", Seconds(work.Seconds) },
            new object?[] { "time of all threads", Seconds(work.CpuSeconds) },
            new object?[] { "threads", Figures.Count(work.Threads) },
            new object?[] { "peak memory of the engine", Bytes.Text(work.PeakMemory) },
            new object?[] { "memory it may use", $"{Bytes.Text(limits.MemoryBytes)} ({limits.MemoryFrom})" },
            new object?[] { "spilled to disk", work.PeakSpill == 0 ? "nothing" : Bytes.Text(work.PeakSpill) },
            new object?[] { "spill folder", $"{limits.SpillFolder} ({Bytes.Text(limits.SpillRoom)} free)" },
        };
        if (Forecast(1, 1) is { } probes && Law(probes with { Rows = Math.Max(1, _engine.LargestTable(context.Cancellation)) }) is { } law)
        {
            rows.Add(new object?[] { "time predicted from the first rows", $"{Seconds(law.Cost)} ({Seconds(law.Low)} to {Seconds(law.High)}), growing with the rows to the power {law.Exponent.ToString("0.00", CultureInfo.InvariantCulture)}" });
        }

        _tables.Add(new ResultTable("work", "What the query cost", ["", "measured"], rows));
        if (options.Explain)
        {
            _tables.Add(new ResultTable(
                "plan", "Steps of the plan, the last one first", ["step", "rows handed on", "seconds of all threads", "detail"],
                [.. work.Steps.Take(MostSteps).Select(s => (IReadOnlyList<object?>)[new string(' ', 2 * Math.Min(s.Depth, 12)) + s.Name, s.Rows, Math.Round(s.Seconds, 3), s.Detail])]));
        }

        _limits.Add("Times and memory are of this run on this machine, with what else ran on it.");
    }

    private void Against(string sql, WorkDone work, int threads)
    {
        var other = _engine!.KeepMeasured("gnomon against", sql, threads, SqlOutput.Watch(context, "running it again"), context.Cancellation);
        _tables.Add(new ResultTable(
            "threads", "The same query with other threads", ["threads", "seconds", "seconds of all threads", "times as fast"],
            [
                [(long)other.Threads, Math.Round(other.Seconds, 3), Math.Round(other.CpuSeconds, 3), Math.Round(work.Seconds / other.Seconds, 2)],
                [(long)work.Threads, Math.Round(work.Seconds, 3), Math.Round(work.CpuSeconds, 3), 1.0],
            ]));
    }

    private static string Seconds(double seconds) => seconds < 90 ? $"{seconds.ToString(seconds < 9.95 ? "0.00" : "0", CultureInfo.InvariantCulture)} s" : $"{(seconds / 60).ToString("0.0", CultureInfo.InvariantCulture)} min";
}
