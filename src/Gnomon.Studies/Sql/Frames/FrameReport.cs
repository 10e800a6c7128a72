using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Sql.Frames;

/// <summary>What a loop over files costs, what each way out of it would leave, and which to take first.</summary>
internal sealed class FrameReport
{
    private const int UsualWorkers = 8;
    private readonly SqlOptions _options;
    private readonly IFrameFolder _folder;
    private readonly FrameMeasure _seen;
    private readonly Schema _schema;
    private readonly int _derived;
    private readonly EngineLimits _limits;
    private readonly LoopTimes _loop;

    public FrameReport(SqlOptions options, FrameRun run, EngineLimits limits)
    {
        (_options, _folder, _seen, _schema, _derived, _limits) = (options, run.Folder, run.Measure, run.Table.Schema, run.Sql.Columns.Count, limits);
        _loop = LoopTimes.IsMeasure(options.LoopSteps) ? run.Measure.Here : LoopTimes.Stated(options.LoopSteps);
    }

    // Times of this machine differ from run to run: they are told where they were asked for.
    private bool IsTimed => _options.Explain || _loop.IsMeasured;

    private int Workers => _options.Workers ?? UsualWorkers;

    private long Rows => _seen.Work.Rows;

    private double Whole => _folder.Count * _loop.Sum;

    /// <summary>Fetching the bytes takes longer than everything that a pass does at once.</summary>
    public bool IsBoundByReading => _loop.Load > _loop.Sum - _loop.Load;

    public bool Differs => _seen.LoopDiffers + _seen.MapDiffers > 0;

    public string Says()
    {
        var job = $"{Figures.Count(_folder.Count, "file")} of about {Figures.Count(Rows / _folder.Count, "row")} take the loop {Rules.RulesRun.Spoken(Whole)}";
        var cells = Differs
            ? $" But {Figures.Count(Math.Max(_seen.LoopDiffers, _seen.MapDiffers))} of {Figures.Count(_seen.Cells, "cell")} of {Figures.Count(_seen.Files, "file")} are not those of the loop: find out which is right first."
            : $" All {Figures.Count(_seen.Cells, "cell")} of {Figures.Count(_seen.Files, "file")} are those of the loop.";
        var timed = IsTimed ? $" Read and answered here in {Rules.RulesRun.Spoken(_seen.PassSeconds)}{(_seen.Forecast is { } f ? $" ({Rules.RulesRun.Spoken(f.Cost)} predicted)" : string.Empty)}." : string.Empty;
        var advice = IsBoundByReading
            ? $"{job}, and {Figures.WholePercent(_loop.Load / _loop.Sum)} of that is waiting for the files' bytes. Read several files at once: {Figures.Count(Workers)} readers bring it to about {Rules.RulesRun.Spoken(Read(Workers))}, where one pass alone would save {Rules.RulesRun.Spoken(Whole - Read(1))}."
            : $"{job}, and {Figures.WholePercent((_loop.Sum - _loop.Load) / _loop.Sum)} of that is work done file by file. Do it in one pass over all {Figures.Count(Rows, "row")} first: what is left of the loop is fetching the files, {Rules.RulesRun.Spoken(_folder.Count * _loop.Load)}, where {Figures.Count(Workers)} workers on the loop as it is would take {Rules.RulesRun.Spoken(At(Workers).Seconds)}.";
        return advice + timed + cells;
    }

    public IEnumerable<IEvidence> Evidence()
    {
        if (_options.TimeBudget is { } budget)
        {
            yield return new ResourceForecast { Resource = "time of the loop", Unit = "seconds", Budget = budget, BudgetFrom = "--time-budget", Sizes = [], Costs = [], FixedCost = 0, Rows = Rows, Measured = Whole };
            if (IsTimed)
            {
                yield return new ResourceForecast { Resource = "time of the pass", Unit = "seconds", Budget = budget, BudgetFrom = "--time-budget", Sizes = [], Costs = [], FixedCost = 0, Rows = Rows, Measured = _seen.PassSeconds };
            }
        }

        if (IsTimed)
        {
            yield return new ResourceForecast { Resource = "memory", Unit = "bytes", Budget = _limits.MemoryBytes, BudgetFrom = _limits.MemoryFrom, Sizes = [], Costs = [], FixedCost = 0, Rows = Rows, Measured = _seen.Work.PeakMemory + _seen.Work.PeakSpill, CanSpill = true };
        }
    }

