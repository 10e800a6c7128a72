using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Programme;

/// <summary>Reads a list of experiments, one row each.</summary>
internal sealed class ProgrammeReader
{
    private const int MostRows = 100_000;
    private const int MostLooks = 1_000;

    // A stated p and one computed from the counts may differ by rounding and by the choice of the test.
    private const double StatedSlack = 0.005;

    private readonly ProgrammeOptions _options;
    private readonly IDataset _data;
    private readonly ProgrammeColumns _columns;
    private readonly List<Field> _selected = [];
    private Table _table = null!;

    private ProgrammeReader(ProgrammeOptions options, IDataset data)
    {
        _options = options;
        _data = data;
        _columns = ProgrammeColumns.Find(options, data.Schema, data.Name);
    }

    public static ProgrammeInput Read(ProgrammeOptions options, StudyContext context) => new ProgrammeReader(options, context.RequireData()).Read(context.Cancellation);

    private ProgrammeInput Read(CancellationToken cancellation)
    {
        var c = _columns;
        Field?[] numbers = [c.P, c.Effect, c.Error, c.Low, c.High, c.Counts?.ControlUsers, c.Counts?.ControlEvents, c.Counts?.TreatmentUsers, c.Counts?.TreatmentEvents, c.Looks, c.Predicted, c.Users, c.SplitP];
        Field?[] texts = [c.Name, c.Split, c.Decision, c.Override, c.Plan, c.Kind, c.Metric, c.Idea, c.Finding, c.LooksCounted];
        var select = new List<Projection>();
        Add(numbers, f => Scalar.Column(f.Name).ToDouble());
        Add(texts, f => Scalar.Column(f.Name).ToText());
        Add([c.Date], f => Scalar.Call(ScalarFunction.ToDay, Scalar.Column(f.Name)));
        _table = _data.Read(new Query { Select = select, Limit = MostRows + 1 }, cancellation);
        if (_table.Rows > MostRows)
        {
            throw new GnomonError("too-many-experiments", $"{_data.Name} has more than {MostRows:N0} rows; a list of experiments has a row for each.", _data.Name, "For one row per unit name the columns of the arms: --tests COLUMN,COLUMN --metric COLUMN.");
        }

        var rows = new List<TestRow>();
        var open = new List<(string, long?)>();
        for (var i = 0; i < _table.Rows; i++)
        {
            if (Row(i) is { } row)
            {
                rows.Add(row);
            }
            else
            {
                open.Add((c.Name is { } name && Text(name, i) is { Length: > 0 } text ? text : $"row {i + 1}", c.Date is { } day ? Day(day, i) : null));
            }
        }

        return Input(rows, open);

        void Add(IEnumerable<Field?> fields, Func<Field, Scalar> value)
        {
            foreach (var field in fields.OfType<Field>().Where(f => !_selected.Contains(f)))
            {
                _selected.Add(field);
                select.Add(new Projection($"c{_selected.Count}", value(field)));
            }
        }
    }

    private ProgrammeInput Input(List<TestRow> rows, List<(string Name, long? Day)> open)
    {
        var tests = rows.Where(r => r.Kind == TestKind.Experiment).ToList();
        if (tests.Count == 0)
        {
            throw open.Count > 0
                ? new GnomonError("no-experiments", $"{_data.Name} holds no experiment with a result yet: {string.Join(", ", open.Take(3).Select(o => o.Name))}{(open.Count > 3 ? ", ..." : string.Empty)} {(open.Count == 1 ? "is" : "are")} still running, or never read.", _data.Name, "Ask again when one has stopped.")
                : new GnomonError("no-experiments", $"{_data.Name} holds no experiment with a result.", _data.Name, "Check the columns with gnomon profile.");
        }

        var metrics = _columns.Metric is { } metric ? Enumerable.Range(0, _table.Rows).Select(i => Text(metric, i)).Where(t => t is not null).Distinct(StringComparer.Ordinal).Count() : 1;
        var hasEffects = tests.Exists(t => t.Effect is not null && t.StandardError is not null);
        var remarks = new List<string>();
        if (open.Count > 0)
        {
            remarks.Add($"{Figures.Count(open.Count, "row")} without a result {(open.Count == 1 ? "is" : "are")} left out: still running, or never read.");
        }

        if (hasEffects && metrics > 1 && !_columns.IsRelative)
        {
            remarks.Add($"The effects are of {Figures.Count(metrics, "metric")} in units of their own, so nothing is pooled, shrunk or added up. Give relative effects (a column called lift) to have that.");
        }

        var stated = tests.Where(t => t.StatedP is not null).ToList();
        if (stated.Count > 0)
        {
            var worst = stated.OrderByDescending(t => Math.Abs(t.StatedP!.Value - t.P)).First();
            remarks.Add($"{Figures.Count(stated.Count, "stated p-value does", "stated p-values do")} not follow from the counts, which are used instead: {worst.Name} states {Figures.P(worst.StatedP!.Value)}, its counts give {Figures.P(worst.P)}.");
        }

        return new ProgrammeInput
        {
            Tests = tests,
            AaTests = [.. rows.Where(r => r.Kind == TestKind.Aa)],
            Holdouts = [.. rows.Where(r => r.Kind == TestKind.Holdout)],
            Unit = !hasEffects || (metrics > 1 && !_columns.IsRelative) ? null : _columns.IsRelative ? "relative" : "number",
            Remarks = remarks,
            Open = open,
        };
    }

