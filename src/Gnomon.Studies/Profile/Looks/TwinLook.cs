using Gnomon.Core.Evidence.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Columns that hold one value and pairs that say the same.</summary>
internal static class TwinLook
{
    private const int MostOrdered = 80;
    private const int MostGroups = 40;
    private const int MostRows = 2_000;
    private const double WorthALook = 0.85;
    private const int MostTwins = 50;
    private const int FewOthers = 30;

    public static ColumnRedundancy Of(IReadOnlyList<SampleColumn> columns, long rows) => new()
    {
        Rows = rows,
        Columns = columns.Count,
        Constants = [.. columns.Where(c => c.Facts.Top is not null && c.Facts.Rows - c.Facts.Top.Count < FewOthers).Select(c => new NearConstant(c.Name, c.Facts.Top!.Text, c.Facts.Rows - c.Facts.Top.Count))],
        Twins = [.. Ordered(columns).Concat(Grouped(columns)).OrderByDescending(t => t.Value).ThenBy(t => t.First, StringComparer.Ordinal).Take(MostTwins)],
    };

    // Ranks are made once; pairs that look alike on part of the sample are measured on all of it.
    private static IEnumerable<ColumnTwins> Ordered(IReadOnlyList<SampleColumn> columns)
    {
        var ordered = columns.Where(c => c.IsOrdered && c.Facts.Present > 3 && c.Facts.Scan.Distinct > 2 && c.Facts.Role is Role.Number or Role.Time).Take(MostOrdered).ToList();
        for (var i = 0; i < ordered.Count; i++)
        {
            for (var j = i + 1; j < ordered.Count; j++)
            {
                if (Math.Abs(Quick(ordered[i].Ranks, ordered[j].Ranks)) > WorthALook && Strength.Spearman(ordered[i], ordered[j]) is { } r)
                {
                    yield return new ColumnTwins(ordered[i].Name, ordered[j].Name, "Spearman", Math.Abs(r.Correlation), r.Correlation > 0 ? r.Low : -r.High);
                }
            }
        }
    }

    private static IEnumerable<ColumnTwins> Grouped(IReadOnlyList<SampleColumn> columns)
    {
        var groups = columns.Where(c => c.Facts.IsGrouping && c.Facts.Present > 3).Take(MostGroups).ToList();
        for (var i = 0; i < groups.Count; i++)
        {
            for (var j = i + 1; j < groups.Count; j++)
            {
                if (Strength.CramersV(groups[i], groups[j]) is { } v && v.Value > WorthALook)
                {
                    yield return new ColumnTwins(groups[i].Name, groups[j].Name, v.Measure, v.Value, v.Low);
                }
            }
        }
    }

    private static double Quick(double[] x, double[] y)
    {
        var step = Math.Max(1, x.Length / MostRows);
        double n = 0, mx = 0, my = 0, sxx = 0, syy = 0, sxy = 0;
        for (var i = 0; i < x.Length; i += step)
        {
            if (double.IsNaN(x[i]) || double.IsNaN(y[i]))
            {
                continue;
            }

            n++;
            var dx = x[i] - mx;
            var dy = y[i] - my;
            mx += dx / n;
            my += dy / n;
            sxx += dx * (x[i] - mx);
            syy += dy * (y[i] - my);
            sxy += dx * (y[i] - my);
        }

        return sxx > 0 && syy > 0 ? sxy / Math.Sqrt(sxx * syy) : 0;
    }
}
