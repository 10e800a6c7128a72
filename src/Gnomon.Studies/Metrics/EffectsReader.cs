using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Metrics;

/// <summary>Reads a row per test and metric: the effect and its standard error.</summary>
internal static class EffectsReader
{
    private const int MostRows = 1_000_000;

    public static LabInput Read(MetricsOptions options, StudyContext context)
    {
        var data = context.RequireData();
        var rows = Rows(options, data, context.Cancellation);
        var listed = rows.Select(r => r.Metric).Distinct(StringComparer.Ordinal).ToList();
        string[] names = options.Metric.Count > 0 ? [options.Goal!, .. options.Metric] : [options.Goal!, .. listed.Where(m => m != options.Goal)];
        if (names.FirstOrDefault(n => !listed.Contains(n, StringComparer.Ordinal)) is { } missing)
        {
            throw new GnomonError("metric-not-found", $"{data.Name} has no row for metric '{missing}'. Metrics: {string.Join(", ", listed.Take(30))}.", missing == options.Goal ? "--goal" : "--metric", NearestName.To(missing, listed) is { } near ? $"Did you mean '{near}'?" : null);
        }

        if (names.Length < 2)
        {
            throw new GnomonError("metric-not-found", $"{data.Name} holds no metric beside the goal '{options.Goal}'.", "--metric", "Add rows for the early metrics of the same tests.");
        }

        var remarks = new List<string>();
        var tests = new List<PastTest>();
        var thin = 0;
        foreach (var test in rows.GroupBy(r => r.Test, StringComparer.Ordinal))
        {
            var own = test.Where(r => names.Contains(r.Metric, StringComparer.Ordinal)).ToList();
            if (own.GroupBy(r => r.Metric, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new GnomonError("rows-repeat", $"{data.Name}: test '{test.Key}' has several rows for metric '{twice.Key}'.", "--test", "Keep one row per test and metric with --where.");
            }

            if (own.Count < names.Length)
            {
                thin++;
                continue;
            }

            tests.Add(Test(test.Key, [.. names.Select(n => own.First(r => r.Metric == n))]));
        }

        if (thin > 0)
        {
            remarks.Add($"{Figures.Count(thin, "past test")} without a row for every metric {(thin == 1 ? "is" : "are")} left out.");
        }

        remarks.Add(options.Correlation is null
            ? "Noise that a metric and the goal share in one test is taken as none, for lack of a --correlation column: where they move together over users, that flatters the metric."
            : "Noise that metrics other than the goal share is taken as none.");
        remarks.Add("With effects alone there is no surrogate index, no A/A test, no size for a wanted change and no look at few heavy users: give a row per unit for these.");
        return new LabInput { Names = names, Signs = LabInput.SignsOf(options, names), Tests = tests, Remarks = remarks }.RequireTests(data.Name);
    }

    private static PastTest Test(string name, IReadOnlyList<EffectRow> rows)
    {
        var k = rows.Count;
        var covariance = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            covariance[j * k + j] = rows[j].Error * rows[j].Error;
            covariance[j] = covariance[j * k] = j == 0 ? covariance[0] : (rows[j].Correlation ?? 0) * rows[j].Error * rows[0].Error;
        }

        return new PastTest { Name = name, Effects = [.. rows.Select(r => r.Effect)], Covariance = covariance, Users = rows.Max(r => r.Users) };
    }

    private sealed record EffectRow(string Test, string Metric, double Effect, double Error, long? Users, double? Correlation);

    private static List<EffectRow> Rows(MetricsOptions options, IDataset data, CancellationToken cancellation)
    {
        string Column(string name, string option) => data.Schema.Require(name, option).Name;
        string Numeric(string name, string option) => data.Schema.Require(name, option) is { IsNumeric: true } field
            ? field.Name
            : throw new GnomonError("metric-not-a-number", $"{data.Name}: column '{name}' holds no numbers.", option, "Name another column.");
        List<Projection> select =
        [
            new("test", Scalar.Column(Column(options.Test!, "--test")).ToText()), new("metric", Scalar.Column(Column(options.Name, "--name")).ToText()),
            new("effect", Scalar.Column(Numeric(options.Effect!, "--effect")).ToDouble()), new("se", Scalar.Column(Numeric(options.Se, "--se")).ToDouble()),
        ];
        (string Name, string? Column, string Option)[] more = [("users", options.Users, "--users"), ("correlation", options.Correlation, "--correlation")];
        select.AddRange(more.Where(m => m.Column is not null).Select(m => new Projection(m.Name, Scalar.Column(Numeric(m.Column!, m.Option)).ToDouble())));
        var table = data.Read(new Query { Select = select, Limit = MostRows + 1 }, cancellation);
        if (table.Rows > MostRows)
        {
            throw new GnomonError("too-many-rows", $"{data.Name} has more than {MostRows:N0} rows; a list of effects has one per test and metric.", data.Name, "For a row per unit name its arm with --variant instead of --effect.");
        }

        var rows = new List<EffectRow>();
        for (var i = 0; i < table.Rows; i++)
        {
            if (Text("test", i) is not { } test || Text("metric", i) is not { } metric || Value("effect", i) is not { } effect || Value("se", i) is not { } error)
            {
                continue; // a test that was never read on this metric; what is then lacking is told per test
            }

            if (!(error > 0))
            {
                throw new GnomonError("bad-standard-error", $"{data.Name}, {test}, {metric}: a standard error of {Figures.Number(error)} is not positive.", "--se", "Name the column of standard errors with --se.");
            }

            var correlation = options.Correlation is null ? null : Value("correlation", i);
            if (correlation is <= -1 or >= 1 && metric != options.Goal)
            {
                throw new GnomonError("bad-correlation", $"{data.Name}, {test}, {metric}: a correlation of {Figures.Number(correlation.Value)} does not lie between -1 and 1.", "--correlation", "Name the column with the correlation of the metric and the goal over units.");
            }

            rows.Add(new EffectRow(test, metric, effect, error, options.Users is not null && Value("users", i) is >= 1 and var users ? (long)users : null, correlation));
        }

        return rows;

        string? Text(string name, int i) => table[name].Cell(i) as string;
        double? Value(string name, int i) => table[name].IsNull(i) ? null : ((DoubleColumn)table[name]).Values[i];
    }
}
