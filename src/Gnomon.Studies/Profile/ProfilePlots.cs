using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Profile;

/// <summary>Pictures of a profile: missing cells, distributions of numbers, values of categories.</summary>
internal static class ProfilePlots
{
    private const int MostHistograms = 12;
    private const int MostBars = 6;
    private const int MostValues = 12;
    private const int Bins = 24;
    private const int FewWhole = 30;

    public static IEnumerable<Plot> Of(ProfileFacts facts)
    {
        var gaps = facts.Columns.Where(c => c.Missing > 0).OrderByDescending(c => c.Missing).Take(20).ToList();
        if (gaps.Count > 0)
        {
            var bars = gaps.Select(c => (c, Limits: OneProportion.Wilson(c.Missing, c.Rows, facts.Options.Level))).Select(g => new Bar(g.c.Name, g.c.MissingShare, g.Limits.Low, g.Limits.High)).ToList();
            yield return new Plot("missing", "Missing cells by column", BarPlot.Build(bars, "missing cells", new PlotUnit("proportion")));
        }

        var numbers = facts.Columns.Where(c => c.IsNumber && c.Role == Role.Number && c.Distribution.Max > c.Distribution.Min).Take(MostHistograms);
        foreach (var column in numbers)
        {
            var bins = Histogram(column, out var isWhole);
            if (bins.Count > 1)
            {
                yield return new Plot($"values-{column.Index + 1}", isWhole ? column.Name : $"{column.Name} (middle 99 %)", HistogramPlot.Build(bins, column.Name, new PlotUnit("number")));
            }
        }

        foreach (var column in facts.Columns.Where(c => c.Role == Role.Category && c.Scan.Texts is { IsComplete: true }).Take(MostBars))
        {
            var top = column.Scan.Texts!.Texts.Zip(column.Scan.Texts.Counts).OrderByDescending(v => v.Second).ThenBy(v => v.First, StringComparer.Ordinal).Take(MostValues)
                .Select(v => new Bar(v.First.Length == 0 ? "(empty)" : v.First, (double)v.Second / column.Present)).ToList();
            yield return new Plot($"values-{column.Index + 1}", $"{column.Name}, most frequent values", BarPlot.Build(top, "share of values", new PlotUnit("proportion")));
        }
    }

    // The middle 99 % where tails would squeeze the rest; one bin per value for few whole numbers.
    private static List<HistogramBin> Histogram(ColumnFacts column, out bool isWhole)
    {
        var d = column.Distribution;
        var (low, high) = (d.Quantile(0.005) ?? d.Min, d.Quantile(0.995) ?? d.Max);
        isWhole = d.Max - d.Min <= 1.5 * (high - low);
        (low, high) = isWhole ? (d.Min, d.Max) : (low, high);
        var bins = new List<HistogramBin>();
        var single = column.Type == ColumnType.Integer && high - low <= FewWhole;
        var count = single ? (int)(high - low) + 1 : Bins;
        var (start, width) = single ? (low - 0.5, 1.0) : (low, (high - low) / Bins);
        if (!(width > 0) || !double.IsFinite(width))
        {
            return bins;
        }

        var before = isWhole ? 0 : d.CountAtMost(Math.BitDecrement(start));
        for (var b = 0; b < count; b++)
        {
            var edge = b == count - 1 && !single ? high : start + ((b + 1) * width);
            var upTo = d.CountAtMost(edge);
            bins.Add(new HistogramBin(start + (b * width), edge, Math.Max(0, upTo - before)));
            before = upTo;
        }

        return bins;
    }
}
