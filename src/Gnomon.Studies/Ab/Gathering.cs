using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>What one scan of an experiment's rows, or of its units' totals, gathers block by block.</summary>
internal sealed class Gathering
{
    private const int MaximumArms = 5_000;
    private const int MaximumSegmentValues = 1_000;
    private readonly AbReader _reader;
    private readonly IReadOnlyList<MetricSpec> _specs;
    private readonly MetricCollector[] _metrics;
    private readonly int _firstMetric;
    private readonly bool _repeated;
    private long[] _units = [];
    private bool[] _blank = [];
    private readonly List<CoMomentsAccumulator> _prePeriod = [];
    private IReadOnlyList<string> _arms = [];
    private long? _firstDay;
    private long? _lastDay;
    private double[] _empty = [];
    private bool[] _missing = [];
    private double[] _capped = [];

    /// <param name="reader">The question and its columns.</param>
    /// <param name="specs">The metrics of this scan.</param>
    /// <param name="ratios">Which of them are gathered as pairs.</param>
    /// <param name="firstMetric">Column of the first of them.</param>
    /// <param name="repeated">Rows are totals of a unit.</param>
    public Gathering(AbReader reader, IReadOnlyList<MetricSpec> specs, IEnumerable<bool> ratios, int firstMetric, bool repeated)
    {
        _reader = reader;
        _specs = specs;
        _firstMetric = firstMetric;
        _repeated = repeated;
        _metrics = [.. specs.Zip(ratios, (m, ratio) => new MetricCollector(m, ratio, reader.Pre.Length, reader.Segments.Length))];
        Block.Pre = new double[reader.Pre.Length][];
        Block.PreMissing = new bool[reader.Pre.Length][];
        Block.PrePivots = [];
        Block.Segments = new string[reader.Segments.Length][];
    }

    /// <summary>Highest values that count, by metric; null where all do.</summary>
    public IReadOnlyList<double?>? Caps { get; init; }

    /// <summary>Also holds what is known of the units beside the metrics; false where another scan of the same rows does.</summary>
    public bool HoldsUnits { get; init; } = true;

    public Block Block { get; } = new();

    public ArmedSketch Sketch { get; } = new();

    public long Rows { get; set; }

    public long NoArm { get; set; }

    public long NoUnit { get; set; }

    public long Overlap { get; set; }

    public long OverlapRows { get; set; }

    /// <summary>Units whose first arm was drawn, because they met several at their first time.</summary>
    public long Drawn { get; set; }

    public long NoDay { get; private set; }

    /// <summary>Some unit was seen again on a later day.</summary>
    public bool SeveralDays { get; private set; }

    /// <summary>The last day of each unit of the block; the first ones are known.</summary>
    public void SeeUntil(Chunk chunk, int column)
    {
        var last = chunk.Integers(column);
        for (var i = 0; i < chunk.Rows; i++)
        {
            if (Block.Day![i] != long.MinValue && last[i] > Block.Day[i])
            {
                SeveralDays = true;
                _lastDay = Math.Max(_lastDay!.Value, last[i]);
            }
        }
    }

    /// <summary>Looks at the arms that were not met before.</summary>
    public void Know(IReadOnlyList<string> dictionary)
    {
        if (dictionary.Count > MaximumArms)
        {
            throw TooManyArms();
        }

        if (_blank.Length < dictionary.Count)
        {
            _blank = [.. dictionary.Select(string.IsNullOrWhiteSpace)];
            Array.Resize(ref _units, _blank.Length);
        }
    }

