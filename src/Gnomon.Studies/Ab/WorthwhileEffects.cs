using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab;

/// <summary>
/// The smallest effect worth having, by primary metric. A percentage means the same for every metric and holds for all; a number is in one metric's unit and holds for
/// the first, since 0.003 of conversion is not 0.003 of revenue. A named effect stands before either.
/// </summary>
internal sealed class WorthwhileEffects
{
    private readonly Dictionary<string, Effect> _byMetric = new(StringComparer.Ordinal);

    private WorthwhileEffects()
    {
    }

    /// <param name="text"><c>5%</c>, <c>0.003</c>, <c>converted=0.003,revenue=2%</c>, or one unnamed effect before named ones; null when none was declared.</param>
    /// <param name="primaries">Names of the primary metrics, the leading one first.</param>
    /// <param name="where">Option or field that the text comes from.</param>
    /// <exception cref="GnomonError"><c>bad-mde</c>: not a positive number or percentage, a metric that is not primary, or one given twice.</exception>
    public static WorthwhileEffects Parse(string? text, IReadOnlyList<string> primaries, string where)
    {
        var effects = new WorthwhileEffects();
        var named = new HashSet<string>(StringComparer.Ordinal);
        Effect? unnamed = null;
        foreach (var part in text is null ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            // The name may hold '=' itself (plan=pro), the effect never.
            var equals = part.LastIndexOf('=');
            var effect = Read(equals < 0 ? part : part[(equals + 1)..], text!, where);
            if (equals < 0)
            {
                unnamed = unnamed is null ? effect : throw Bad($"{where} holds two effects without a metric; got '{text}'.", where);
                continue;
            }

            var name = Known(part[..equals].Trim(), primaries, where);
            effects._byMetric[name] = named.Add(name) ? effect : throw Bad($"{where} names '{name}' twice; got '{text}'.", where);
        }

        if (unnamed is { } all)
        {
            foreach (var name in (all.IsRelative ? primaries : primaries.Take(1)).Where(p => !named.Contains(p)))
            {
                effects._byMetric[name] = all;
            }
        }

        return effects;
    }

    /// <summary>As an absolute difference; null when none was declared for this metric, or a share of a control value of 0.</summary>
    public double? Of(string metric, double control) =>
        !_byMetric.TryGetValue(metric, out var effect) ? null
        : !effect.IsRelative ? effect.Value
        : control != 0 ? Math.Abs(control) * effect.Value : null;

    private static string Known(string name, IReadOnlyList<string> primaries, string where)
    {
        if (primaries.Contains(name))
        {
            return name;
        }

        var nearest = NearestName.To(name, primaries);
        throw new GnomonError(
            "bad-mde", $"{where} names '{name}', which is not a primary metric. Primary metrics: {string.Join(", ", primaries)}.", where,
            nearest is null ? "Name one of them." : $"Did you mean '{nearest}'?");
    }

    private static Effect Read(string part, string text, string where)
    {
        var trimmed = part.Trim().TrimStart('+');
        var relative = trimmed.EndsWith('%');
        return double.TryParse(relative ? trimmed[..^1] : trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? new Effect(relative ? value / 100 : value, relative)
            : throw Bad($"{where} must be a positive number or percentage, or METRIC=EFFECT pairs; got '{text}'.", where);
    }

    private static GnomonError Bad(string message, string where) => new("bad-mde", message, where, "Write --mde 5%, --mde 0.003 or --mde converted=0.003,revenue=2%.");

    /// <param name="Value">In the metric's unit, or a share of the control value.</param>
    private readonly record struct Effect(double Value, bool IsRelative);
}
