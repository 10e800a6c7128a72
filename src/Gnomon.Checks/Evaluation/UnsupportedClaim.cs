using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>A sentence says more than the analysis.</summary>
public sealed partial class UnsupportedClaim : Check<StatedReading>
{
    private const double Rounding = 0.0101;
    private const int FewestLetters = 8;

    // What is wrong, and how it may be said. The first that matches is told.
    private static readonly (Regex Pattern, string Wrong)[] Readings =
    [
        (DueToChance(), "a p-value is not the probability that a result is due to chance: it is computed as if chance alone were at work"),
        (AcceptedNull(), "a large p-value does not show that there is no difference; the interval says which differences the data allow"),
        (Replicates(), "a p-value is no probability that the result replicates"),
        (ObservedPower(), "power at the observed effect only restates the p-value; the interval says what the sample could see"),
        (IntervalChance(), "a confidence interval is made by a method that holds the truth that often; this one holds it or does not. A credible interval (--prior) carries a probability"),
        (HypothesisChance(), "no hypothesis gets a probability without a prior: name one (--prior), or say how often such a test errs"),
    ];

    public override CheckCard Card { get; } = new(
        Id: "unsupported-claim",
        Asks: "Does the stated sentence say more than the analysis does?",
        FiresWhen: "the sentence gives a probability to a hypothesis without a prior (or another one than the posterior's), reads p as the probability of chance, of replication or of no difference, says that there is no difference without a margin that holds the interval, reads a confidence interval as a probability, quotes power at the observed effect, or uses a causal verb without random assignment",
        Means: "The text says more than the analysis.",
        Remedy: "Bind each sentence to a number of the finding with its meaning, and refuse the rest.",
        Source: "Greenland et al. 2016; Wasserstein and Lazar 2016; Hoenig and Heisey 2001")
    { Level = CheckLevel.Warning, Aliases = ["misread-p-value", "observed-power"] };

    public override CheckResult Evaluate(StatedReading evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Text.Count(char.IsLetter) < FewestLetters)
        {
            return CheckResult.Skip($"'{evidence.Text}' holds {Figures.Count(evidence.Text.Count(char.IsLetter), "letter")}: no sentence to judge");
        }

        foreach (var (pattern, wrong) in Readings)
        {
            if (Holds(pattern, evidence.Text) && !IsPosterior(pattern, evidence))
            {
                return CheckResult.Warn($"1 known misreading, '{Shortened(evidence.Text)}': {wrong}", 1, 0);
            }
        }

        if (!evidence.IsInsideMargin && SaysNoDifference(evidence.Text))
        {
            var wrong = evidence.PValue is { } p && p < evidence.Alpha
                ? $"these data contradict it: without a difference, data like these would be rare ({Figures.P(p)})"
                : $"data that are compatible with no difference{(evidence.PValue is { } large ? $" ({Figures.P(large)})" : string.Empty)} do not show that there is none; declare with --margin which difference matters, and see whether the interval lies inside it";
            return CheckResult.Warn($"1 known misreading, '{Shortened(evidence.Text)}': {wrong}", 1, 0);
        }

