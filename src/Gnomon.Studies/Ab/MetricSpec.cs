using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab;

internal enum MetricKind
{
    /// <summary>A number or true/false per row.</summary>
    Value,

    /// <summary>Total of one column over total of another, per unit.</summary>
    Ratio,

    /// <summary>Rows hold counts: events of trials.</summary>
    Rate,

    /// <summary>Computed apart: a quantile, a mean time to an event.</summary>
    Derived,
}

internal enum MetricRole
{
    Primary,
    Guardrail,
    Secondary,
}

/// <summary>One metric as the analysis will read it.</summary>
internal sealed partial record MetricSpec
{
    public required string Name { get; init; }

    public required MetricKind Kind { get; init; }

    public MetricRole Role { get; init; } = MetricRole.Primary;

    /// <summary>Value or numerator column.</summary>
    public required string Column { get; init; }

    public string? Denominator { get; init; }

    /// <summary>For COLUMN=VALUE: the value that counts as the event.</summary>
    public string? Event { get; init; }

    /// <summary>How it is computed, where it is no mean of values per unit.</summary>
    public Metrics.DerivedMetric? Derived { get; init; }

    /// <summary>Days after assignment, for retention.</summary>
    public int? RetentionDay { get; init; }

    /// <summary>A composite whose zero means nothing: no relative effect is told.</summary>
    public bool IsIndex { get; init; }

    /// <summary>A value made of several columns, one row per unit; null where the column itself is read.</summary>
    public Scalar? Expression { get; init; }

    /// <summary>The value is made from the row, not read from the column as it stands.</summary>
    public bool IsWritten => Event is not null || Expression is not null || RetentionDay is not null;

    public bool HigherIsBetter { get; init; } = true;

    /// <summary>Acceptable harm of a guardrail, positive; in the metric's unit or, when relative, a share of control.</summary>
    public double Margin { get; init; }

    public bool MarginIsRelative { get; init; }

    /// <summary>The option that named its column, where it is not told by role and kind.</summary>
    public string? From { get; init; }

    /// <summary>The guardrail as written.</summary>
    public string Declared { get; init; } = string.Empty;

    public int Sign => HigherIsBetter ? 1 : -1;

    public string RoleWord => Role switch
    {
        MetricRole.Primary => "primary",
        MetricRole.Guardrail => "guardrail",
        _ => "secondary",
    };

    public static MetricSpec Parse(string text, Schema? schema)
    {
        // A column whose own name holds '=' or '/' is taken as it is.
        if (schema?.Find(text) is { } field)
        {
            return new MetricSpec { Name = field.Name, Kind = MetricKind.Value, Column = field.Name };
        }

        if (Metrics.MetricTexts.Quantile(text, schema) is { } quantile)
        {
            return quantile;
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            return new MetricSpec { Name = text, Kind = MetricKind.Value, Column = text[..equals].Trim(), Event = text[(equals + 1)..].Trim() };
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? Pair(text, MetricKind.Ratio, "--metric")
            : new MetricSpec { Name = text, Kind = MetricKind.Value, Column = text };
    }

    public static MetricSpec Pair(string text, MetricKind kind, string option)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1
            ? new MetricSpec { Name = text, Kind = kind, Column = text[..slash].Trim(), Denominator = text[(slash + 1)..].Trim() }
            : throw new GnomonError("bad-metric", $"{option} must be written NUM/DEN; got '{text}'.", option, $"Write {option} revenue/visits.");
    }

    /// <summary><c>refunds&lt;=+1%</c>: the name, the direction of harm, the margin.</summary>
    public static MetricSpec Guardrail(string text, Schema? schema)
    {
        var match = GuardrailPattern().Match(text);
        if (!match.Success)
        {
            throw new GnomonError(
                "bad-guardrail", $"--guardrail must name a metric and its margin; got '{text}'.", "--guardrail",
                "Write --guardrail 'revenue>=-1%' (may fall by at most 1 %) or 'latency<=+20' (may rise by at most 20).");
        }

        var higherIsBetter = match.Groups["op"].Value == ">=";
        var margin = double.Parse(match.Groups["margin"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (higherIsBetter ? margin > 0 : margin < 0)
        {
            throw new GnomonError(
                "bad-guardrail", $"--guardrail '{text}' asks for an improvement; a guardrail bounds a harm.", "--guardrail",
                $"Write '{match.Groups["name"].Value}{match.Groups["op"].Value}{(higherIsBetter ? "-" : "+")}{Math.Abs(margin).ToString(CultureInfo.InvariantCulture)}{match.Groups["percent"].Value}', or make it a --metric.");
        }

        var relative = match.Groups["percent"].Success;
        if (higherIsBetter && relative && Math.Abs(margin) >= 100)
        {
            throw new GnomonError("bad-guardrail", $"--guardrail '{text}' lets {match.Groups["name"].Value.Trim()} fall to nothing.", "--guardrail", "Write a fall of less than 100 %, or one in the metric's own unit.");
        }

        return Parse(match.Groups["name"].Value.Trim(), schema) with
        {
            Role = MetricRole.Guardrail,
            HigherIsBetter = higherIsBetter,
            Margin = Math.Abs(margin) / (relative ? 100 : 1),
            MarginIsRelative = relative,
            Declared = text,
        };
    }

    [GeneratedRegex(@"^(?<name>.+?)\s*(?<op>>=|<=)\s*(?<margin>[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(?<percent>%)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex GuardrailPattern();
}
