using Gnomon.Core.Findings;
using Gnomon.Methods.Bayes;

namespace Gnomon.Studies.Compare;

/// <summary>
/// The sentences of the Bayesian side. A posterior probability is of a size of the difference and always under a named prior; a p-value and a confidence interval get no probability of a
/// hypothesis at all.
/// </summary>
internal static class BayesWords
{
    /// <summary>A probability as people read it: never 0 %, never 100 %.</summary>
    public static string Chance(double p) => p < 0.001 ? "below 0.1 %" : p > 0.999 ? "above 99.9 %" : p is < 0.1 or > 0.99 ? Figures.Percent(p, 1) : Figures.WholePercent(p);

    /// <summary><c>a chance of 96 %</c>, <c>a chance above 99.9 %</c>.</summary>
    public static string AChance(double p) => p is < 0.001 or > 0.999 ? $"a chance {Chance(p)}" : $"a chance of {Chance(p)}";

    /// <summary>A prior inside a sentence: <c>the earlier trial at weight 1</c>, <c>a flat prior</c>.</summary>
    public static string Prior(PriorRow row) => row.Name switch
    {
        "flat" => "a flat prior",
        var name when name.StartsWith("earlier", StringComparison.Ordinal) || name.StartsWith("sceptical", StringComparison.Ordinal) => $"the {name}",
        var name => $"the prior {name}",
    };

    /// <summary>The sentence beside the test's.</summary>
    public static string Posterior(BayesLook look)
    {
        var interval = look.Declared.After.Interval(look.Level);
        var beyond = look.Margin is { } margin ? $", and a difference above {Figures.Effect(margin, look.Unit).TrimStart('+')} {AChance(look.Beyond(look.Declared))}" : string.Empty;
        return $"Under {Prior(look.Declared)} the data give a difference above 0 {AChance(look.Declared.After.Above(0))}{beyond} ({Figures.Confidence(look.Level)} credible interval {Figures.Range(interval.Low, interval.High, look.Unit)}).";
    }

    public static string Conflict(BayesLook look) =>
        $"The prior and these data disagree: before them, data this far from what {Prior(look.Declared)} foresaw had {AChance(look.Declared.Tail ?? 1)}, and the chance of a difference above {(look.Margin is { } m ? Figures.Effect(m, look.Unit).TrimStart('+') : "0")} is {Chance(look.Beyond(look.Declared))} with that prior and {Chance(look.Beyond(look.Flat!))} without.";

    public static string Decision(BayesLook look)
    {
        var d = look.Decision!;
        var net = $"expected net benefit of going {Figures.Number(Rounded(d.NetOfGo))}, of stopping 0; it pays beyond a difference of {Figures.Effect(d.BreakEven, look.Unit)}, which has {AChance(d.ChanceThatGoPays)} under {Prior(look.Declared)}";
        var sample = look.More is { } more && d.NetOfSample is { } worth ? $"; {Figures.Count(more.Units)} further units in each group are worth {Figures.Number(Rounded(d.SampleInformation!.Value))}, {Figures.Number(Rounded(worth))} after their cost" : string.Empty;
        return $"{net}{sample}.";
    }

    /// <summary>The decision where the prior makes it: both sides, and nothing that rests on one of them.</summary>
    public static string Divided(BayesLook look)
    {
        var breakEven = look.Decision!.BreakEven;
        return $"going has an expected net benefit of {Figures.Number(Rounded(look.Decision.NetOfGo))} under {Prior(look.Declared)} and of {Figures.Number(Rounded(look.Gain!.Value * (look.Flat!.After.Mean - breakEven)))} under a flat prior, stopping 0; it pays beyond a difference of {Figures.Effect(breakEven, look.Unit)}.";
    }

    /// <summary>What the words of the tables mean, for the limitations.</summary>
    public static IEnumerable<string> Reading(BayesLook look)
    {
        yield return $"Chances of a difference are posterior probabilities under {Prior(look.Declared)}: they are as good as it is. The p-value and the {Figures.Confidence(look.Level)} confidence interval use no prior and give no hypothesis a probability.";
        if (look.StandardError > 0)
        {
            yield return PriorSensitivity.TippingDeviation(look.Contrast.Main.Value, look.StandardError, 1 - (1 - look.Level) / 2) is { } tipping
                ? $"Tipping point: who expects differences around 0 with a standard deviation below {Figures.Effect(tipping, look.Unit).TrimStart('+')} is left with a chance of its sign below {Figures.Percent(1 - (1 - look.Level) / 2, 1)} after these data."
                : $"Even without any prior the chance of the difference's sign stays below {Figures.Percent(1 - (1 - look.Level) / 2, 1)}.";
        }
    }

    /// <summary>An amount with the digits a mean over a posterior supports.</summary>
    public static double Rounded(double amount)
    {
        if (amount == 0)
        {
            return 0;
        }

        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(amount))) - 2);
        return Math.Round(amount / step) * step;
    }
}
