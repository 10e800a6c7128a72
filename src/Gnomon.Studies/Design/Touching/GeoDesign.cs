using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Ab.Geo;

namespace Gnomon.Studies.Design.Touching;

/// <summary>A test of regions before launch: replayed on their own history for several lengths, with the assignment drawn.</summary>
internal sealed class GeoDesign
{
    private const int MostRows = 300;
    private const int MostBefore = 56;
    private static readonly int[] Weeks = [1, 2, 3, 4, 6, 8, 12];
    private readonly DesignOptions _options;
    private readonly RegionHistory _history;
    private readonly double[][] _series;
    private readonly double _level;
    private readonly int _treated;
    private readonly RegionMatching _matching;
    private readonly IReadOnlyList<GeoReplayResult> _lengths;
    private readonly RegionDraw _draw;
    private readonly double? _wanted;

    public GeoDesign(DesignOptions options, StudyContext context)
    {
        _options = options;
        var data = context.RequireData();
        _history = RegionHistory.Read(data, MetricSpec.Parse(options.Metric!, data.Schema), options.Cluster[0], options.Time!, [], null, context.Cancellation);
        _series = [.. Enumerable.Range(0, _history.Regions.Count).Select(_history.Series)];
        _level = _series.Average(s => s.Average());
        _treated = (int)Math.Min(options.Treated ?? _series.Length / 2, int.MaxValue);
        _matching = options.Matching switch
        {
            "pairs" => RegionMatching.Pairs,
            "rerandomised" => RegionMatching.Rerandomised,
            "random" => RegionMatching.Random,
            _ => options.Treated is null || 2 * _treated == _series.Length ? RegionMatching.Pairs : RegionMatching.Rerandomised,
        };
        if (_treated >= _series.Length || (_matching == RegionMatching.Pairs && options.Treated is { } named && named != _series.Length / 2))
        {
            throw new GnomonError("option-out-of-range", $"--treated {options.Treated} of {Figures.Count(_series.Length, "region")}{(_matching == RegionMatching.Pairs ? ": pairs treat half of them" : " leaves none to compare with")}.", "--treated", $"Write --treated {Math.Max(1, _series.Length / 2)}, or another --matching.");
        }

        _wanted = options.Mde is null ? null : Math.Abs(EffectSize.Parse(options.Mde, "--mde").Absolute(_level, "--mde"));
        _lengths = Replay(context);
        var rng = new Rng((ulong)options.Seed).Stream("geo assignment");
        var periods = _history.Periods.Length;
        _draw = RegionAssignment.Draw(_series, Math.Max(0, periods - MostBefore), periods, _treated, _matching, rng);
        if (options.Regions is { } path)
        {
            Write(path);
        }
    }

    private string Period => _history.Span(2) is var two && two.StartsWith("2 ", StringComparison.Ordinal) ? two[2..^1] : "period";

    private GeoReplayResult? Enough => _wanted is { } w ? _lengths.FirstOrDefault(l => l.Smallest is { } s && s <= w) : null;

    private string Drawn => _matching switch { RegionMatching.Pairs => "one region of each pair", RegionMatching.Rerandomised => $"{Figures.Count(_treated, "region")} drawn until the arms agree", _ => $"{Figures.Count(_treated, "region")} drawn at random" };

    public static IEnumerable<GnomonError> Validate(DesignOptions o) =>
        TouchingDesigns.Need("A test of regions is replayed on history by region and day", ("DATA", o.HasHistory, "design HISTORY.csv --kind geo"), ("--metric", o.Metric is not null, "--metric sales"), ("--cluster", o.Cluster.Count == 1, "--cluster region"), ("--time", o.Time is not null, "--time day"))
            .Concat(TouchingDesigns.Refuse(o, "geo", "--days"));

    public StudyReport Finding() => new()
    {
        Question = "design",
        Title = $"How long must a test of {_options.Metric} in {_history.Regions.Count} regions be?",
        Propose = _ => new Proposal(DecisionAction.Answer, Summary()),
        Estimates = [.. Estimates()],
        Limitations = [.. Limitations()],
        Next = [.. Next()],
        Plots = [Picture()],
        Tables = [Lengths(), Assignment()],
    };