    /// <summary>The arm of each row, and the hashes of the units that have one, packed; returns how many.</summary>
    /// <param name="codes">Arms; -1 for none.</param>
    /// <param name="noUnit">1 where the row has no unit; empty without a unit column.</param>
    /// <param name="hashes">Units; empty where they are not counted.</param>
    /// <param name="units">Takes the packed hashes.</param>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
    public int TakeArms(ReadOnlySpan<int> codes, ReadOnlySpan<long> noUnit, ReadOnlySpan<ulong> hashes, ulong[] units)
    {
        var (blank, counts) = (_blank, _units);
        var arms = Block.Arm.AsSpan(0, codes.Length);
        var present = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            var arm = codes[i];
            if (arm < 0 || blank[arm])
            {
                arms[i] = -1;
                NoArm++;
                continue;
            }

            if (!noUnit.IsEmpty && noUnit[i] != 0)
            {
                arms[i] = -1;
                NoUnit++;
                continue;
            }

            if (!hashes.IsEmpty)
            {
                units[present++] = hashes[i];
            }

            arms[i] = arm;
            counts[arm]++;
        }

        Sketch.Add(units.AsSpan(0, present), hashes, arms);
        return present;
    }

    public void CountUnit(int arm)
    {
        if (arm >= _units.Length)
        {
            if (arm >= MaximumArms)
            {
                throw TooManyArms();
            }

            Array.Resize(ref _units, Math.Max(arm + 1, 2 * _units.Length));
        }

        _units[arm]++;
    }

    private GnomonError TooManyArms() => new(
        "too-many-arms", $"{_reader.Data.Name}: column '{_reader.Variant}' has more than {MaximumArms} values; arms were expected.",
        "--variant", "Name the column of the arm, not of the unit.");

    public void Begin(Chunk chunk, int shared)
    {
        var rows = chunk.Rows;
        Block.Rows = rows;
        if (Block.Arm.Length < rows)
        {
            Block.Arm = new int[rows];
            _missing = new bool[rows];
            _empty = new double[rows];
            if (_reader.Time is not null)
            {
                Block.Day = new long[rows];
            }

            for (var p = 0; p < Block.Pre.Length; p++)
            {
                Block.Pre[p] = new double[rows];
                Block.PreMissing[p] = new bool[rows];
            }

            for (var s = 0; s < Block.Segments.Length; s++)
            {
                Block.Segments[s] = new string[rows];
            }
        }

        _arms = chunk.Dictionary(0);
        if (!_repeated)
        {
            Rows += rows;
        }

        var column = shared;
        if (Block.Day is not null)
        {
            chunk.Integers(column).CopyTo(Block.Day);
            MarkMissing(chunk, column++, rows);
            for (var i = 0; i < rows; i++)
            {
                // A row without a date keeps its place in the totals and is left out of the days.
                if (_missing[i])
                {
                    Block.Day[i] = long.MinValue;
                    NoDay++;
                }
                else
                {
                    _firstDay = Math.Min(_firstDay ?? long.MaxValue, Block.Day[i]);
                    _lastDay = Math.Max(_lastDay ?? long.MinValue, Block.Day[i]);
                }
            }
        }

        for (var p = 0; p < Block.Pre.Length; p++, column++)
        {
            chunk.Doubles(column).CopyTo(Block.Pre[p]);
            MarkMissing(chunk, column, rows);
            _missing.AsSpan(0, rows).CopyTo(Block.PreMissing[p]);
        }

        if (Block.PrePivots.Length != Block.Pre.Length)
        {
            Block.PrePivots = [.. Block.Pre.Select((values, p) => FirstPresent(values, Block.PreMissing[p], rows))];
        }

        for (var s = 0; s < Block.Segments.Length; s++, column++)
        {
            var codes = chunk.Codes(column);
            var dictionary = chunk.Dictionary(column);
            for (var i = 0; i < rows; i++)
            {
                Block.Segments[s][i] = codes[i] < 0 ? "(none)" : dictionary[codes[i]];
            }

            if (dictionary.Count > MaximumSegmentValues)
            {
                throw new GnomonError(
                    "too-many-segments", $"{_reader.Data.Name}: segment column '{_reader.Segments[s]}' has more than {MaximumSegmentValues} values.",
                    "--segment", "Name a column with few groups, or cut it into bands with --query.");
            }
        }
    }

    public void Absorb(Chunk chunk)
    {
        var rows = chunk.Rows;
        AbsorbPrePeriod(rows);
        Block.SortByArm();
        var column = _firstMetric;
        for (var m = 0; m < _metrics.Length; m++)
        {
            var metric = _specs[m];
            var paired = metric.Denominator is not null || _repeated;
            var squared = _repeated && metric.Denominator is null;
            MarkMissing(chunk, column, rows);
            if (paired)
            {
                AlsoMissing(chunk, column + 1, rows);
            }

            _metrics[m].Absorb(
                Block, Capped(chunk.Doubles(column), Caps?[m]), paired ? chunk.Doubles(column + 1) : _empty, _missing, squared ? chunk.Doubles(column + 2) : default);
            column += 1 + (paired ? 1 : 0) + (squared ? 1 : 0);
        }
    }

    // Here and not in the query, so that a file can be read straight from its bytes.
    private ReadOnlySpan<double> Capped(ReadOnlySpan<double> values, double? cap)
    {
        if (cap is not { } highest)
        {
            return values;
        }

        if (_capped.Length < values.Length)
        {
            _capped = new double[values.Length];
        }

        for (var i = 0; i < values.Length; i++)
        {
            _capped[i] = values[i] > highest ? highest : values[i];
        }

        return _capped.AsSpan(0, values.Length);
    }

    /// <summary>Whether it is known around which values the metrics are added.</summary>
    public bool HasPivots => Array.TrueForAll(_metrics, m => m.HasPivots);

    /// <summary>Adds around the same values as another gathering of these metrics, so that the two can be merged.</summary>
    public void StartAs(Gathering other)
    {
        Block.PrePivots = other.Block.PrePivots;
        for (var m = 0; m < _metrics.Length; m++)
        {
            _metrics[m].StartAs(other._metrics[m]);
        }
    }

    /// <summary>Adds the metrics of another gathering, of other rows; it started as this one.</summary>
    public void Merge(Gathering other)
    {
        // Each knows the arms by the order in which it met them.
        var names = _arms.Select((name, code) => (name, code)).ToDictionary(a => a.name, a => a.code);
        var all = _arms.ToList();
        var codes = new int[other._arms.Count];
        for (var code = 0; code < codes.Length; code++)
        {
            if (!names.TryGetValue(other._arms[code], out codes[code]))
            {
                codes[code] = all.Count;
                all.Add(other._arms[code]);
            }
        }

        _arms = all;
        for (var m = 0; m < _metrics.Length; m++)
        {
            _metrics[m].Merge(other._metrics[m], codes);
        }
    }

    /// <param name="repeated">Rows were totals of a unit.</param>
    /// <param name="metrics">What gathered the metrics of the same rows, where this counted the units only.</param>
    public AbInput Finish(bool repeated, Gathering? metrics = null)
    {
        var seen = Enumerable.Range(0, _units.Length).Where(i => _units[i] > 0).ToList();
        if (seen.Count == 0)
        {
            throw Rows == 0
                ? new GnomonError("no-rows", $"{_reader.Data.Name} has no rows to analyse.", _reader.Data.Name, _reader.Design.Options.Where is null ? "Check the file." : "Check --where.")
                : new GnomonError("no-arms", $"{_reader.Data.Name}: column '{_reader.Variant}' is empty in {(Rows == 1 ? "its only row" : $"all {Figures.Count(Rows)} rows")}.", "--variant", "Name the column of the arm.");
        }

        if (seen.Count == 1)
        {
            throw new GnomonError(
                "one-arm", $"{_reader.Data.Name}: every unit has arm '{_arms[seen[0]]}'; a comparison needs two arms.", "--variant",
                "Check the column and --where; an arm that lost all its units is a fault of assignment or logging.");
        }

        var collectors = (metrics ?? this)._metrics;
        foreach (var (collector, metric) in collectors.Zip(_reader.Design.Metrics))
        {
            if (collector.Impossible > 0)
            {
                throw new GnomonError(
                    "bad-rate", $"{_reader.Data.Name}: in {Figures.Count(collector.Impossible, "row")} '{metric.Column}' is not a whole number between 0 and '{metric.Denominator}'.", "--rate",
                    "Mend the counts, or use --ratio for totals that are not events of trials.");
            }
        }

        var names = seen.ToDictionary(i => _arms[i], i => i);
        var ordered = _reader.Design.OrderArms([.. names.Keys]);
        var order = ordered.Select(a => names[a]).ToList();
        var known = (metrics ?? this)._arms.ToList();
        var codes = ordered.Select(name => known.IndexOf(name)).ToList();
        var finished = collectors.Select(m => m.Finish(codes)).ToList();
        var rate = finished.Exists(m => m.Spec.Kind == MetricKind.Rate);
        return new AbInput
        {
            Arms = ordered,
            Units = rate ? [.. finished[0].Arms.Select(a => a.N)] : [.. order.Select(i => _units[i])],
            Metrics = finished,
            Rows = Rows,
            Repeated = repeated,
            SeveralDays = SeveralDays,
            UnitsInSeveralArms = Overlap,
            OverlapTreatment = _reader.Time is null ? "set aside" : $"kept in the arm they saw first{Draws()}",
            Exclusions = [.. Exclusions()],
            FirstDay = _firstDay,
            LastDay = _lastDay,
            PrePeriod = _prePeriod.Count == 0 ? [] : [.. order.Select(i => PrePeriod(i).ToCoMoments())],
            UnitSketch = _reader.Unit is null ? [] : [.. Sketch.Hashes],
            SketchArms = _reader.Unit is null ? [] : Sketch.Arms(),
        };
    }

    private string Draws() => Drawn == 0 ? string.Empty : $" ({Figures.Count(Drawn)} met several at the same first time: one of these was drawn by a hash of the unit)";

    private IEnumerable<Exclusion> Exclusions() => new Exclusion[]
    {
        new("no arm", NoArm),
        new("no unit id", NoUnit),
        new("unit in several arms", OverlapRows),
        new("no date (kept in the totals, left out of the days)", NoDay),
    }.Where(e => e.Rows > 0);

    private void AbsorbPrePeriod(int rows)
    {
        if (Block.Pre.Length == 0 || !HoldsUnits)
        {
            return;
        }

        var row = new double[Block.Pre.Length];
        for (var i = 0; i < rows; i++)
        {
            if (Block.Arm[i] < 0 || Array.Exists(Block.PreMissing, m => m[i]))
            {
                continue;
            }

            for (var p = 0; p < row.Length; p++)
            {
                row[p] = Block.Pre[p][i];
            }

            PrePeriod(Block.Arm[i]).Add(row);
        }
    }

    private CoMomentsAccumulator PrePeriod(int arm)
    {
        while (_prePeriod.Count <= arm)
        {
            _prePeriod.Add(new CoMomentsAccumulator(Block.PrePivots));
        }

        return _prePeriod[arm];
    }

    private void MarkMissing(Chunk chunk, int column, int rows)
    {
        _missing.AsSpan(0, rows).Clear();
        AlsoMissing(chunk, column, rows);
    }

    private void AlsoMissing(Chunk chunk, int column, int rows)
    {
        var mask = chunk.Validity(column);
        if (mask.IsEmpty)
        {
            return;
        }

        for (var i = 0; i < rows; i++)
        {
            _missing[i] |= (mask[i >> 6] & (1UL << (i & 63))) == 0;
        }
    }

    private static double FirstPresent(double[] values, bool[] missing, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            if (!missing[i])
            {
                return values[i];
            }
        }

        return 0;
    }
}
