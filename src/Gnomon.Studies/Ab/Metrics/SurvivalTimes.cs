using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Methods.Survival;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Times watched per unit, whether they ended with the event, and the curves of the arms.</summary>
internal sealed class SurvivalTimes
{
    private const double StillWatched = 0.9;

    private SurvivalTimes(SurvivalMetric spec, EventColumn @event, double[] times, bool[] ended, int[] arm, int arms, bool[]? counted = null)
    {
        (Spec, EventText, Times, Ended, Arm) = (spec, @event.Text, times, ended, arm);
        Rows = [.. Enumerable.Range(0, arms).Select(a => Enumerable.Range(0, times.Length).Where(i => arm[i] == a && (counted is null || counted[i])).ToArray())];
        Curves = [.. Rows.Select(r => r.Length < 2 ? null : KaplanMeier.Fit(Array.ConvertAll(r, i => times[i]), Array.ConvertAll(r, i => ended[i])))];
        Horizon = spec.Horizon ?? Usual();
    }

    public SurvivalMetric Spec { get; }

    public string EventText { get; }

    public double[] Times { get; }

    public bool[] Ended { get; }

    public int[] Arm { get; }

    /// <summary>Rows by arm.</summary>
    public int[][] Rows { get; }

    /// <summary>Null for an arm with fewer than 2 units.</summary>
    public KaplanMeier?[] Curves { get; }

    public double Horizon { get; }

    /// <summary>Units are linked, and the curves are those of units whose neighbours shared their arm.</summary>
    public bool ByExposure { get; private init; }

    /// <summary>Cluster of each unit, 0, 1, ...; null where units were assigned one by one.</summary>
    public int[]? Cluster { get; private init; }

    /// <exception cref="GnomonError">Negative times, no event, or a horizon beyond the watch.</exception>
    public static SurvivalTimes Read(SurvivalMetric spec, AbReader reader, AbInput input, StudyContext context)
    {
        var clustered = reader.Design.Options.Cluster is not null;
        if (input.Repeated && !clustered)
        {
            throw new GnomonError("units-repeat", $"--survival needs one row per {reader.Unit}; there are {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}.", "--survival", $"Bring the rows together first with --query, or leave out --unit and write --cluster {reader.Unit}: every row then counts for itself, with errors by {reader.Unit}.");
        }

        var schema = reader.Data.Schema;
        var field = RequireNumber(spec, reader.Data);
        var column = Event(spec, schema);
        UnitColumn[] columns = [new("time", Scalar.Column(field.Name).ToDouble(), UnitFold.Sum), new("event", Scalar.Column(column.Column).ToText(), UnitFold.Text)];
        var units = clustered ? UnitTable.OfRows(reader, input, columns, context) : UnitTable.Read(reader, input, columns, context);
        var (times, codes) = (units.Numbers("time"), units.Codes("event"));
        int[] rows = [.. Enumerable.Range(0, units.Count).Where(i => !double.IsNaN(times[i]) && codes[i] >= 0)];
        RequirePositive(spec, reader.Data.Name, Array.ConvertAll(rows, i => times[i]));
        var ended = Said(spec, () => column.Read(new TextColumn("event", codes, units.Levels("event")), rows));
        return new SurvivalTimes(spec, column, Array.ConvertAll(rows, i => times[i]), ended, Array.ConvertAll(rows, i => units.Arm[i]), input.Arms.Count) { Cluster = clustered ? Dense(rows, i => units.Hash[i]) : null };
    }

    /// <summary>Linked units: curves are those of units that count, whose neighbours shared their arm.</summary>
    /// <param name="rows">Row of each unit in <paramref name="text"/>, the column that names the event.</param>
    public static SurvivalTimes Exposed(SurvivalMetric spec, string data, Schema schema, double[] times, TextColumn text, int[] rows, int[] arm, int arms, bool[] counted, int[]? clusters)
    {
        RequirePositive(spec, data, times);
        var column = Event(spec, schema);
        return new SurvivalTimes(spec, column, times, Said(spec, () => column.Read(text, rows)), arm, arms, counted) { Cluster = clusters, ByExposure = true };
    }

    /// <exception cref="GnomonError"><c>metric-not-a-number</c>.</exception>
    public static Field RequireNumber(SurvivalMetric spec, IDataset data)
    {
        var field = data.Schema.Require(spec.Time, "--survival");
        return field.IsNumeric
            ? field
            : throw new GnomonError("metric-not-a-number", $"{data.Name}: column '{field.Name}' is of type {field.NativeType}; a time watched is a number.", "--survival", "Compute it with --query: date_diff('day', started, coalesce(ended, today)).");
    }

