using System.Text.RegularExpressions;

namespace Gnomon.Methods.Privacy;

/// <summary>Texts that name a person or open a door by themselves.</summary>
/// <remarks>Sources: RFC 5321 (addresses), ISO 7064 (account numbers), Luhn 1960 (cards), ITU E.164 (telephone numbers). A card or an account number passes its checksum, or it is none.</remarks>
public static partial class DirectIdentifier
{
    /// <returns>What the text looks like: <c>e-mail address</c>, <c>telephone number</c>, <c>payment card</c>, <c>bank account</c>, <c>internet address</c>, <c>credential</c>; null for anything else.</returns>
    public static string? Kind(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var value = text.AsSpan().Trim();
        if (value.Length is < 5 or > 400)
            return null;
        if (Address().IsMatch(value))
            return "e-mail address";
        if (Credential().IsMatch(value))
            return "credential";
        if (Internet().IsMatch(value))
            return "internet address";
        if (Account().IsMatch(value) && IsAccount(value))
            return "bank account";
        return IsCard(value) ? "payment card" : Telephone().IsMatch(value) && Digits(value) is >= 8 and <= 15 ? "telephone number" : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,180}\.[A-Za-z]{2,24}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Address();

    [GeneratedRegex(@"^(AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,}|xox[abprs]-[A-Za-z0-9\-]{10,}|sk_live_[A-Za-z0-9]{16,}|eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1_000)]
    private static partial Regex Credential();

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Internet();

    [GeneratedRegex(@"^[A-Z]{2}[0-9]{2}( ?[A-Z0-9]){11,30}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Account();

    // With its mark of country or area: a plain number of digits is no telephone number.
    [GeneratedRegex(@"^(\+[0-9]|00[1-9]|\(0?[0-9]{2,5}\)|0[0-9]{2,5}[ /\-])[0-9 ()/.\-]{5,20}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Telephone();

    static int Digits(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var c in text)
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        return digits;
    }

    static bool IsCard(ReadOnlySpan<char> text)
    {
        int sum = 0, digits = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            var c = text[i];
            if (c is ' ' or '-')
                continue;
            if (!char.IsAsciiDigit(c))
                return false;
            var d = c - '0';
            if (digits++ % 2 == 1)
                d = 2 * d > 9 ? 2 * d - 9 : 2 * d;
            sum += d;
        }
        return digits is >= 13 and <= 19 && sum % 10 == 0 && text[0] is >= '3' and <= '6';
    }

    // The country's letters and checksum go to the end; letters count from 10; the rest by 97 is 1.
    static bool IsAccount(ReadOnlySpan<char> text)
    {
        var rest = 0;
        Span<char> plain = stackalloc char[64];
        var length = 0;
        foreach (var c in text)
        {
            if (c != ' ' && length < plain.Length)
                plain[length++] = c;
        }
        for (var i = 0; i < length; i++)
        {
            var c = plain[(i + 4) % length];
            rest = char.IsAsciiDigit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
        }
        return rest == 1;
    }
}
