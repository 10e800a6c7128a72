namespace Gnomon.Data.ClickHouse;

/// <summary>Text that becomes a number or a moment, or nothing, and numbers that become text, written with functions that servers from 18.16 on have.</summary>
internal static class ClickHouseWords
{
    private const string NumberPattern = @"'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$'";
    private const string MomentPattern = @"'^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?([Zz]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?)?$'";

    // Far enough before any date that whole division, which rounds towards zero, rounds down.
    private const long DaysBefore = 4_000_000;

    public static string Trim(string text, ClickHouseCapabilities can) =>
        can.HasTrim ? $"trimBoth({text})" : $"replaceRegexpOne(replaceRegexpOne({text}, '^ +', ''), ' +$', '')";

    /// <summary>The number that a text means; NULL for other text, and for what is too large for a double.</summary>
    public static string Number(string text, ClickHouseCapabilities can)
    {
        var trimmed = Trim(text, can);
        var value = $"toFloat64OrZero(replaceRegexpOne(ifNull({trimmed}, ''), '^[+]', ''))";
        return $"multiIf(match({trimmed}, {NumberPattern}) AND isFinite({value}), {value}, NULL)";
    }

    /// <summary>A double as the embedded engine writes it: 5.0, 0.1, 1e-05, 1.5e+20.</summary>
    public static string OfNumber(string x)
    {
        var text = $"toString({x})";
        var digits = $"replaceRegexpOne(replaceRegexpOne(toString(abs({x})), '^0[.]0*', ''), '0+$', '')";
        var mantissa = $"concat(substring({digits}, 1, 1), multiIf(length({digits}) > 1, '.', ''), substring({digits}, 2))";
        var sign = $"multiIf({x} < 0, '-', '')";
        var exponent = $"extract({text}, 'e[-+]?([0-9]+)$')";
        var written = $"concat(extract({text}, '^([^e]*)e'), 'e', multiIf(abs({x}) < 1, '-', '+'), multiIf(length({exponent}) < 2, concat('0', {exponent}), {exponent}))";
        return $"multiIf(isNull({x}), NULL, {text} = 'nan', 'nan', {text} = 'inf' OR {text} = '-inf', {text}, match({text}, 'e'), {written}, "
            + $"abs({x}) >= 1e16, concat({sign}, {mantissa}, 'e+', toString(length({text}) - multiIf({x} < 0, 2, 1))), "
            + $"{x} != 0 AND abs({x}) < 0.0001, concat({sign}, {mantissa}, 'e-0', toString(length(extract({text}, '^-?0[.](0*)')) + 1)), "
            + $"match({text}, '[.]'), {text}, concat({text}, '.0'))";
    }

    /// <summary>Microseconds since 1970 in UTC of a text like 2024-02-29, 2024-02-29 10:00:00.5 or 2024-02-29T10:00Z; NULL for other text.</summary>
    public static string Moment(string text, ClickHouseCapabilities can)
    {
        var t = $"ifNull({Trim(text, can)}, '')";
        string Digits(int first, int count) => FormattableString.Invariant($"toInt64OrZero(substring({t}, {first}, {count}))");
        var (year, month, day) = (Digits(1, 4), Digits(6, 2), Digits(9, 2));
        var isLeap = $"({year} % 4 = 0 AND ({year} % 100 != 0 OR {year} % 400 = 0))";
        var length = $"multiIf({month} = 2, multiIf({isLeap}, 29, 28), {month} IN (4, 6, 9, 11), 30, 31)";
        var tail = $"substring({t}, 17)";
        var zone = $"extract({tail}, '([+-].*)$')";
        var fraction = $"toInt64OrZero(substring(concat(extract({tail}, '[.]([0-9]+)'), '000000'), 1, 6))";
        var offset = $"(toInt64OrZero(substring({zone}, 2, 2)) * 3600 + multiIf(length({zone}) > 3, toInt64OrZero(extract({zone}, '([0-9]{{2}})$')) * 60, 0)) * multiIf(substring({zone}, 1, 1) = '-', -1, 1)";
        var seconds = $"{Digits(12, 2)} * 3600 + {Digits(15, 2)} * 60 + toInt64OrZero(extract({tail}, '^:([0-9]{{2}})')) - {offset}";
        return $"multiIf(match({t}, {MomentPattern}) AND {year} > 0 AND {day} <= {length}, ({Days(year, month, day)} * 86400 + {seconds}) * 1000000 + {fraction}, NULL)";
    }

    /// <summary>The day, counted from 1970, of microseconds since then.</summary>
    public static string DayOf(string microseconds) =>
        FormattableString.Invariant($"(intDiv({microseconds} + {DaysBefore * ClickHouseColumn.MicrosecondsPerDay}, {ClickHouseColumn.MicrosecondsPerDay}) - {DaysBefore})");

    // Days since 1970 of a date of the Gregorian calendar: years begin in March, so that the leap day is the last; 719468 days lie between 0000-03-01 and 1970-01-01.
    private static string Days(string year, string month, string day)
    {
        var y = $"({year} - ({month} <= 2))";
        var ofYear = $"(intDiv(153 * ({month} + multiIf({month} > 2, -3, 9)) + 2, 5) + {day} - 1)";
        return $"({y} * 365 + intDiv({y}, 4) - intDiv({y}, 100) + intDiv({y}, 400) + {ofYear} - 719468)";
    }
}
