using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>The numbers of --ask, with noise. The budget is booked before a bit of noise is drawn.</summary>
internal static class PrivateAnswers
{
    private const int MostCells = 1_000;
    private const int Bins = 10;

    /// <exception cref="GnomonError">A column is missing or cannot be asked, its range is not stated, or the budget does not reach.</exception>
    public static ResultTable? Of(PrivacyOptions options, PrivacyTable table, PrivacyBounds bounds, ModelRows? model, PrivacyLog? log, string sha256, DateTimeOffset now, NoiseSource source)
    {
        if (options.Ask.Count == 0)
        {
            return null;
        }

        var answers = options.Ask.Select(a => Prepare(a, options, table, bounds, model, source)).ToList();
        log!.Spend(options.Ask, options.Loss, sha256, options.Purpose ?? string.Empty, now);
        var percent = Figures.Confidence(options.Level);
        return new ResultTable("private-numbers", "Numbers with noise, for release", ["what", "value", $"{percent} low", $"{percent} high", "epsilon"], [.. answers.SelectMany(a => a())]);
    }

    // Everything that can fail fails here, before anything is spent.
    private static Func<IEnumerable<IReadOnlyList<object?>>> Prepare(string ask, PrivacyOptions options, PrivacyTable table, PrivacyBounds bounds, ModelRows? model, NoiseSource source)
    {
        var (loss, people, level) = (options.Loss, (int)options.RowsPerPerson, options.Level);
        if (ask == "count")
        {
            return () => [Row("count of rows", PrivateRelease.Count(table.Rows, loss, people, source, level), loss)];
        }

        if (ask == "logistic")
        {
            var fit = model!.Private(bounds, people, options.Penalty, strict: true);
            return () => fit.Names.Zip(fit.Fit.Release(loss, source)).Select((c, i) => (IReadOnlyList<object?>)[$"logistic: {c.First}", c.Second, null, null, i == 0 ? loss.ToString() : null]).ToList();
        }

        var column = table.Find(ask[(ask.IndexOf(':', StringComparison.Ordinal) + 1)..], "--ask");
        if (ask.StartsWith("mean:", StringComparison.Ordinal))
        {
            var numbers = column.IsNumber ? Array.FindAll(column.Numbers!, v => !double.IsNaN(v)) : throw new GnomonError("not-a-number", $"{column.Name} is no number; it has no mean.", "--ask", $"Ask for histogram:{column.Name}.");
            var (low, high) = bounds.Require(column.Name);
            return () => [Row($"mean of {column.Name}", PrivateRelease.Mean(numbers, low, high, loss, people, source, level), loss)];
        }

        var (labels, counts) = Cells(column, bounds);
        return () => labels.Zip(PrivateRelease.Histogram(counts, loss, people, source, level)).Select((c, i) => Row($"rows with {column.Name} {c.First}", c.Second, i == 0 ? loss : null)).ToList();
    }

    // Tenths of the stated range; the list of a category's values counts as known to everybody, which the finding says.
    private static (List<string> Labels, long[] Counts) Cells(PrivacyColumn column, PrivacyBounds bounds)
    {
        if (column.IsNumber && (column.Distinct > 20 || bounds.Has(column.Name)))
        {
            var (low, high) = bounds.Require(column.Name);
            var width = (high - low) / Bins;
            var bins = new long[Bins];
            foreach (var v in column.Numbers!)
            {
                if (!double.IsNaN(v))
                {
                    bins[Math.Clamp((int)((v - low) / width), 0, Bins - 1)]++;
                }
            }

            return ([.. Enumerable.Range(0, Bins).Select(b => $"{Figures.Number(low + (b * width))} to {Figures.Number(low + ((b + 1) * width))}")], bins);
        }

        if (column.Distinct > MostCells)
        {
            throw new GnomonError("too-many-values", $"{column.Name} has {Figures.Count(column.Distinct)} values; a histogram takes at most {Figures.Count(MostCells)}.", "--ask", "Ask for a coarser column, or state its range with --bounds.");
        }

        var order = Enumerable.Range(0, column.Distinct).OrderBy(v => column.Values[v], StringComparer.Ordinal).ToList();
        var counts = new long[column.Distinct];
        foreach (var code in column.Codes)
        {
            counts[code]++;
        }

        return ([.. order.Select(v => column.Values[v].Length == 0 ? "= (no value)" : $"= {column.Values[v]}")], [.. order.Select(v => counts[v])]);
    }

    private static IReadOnlyList<object?> Row(string what, PrivateNumber number, Epsilon? loss) => [what, Cell(number.Value), Cell(number.Low), Cell(number.High), loss?.ToString()];

    // Counts stay whole numbers on paper.
    private static object Cell(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (object)(long)value : value;
}
