using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;

namespace Gnomon.Studies;

/// <summary>A printed number with the decimals it was printed with.</summary>
internal readonly record struct StatedNumber(double Value, int Decimals);

/// <summary>A claim such as <c>p=0.03, lift=6.7%, difference=0.003</c>.</summary>
internal sealed partial record Claim(StatedNumber? P, StatedNumber? Lift, StatedNumber? Difference)
{
    /// <summary>True when the text holds a number that can be recomputed.</summary>
    public static bool HasNumbers(string text) => Pair().IsMatch(text);

    /// <summary>True when the text is a sentence, not only numbers with their names.</summary>
    public static bool IsSentence(string text) => Pair().Replace(text, string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(w => w.Length > 1 && w.All(char.IsLetter)) >= 3;

    public static Claim Parse(string text)
    {
        var found = new Claim(null, null, null);
        foreach (Match match in Pair().Matches(text))
        {
            var digits = match.Groups["value"].Value;
            var dot = digits.IndexOf('.', StringComparison.Ordinal);
            var decimals = dot < 0 ? 0 : digits.Length - dot - 1;
            var value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
            var percent = match.Groups["percent"].Success;
            found = match.Groups["name"].Value switch
            {
                "p" => found with { P = new StatedNumber(value, decimals) },
                "lift" => found with { Lift = new StatedNumber(percent ? value / 100 : value, decimals + (percent ? 0 : -2)) },
                _ => found with { Difference = new StatedNumber(percent ? value / 100 : value, decimals + (percent ? 2 : 0)) },
            };
        }

        return found == new Claim(null, null, null)
            ? throw new GnomonError("bad-claim", $"--claim '{text}' holds no number that can be checked.", "--claim", "Write --claim \"p=0.03, lift=6.7%, difference=0.003\".")
            : found;
    }

    [GeneratedRegex(@"(?<name>p|lift|difference|diff)\s*[=:]\s*(?<value>[+-]?\d*\.?\d+)\s*(?<percent>%)?", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Pair();
}
