using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Ab.Geo;

namespace Gnomon.Studies.Design.Touching;

/// <summary>A switchback before launch: block lengths replayed on history, with the burn-in that the planner holds necessary.</summary>
internal sealed class SwitchbackDesign
{
    private static readonly int[] Multiples = [1, 2, 3, 4, 6, 8, 12, 24, 48];
    private readonly DesignOptions _options;
    private readonly RegionHistory _history;
    private readonly double _level;
    private readonly double? _wanted;
    private readonly int _length;
    private readonly int _burnIn;
    private readonly IReadOnlyList<SwitchbackReplayResult> _blocks;

    public SwitchbackDesign(DesignOptions options, StudyContext context)
    {
        _options = options;
        var data = context.RequireData();
        _history = RegionHistory.Read(data, MetricSpec.Parse(options.Metric!, data.Schema), options.Cluster.Count == 1 ? options.Cluster[0] : null, options.Time!, [], null, context.Cancellation, byDay: false);
        double[][] series = [.. Enumerable.Range(0, _history.Regions.Count).Select(_history.Series)];
        _level = series.Average(s => s.Average());
        _wanted = options.Mde is null ? null : Math.Abs(EffectSize.Parse(options.Mde, "--mde").Absolute(_level, "--mde"));
        _burnIn = Periods(options.BurnIn, "--burn-in") ?? 0;
        var all = _history.Periods.Length;
        _length = options.Days is { } days ? (int)Math.Min(all, Math.Round(days / (_history.AreDates ? Step : 1))) : all / 2;
        var settings = new GeoReplayOptions { Alpha = options.Alpha, Power = options.Power, Seed = (ulong)options.Seed, Threads = context.Threads, Runs = (int)Math.Clamp(options.Runs ?? 400, 100, 20_000) };
        List<int> lengths = Periods(options.Block, "--block") is { } block ? [block] : [.. Multiples.Where(m => m > _burnIn && _length / m >= 8)];
        try
        {
            _blocks = [.. lengths.Select(b => SwitchbackReplay.Run(series, b, _burnIn, _length, options.Together, settings))];
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-little-history", $"{wrong.Message} The history has {Figures.Count(all, "period")}.", "DATA", "Bring a longer history, or shorter blocks.", wrong);
        }

        if (_blocks.Count == 0)
        {
            throw new GnomonError("too-little-history", $"{Figures.Count(_length, "period")} leave fewer than 8 blocks longer than a burn-in of {Figures.Count(_burnIn, "period")}.", "--days", "Bring a longer history, or say --block.");
        }
    }

    private double Step => Enumerable.Range(1, _history.Periods.Length - 1).Min(i => _history.Periods[i] - _history.Periods[i - 1]);

    private SwitchbackReplayResult? Best => _blocks.Where(b => b.Smallest is not null).MinBy(b => b.Smallest);

    public static IEnumerable<GnomonError> Validate(DesignOptions o) =>
        TouchingDesigns.Need("A switchback is replayed on history by period", ("DATA", o.HasHistory, "design HISTORY.csv --kind switchback"), ("--metric", o.Metric is not null, "--metric rides"), ("--time", o.Time is not null, "--time hour"))
            .Concat(TouchingDesigns.Refuse(o, "switchback", "--days"));

    public StudyReport Finding() => new()
    {
        Question = "design",
        Title = $"How long should the blocks of a switchback of {_options.Metric} be?",
        Propose = _ => new Proposal(DecisionAction.Answer, Summary()),
        Estimates = [.. _blocks.Where(IsBounded).Select(b => new Estimate
        {
            Name = $"smallest effect, blocks of {Span(b.Block)}", Metric = _options.Metric, Value = b.Smallest!.Value / _level, Low = b.Low!.Value / _level, High = b.High!.Value / _level, Level = 0.95, Unit = "relative", N = b.Runs,
            Method = "replays on history, switchback by blocks", Role = b == Best ? "primary" : "secondary",
        })],
        Limitations = [.. Limitations()],
        Next =
        [
            "Draw the arm of every block by a fair coin, and write down block, arm and time; a strict alternation cannot be tested.",
            $"Read it with: gnomon ab RIDES --switchback --time {_options.Time}{(_options.Cluster.Count == 1 ? $" --cluster {_options.Cluster[0]}" : string.Empty)} --variant arm --metric {_options.Metric} --block LENGTH --burn-in {_burnIn}",
        ],
        Plots = [Picture()],
        Tables = [Table()],
    };

    private static bool IsBounded(SwitchbackReplayResult b) => b is { Smallest: not null, Low: not null, High: not null };

