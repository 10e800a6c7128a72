using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>A scan of the rows of an experiment in which a row is a unit: of its units, of its metrics, or of both at once.</summary>
internal sealed class RowScan
{
    private readonly AbReader _reader;
    private readonly IReadOnlyList<Projection> _select;
    private readonly int _shared;
    private readonly UnitSet? _set;
    private readonly bool _hasUnit;
    private ulong[] _units = [];

    /// <param name="reader">The question and its columns.</param>
    /// <param name="metrics">The metrics to read: those of the design, or none.</param>
    /// <param name="caps">Highest values that count, by metric; null where all do.</param>
    /// <param name="countsUnits">Also counts units and looks for repeats.</param>
    public RowScan(AbReader reader, IReadOnlyList<MetricSpec> metrics, IReadOnlyList<double?>? caps, bool countsUnits)
    {
        _reader = reader;
        _hasUnit = reader.Unit is not null;
        _set = _hasUnit && countsUnits ? new UnitSet() : null;
        var select = new List<Projection> { new("arm", reader.Arm.ToText()) };
        if (_hasUnit)
        {
            select.Add(new Projection("nounit", Scalar.Column(reader.Unit!).IsNull()));
        }

        if (_set is not null)
        {
            select.Add(new Projection("unit", Scalar.Column(reader.Unit!).Hash()));
        }

        _shared = select.Count;
        reader.AddShared(select, time: t => Scalar.Call(ScalarFunction.ToDay, t), pre: p => Scalar.Column(p).ToDouble(), segment: s => Scalar.Column(s).ToText());
        var firstMetric = select.Count;
        for (var m = 0; m < metrics.Count; m++)
        {
            select.Add(new Projection($"m{m}", AbReader.Value(metrics[m])));
            if (metrics[m].Denominator is { } denominator)
            {
                select.Add(new Projection($"d{m}", Scalar.Column(denominator).ToDouble()));
            }
        }

        State = new Gathering(reader, metrics, metrics.Select(m => m.Kind == MetricKind.Ratio), firstMetric, repeated: false) { Caps = caps, HoldsUnits = countsUnits };
        _select = select;
    }

    public Gathering State { get; }

    /// <summary>The scan stopped because a unit came again.</summary>
    public bool MetRepeats { get; private set; }

    /// <summary>The rows that it takes.</summary>
    /// <param name="limit">So many of the first; null for all.</param>
    public Query Query(long? limit = null) => new() { Select = _select, Limit = limit };

    /// <summary>Reads all rows; false when it met a unit again, and no scan is of use any more.</summary>
    public bool Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        _reader.Data.Scan(Query(), Take, cancellation, progress);
        return !MetRepeats;
    }

    /// <summary>Takes a block of the rows of <see cref="Query"/>; false when no more are needed.</summary>
    public bool Take(Chunk chunk)
    {
        State.Begin(chunk, _shared);
        var hashes = _set is null ? default : chunk.Hashes(2);
        if (_units.Length < hashes.Length)
        {
            _units = new ulong[hashes.Length];
        }

        // The dictionary knows the texts of the codes that were asked for.
        var codes = chunk.Codes(0);
        State.Know(chunk.Dictionary(0));
        var present = State.TakeArms(codes, _hasUnit ? chunk.Integers(1) : default, hashes, _units);
        if (_set is not null && !_set.Add(_units.AsSpan(0, present)))
        {
            MetRepeats = true;
            return false;
        }

        State.Absorb(chunk);
        return true;
    }

    /// <summary>Whether a unit came more than once; to be asked when all rows are read.</summary>
    public bool HasRepeats(int threads, CancellationToken cancellation) => _set?.HasRepeats(threads, cancellation) == true;
}