    private TestRow? Row(int i)
    {
        var name = _columns.Name is { } n && Text(n, i) is { Length: > 0 } text ? text : $"row {i + 1}";
        var result = Counted(i, name) ?? Stated(i, name);
        return result is null ? null : result with
        {
            Name = name,
            Kind = Kind(_columns.Kind is { } k ? Text(k, i) : null),
            Looks = Looks(i, name),
            AreLooksCounted = _columns.LooksCounted is { } counts && Says(counts, i) && Text(counts, i) != "fixed",
            Split = Shares(i, name) ?? (0.5, 0.5),
            SplitDeclared = Shares(i, name) is not null,
            RecordedSplitP = Number(_columns.SplitP, i),
            Predicted = Number(_columns.Predicted, i) is { } predicted ? Sign * predicted : null,
            Decision = _columns.Decision is { } d ? Text(d, i) : null,
            Override = _columns.Override is { } o && Text(o, i) is { Length: > 0 } instead ? instead : null,
            Planned = _columns.Plan is { } p ? Says(p, i) : null,
            Day = _columns.Date is { } day ? Day(day, i) : null,
            Finding = _columns.Finding is { } found && Text(found, i) is { Length: > 0 } says ? says.Trim().ToLowerInvariant() : null,
            Idea = _columns.Idea is { } idea ? Text(idea, i) : null,
            Metric = _columns.Metric is { } metric ? Text(metric, i) : null,
        };
    }

    // Any text but a no: a rule, a name of a plan.
    private bool Says(Field field, int i) => Text(field, i) is { Length: > 0 } text && !text.Equals("false", StringComparison.OrdinalIgnoreCase) && text is not ("0" or "no" or "none");

    private int Sign => _options.LowerIsBetter ? -1 : 1;

    private TestRow? Counted(int i, string name)
    {
        if (_columns.Counts is not { } c
            || Number(c.ControlUsers, i) is not { } cn || Number(c.ControlEvents, i) is not { } cx || Number(c.TreatmentUsers, i) is not { } tn || Number(c.TreatmentEvents, i) is not { } tx)
        {
            return null;
        }

        if (!(Whole(cn) && Whole(cx) && Whole(tn) && Whole(tx) && cn >= 1 && tn >= 1 && cx >= 0 && tx >= 0 && cx <= cn && tx <= tn))
        {
            throw new GnomonError("bad-counts", $"{_data.Name}, {name}: {Figures.Number(cx)} of {Figures.Number(cn)} against {Figures.Number(tx)} of {Figures.Number(tn)} are no counts of two arms.", name, "Counts are whole, and events are at most the users.");
        }

        var counts = new ArmCounts((long)cn, (long)cx, (long)tn, (long)tx);
        var p = TwoProportions.Compare(counts.TreatmentEvents, counts.TreatmentUsers, counts.ControlEvents, counts.ControlUsers).PValue;
        var lift = Lift(counts);
        return new TestRow
        {
            Name = name,
            P = p,
            Counts = counts,
            Users = counts.ControlUsers + counts.TreatmentUsers,
            Effect = Sign * lift?.Value,
            Direction = Sign * Math.Sign((counts.TreatmentEvents * (decimal)counts.ControlUsers) - (counts.ControlEvents * (decimal)counts.TreatmentUsers)),
            StandardError = lift?.StandardError,
            StatedP = Number(_columns.P, i) is { } stated && Math.Abs(stated - p) > StatedSlack + 0.1 * p ? stated : null,
        };
    }

