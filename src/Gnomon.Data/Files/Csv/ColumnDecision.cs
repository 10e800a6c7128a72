using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>How a column of a text file is read.</summary>
internal enum ReadAs
{
    Text,

    /// <summary>No value seen so far; a value later on means that the decision was premature.</summary>
    Nothing,
    Boolean, Integer, Big, Double, Date, LocalTimestamp, Timestamp, Time, RegionalDate, RegionalTimestamp,
}

/// <summary>The type a column gets, what it takes to convert it, and what the reader should know.</summary>
/// <param name="As">How to read the cells.</param>
/// <param name="Pattern">The engine's pattern for regional dates.</param>
/// <param name="MissingWords">Words that stand for no value in this column.</param>
/// <param name="IsPadded">Cells stand between spaces.</param>
/// <param name="Issue">What reading has to say about the column.</param>
/// <param name="IsDoubtful">More rows could change the decision.</param>
internal sealed record ColumnDecision(
    ReadAs As,
    string? Pattern = null,
    IReadOnlyCollection<string>? MissingWords = null,
    bool IsPadded = false,
    ReadIssue? Issue = null,
    bool IsDoubtful = false)
{
    /// <summary>From this share of one type on, the remaining cells are strays that deserve a word.</summary>
    private const double MostlyOneType = 0.9;

    public static ColumnDecision From(ColumnEvidence e, string name, string file, string scope)
    {
        var n = e.Values;
        if (n == 0)
        {
            return e[CellKind.MissingWord] > 0 ? new(ReadAs.Text, IsDoubtful: true) : new(ReadAs.Nothing, IsDoubtful: true);
        }

        var integers = e[CellKind.Integer];
        var numbers = integers + e[CellKind.Big] + e[CellKind.Real];
        var moments = e[CellKind.Date] + e[CellKind.LocalTimestamp];
        ReadAs? plain =
            integers == n ? ReadAs.Integer
            : integers + e[CellKind.Big] == n ? ReadAs.Big
            : numbers == n ? ReadAs.Double
            : e[CellKind.Boolean] == n ? ReadAs.Boolean
            : e[CellKind.Date] == n ? ReadAs.Date
            : moments == n ? ReadAs.LocalTimestamp
            : e[CellKind.Timestamp] == n ? ReadAs.Timestamp
            : e[CellKind.Time] == n ? ReadAs.Time
            : null;
        if (plain is { } type)
        {
            return new(type, null, e.MissingWords, e.IsPadded, MissingWordIssue(e, name, file, scope));
        }

        return e[CellKind.RegionalDate] == n && !e.IsRegionalMixed ? Regional(e, name, file, scope) : AsText(e, name, file, numbers, moments);
    }

    private static ColumnDecision Regional(ColumnEvidence e, string name, string file, string scope)
    {
        var date = e.Regional!.Value;
        var isMonthFirst = date.IsYearFirst || e.MaxSecond > 12;
        var isDayFirst = !date.IsYearFirst && (e.MaxFirst > 12 || date.Separator == '.');
        if (isMonthFirst == isDayFirst)
        {
            var first = e.First(CellKind.RegionalDate)!;
            return new(
                ReadAs.Text,
                IsDoubtful: true,
                Issue: new("ambiguous-dates", e[CellKind.RegionalDate], $"{file}, column '{name}': dates such as {first.Text} (row {first.Row}) do not tell the day from the month; the column is kept as text."));
        }

        var s = date.Separator;
        var day = date.IsYearFirst ? $"%Y{s}%m{s}%d" : isDayFirst ? $"%d{s}%m{s}%Y" : $"%m{s}%d{s}%Y";
        var time = date.TimeParts switch { 0 => "", 2 => " %H:%M", _ => " %H:%M:%S" };
        return new(time.Length == 0 ? ReadAs.RegionalDate : ReadAs.RegionalTimestamp, day + time, e.MissingWords, e.IsPadded, MissingWordIssue(e, name, file, scope));
    }

    private static ColumnDecision AsText(ColumnEvidence e, string name, string file, long numbers, long moments)
    {
        var n = e.Values;
        if (e[CellKind.LeadingZero] is var zeros and > 0 && zeros + numbers == n)
        {
            var first = e.First(CellKind.LeadingZero)!;
            return new(ReadAs.Text, Issue: new("leading-zeros", zeros, $"{file}, column '{name}': kept as text, because {first.Text} (row {first.Row}) has a leading zero that a number would lose."));
        }

        if (e[CellKind.OtherDecimalMark] is var marks and > 0 && marks + numbers == n)
        {
            var first = e.First(CellKind.OtherDecimalMark)!;
            var mark = first.Text.Contains(',', StringComparison.Ordinal) ? ',' : '.';
            return new(
                ReadAs.Text,
                IsDoubtful: true,
                Issue: new("other-decimal-mark", marks, $"{file} row {first.Row}, column '{name}': '{first.Text}' is not a number with '{(mark == ',' ? '.' : ',')}' as decimal mark; the column is kept as text. Pass --decimal '{mark}'."));
        }

        var dates = moments + e[CellKind.Timestamp] + e[CellKind.RegionalDate];
        var most = Math.Max(numbers, Math.Max(dates, e[CellKind.Boolean]));
        var word = most == numbers ? "numbers" : most == dates ? "dates" : "booleans";
        if (most < MostlyOneType * n)
        {
            return new(ReadAs.Text);
        }

        var odd = FirstOdd(e, word);
        var says = odd is null
            ? $"{file}, column '{name}': {word} written in several ways; the column is kept as text."
            : $"{file} row {odd.Row}, column '{name}': '{odd.Text}' stands among {word}; the column is kept as text. If it means no value, pass --nulls '{odd.Text}'.";
        return new(ReadAs.Text, IsDoubtful: true, Issue: new("mixed-types", Math.Max(1, n - most), says));
    }

    private static Sighting? FirstOdd(ColumnEvidence e, string word)
    {
        CellKind[] usual = word switch
        {
            "numbers" => [CellKind.Integer, CellKind.Big, CellKind.Real],
            "dates" => [CellKind.Date, CellKind.LocalTimestamp, CellKind.Timestamp, CellKind.RegionalDate],
            _ => [CellKind.Boolean],
        };
        return Enum.GetValues<CellKind>()
            .Where(k => k is not (CellKind.Empty or CellKind.MissingWord) && !usual.Contains(k))
            .Select(e.First)
            .Where(s => s is not null)
            .MinBy(s => s!.Row);
    }

    private static ReadIssue? MissingWordIssue(ColumnEvidence e, string name, string file, string scope)
    {
        if (e.MissingWords.Count == 0)
        {
            return null;
        }

        var first = e.First(CellKind.MissingWord)!;
        var words = string.Join(", ", e.MissingWords.Select(w => w.Length == 0 ? "blanks" : $"'{w}'"));
        return new("missing-words", e[CellKind.MissingWord], $"{file}, column '{name}': {words} read as no value, first in row {first.Row}{scope}.");
    }
}
