using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>One column in two files: as numbers, or as groups by value that share their codes.</summary>
internal sealed class ColumnPair
{
    private const int MostGroups = 40;
    private readonly Lazy<Levels> _levels;

    private ColumnPair(SampleColumn here, SampleColumn there, bool isNumber)
    {
        (Here, There, IsNumber) = (here, there, isNumber);
        _levels = new Lazy<Levels>(() => Levels.Of(here.Facts, there.Facts, MostGroups));
    }

    public SampleColumn Here { get; }

    public SampleColumn There { get; }

    public bool IsNumber { get; }

    public string Name => Here.Name;

    /// <summary>Values that both files may hold, of categories only, most frequent first; the last stands for all others where there are more.</summary>
    public Levels Groups => _levels.Value;

    /// <returns>Null where the columns cannot be compared: labels, texts, times, other kinds of values.</returns>
    public static ColumnPair? Of(SampleColumn here, SampleColumn there)
    {
        var (a, b) = (here.Facts, there.Facts);
        if (a.Role is Role.Empty or Role.Key or Role.Identifier or Role.Text or Role.Time || b.Role is Role.Empty or Role.Key or Role.Text or Role.Time)
        {
            return null;
        }

        if (Levels.CanList(a) && Levels.CanList(b) && (a.Scan.IsText == b.Scan.IsText))
        {
            return new ColumnPair(here, there, isNumber: false);
        }

        return IsAmount(a) && IsAmount(b) ? new ColumnPair(here, there, isNumber: true) : null;
    }

    /// <summary>Whether the distribution differs, and how.</summary>
    public (ShiftResult Shift, string Says)? Shift()
    {
        if (!IsNumber)
        {
            var (first, second) = (Groups.There, Groups.Here);
            if (PopulationShift.Category(first, second) is not { } moved)
            {
                return null;
            }

            double n = first.Sum(), m = second.Sum();
            var most = Enumerable.Range(0, first.Length).MaxBy(g => Math.Abs((first[g] / n) - (second[g] / m)));
            return (moved, $"{Name} = {Groups.Names[most]} is {Figures.Percent(first[most] / n)} there and {Figures.Percent(second[most] / m)} here");
        }

        var (there, here) = (Sorted(There.Numbers), Sorted(Here.Numbers));
        return PopulationShift.Numeric(there, here) is { } shift
            ? (shift, $"{Name} has median {Here.Facts.Show(RobustOutliers.Quantile(there, 0.5))} there and {Here.Facts.Show(RobustOutliers.Quantile(here, 0.5))} here ({Figures.Number(shift.Effect)} standard deviations apart)")
            : null;
    }

    /// <summary>Mean here less mean there over the root of the mean variance; shares of the group that differs most for categories (Austin 2009).</summary>
    public double? StandardisedDifference()
    {
        if (!IsNumber)
        {
            double n = Groups.There.Sum(), m = Groups.Here.Sum();
            return n == 0 || m == 0 ? null : Enumerable.Range(0, Groups.Names.Count).Select(g => Difference(Groups.Here[g] / m, Groups.There[g] / n)).MaxBy(Math.Abs);
        }

        if (Here.Facts.Scan.Moments is not { Count: > 1 } a || There.Facts.Scan.Moments is not { Count: > 1 } b)
        {
            return null;
        }

        var spread = Math.Sqrt(((a.M2 / (a.Count - 1)) + (b.M2 / (b.Count - 1))) / 2);
        return spread > 0 ? (a.Mean - b.Mean) / spread : null;
    }

    private static double Difference(double p, double q)
    {
        var spread = Math.Sqrt(((p * (1 - p)) + (q * (1 - q))) / 2);
        return spread > 0 ? (p - q) / spread : p == q ? 0 : Math.Sign(p - q) * 10;
    }

    private static bool IsAmount(ColumnFacts c) => !c.Scan.IsText && c.IsModerate && !c.IsTemporal && c.Type is not (Core.Tables.ColumnType.Boolean or Core.Tables.ColumnType.Time) && c.Role is Role.Number or Role.Flag or Role.Constant;

    public static double[] Sorted(double[] values)
    {
        var present = Array.FindAll(values, v => !double.IsNaN(v));
        Array.Sort(present);
        return present;
    }
}
