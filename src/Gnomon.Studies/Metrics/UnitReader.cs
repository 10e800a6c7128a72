using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Metrics;

/// <summary>Reads a row per unit: its test, its arm, the goal and every metric.</summary>
internal sealed class UnitReader
{
    private readonly MetricsOptions _options;
    private readonly IDataset _data;
    private readonly (string Numerator, string? Denominator)[] _outcomes;
    private readonly string[] _columns;
    private readonly List<double>[] _values;
    private readonly List<int> _tests = [];
    private readonly List<int> _arms = [];
    private readonly HashSet<(int, ulong)> _units = [];
    private IReadOnlyList<string> _testNames = [];
    private IReadOnlyList<string> _armNames = [];
    private long _gaps;
    private long _outside;

    private UnitReader(MetricsOptions options, IDataset data)
    {
        (_options, _data) = (options, data);
        _outcomes = [.. options.Metric.Prepend(options.Goal!).Select((m, i) => Parse(m, i == 0 ? "--goal" : "--metric"))];
        _columns = [.. _outcomes.SelectMany(o => o.Denominator is null ? new[] { o.Numerator } : [o.Numerator, o.Denominator]).Distinct(StringComparer.Ordinal)];
        _values = [.. _columns.Select(_ => new List<double>())];
    }

    public static LabInput Read(MetricsOptions options, StudyContext context) => new UnitReader(options, context.RequireData()).Read(context.Cancellation);

    private (string, string?) Parse(string metric, string option)
    {
        var slash = metric.IndexOf('/', StringComparison.Ordinal);
        return _data.Schema.Find(metric) is null && slash > 0
            ? (Number(metric[..slash].Trim(), option), Number(metric[(slash + 1)..].Trim(), option))
            : (Number(metric, option), null);
    }

    private string Number(string name, string option)
    {
        var field = _data.Schema.Require(name, option);
        return field.IsNumeric
            ? field.Name
            : throw new GnomonError("metric-not-a-number", $"{_data.Name}: column '{field.Name}' is of type {field.NativeType}; a metric is a number or true/false.", option, "Name another column.");
    }

    private LabInput Read(CancellationToken cancellation)
    {
        var schema = _data.Schema;
        List<Projection> select =
        [
            new("test", Scalar.Column(schema.Require(_options.Test!, "--test").Name).ToText()),
            new("arm", Scalar.Column(schema.Require(_options.Variant!, "--variant").Name).ToText()),
            .. _columns.Select((c, i) => new Projection($"v{i}", Scalar.Column(c).ToDouble())),
        ];
        if (_options.Unit is { } unit)
        {
            select.Add(new Projection("unit", Scalar.Column(schema.Require(unit, "--unit").Name).Hash()));
        }

        _data.Scan(new Query { Select = select }, Take, cancellation);
        if (_tests.Count == 0)
        {
            throw new GnomonError("no-rows", $"{_data.Name} has no row with a test, an arm and a value of every metric.", _data.Name, "Look at the columns with gnomon profile.");
        }

        return Finish();
    }

    private bool Take(Chunk chunk)
    {
        var tests = chunk.Codes(0);
        var arms = chunk.Codes(1);
        for (var i = 0; i < chunk.Rows; i++)
        {
            if (tests[i] < 0 || arms[i] < 0)
            {
                _outside++;
                continue;
            }

            var whole = true;
            for (var c = 0; c < _columns.Length; c++)
            {
                whole &= !chunk.IsNull(c + 2, i);
            }

            if (!whole)
            {
                _gaps++;
                continue;
            }

            if (_options.Unit is not null && !_units.Add((tests[i], chunk.Hashes(_columns.Length + 2)[i])))
            {
                throw new GnomonError("units-repeat", $"{_data.Name}: a unit has several rows in test '{chunk.Dictionary(0)[tests[i]]}'; metrics are judged on one row per unit and test.", "--unit", "Add its rows up first with --query.");
            }

            _tests.Add(tests[i]);
            _arms.Add(arms[i]);
            for (var c = 0; c < _columns.Length; c++)
            {
                _values[c].Add(chunk.Doubles(c + 2)[i]);
            }
        }

        (_testNames, _armNames) = (chunk.Dictionary(0), chunk.Dictionary(1));
        return true;
    }

    private LabInput Finish()
    {
        int[] tests = [.. _tests], arms = [.. _arms];
        double[][] read = [.. _values.Select(v => v.ToArray())];
        double[] Column(string name) => read[Array.IndexOf(_columns, name)];
        string[] names = [.. _options.Metric.Prepend(_options.Goal!)];
        var outcomes = _outcomes.Select((o, i) => o.Denominator is null ? Column(o.Numerator) : Linear(Column(o.Numerator), Column(o.Denominator), tests, arms, names[i])).ToList();
        var remarks = new List<string>();
        var found = PastTests.Of(outcomes, tests, arms, _testNames, _armNames, _options.Control, remarks);
        if (_gaps > 0)
        {
            remarks.Add($"{Figures.Count(_gaps, "unit")} without a value of every metric {(_gaps == 1 ? "is" : "are")} left out.");
        }

        if (_outside > 0)
        {
            remarks.Add($"{Figures.Count(_outside, "row")} without a test or an arm {(_outside == 1 ? "is" : "are")} left out.");
        }

        var denominators = _outcomes.Select((o, i) => (o.Denominator, Index: i)).Where(o => o.Denominator is not null)
            .ToDictionary(o => o.Index, o => (IReadOnlyList<PastTest>)PastTests.Of([Column(o.Denominator!)], tests, arms, _testNames, _armNames, _options.Control, []));
        return new LabInput
        {
            Names = names,
            Signs = LabInput.SignsOf(_options, names),
            Tests = found,
            Values = outcomes,
            IsControl = Controls(tests, arms),
            Denominators = denominators,
            Remarks = remarks,
        }.RequireTests(_data.Name);
    }

    // A ratio of totals as a mean of values per unit: its linear form within each arm (Deng, Knoblich and Lu 2018).
    private static double[] Linear(double[] numerator, double[] denominator, int[] tests, int[] arms, string name)
    {
        var totals = new Dictionary<(int, int), (double Numerator, double Denominator, long Count)>();
        for (var i = 0; i < tests.Length; i++)
        {
            var sum = totals.GetValueOrDefault((tests[i], arms[i]));
            totals[(tests[i], arms[i])] = (sum.Numerator + numerator[i], sum.Denominator + denominator[i], sum.Count + 1);
        }

        if (totals.Values.Any(t => !(t.Denominator > 0)))
        {
            throw new GnomonError("not-estimable", $"{name}: the denominator of an arm adds up to 0 or less.", "--metric", "Name another denominator, or leave the test out with --where.");
        }

        return [.. numerator.Select((x, i) =>
        {
            var t = totals[(tests[i], arms[i])];
            var ratio = t.Numerator / t.Denominator;
            return ratio + (x - ratio * denominator[i]) / (t.Denominator / t.Count);
        })];
    }

    private bool[] Controls(int[] tests, int[] arms)
    {
        var control = new Dictionary<int, string>();
        foreach (var group in tests.Zip(arms).Distinct().GroupBy(p => p.First))
        {
            string[] seen = [.. group.Select(p => _armNames[p.Second])];
            control[group.Key] = Ab.AbDesign.ControlFirst(seen, _options.Control is { } named && seen.Contains(named, StringComparer.Ordinal) ? named : null)[0];
        }

        return [.. tests.Select((t, i) => _armNames[arms[i]] == control[t])];
    }
}
