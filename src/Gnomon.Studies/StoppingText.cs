using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies;

/// <summary>A stopping rule as people and plan files write it: <c>obrien-fleming</c>, <c>pocock</c>, <c>kim-demets:2</c>, <c>haybittle-peto</c>, <c>haybittle-peto:0.001</c>.</summary>
internal static class StoppingText
{
    private const int MostLooksOfObrienFleming = 10;

    public const string Hint = "Write obf, pocock, kim-demets:2 (its exponent) or haybittle-peto:0.001 (p before the end).";

    /// <summary>Null when the text is no rule.</summary>
    public static StoppingRule? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        double? parameter = null;
        if (colon >= 0)
        {
            if (!double.TryParse(text[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                return null;
            }

            parameter = value;
        }

        return name switch
        {
            "obf" or "obrien-fleming" when parameter is null => new StoppingRule(),
            "pocock" when parameter is null => new StoppingRule { Spending = AlphaSpending.Pocock },
            "kim-demets" when parameter is null or (> 0 and <= 20) => new StoppingRule { Spending = AlphaSpending.KimDeMets, Rho = parameter ?? 3 },
            "haybittle-peto" when parameter is null or (> 1e-12 and < 0.05) => new StoppingRule { Spending = AlphaSpending.HaybittlePeto, InterimZ = parameter is { } p ? Normal.UpperQuantile(p / 2) : StoppingRule.UsualInterimZ },
            _ => null,
        };
    }

    /// <summary>The rule of a plan that names none. O'Brien and Fleming's spends nothing early and charges for it when looks are many: with 28 it costs 2 points of power, exponent 4 costs 1.5 for the same average size.</summary>
    public static string UsualSpending(long looks) => looks <= MostLooksOfObrienFleming ? "obf" : "kim-demets:4";

    public static FutilityStopping? ParseFutility(string text) => text switch
    {
        "none" => FutilityStopping.None,
        "binding" => FutilityStopping.Binding,
        "nonbinding" => FutilityStopping.NonBinding,
        _ => null,
    };

    /// <summary>The canonical text of a plan file.</summary>
    public static string Write(StoppingRule rule) => rule.Spending switch
    {
        AlphaSpending.ObrienFleming => "obrien-fleming",
        AlphaSpending.Pocock => "pocock",
        AlphaSpending.KimDeMets => string.Create(CultureInfo.InvariantCulture, $"kim-demets:{rule.Rho:0.####}"),
        _ when rule.InterimZ == StoppingRule.UsualInterimZ => "haybittle-peto",
        _ => string.Create(CultureInfo.InvariantCulture, $"haybittle-peto:{2 * Normal.Sf(rule.InterimZ):G10}"),
    };

    public static string Write(FutilityStopping futility) => futility switch { FutilityStopping.None => "none", FutilityStopping.Binding => "binding", _ => "nonbinding" };

    /// <summary>The rule's name in a sentence.</summary>
    public static string Name(StoppingRule rule) => rule.Spending switch
    {
        AlphaSpending.ObrienFleming => "O'Brien-Fleming spending",
        AlphaSpending.Pocock => "Pocock spending",
        AlphaSpending.KimDeMets => string.Create(CultureInfo.InvariantCulture, $"Kim-DeMets spending, exponent {rule.Rho:0.##}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"Haybittle-Peto, p below {2 * Normal.Sf(rule.InterimZ):0.####} before the end"),
    };

    /// <summary>A rule with its futility; beta is spent by the same function as alpha, by O'Brien and Fleming's where alpha has none.</summary>
    public static StoppingRule With(StoppingRule rule, FutilityStopping futility) => rule with
    {
        Futility = futility,
        BetaSpending = rule.Spending == AlphaSpending.HaybittlePeto ? AlphaSpending.ObrienFleming : rule.Spending,
        BetaRho = rule.Rho,
    };

    /// <exception cref="GnomonError">The text is no rule.</exception>
    public static StoppingRule Require(string text, string futility, string where) =>
        With(Parse(text) ?? throw Wrong(text, where), ParseFutility(futility) ?? FutilityStopping.None);

    public static GnomonError Wrong(string text, string where) => new("bad-stopping-rule", $"The stopping rule '{text}' is not known.", where, Hint);
}
