using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Design;

/// <summary>How many units a number of days brings: typed as a rate, or the curve that history shows.</summary>
internal sealed class TrafficRate
{
    private readonly double _perDay;
    private readonly UnitGrowthFit? _growth;

    private TrafficRate(double perDay, UnitGrowthFit? growth) => (_perDay, _growth) = (perDay, growth);

    /// <summary>The curve that history shows, when it is used.</summary>
    public UnitGrowthFit? Growth => _growth;

    public static TrafficRate Of(UnitGrowthFit growth) => new(0, growth);

    public static TrafficRate Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var number = (slash < 0 ? text : text[..slash]).Replace("_", string.Empty, StringComparison.Ordinal).Replace(",", string.Empty, StringComparison.Ordinal).Trim();
        var days = slash < 0 ? "day" : text[(slash + 1)..].Trim().ToLowerInvariant();
        var length = days switch
        {
            "day" or "d" => 1.0,
            "week" or "w" => 7.0,
            "month" => 365.25 / 12,
            _ => 0.0,
        };
        return length > 0 && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? new TrafficRate(value / length, null)
            : throw new GnomonError("bad-traffic", $"--traffic must be a number per day, week or month; got '{text}'.", "--traffic", "Write --traffic 5000/day or --traffic 35000/week.");
    }

    public double Units(double days) => _growth?.Units(days) ?? days * _perDay;

    public double? DaysFor(double units) => _growth is null ? units / _perDay : _growth.DaysFor(units);
}
