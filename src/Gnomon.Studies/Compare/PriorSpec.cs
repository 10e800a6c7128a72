using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods.Bayes;

namespace Gnomon.Studies.Compare;

/// <summary>What the prior is of.</summary>
internal enum PriorKind
{
    Flat,
    Beta,
    Normal,
    Trial,
}

/// <summary>An earlier trial's counts of one group.</summary>
internal sealed record EarlierGroup(string Name, long Events, long Units);

/// <summary>A prior as typed: <c>flat</c>, <c>beta:50,950</c>, <c>normal:0,0.05</c>, <c>trial:A=24/60,B=36/60</c>.</summary>
internal sealed record PriorSpec(PriorKind Kind, double First, double Second, IReadOnlyList<EarlierGroup> Trial)
{
    public const string Hint = "Write flat, beta:50,950 (the share of each group), normal:0,0.05 (the difference) or trial:A=24/60,B=36/60 (an earlier trial).";

    /// <summary>In words, for tables and sentences.</summary>
    public string Name(string unit) => Kind switch
    {
        PriorKind.Flat => "flat",
        PriorKind.Beta => $"beta({Figures.Number(First)}, {Figures.Number(Second)})",
        PriorKind.Normal => $"normal({Figures.Effect(First, unit)}, {Figures.Effect(Second, unit).TrimStart('+')})",
        _ => "earlier trial",
    };

    public static PriorSpec? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = (colon < 0 ? text : text[..colon]).Trim().ToUpperInvariant();
        var rest = colon < 0 ? [] : text[(colon + 1)..].Split(',');
        switch (name)
        {
            case "FLAT" when colon < 0:
                return new(PriorKind.Flat, 1, 1, []);
            case "BETA" when Two(rest, out var a, out var b) && a > 0 && b > 0:
                return new(PriorKind.Beta, a, b, []);
            case "NORMAL" when Two(rest, out var mean, out var deviation) && deviation > 0:
                return new(PriorKind.Normal, mean, deviation, []);
            case "TRIAL":
                var groups = rest.Select(Group).OfType<EarlierGroup>().ToList();
                return groups.Count == 2 && rest.Length == 2 && groups[0].Name != groups[1].Name ? new(PriorKind.Trial, 0, 0, groups) : null;
            default:
                return null;
        }
    }

    /// <summary>Amount of a gain, for each unit of difference: <c>400000/0.01</c> is 400,000 for each 0.01.</summary>
    public static double? Gain(string text)
    {
        var parts = text.Split('/');
        return parts.Length <= 2 && Number(parts[0], out var amount) && amount != 0 && (parts.Length == 1 || (Number(parts[1], out var per) && per > 0)) ? amount / (parts.Length == 1 ? 1 : double.Parse(parts[1], CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>A further sample: units per group, and what they cost together.</summary>
    public static (int Units, double Cost)? More(string text)
    {
        var parts = text.Split('=');
        return parts.Length <= 2 && int.TryParse(parts[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var units) && units is > 0 and <= 1_000_000
            && (parts.Length == 1 || (Number(parts[1], out var cost) && cost >= 0)) ? (units, parts.Length == 1 ? 0 : double.Parse(parts[1], CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>What is wrong with the options of the Bayesian side.</summary>
    public static IEnumerable<GnomonError> Wrong(CompareOptions options)
    {
        if (options.Prior is null)
        {
            foreach (var (name, given) in new[] { ("--prior-weight", options.PriorWeight is not null), ("--prior-robust", options.PriorRobust is not null), ("--gain", options.Gain is not null), ("--cost", options.Cost is not null), ("--more", options.More is not null), ("--simulate", options.Simulate is not null) })
            {
                if (given)
                {
                    yield return new GnomonError("option-missing", $"{name} needs --prior: what was believed before these data.", "--prior", "Add --prior flat when nothing was.");
                }
            }

            yield break;
        }

        if (Parse(options.Prior) is not { } prior)
        {
            yield return new GnomonError("bad-prior", $"--prior '{options.Prior}' is not a prior.", "--prior", Hint);
            yield break;
        }

        if (options.PriorWeight is { } weight && (prior.Kind != PriorKind.Trial || weight is < 0 or > 1))
        {
            yield return new GnomonError("option-out-of-range", $"--prior-weight is the share, 0 to 1, at which an earlier trial counts; got {Figures.Number(weight)} with --prior {options.Prior}.", "--prior-weight", "Write --prior trial:A=24/60,B=36/60 --prior-weight 0.5.");
        }

        if (options.PriorRobust is not null && prior.Kind == PriorKind.Flat)
        {
            yield return new GnomonError("options-conflict", "--prior-robust adds a vague part to a prior; a flat one is vague already.", "--prior-robust", "Leave it out.");
        }

        if (options.Gain is not null && Gain(options.Gain) is null)
        {
            yield return new GnomonError("bad-gain", $"--gain must be an amount, or an amount for a difference; got '{options.Gain}'.", "--gain", "Write --gain 400000/0.01: what each 0.01 of difference is worth. Negative where lower is better.");
        }

        if (options.Gain is null && (options.Cost is not null || options.More is not null))
        {
            yield return new GnomonError("option-missing", "--cost and --more need --gain: what a difference is worth.", "--gain", "Add --gain 400000/0.01.");
        }

        if (options.Gain is not null && !options.Randomized)
        {
            yield return new GnomonError("options-conflict", "--gain asks what choosing a group is worth, which takes an effect, not only a difference.", "--randomized", "Say --randomized when the groups were assigned by chance; otherwise leave --gain out.");
        }

        if (options.More is not null && More(options.More) is null)
        {
            yield return new GnomonError("bad-more", $"--more must be units per group, at most 1,000,000, and what they cost; got '{options.More}'.", "--more", "Write --more 300=20000.");
        }

        if (options.Simulate is < 100 or > 100_000)
        {
            yield return new GnomonError("option-out-of-range", $"--simulate takes 100 to 100,000 runs; got {options.Simulate}.", "--simulate", "Write --simulate 5000.");
        }
    }

    private static EarlierGroup? Group(string text)
    {
        var equals = text.LastIndexOf('=');
        var parts = equals > 0 ? text[(equals + 1)..].Split('/') : [];
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var events) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units > 0 && events <= units
            ? new(text[..equals].Trim(), events, units)
            : null;
    }

    private static bool Two(string[] parts, out double first, out double second)
    {
        second = 0;
        return Number(parts.Length == 2 ? parts[0] : string.Empty, out first) && Number(parts[1], out second);
    }

    private static bool Number(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