    // A length as a number of the history's own periods.
    private int? Periods(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        var factor = text.Length == 0 ? 0.0 : text[^1] switch { 'm' => 1 / 1440.0, 'h' => 1 / 24.0, 'd' => 1.0, _ => 0.0 };
        if (!double.TryParse(factor > 0 ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value >= 0) || (factor > 0 && !_history.AreDates))
        {
            throw new GnomonError("bad-length", $"{option} must be a length of time or a number of periods; got '{text}'.", option, $"Write {option} 2h, {option} 30m, or a number of periods.");
        }

        var periods = factor > 0 ? value * factor / Step : value;
        var whole = (int)(option == "--block" ? Math.Round(periods) : Math.Ceiling(periods - 1e-9));
        return option == "--block" && whole < 1
            ? throw new GnomonError("bad-length", $"--block {text} is shorter than one period of the history.", option, "Name a length of at least one period.")
            : whole;
    }

    private string Span(int periods)
    {
        var minutes = _history.AreDates ? Math.Round(Step * periods * 1440, 3) : 0;
        return minutes <= 0 ? Figures.Count(periods, "period") : minutes >= 1440 && Math.Abs(minutes / 1440 - Math.Round(minutes / 1440)) < 1e-6 ? Figures.Count((long)Math.Round(minutes / 1440), "day")
            : minutes >= 60 && Math.Abs(minutes / 60 - Math.Round(minutes / 60)) < 1e-6 ? Figures.Count((long)Math.Round(minutes / 60), "hour") : Figures.Count((long)Math.Round(minutes), "minute");
    }

    private string Effect(double value) => $"{Figures.Percent(value / _level)} ({Figures.Level(value, _history.Unit, value)} per period)";

    private string Summary()
    {
        if (Best is not { } best)
        {
            return $"No switchback of {Span(_length)} finds anything with power {Figures.WholePercent(_options.Power)}: too few blocks are left.";
        }

        var head = $"Blocks of {Span(best.Block)} see the smallest change: {Effect(best.Smallest!.Value)} with power {Figures.WholePercent(_options.Power)} over {Span(best.Length)}";
        return _wanted is not { } w ? $"{head}."
            : best.Smallest <= w ? $"{head}, so {Effect(w)} is found."
            : $"{head}; {Effect(w)} is not found: run longer, or in more zones.";
    }

    private IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_blocks[0].Runs, "test")} of each block length were replayed on {Figures.Count(_history.Periods.Length, "period")} of {(_options.Cluster.Count == 1 ? Figures.Count(_history.Regions.Count, "zone") : "one series")} where nothing was done (seed {_options.Seed}), {(_options.Together ? "all zones switching together" : "every zone switching by itself")}; they are read by weighted means and their interval, as ab --switchback reads them, which draws its p anew.";
        yield return _burnIn == 0
            ? "No burn-in was asked for: if an arm lingers after a switch, short blocks miss part of the effect. How long it lingers cannot be learned from a time without the change."
            : $"The first {Span(_burnIn)} after every switch is left out; that the arm before no longer matters then is the planner's to know.";
        yield return $"Where nothing was done such tests find something in {Figures.Percent(_blocks.Min(b => b.FalseAlarms), 1)} to {Figures.Percent(_blocks.Max(b => b.FalseAlarms), 1)} of replays ({Figures.Percent(_options.Alpha, 0)} is right).";
        if (_history.SetAside.Count > 0)
        {
            yield return $"{Figures.Count(_history.SetAside.Count, "zone")} set aside for lack of some period: {string.Join(", ", _history.SetAside.Take(5))}{(_history.SetAside.Count > 5 ? ", ..." : string.Empty)}.";
        }
    }

    private Plot Picture()
    {
        const string title = "Smallest effect by length of the blocks";
        return new Plot("blocks", title, IntervalPlot.Build([.. _blocks.Where(IsBounded).Select(b => new IntervalRow(Span(b.Block), b.Smallest!.Value / _level, b.Low!.Value / _level, b.High!.Value / _level))], title, new PlotUnit("relative"),
            _wanted is { } w ? [new ReferenceLine("wanted", w / _level, "relative")] : []));
    }

    private ResultTable Table() => new("blocks", "Replayed switchbacks", ["block", "smallest effect", "share of the mean", "low", "high", "false alarms", "share of cells used"],
        [.. _blocks.Select(b => (IReadOnlyList<object?>)[Span(b.Block), b.Smallest, b.Smallest / _level, b.Low / _level, b.High / _level, b.FalseAlarms, b.Used])]);
}