    private List<GeoReplayResult> Replay(StudyContext context)
    {
        var step = Enumerable.Range(1, Math.Max(1, _history.Periods.Length - 1)).Min(i => i < _history.Periods.Length ? _history.Periods[i] - _history.Periods[i - 1] : 1);
        var perWeek = _history.AreDates && step == 1 ? 7 : 1;
        var most = _history.Periods.Length / 2;
        List<int> lengths = _options.Days is { } days ? [(int)Math.Max(1, Math.Round(days / (perWeek == 7 ? 1.0 : _history.AreDates ? step : 1)))] : [.. Weeks.Select(w => w * perWeek).Where(l => l <= most)];
        lengths = lengths.Count > 0 ? lengths : [perWeek];

        // The same time before for every length, so that lengths differ in nothing else.
        var before = Math.Clamp(_history.Periods.Length - lengths[^1], 4, MostBefore);
        var settings = new GeoReplayOptions { MostBefore = before, Alpha = _options.Alpha, Power = _options.Power, Seed = (ulong)_options.Seed, Threads = context.Threads, Runs = (int)Math.Clamp(_options.Runs ?? 400, 100, 20_000) };
        try
        {
            return [.. lengths.Select(l => GeoReplay.Run(_series, _treated, l, _matching, settings))];
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-little-history", $"{wrong.Message} The history has {_history.Span(_history.Periods.Length)} of {Figures.Count(_series.Length, "region")}.", "DATA", "Bring a longer history, or a shorter test with --days.", wrong);
        }
    }

    private string Effect(double value) => $"{Figures.Percent(value / _level)} ({Figures.Level(value, _history.Unit, value)}{(_history.Sizes is null ? $" per region and {Period}" : string.Empty)})";

    private string Summary()
    {
        var power = Figures.WholePercent(_options.Power);
        if (_wanted is { } w)
        {
            return Enough is { } enough
                ? $"A test of {_history.Span(enough.Length)}, with {Drawn}, finds a change of {Effect(w)} with power {power}: tests of that length on this history see {Effect(enough.Smallest!.Value)}."
                : $"No length that this history can replay finds {Effect(w)} with power {power}: {Best()}.";
        }

        return $"{char.ToUpperInvariant(Best()[0])}{Best()[1..]} with power {power}, with {Drawn}.";
    }

    private string Best() => _lengths.Where(l => l.Smallest is not null).MinBy(l => l.Smallest) is { } best
        ? $"tests of {_history.Span(best.Length)} see a change of {Effect(best.Smallest!.Value)}"
        : $"no test of this size sees anything: so few regions can be drawn in so few ways";

    private IEnumerable<Estimate> Estimates() => _lengths.Where(l => l is { Smallest: not null, Low: not null, High: not null }).Select(l => new Estimate
    {
        Name = $"smallest effect, {_history.Span(l.Length)}", Metric = _options.Metric, Value = l.Smallest!.Value / _level, Low = l.Low!.Value / _level, High = l.High!.Value / _level, Level = 0.95, Unit = "relative", N = l.Runs,
        Method = $"replays on history, {Words(l.Method)}", Role = Enough is null || l == Enough ? "primary" : "secondary",
    });

    private static string Words(RegionMethod method) => method switch
    {
        RegionMethod.Covariance => "analysis of covariance by region",
        RegionMethod.CovarianceReassigned => "analysis of covariance, regions assigned again",
        RegionMethod.Pairs => "differences within pairs",
        RegionMethod.PairsSwapped => "differences within pairs, pairs swapped",
        _ => "synthetic control with placebo assignments",
    };

