using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Survival;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Times watched per unit, whether they ended with the event, and the curves of the arms.</summary>
internal sealed class SurvivalTimes
{
    private const double StillWatched = 0.9;

    private SurvivalTimes(SurvivalMetric spec, EventColumn @event, double[] times, bool[] ended, int[] arm, int arms)
    {
        (Spec, Event, Times, Ended, Arm) = (spec, @event.Text, times, ended, arm);
        Rows = [.. Enumerable.Range(0, arms).Select(a => Enumerable.Range(0, times.Length).Where(i => arm[i] == a).ToArray())];
        Curves = [.. Rows.Select(r => r.Length < 2 ? null : KaplanMeier.Fit(Array.ConvertAll(r, i => times[i]), Array.ConvertAll(r, i => ended[i])))];
        Horizon = spec.Horizon ?? Usual();
    }

    public SurvivalMetric Spec { get; }

    public string Event { get; }

    public double[] Times { get; }

    public bool[] Ended { get; }

    public int[] Arm { get; }

    /// <summary>Rows by arm.</summary>
    public int[][] Rows { get; }

    /// <summary>Null for an arm with fewer than 2 units.</summary>
    public KaplanMeier?[] Curves { get; }

    public double Horizon { get; }

    /// <exception cref="GnomonError">Negative times, no event, or a horizon beyond the watch.</exception>
    public static SurvivalTimes Read(SurvivalMetric spec, AbReader reader, AbInput input, StudyContext context)
    {
        if (input.Repeated)
        {
            throw new GnomonError("units-repeat", $"--survival needs one row per {reader.Unit}; there are {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}.", "--survival", "Bring the rows together first with --query.");
        }

        var schema = reader.Data.Schema;
        var field = schema.Require(spec.Time, "--survival");
        if (!field.IsNumeric)
        {
            throw new GnomonError("metric-not-a-number", $"{reader.Data.Name}: column '{field.Name}' is of type {field.NativeType}; a time watched is a number.", "--survival", "Compute it with --query: date_diff('day', started, coalesce(ended, today)).");
        }

        var column = Said(spec, () => EventColumn.Of(spec.Event, schema));
        var units = UnitTable.Read(reader, input, [new("time", Scalar.Column(field.Name).ToDouble(), UnitFold.Sum), new("event", Scalar.Column(column.Column).ToText(), UnitFold.Text)], context);
        var (times, codes) = (units.Numbers("time"), units.Codes("event"));
        int[] rows = [.. Enumerable.Range(0, units.Count).Where(i => !double.IsNaN(times[i]) && codes[i] >= 0)];
        if (Array.Exists(rows, i => times[i] < 0))
        {
            throw new GnomonError("bad-number", $"{reader.Data.Name}: '{field.Name}' is negative in {Figures.Count(rows.Count(i => times[i] < 0), "row")}; a time watched is not.", "--survival", "Check how it was computed, or leave those rows out with --where.");
        }

        var ended = Said(spec, () => column.Read(new TextColumn("event", codes, units.Levels("event")), rows));
        return new SurvivalTimes(spec, column, Array.ConvertAll(rows, i => times[i]), ended, Array.ConvertAll(rows, i => units.Arm[i]), input.Arms.Count);
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
        Arms = [.. Curves.Select((curve, a) => One(curve, input.Arms[a], input.Units[a] - Rows[a].Length))],
    };

    private ArmMetric One(KaplanMeier? curve, string arm, long missing)
    {
        if (curve is null)
        {
            return new ArmMetric { Values = Moments.Empty, Refused = $"arm {arm} has fewer than 2 units with a time; a curve needs 2" };
        }

        try
        {
            var mean = curve.Mean(Horizon);
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
