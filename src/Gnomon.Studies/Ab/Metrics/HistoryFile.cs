using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Number columns of a second source, and the past test and arm of each row where it names them. Rows with a gap in a number are left out and counted.</summary>
/// <param name="Tests">Past test of each row kept, -1 for none; empty when no column names it.</param>
/// <param name="Arms">Its arm, likewise.</param>
internal sealed record HistoryFile(IReadOnlyList<double[]> Columns, long LeftOut, int[] Tests, int[] Arms, IReadOnlyList<string> TestNames, IReadOnlyList<string> ArmNames)
{
    private const string Option = "--history";

    /// <summary>Cluster of each row kept, where the history names it; null without.</summary>
    public int[]? Clusters { get; private init; }

    /// <exception cref="GnomonError">The source cannot be read, lacks a column, or holds no number where one is expected.</exception>
    public static HistoryFile Read(SourceOptions main, SurrogateMetric metric, StudyContext context, string? cluster = null)
    {
        var open = context.Beside ?? throw new GnomonError("history-not-read", $"The history could not be read from {metric.History}: nothing can be opened beside the data.", Option, "Ask through the command line or Ask.Ab.");

        // Marks of numbers and gaps are those of the experiment; everything else follows from the file.
        var data = open(new SourceOptions { Path = metric.History, Decimal = main.Decimal, NullText = main.NullText, Threads = main.Threads, MemoryLimit = main.MemoryLimit, SpillDirectory = main.SpillDirectory });
        string[] names = [metric.Outcome, .. metric.Surrogates];
        var select = names.Select((n, i) => new Projection($"v{i}", Scalar.Column(Number(data, n)).ToDouble())).ToList();
        select.AddRange(metric.Past.Select((n, i) => new Projection($"p{i}", Scalar.Column(data.Schema.Require(n, "--history-tests").Name).ToText())));
        var clusterAt = cluster is not null && data.Schema.Find(cluster) is not null ? select.Count : -1;
        if (clusterAt >= 0)
        {
            select.Add(new Projection("cluster", Scalar.Column(data.Schema.Find(cluster!)!.Name).ToText()));
        }

        var columns = names.Select(_ => new List<double>()).ToArray();
        var (tests, arms, clusters) = (new List<int>(), new List<int>(), new List<int>());
        IReadOnlyList<string> testNames = [], armNames = [];
        var leftOut = 0L;
        data.Scan(
            new Query { Select = select },
            chunk =>
            {
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (Enumerable.Range(0, names.Length).Any(c => chunk.IsNull(c, i)) || (clusterAt >= 0 && chunk.Codes(clusterAt)[i] < 0))
                    {
                        leftOut++;
                        continue;
                    }

                    for (var c = 0; c < names.Length; c++)
                    {
                        columns[c].Add(chunk.Doubles(c)[i]);
                    }

                    if (clusterAt >= 0)
                    {
                        clusters.Add(chunk.Codes(clusterAt)[i]);
                    }

                    if (metric.Past.Count == 2)
                    {
                        tests.Add(chunk.Codes(names.Length)[i]);
                        arms.Add(chunk.Codes(names.Length + 1)[i]);
                    }
                }

                if (metric.Past.Count == 2)
                {
                    (testNames, armNames) = (chunk.Dictionary(names.Length), chunk.Dictionary(names.Length + 1));
                }

                return true;
            },
            context.Cancellation);
        return new HistoryFile([.. columns.Select(c => c.ToArray())], leftOut, [.. tests], [.. arms], [.. testNames], [.. armNames]) { Clusters = clusterAt >= 0 ? [.. clusters] : null };
    }

    private static string Number(IDataset data, string name) => data.Schema.Require(name, Option) is { IsNumeric: true } field
        ? field.Name
        : throw new GnomonError("bad-number", $"{data.Name}: column '{name}' does not hold numbers throughout.", Option, "Give numbers with '.' as decimal mark, true/false, or leave the cell empty.");
}