        return !evidence.IsRandomized && CausalVerb().IsMatch(evidence.Text)
            ? CheckResult.Warn($"1 known misreading, '{Shortened(evidence.Text)}': a causal verb needs groups that were assigned at random; these differ, for reasons that stay open", 1, 0)
            : CheckResult.Pass($"'{Shortened(evidence.Text)}' holds 0 of {Readings.Length + 2} known misreadings", 0, 0);
    }

    // "does not show that there is no difference" is the right reading; "not due to chance" stays a wrong one.
    private static bool Holds(Regex pattern, string text) => pattern.Matches(text).Any(m => pattern.ToString() != AcceptedNull().ToString() || !Denied().IsMatch(text[..m.Index]));

    // With a prior a chance of the difference's size, never of a hypothesis, may be stated, if it is the posterior's, as printed or rounded to a whole percent.
    private static bool IsPosterior(Regex pattern, StatedReading evidence)
    {
        if (pattern.ToString() != HypothesisChance().ToString() || evidence.ChanceAboveZero is not { } above || Hypothesis().IsMatch(evidence.Text))
        {
            return false;
        }

        var stated = Percentage().Matches(evidence.Text).Select(m => double.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture) / 100).ToList();
        return stated.Count > 0 && stated.TrueForAll(s => new[] { above, 1 - above, evidence.ChanceAboveMargin ?? above }.Any(p => Math.Abs(p - s) < Rounding));
    }

    // "If there were no difference" and "we cannot say that there is no difference" claim nothing.
    private static bool SaysNoDifference(string text) => NoDifference().Matches(text).Any(m => !Withheld().IsMatch(text[..m.Index]));

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..77] + "...";

    public override StatedReading Trap(int seed)
    {
        var rng = new Rng(seed).Stream("unsupported-claim");
        var number = 90 + rng.NextInt(10);
        string[] wrong =
        [
            $"There is a {number} % probability that the effect is real", $"We are {number}% sure the new page is better", $"p = 0.0{100 - number}, so the chance that the result is due to luck is {100 - number} %",
            "The difference is not significant, so there is no difference", "We accept the null hypothesis", "There is no difference between a and b", "The groups are the same", "The new page has no effect on sales", "Men and women do not differ in income", $"With {number} % probability the true difference lies between 1 and 5",
            $"The result will replicate with {number} % probability", $"The observed power was {number} %", "The result is unlikely to be a random fluke: p is the probability that chance alone produced it",
            "The new price caused the drop in sales", "p = 0.02 means the null hypothesis has a 2 % chance of being true", $"Being a member leads to {number} more visits",
        ];
        return new StatedReading { Text = wrong[rng.NextInt(wrong.Length)], IsRandomized = false };
    }

    public override StatedReading Clean(int seed)
    {
        var rng = new Rng(seed).Stream("unsupported-claim");
        var number = 1 + rng.NextInt(8);
        string[] right =
        [
            $"The new group has {number} points more, 95 % interval 0.5 to {number + 4} points, p = 0.03", $"The difference is {number} points; the data allow anything from -1 to {number + 6} points",
            "Not settled: the interval reaches from a loss to a gain that would matter", $"If there were no difference, a test like this would call one in 5 % of samples; p = 0.0{number}",
            $"Members visit {number} times more often; why is open", "We cannot say that there is no difference between a and b", "No clear difference was found; from -2 to 3 remains possible", "The whole interval lies inside the margin, so the groups are equivalent for this purpose",
        ];
        return new StatedReading { Text = right[rng.NextInt(right.Length)], IsRandomized = false };
    }

    public override StatedReading? Tiny => new() { Text = "p=0.03", IsRandomized = false };

    [GeneratedRegex(@"\b(due to|by|from|result of|explained by)\s+(mere\s+|pure\s+|random\s+)?(chance|luck|noise|randomness)\b|\bchance alone (produced|caused|made)|\b(random|statistical) fluke\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex DueToChance();

    [GeneratedRegex(@"\baccept(s|ed|ing)? (the )?(null|H0)\b|\b(null( hypothesis)?|H0) (is|was) (true|accepted|confirmed|proven)\b|\b(prove[sdn]*|show[sn]?|means?|so|therefore|thus|hence)\s+(that\s+)?(there (is|was) )?no (effect|difference|relation)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex AcceptedNull();

    [GeneratedRegex(@"\b(there (is|was|are|were)|shows?|makes?|made|have|has|had|with|see|saw|found|find) (absolutely |really |truly |simply )?(no|zero) (real |true |actual |overall )?(difference|effect|relation(ship)?|impact|influence|change)s?\b(?! (that|which) (would )?matters?\b| (larger|greater|bigger|beyond|above|worth|of more)\b)|^\s*no (real |true |actual )?(difference|effect|impact)s?\b(?! (that|which) (would )?matters?\b| (larger|greater|bigger|beyond|above|worth|of more)\b)|\b(is|are|was|were) (exactly |just )?(the same|equal|identical|no different)\b|\b(do|does|did) not differ\b|\b(don't|doesn't|didn't) differ\b|\bmakes? no difference\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex NoDifference();

    [GeneratedRegex(@"\b(if|whether|unless|suppos\w*|assum\w*|as though)\b|\b(cannot|can't|could not|couldn't|do not|don't|does not|doesn't|did not|didn't) (say|show|prove|conclude|claim|mean|establish|know|imply)\b|\b(no evidence|not (shown|proven|clear|known|established)|hypothesis|null) (that|of|is|says)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Withheld();

    [GeneratedRegex(@"\b(not|cannot|never)\s+$|n't\s+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Denied();

    [GeneratedRegex(@"\breplicat\w*\b.*(\d\s*%|probab|chance|likel)|(\d\s*%|probab|chance|likel).*\breplicat", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Replicates();

    [GeneratedRegex(@"\b(observed|post[- ]?hoc|achieved|retrospective) power\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ObservedPower();

    [GeneratedRegex(@"\d\s*%\s*(probability|chance|likely|certain|sure)\b.*\b(between|interval|lies|range)\b|\binterval\b.*\b(probability|chance)\b.*\b(true|contain)|\b(true (value|difference|effect)).*\b(probability|chance)\b.*\binterval|\bwith \d+(\.\d+)?\s*% (probability|chance|certainty)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex IntervalChance();

    [GeneratedRegex(@"\b(probab\w*|chance|odds|likel\w*|sure|certain\w*|confident)\b.*\b(real|true|exists?|works?|better|worse|higher|lower|winner|superior|effective|null|hypothesis)\b|\bhypothesis\b.*\b(probability|chance)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex HypothesisChance();

    [GeneratedRegex(@"\b(real|true|exists?|null|hypothesis)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Hypothesis();

    [GeneratedRegex(@"\b(caus(e|es|ed|ing)|leads? to|led to|results? in|resulted in|brought about|thanks to|because of|drives?|drove)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex CausalVerb();

    [GeneratedRegex(@"(?<number>\d+(\.\d+)?)\s*%", RegexOptions.ExplicitCapture)]
    private static partial Regex Percentage();
}