    private IEnumerable<string> Limitations()
    {
        var first = _lengths[0];
        yield return $"{Figures.Count(first.Runs, "test")} of each length were replayed where nothing was done, with starts and regions drawn anew (seed {_options.Seed}) and read as ab --geo would: {Words(first.Method)}.";
        yield return $"An effect is the same amount in every treated region and {Period}; percentages are of {Figures.Number(_level)}, the mean over regions and periods.";
        var alarms = _lengths.Max(l => l.FalseAlarms);
        yield return $"Where nothing was done such tests find something in {Figures.Percent(_lengths.Min(l => l.FalseAlarms), 1)} to {Figures.Percent(alarms, 1)} of replays ({Figures.Percent(_options.Alpha, 0)} is right){(alarms > 2 * _options.Alpha ? ": too often at some length, so read its smallest effect as too small" : string.Empty)}.";
        if (_lengths[^1].Starts < 8)
        {
            yield return $"The longest test has only {Figures.Count(_lengths[^1].Starts, "start")} in this history, so its replays share most of their days.";
        }

        if (_history.SetAside.Count > 0)
        {
            yield return $"{Figures.Count(_history.SetAside.Count, "region")} set aside for lack of some period: {string.Join(", ", _history.SetAside.Take(5))}{(_history.SetAside.Count > 5 ? ", ..." : string.Empty)}.";
        }
    }

    private IEnumerable<string> Next()
    {
        yield return _options.Regions is { } path ? $"The assignment is in {path}: switch the regions marked treated on the same day." : "Write the drawn assignment with --regions FILE, and switch those regions on the same day.";
        yield return $"Read it with: gnomon ab PANEL --geo --cluster {_options.Cluster[0]} --time {_options.Time} --variant arm --start DATE --metric {_options.Metric}{(_matching == RegionMatching.Pairs ? " --pairs pair" : string.Empty)}";
    }

    private Plot Picture()
    {
        const string title = "Smallest effect by length of the test";
        return new Plot("lengths", title, IntervalPlot.Build([.. _lengths.Where(l => l is { Smallest: not null, Low: not null, High: not null }).Select(l => new IntervalRow(_history.Span(l.Length), l.Smallest!.Value / _level, l.Low!.Value / _level, l.High!.Value / _level))], title, new PlotUnit("relative"),
            _wanted is { } w ? [new ReferenceLine("wanted", w / _level, "relative")] : []));
    }

    private ResultTable Lengths() => new("lengths", "Replayed tests", ["length", "smallest effect", "share of the mean", "low", "high", "false alarms", "periods before", "starts", "method"],
        [.. _lengths.Select(l => (IReadOnlyList<object?>)[_history.Span(l.Length), l.Smallest, l.Smallest / _level, l.Low / _level, l.High / _level, l.FalseAlarms, (long)l.Before, (long)l.Starts, Words(l.Method)])]);

    private ResultTable Assignment() => new("assignment", $"Drawn assignment{(_history.Regions.Count > MostRows ? $" (first {MostRows})" : string.Empty)}", ["region", "arm", "pair"],
        [.. Rows().Take(MostRows).Select(r => (IReadOnlyList<object?>)[r.Region, r.Arm, r.Pair])]);

    private IEnumerable<(string Region, string Arm, string? Pair)> Rows()
    {
        var pairs = new Dictionary<int, string>();
        for (var i = 0; i < _history.Regions.Count; i++)
        {
            string? pair = null;
            if (_draw.Partner is { } partner && partner[i] >= 0)
            {
                var key = Math.Min(i, partner[i]);
                pair = pairs.TryGetValue(key, out var known) ? known : pairs[key] = $"p{pairs.Count + 1:00}";
            }

            yield return (_history.Regions[i], _draw.Partner is not null && pair is null ? "left out" : _draw.Treated[i] ? "treated" : "control", pair);
        }
    }

    private void Write(string path)
    {
        if (File.Exists(path))
        {
            throw new GnomonError("file-exists", $"{path} exists and is not overwritten.", "--regions", "Name another file.");
        }

        CsvFile.Write(path, "--regions", "The assignment", writer =>
        {
            writer.WriteLine("region,arm,pair");
            foreach (var (region, arm, pair) in Rows().Where(r => r.Arm != "left out"))
            {
                writer.WriteLine($"{CsvFile.Cell(region)},{arm},{pair}");
            }
        });
    }
}
