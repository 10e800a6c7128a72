using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile;

/// <summary>One column as the reader meets it: counts, role, most frequent value, distribution, shape of its texts.</summary>
internal sealed class ColumnFacts
{
    private const int FewRows = 20;
    private const int ShortText = 64;
    private const int CategoryLevels = 50;
    private const double CategoryShare = 0.1;
    private const int MostLevels = 1_000;
    private const double UniqueFrom = 0.95;
    private const double MostlyDates = 0.9;
    private const double LargestForPowers = 1e70;
    private readonly Lazy<Distribution> _distribution;
    private readonly Lazy<TopValue?> _top;

    public ColumnFacts(ColumnScan scan, int index, bool isKey)
    {
        (Scan, Index) = (scan, index);
        Shape = scan.Texts is { } texts ? TextShape.Of(texts) : null;
        _distribution = new Lazy<Distribution>(() => new Distribution(scan));
        _top = new Lazy<TopValue?>(() => Frequent(1) is [var first] ? first : null);
        Role = isKey ? Role.Key : FindRole();
    }

    public ColumnScan Scan { get; }

    public int Index { get; }

    public string Name => Scan.Name;

    public ColumnType Type => Scan.Plan.Field.Type;

    public Role Role { get; }

    public long Rows => Scan.Rows;

    public long Missing => Scan.Nulls;

    public long Present => Scan.Present;

    public double MissingShare => Rows == 0 ? 0 : (double)Missing / Rows;

    public bool IsTemporal => Scan.Plan.Field.IsTemporal;

    /// <summary>Numbers that are measured or counted: neither time, nor flag, nor label.</summary>
    public bool IsNumber => IsModerate && !Scan.IsText && !IsTemporal && Type is not (ColumnType.Boolean or ColumnType.Time) && Role is Role.Number or Role.Flag;

    /// <summary>False where powers of the values overflow a double: nothing is computed from these, but they are counted.</summary>
    public bool IsModerate => Present == 0 || Scan.IsText || (Scan.Moments is { Min: { } min, Max: { } max } && Math.Max(-min, max) < LargestForPowers);

    /// <summary>Few enough known values to be compared by value.</summary>
    public bool IsGrouping => Role is Role.Category or Role.Flag;

    public TextShape? Shape { get; }

    public Distribution Distribution => _distribution.Value;

    /// <summary>Most frequent value and its rows; null when unknown or nothing repeats.</summary>
    public TopValue? Top => _top.Value;

    /// <summary>Share of cells whose value occurs once: 1 for a key.</summary>
    public double UniqueShare => 1 - Scan.RepeatShare;

    /// <summary>A number of this column as people write it: dates as dates.</summary>
    public string Show(double value) => Type switch
    {
        ColumnType.Date => Day(value),
        ColumnType.Timestamp or ColumnType.LocalTimestamp => Moment(value),
        ColumnType.Time => new TimeOnly((long)Math.Clamp(value, 0, 86_399_999_999) * TimeSpan.TicksPerMicrosecond).ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        ColumnType.Boolean => value != 0 ? "true" : "false",
        ColumnType.Integer when Math.Abs(value) < 1e15 && value == Math.Floor(value) => value.ToString("0", CultureInfo.InvariantCulture),
        _ => Math.Abs(value) is >= 1e15 or (> 0 and < 1e-4) ? value.ToString("0.###e0", CultureInfo.InvariantCulture) : Figures.Number(value),
    };

    private static string Day(double days) => days is > -719_000 and < 2_932_000
        ? DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : FormattableString.Invariant($"day {days:0} from 1970");

    private static string Moment(double microseconds)
    {
        if (microseconds is < -6.2e16 or > 2.534e17)
        {
            return FormattableString.Invariant($"{microseconds / 31_557_600e6 + 1970:0} AD");
        }

        var at = DateTimeOffset.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);
        return at.ToString(at.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>The most frequent values; none when every value occurs once or they could not all be counted.</summary>
    public IReadOnlyList<TopValue> Frequent(int most)
    {
        if (Scan.Texts is { IsComplete: true } t)
        {
            return [.. t.Texts.Zip(t.Counts, (text, n) => new TopValue(text, n)).OrderByDescending(v => v.Count).ThenBy(v => v.Text, StringComparer.Ordinal).Take(most).Where(v => v.Count > 1 || t.Texts.Count <= most)];
        }

        return Scan.IsText || Distribution.Counts is not { } counts
            ? []
            : [.. counts.OrderByDescending(c => c.Count).ThenBy(c => c.Value).Take(most).Where(c => c.Count > 1 || counts.Count <= most).Select(c => new TopValue(Show(c.Value), c.Count))];
    }

    private Role FindRole()
    {
        var distinct = Scan.Distinct;
        if (Present == 0)
        {
            return Role.Empty;
        }

        if (distinct == 1 && Missing == 0)
        {
            return Role.Constant;
        }

        if (IsTemporal || Type == ColumnType.Time)
        {
            return Role.Time;
        }

        if (Shape is { Dates: > MostlyDates })
        {
            return Role.Time;
        }

        if (distinct <= 2)
        {
            return Role.Flag;
        }

        if (IsLabel())
        {
            return Role.Identifier;
        }

        return Scan.IsText ? TextRole(distinct) : Role.Number;
    }

    // Unique and shaped like a label; or named like one with many values.
    private bool IsLabel()
    {
        if (Present < FewRows || Type is ColumnType.Nested)
        {
            return false;
        }

        // Whole numbers with gaps arrive as floating point from some writers.
        var named = NameHints.IsIdentifier(Name);
        if (Type == ColumnType.Double)
        {
            return named && Scan.Distinct > CategoryLevels && (Distribution.Counts?.All(c => c.Value == Math.Floor(c.Value)) ?? false);
        }

        var unique = UniqueShare > UniqueFrom;
        if (Scan.IsText)
        {
            return (unique && Shape is { HasSpaces: < 0.05, MeanLength: <= ShortText, Numbers: < 0.5, Dates: < 0.5 }) || (named && Scan.Distinct > CategoryLevels);
        }

        var dense = Scan.Moments is { Min: { } min, Max: { } max } && max - min + 1 <= 3.0 * Math.Max(1, Scan.Distinct);
        return (unique && (named || (dense && Scan.RepeatShare == 0))) || (named && Scan.Distinct > CategoryLevels);
    }

    private Role TextRole(long distinct)
    {
        if (Shape is { Words: >= 4 } or { MeanLength: > ShortText } && distinct > CategoryLevels)
        {
            return Role.Text;
        }

        return distinct <= Math.Max(CategoryLevels, Math.Min(MostLevels, CategoryShare * Present)) && UniqueShare < UniqueFrom ? Role.Category : Role.Text;
    }
}

/// <param name="Text">The value as shown.</param>
/// <param name="Count">Rows that hold it.</param>
internal sealed record TopValue(string Text, long Count);
