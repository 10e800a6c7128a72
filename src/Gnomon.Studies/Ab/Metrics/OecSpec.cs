using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <param name="Weight">Not 0.</param>
/// <param name="Column">The component.</param>
internal sealed record OecTerm(double Weight, string Column);

/// <summary>The overall evaluation criterion: weights of its components.</summary>
/// <param name="IsRaw">Components count in their own units, not in standard deviations of the control arm.</param>
internal sealed partial record OecSpec(IReadOnlyList<OecTerm> Terms, bool IsRaw)
{
    public const string Name = "OEC";
    private const string Raw = "raw:";

    /// <exception cref="GnomonError"><c>bad-oec</c>: not a sum of weights times columns.</exception>
    public static OecSpec Parse(string text, Schema? schema)
    {
        var isRaw = text.TrimStart().StartsWith(Raw, StringComparison.OrdinalIgnoreCase);
        var rest = isRaw ? text.TrimStart()[Raw.Length..] : text;
        var terms = new List<OecTerm>();
        var at = 0;
        foreach (Match term in TermPattern().Matches(rest))
        {
            if (term.Index != at)
            {
                break;
            }

            var weight = double.Parse(term.Groups["weight"].Value, NumberStyles.Float, CultureInfo.InvariantCulture) * (term.Groups["sign"].Value == "-" ? -1 : 1);
            var column = term.Groups["column"].Value.Trim();
            terms.Add(new OecTerm(weight, schema?.Find(column)?.Name ?? column));
            at += term.Length;
        }

        if (at != rest.Length || terms.Count < 2 || terms.Exists(t => t.Weight == 0 || !double.IsFinite(t.Weight)) || terms.DistinctBy(t => t.Column).Count() < terms.Count)
        {
            throw new GnomonError("bad-oec", $"--oec must be a sum of weights times two or more columns; got '{text}'.", "--oec", "Write --oec \"0.7*converted+0.3*revenue\".");
        }

        foreach (var term in terms)
        {
            if (schema?.Require(term.Column, "--oec") is { IsNumeric: false } field)
            {
                throw new GnomonError("bad-oec", $"--oec: column '{field.Name}' holds no numbers.", "--oec", "Name columns of numbers or true/false values.");
            }
        }

        return new OecSpec(terms, isRaw);
    }

    /// <summary>The value of a row, each component divided by its scale.</summary>
    public Scalar Value(IReadOnlyList<double> scales) => Terms.Select((t, i) => Scalar.Column(t.Column).ToDouble() * Scalar.Value(t.Weight / scales[i])).Aggregate((a, b) => a + b);

    [GeneratedRegex(@"\G\s*(?<sign>[+-]?)\s*(?<weight>\d*\.?\d+([eE][+-]?\d+)?)\s*\*\s*(?<column>[^+*]+?)\s*(?=[+-]\s*\d*\.?\d+([eE][+-]?\d+)?\s*\*|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex TermPattern();
}
