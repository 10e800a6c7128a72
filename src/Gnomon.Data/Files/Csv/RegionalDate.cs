namespace Gnomon.Data.Files.Csv;

/// <summary>A date such as 31/12/2020 or 12-31-2020, perhaps with a time: two short numbers, a four-digit year, one separator.</summary>
/// <param name="First">The first number, 1 to 31.</param>
/// <param name="Second">The second number, 1 to 31.</param>
/// <param name="Separator">'/', '-' or '.'.</param>
/// <param name="TimeParts">0 without a time, 2 with hh:mm, 3 with hh:mm:ss.</param>
/// <param name="IsYearFirst">yyyy/mm/dd.</param>
internal readonly record struct RegionalDate(int First, int Second, char Separator, int TimeParts, bool IsYearFirst)
{
    public static bool TryParse(ReadOnlySpan<byte> cell, out RegionalDate date)
    {
        date = default;
        Span<int> numbers = stackalloc int[3];
        Span<int> digits = stackalloc int[3];
        var at = 0;
        byte separator = 0;
        for (var part = 0; part < 3; part++)
        {
            var start = at;
            at = CellClassifier.SkipDigits(cell, at);
            digits[part] = at - start;
            if (digits[part] is 0 or > 4)
            {
                return false;
            }

            foreach (var b in cell[start..at])
            {
                numbers[part] = (numbers[part] * 10) + b - '0';
            }

            if (part == 2)
            {
                break;
            }

            if (at >= cell.Length || cell[at] is not ((byte)'/' or (byte)'-' or (byte)'.') || (part == 1 && cell[at] != separator))
            {
                return false;
            }

            separator = cell[at++];
        }

        var isYearFirst = digits[0] == 4;
        var shape = isYearFirst ? digits[1] <= 2 && digits[2] <= 2 : digits[0] <= 2 && digits[1] <= 2 && digits[2] == 4;
        var (a, b2) = isYearFirst ? (numbers[1], numbers[2]) : (numbers[0], numbers[1]);
        if (!shape || a is < 1 or > 31 || b2 is < 1 or > 31 || (a > 12 && b2 > 12))
        {
            return false;
        }

        if (!TryTime(cell[at..], out var timeParts))
        {
            return false;
        }

        date = new RegionalDate(a, b2, (char)separator, timeParts, isYearFirst);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> rest, out int parts)
    {
        parts = 0;
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest[0] is not ((byte)' ' or (byte)'T') || CellClassifier.ClockTime(rest[1..]) != rest.Length - 1 || rest.Contains((byte)'.'))
        {
            return false;
        }

        parts = rest.Count((byte)':') + 1;
        return true;
    }
}