    private static ContrastResult? Lift(ArmCounts c)
    {
        if (c.ControlEvents == 0)
        {
            return null;
        }

        try
        {
            return RelativeLift.Delta(MeanEstimate.Of(BernoulliMoments.Of(c.TreatmentEvents, c.TreatmentUsers)), MeanEstimate.Of(BernoulliMoments.Of(c.ControlEvents, c.ControlUsers)));
        }
        catch (Exception none) when (none is NotEstimableException or TooFewRowsException)
        {
            return null; // everybody or nobody had the event: a p-value, and no lift
        }
    }

    private TestRow? Stated(int i, string name)
    {
        var effect = Sign * Number(_columns.Effect, i);
        var p = Number(_columns.P, i);
        var error = Number(_columns.Error, i);
        if (p is < 0 or > 1)
        {
            throw new GnomonError("bad-p-value", $"{_data.Name}, {name}: a p-value of {Figures.Number(p.Value)} does not lie in 0 to 1.", _columns.P!.Name, "Name the column of p-values with --p.");
        }

        if (error is <= 0)
        {
            throw new GnomonError("bad-standard-error", $"{_data.Name}, {name}: a standard error of {Figures.Number(error.Value)} is not positive.", _columns.Error!.Name, "Name the column of standard errors with --se.");
        }

        if (Sign * effect is { } point && (point < Number(_columns.Low, i) || point > Number(_columns.High, i)))
        {
            throw new GnomonError("bad-interval", $"{_data.Name}, {name}: the effect {Figures.Number(point)} lies outside its own interval, {Figures.Number(Number(_columns.Low, i) ?? double.NegativeInfinity)} to {Figures.Number(Number(_columns.High, i) ?? double.PositiveInfinity)}.", name, "Mend the row, or leave one of the two out.");
        }

        if (error is null && Number(_columns.Low, i) is { } low && Number(_columns.High, i) is { } high && high > low)
        {
            error = (high - low) / 2 / Normal.UpperQuantile(0.025);
        }

        if (error is null && p is > 0 and < 1 && effect is { } e && e != 0)
        {
            error = Math.Abs(e) / Normal.UpperQuantile(p.Value / 2);
        }

        p ??= effect is { } known && error is { } s ? 2 * Normal.Sf(Math.Abs(known) / s) : null;
        return p is null ? null : new TestRow { Name = name, P = p.Value, Effect = effect, StandardError = error, Users = Number(_columns.Users, i) is { } users && users >= 1 ? (long)users : null };
    }

    private static TestKind Kind(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "aa" or "a/a" or "a-a" or "null" => TestKind.Aa,
        "holdout" or "bundle" or "hold-out" => TestKind.Holdout,
        _ => TestKind.Experiment,
    };

    private int Looks(int i, string name)
    {
        if (Number(_columns.Looks, i) is not { } looks)
        {
            return 1;
        }

        return looks >= 1 && Whole(looks)
            ? (int)Math.Min(looks, MostLooks)
            : throw new GnomonError("bad-looks", $"{_data.Name}, {name}: it cannot have been read {Figures.Number(looks)} times.", _columns.Looks!.Name, "Looks are whole and at least 1.");
    }

    private (double, double)? Shares(int i, string name)
    {
        if (_columns.Split is not { } field || Text(field, i) is not { Length: > 0 } text)
        {
            return null;
        }

        var parts = text.Split(['/', ':'], StringSplitOptions.TrimEntries);
        if (parts.Length == 2 && OptionNumber(parts[0]) is { } a && OptionNumber(parts[1]) is { } b && a > 0 && b > 0)
        {
            return (a / (a + b), b / (a + b));
        }

        throw new GnomonError("bad-split", $"{_data.Name}, {name}: '{text}' is no split of two arms.", field.Name, "Write 50/50, control first.");
    }

    private static double? OptionNumber(string text) => double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static bool Whole(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15;

    private Column Of(Field field) => _table.Columns[_selected.IndexOf(field)];

    private double? Number(Field? field, int i) => field is null || Of(field).IsNull(i) ? null : ((DoubleColumn)Of(field)).Values[i];

    private string? Text(Field field, int i) => Of(field).Cell(i) as string;

    private long? Day(Field field, int i) => Of(field).IsNull(i) ? null : ((IntegerColumn)Of(field)).Values[i];
}
