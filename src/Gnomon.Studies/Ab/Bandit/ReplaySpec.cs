using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Studies.Ab.Special;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>The rule of <c>--replay</c>, as written.</summary>
internal sealed record ReplaySpec(string Name, double Epsilon, IReadOnlyList<string> Columns)
{
    private const string Hint = "Write --replay thompson, ucb, epsilon:0.1, linear:age,device or linear-thompson:age,device.";

    public bool IsLinear => Name is "linear" or "linear-thompson";

    /// <summary>The rule draws at random, so one replay is one draw.</summary>
    public bool Draws => Name is not ("ucb" or "linear");

    public string Words => Name switch
    {
        "thompson" => "Thompson sampling",
        "ucb" => "the upper-bound rule",
        "epsilon" => $"the epsilon-greedy rule ({Epsilon.ToString("0.##", CultureInfo.InvariantCulture)})",
        "linear" => $"LinUCB on {string.Join(", ", Columns)}",
        _ => $"linear Thompson sampling on {string.Join(", ", Columns)}",
    };

    public static ReplaySpec Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, rest) = colon < 0 ? (text.Trim(), string.Empty) : (text[..colon].Trim(), text[(colon + 1)..].Trim());
        IReadOnlyList<string> columns = rest.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return name switch
        {
            "thompson" or "ucb" when rest.Length == 0 => new(name, 0, []),
            "epsilon" when rest.Length == 0 => new(name, 0.1, []),
            "epsilon" when double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var e) && e is >= 0 and <= 1 => new(name, e, []),
            "linear" or "linear-thompson" when columns.Count > 0 => new(name, 0, columns),
            _ => throw new GnomonError("bad-rule", $"--replay must name a rule; got '{text}'.", "--replay", Hint),
        };
    }

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Replay is null)
        {
            yield break;
        }

        GnomonError? wrong = null;
        try
        {
            Parse(options.Replay);
        }
        catch (GnomonError e)
        {
            wrong = e;
        }

        if (wrong is not null)
        {
            yield return wrong;
        }

        if (options.Metric.Count != 1)
        {
            yield return new GnomonError("options-conflict", "A log is replayed for one metric.", "--metric", "Name one metric with --metric.");
        }

        if (options.Policy is not null)
        {
            yield return new GnomonError("options-conflict", "--replay and --policy are two questions.", "--replay, --policy", "Ask for one of them.");
        }

        foreach (var refused in SpecialDesigns.Refuse(options, "--replay", "A log is replayed row by row", "--time", "--propensity"))
        {
            yield return refused;
        }
    }
}