    public IEnumerable<ResultTable> Tables() => [Steps(), Ways(), Sizes(), Equal(), .. IsTimed ? [Times()] : Array.Empty<ResultTable>()];

    public IEnumerable<string> Limits()
    {
        yield return $"Workers share all steps but {(_options.SerialSteps.Count == 0 ? "none" : string.Join(" and ", _options.SerialSteps))} (--serial-steps), a scheduler takes {Figures.Number(_options.DispatchCost)} ms to hand out a file (--dispatch-cost), and starting workers, moving data between them and a disk that all of them read are not counted: the true time lies above.";
        if (!_loop.IsMeasured)
        {
            yield return "The loop's times are those that were stated.";
        }

        if (IsTimed)
        {
            yield return "Times and memory are of this run on this machine, with what else ran on it and with files that may have been in its memory already.";
        }
    }

    public IEnumerable<string> Next()
    {
        yield return IsBoundByReading
            ? $"Fetch the files with {Figures.Count(Workers)} readers (threads are enough: they wait for bytes), and keep the arithmetic as it is."
            : "Replace the loop by the query below, then let it use every core: it does so by itself; only what then is still too slow is worth more machines.";
        yield return $"Write the small files once as one: gnomon sql '{Path.GetFileName(_options.Data!)}' --out frames.parquet; every later question opens one file instead of {Figures.Count(_folder.Count)}.";
        if (!_options.Explain)
        {
            yield return "Add --explain for the pass's time and memory on this machine, predicted and measured.";
        }
    }

    // With several readers the bytes come sooner; parsing, computing and writing stay as in the loop.
    private double Read(int readers) => _folder.Count * ((_loop.Load / readers) + (readers == 1 ? 0 : _loop.Sum - _loop.Load));

    private WorkerTime At(int workers)
    {
        var serial = _loop.Serial(_options.SerialSteps);
        return WorkerScaling.Of(_folder.Count, serial, Math.Max(0, _loop.Sum - serial), _options.DispatchCost / 1000, workers);
    }

    private ResultTable Steps() => new(
        "loop", _loop.IsMeasured ? "The loop, as it ran here" : "The loop, as stated", ["step", "milliseconds a file", "all files", "share"],
        [
            .. _loop.Steps.Select(s => (IReadOnlyList<object?>)[s.Step, Math.Round(1000 * s.Seconds, 3), Rules.RulesRun.Spoken(_folder.Count * s.Seconds), s.Seconds / _loop.Sum]),
            ["all steps", Math.Round(1000 * _loop.Sum, 3), Rules.RulesRun.Spoken(Whole), 1.0],
        ]);

    private ResultTable Ways()
    {
        List<IReadOnlyList<object?>> rows = [];
        void Add(string way, double seconds) => rows.Add([way, Rules.RulesRun.Spoken(seconds), Math.Round(Whole / seconds, 1)]);
        foreach (var w in new[] { 1, 2, 4, Workers }.Distinct().Order())
        {
            Add(w == 1 ? "the loop as it is" : $"the loop, {Figures.Count(w)} workers", At(w).Seconds);
        }

        if (At(Workers).FloorSeconds is var floor and > 0)
        {
            Add("the loop, any number of workers", floor);
        }

        if (_loop.Load > 0)
        {
            Add($"the loop, {Figures.Count(Workers)} files fetched at once", Read(Workers));
            Add("one pass: fetching is what is left", Read(1));
            Add($"one pass, {Figures.Count(Workers)} files fetched at once", _folder.Count * _loop.Load / Workers);
        }

        if (IsTimed)
        {
            Add("one pass, reading included, here", _seen.PassSeconds);
        }

        return new ResultTable("ways", "Ways out of the loop", ["way", "time", "times as fast"], rows);
    }

