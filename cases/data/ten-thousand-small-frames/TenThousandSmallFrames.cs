using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Data;

/// <summary>A loop over many small files whose arithmetic fits one pass, and one that only waits for its files.</summary>
public sealed class TenThousandSmallFrames : Case
{
    private const string Job = "--derive features.txt --workers 16 --time-budget 300";

    public override CaseCard Card { get; } = new(
        "data/ten-thousand-small-frames", CaseLevel.Intermediate,
        "A loop over ten thousand customer files takes four hours",
        "A batch job opens one file of about 5,000 rows for each of 10,000 customers, walks its rows for a rolling median and a streak, and writes a result: 1.44 seconds a file. A colleague wants to put the loop on sixteen workers.",
        "Split the time of one file into fetching, parsing, computing and writing before buying workers. What is work goes into one grouped pass over all rows; what is waiting goes away by fetching several files at once.")
    {
        Verbs = ["sql"],
        Keywords = ["Dask", "Spark", "groupby apply", "small files", "Amdahl", "parallel", "rolling median", "streak", "vectorise", "I/O bound"],
        Gaps = ["The data are 300 files of 100 rows; 10,000 files of 5,000 rows are measured by hand. The page leaves out --explain, which sets the pass's predicted beside its measured time, because times differ from run to run."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("row-by-row-callback", "One file for each customer; parsing and a callback for every row are 96 % of the time, 3 % of the amounts are missing, and the output of the loop for a hundred customers lies beside.", DecisionAction.FixDataFirst, $"sql frame-*.csv {Job} --against loop.csv --key row_id --loop-steps load=20,parse=90,compute=1290,write=40")
        {
            SmallCommand = $"sql frame-*.csv {Job.Replace("300", "100", StringComparison.Ordinal)} --against loop.csv --key row_id --loop-steps load=20,parse=90,compute=1290,write=40",
            Fires = ["resource-budget-exceeded"],
            Files = d => [.. Frames(d, flawed: true), new CaseFile("features.txt", ["# what the nightly job does to a customer", "per customer_id by day, row_id", "column median_7 = rolling_median(amount, 7)", "column run = streak(amount >= 20)"]), new CaseFile("loop.csv", Loop(d))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "frame-*.csv",
                Derive = "features.txt",
                Workers = 16,
                TimeBudget = 300,
                Against = "loop.csv",
                Key = ["row_id"],
                LoopSteps = ["load=20", "parse=90", "compute=1290", "write=40"],
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The job works on whole columns already; 94 % of its time is waiting for the bytes of each file.", DecisionAction.Answer, $"sql frame-*.csv {Job} --loop-steps load=850,parse=15,compute=15,write=20")
    {
        Files = d => [.. Frames(d, flawed: false), new CaseFile("features.txt", ["column cents = amount * 100", "column large = amount >= 100"])],
    };

    private sealed record Row(int Id, int Customer, int Day, double? Amount);

    private static List<Row> Draw(Draw d, bool flawed)
    {
        var rng = d.Stream("frames");
        var (customers, rows) = (d.Of(300, 110), d.Of(100, 40));
        double[] amounts = [5, 12.5, 20, 31.25, 80, 120];
        return [.. Enumerable.Range(0, customers * rows).Select(i => new Row(1 + i, 1 + (i / rows), rng.NextInt(60), flawed && rng.NextDouble() < 0.03 ? null : amounts[rng.NextInt(amounts.Length)]))];
    }

    private static IEnumerable<CaseFile> Frames(Draw d, bool flawed) => Draw(d, flawed).GroupBy(r => r.Customer).Select(g => new CaseFile(
        string.Create(CultureInfo.InvariantCulture, $"frame-{g.Key:00000}.csv"),
        g.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Id},{r.Customer},{Plant.Date(r.Day)},{r.Amount}")).Prepend("row_id,customer_id,day,amount")));

    // The loop itself, row by row, for the first hundred customers.
    private static IEnumerable<string> Loop(Draw d)
    {
        yield return "row_id,customer_id,median_7,run";
        foreach (var customer in Draw(d, flawed: true).GroupBy(r => r.Customer).Take(100))
        {
            var (window, run) = (new Queue<double?>(), 0);
            foreach (var row in customer.OrderBy(r => r.Day).ThenBy(r => r.Id))
            {
                window.Enqueue(row.Amount);
                if (window.Count > 7)
                {
                    _ = window.Dequeue();
                }

                run = row.Amount >= 20 ? run + 1 : 0;
                List<double> known = [.. window.OfType<double>().Order()];
                double? median = known.Count == 0 ? null : (known[(known.Count - 1) / 2] + known[known.Count / 2]) / 2;
                yield return string.Create(CultureInfo.InvariantCulture, $"{row.Id},{row.Customer},{median:R},{run}");
            }
        }
    }
}