    /// <summary>The column that says whether the watch ended with the event.</summary>
    public static EventColumn Event(SurvivalMetric spec, Schema schema) => Said(spec, () => EventColumn.Of(spec.Event, schema));

    private static void RequirePositive(SurvivalMetric spec, string data, double[] times)
    {
        if (Array.Exists(times, t => t < 0))
        {
            throw new GnomonError("bad-number", $"{data}: '{spec.Time}' is negative in {Figures.Count(times.Count(t => t < 0), "row")}; a time watched is not.", "--survival", "Check how it was computed, or leave those rows out with --where.");
        }
    }

    /// <summary>Codes 0, 1, ... of the clusters of these rows, by first appearance.</summary>
    private static int[] Dense(int[] rows, Func<int, ulong> cluster)
    {
        var known = new Dictionary<ulong, int>();
        return Array.ConvertAll(rows, i => known.TryGetValue(cluster(i), out var code) ? code : known[cluster(i)] = known.Count);
    }

    // The event is named in --survival here, behind the time.
    private static T Said<T>(SurvivalMetric spec, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (GnomonError e) when (e.Where == "--event")
        {
            throw new GnomonError(e.Code, e.Message, "--survival", e.Hint?.Replace("--event ", $"--survival {spec.Time}/", StringComparison.Ordinal), e);
        }
    }

    public MetricInput Metric(MetricSpec spec, AbInput input) => new()
    {
        Spec = spec,
        Binary = false,
        Method = $"mean time without the event up to {Figures.Number(Horizon)}, from the curves",
        ByDesign = Cluster is not null,
        Arms = [.. Curves.Select((curve, a) => One(curve, input.Arms[a], Cluster is null ? input.Units[a] - Rows[a].Length : 0, a))],
    };

    /// <summary>Contributions to the arms' curves by cluster; null where units were assigned one by one.</summary>
    public ClusterMetric? ByCluster(MetricSpec spec)
    {
        if (Cluster is null)
        {
            return null;
        }

        var centre = Curves[0] is { } control ? Try<double?>(() => control.Mean(Horizon).Mean) ?? 0 : 0;
        var arms = Curves.Select((curve, a) => curve is null ? null : Try(() => Contributions(a, centre))).ToList();
        return new ClusterMetric { Name = spec.Name, Centre = centre, Arms = [.. arms.Select(a => a?.Totals ?? new ClusterTotals([], []))], Squares = [.. arms.Select(a => a?.Squares ?? 0)] };
    }

    private ClusteredRestrictedMeanResult Contributions(int arm, double centre)
    {
        var codes = Dense(Rows[arm], i => (ulong)Cluster![i]);
        return ClusteredRestrictedMean.Of(Array.ConvertAll(Rows[arm], i => Times[i]), Array.ConvertAll(Rows[arm], i => Ended[i]), codes, codes.Max() + 1, Horizon, centre);
    }

    private static T? Try<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (NotEstimableException)
        {
            return default; // the arm is refused with its reason
        }
    }

    private ArmMetric One(KaplanMeier? curve, string arm, long missing, int at)
    {
        if (curve is null)
        {
            return new ArmMetric { Values = Moments.Empty, Refused = $"arm {arm} has fewer than 2 units with a time; a curve needs 2" };
        }

        try
        {
            var mean = curve.Mean(Horizon);
            if (Cluster is not null)
            {
                return new ArmMetric { Values = ClusterParts.Shape(Contributions(at, mean.Mean).Totals, mean.Mean) };
            }

            return new ArmMetric { Values = DerivedReader.Shape(new MeanEstimate(mean.Mean, mean.StandardError * mean.StandardError), curve.Count), Missing = missing };
        }
        catch (NotEstimableException e)
        {
            return new ArmMetric { Values = Moments.Empty, Refused = $"arm {arm}: {e.Message}" };
        }
    }

    // Up to where a tenth of every arm was still watched: beyond, one unit moves the curve by much.
    private double Usual()
    {
        var used = Rows.Where(r => r.Length >= 2).ToList();
        var tenth = used.Count == 0 ? 0 : used.Min(r => r.Select(i => Times[i]).Order().ElementAt((int)(StillWatched * (r.Length - 1))));
        var longest = used.Count == 0 ? 0 : used.Min(r => r.Max(i => Times[i]));
        return tenth > 0 ? tenth : longest > 0 ? longest : throw new GnomonError("not-estimable", $"Every {Spec.Time} of an arm is 0 or missing: nothing was watched.", "--survival", "Check how the time was computed.");
    }
}