    // Widths of the columns in memory; a text is a reference and its bytes, of which 16 stand for both.
    private ResultTable Sizes()
    {
        double width = _schema.Sum(f => f.Type switch { ColumnType.Boolean => 1, ColumnType.Date => 4, ColumnType.Integer or ColumnType.Double or ColumnType.Timestamp or ColumnType.LocalTimestamp or ColumnType.Time => 8, _ => 16 });
        var whole = Rows * (width + (8 * _derived));
        return new ResultTable(
            "files", "Many small files", ["", "size"],
            [
                ["files to open", Figures.Count(_folder.Count)],
                ["a file, on average", $"{Bytes.Text((double)_folder.Bytes / _folder.Count)}, {Figures.Count(Rows / _folder.Count, "row")}"],
                ["all files", Bytes.Text(_folder.Bytes)],
                ["in blocks of 4 KiB", $"{Bytes.Text(_folder.BytesInBlocks)}, {Figures.Percent((double)(_folder.BytesInBlocks - _folder.Bytes) / _folder.BytesInBlocks)} of it empty"],
                ["a file in memory, with its results", Bytes.Text(whole / _folder.Count)],
                [$"{Figures.Count(Workers)} workers, a file each", Bytes.Text(whole / _folder.Count * Workers)],
                ["all rows in memory, with results", Bytes.Text(whole)],
            ]);
    }

    private ResultTable Equal() => new(
        "equality", $"The same cells by three ways, on {Figures.Count(_seen.Files, "file")}", ["way", "cells", "differ from the loop"],
        [["files one by one", _seen.Cells, 0L], ["files in parts, side by side", _seen.Cells, _seen.MapDiffers], ["one pass over all rows", _seen.Cells, _seen.LoopDiffers]]);

    private ResultTable Times()
    {
        var (here, n) = (_seen.Here, _seen.Files);
        string Text(double seconds) => seconds < 0.1 ? $"{(1000 * seconds).ToString("0.0", CultureInfo.InvariantCulture)} ms" : Rules.RulesRun.Spoken(seconds);
        var small = here.Sum - (_seen.PassSeconds / _folder.Count);
        List<IReadOnlyList<object?>> rows =
        [
            .. here.Steps.Select(s => (IReadOnlyList<object?>)[$"one file at a time here: {s.Step}", Text(s.Seconds)]),
            ["one file at a time here, all files", Text(here.Sum * _folder.Count)],
            ["a file, only for being a file", $"{Text(Math.Max(0, small))} ({Figures.WholePercent(Math.Clamp(small / here.Sum, 0, 1))})"],
            [$"{Figures.Count(n, "file")} side by side", $"{Text(_seen.MapSeconds)} where one after the other takes {Text(n * (here.Load + here.Parse + here.Compute))}"],
        ];
        if (_seen.Forecast is { } f)
        {
            rows.Add(["one pass, predicted", $"{Text(f.Cost)} ({Text(f.Low)} to {Text(f.High)})"]);
            rows.Add(["measured over predicted", Figures.Number(Math.Round(_seen.PassSeconds / f.Cost, 2))]);
        }
        else
        {
            rows.Add(["one pass, predicted", _options.Explain ? "too quick on a few files to be predicted" : "add --explain"]);
        }

        rows.Add(["one pass, reading", Text(_seen.LoadSeconds)]);
        rows.Add(["one pass, answering", Text(_seen.Work.Seconds)]);
        rows.Add(["rows in a second", Figures.Count((long)(Rows / Math.Max(_seen.PassSeconds, 1e-6)))]);
        if (_seen.Memory is { } memory)
        {
            rows.Add(["peak memory, predicted", Bytes.Text(memory.Cost)]);
        }

        rows.Add(["peak memory, measured", $"{Bytes.Text(_seen.Work.PeakMemory)}{(_seen.Work.PeakSpill > 0 ? $" and {Bytes.Text(_seen.Work.PeakSpill)} spilled" : string.Empty)}"]);
        rows.Add(["memory it may use", $"{Bytes.Text(_limits.MemoryBytes)} ({_limits.MemoryFrom})"]);
        return new ResultTable("times", "Predicted and measured here", ["", "measured"], rows);
    }
}
