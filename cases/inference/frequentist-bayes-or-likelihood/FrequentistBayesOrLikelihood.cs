using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>Three frameworks on one table of counts, and what each of them cannot say.</summary>
public sealed class FrequentistBayesOrLikelihood : Case
{
    private const string Counts = "compare --counts old=1000/20000,new=1100/20000 --randomized";
    private const int StoppedOn = 10;

    public override CaseCard Card { get; } = new(
        "inference/frequentist-bayes-or-likelihood", CaseLevel.Intermediate,
        "Test, posterior or likelihood: which framework for this launch?",
        "1,000 of 20,000 visitors signed up on the old page and 1,100 of 20,000 on the new one. One colleague wants a test, one a posterior with the house prior of 50 in 1,000, one the likelihood; a slide already says that the effect is real with 98 % probability.",
        "On enough data the three agree on where the difference lies, and differ in what may be said of it. A probability of the difference needs a named prior, a decision needs a stated loss, and no framework makes peeking free.")
    {
        Verbs = ["compare", "ab"],
        Keywords = ["frequentist", "Bayesian", "maximum likelihood", "profile likelihood", "credible interval", "confidence interval", "coverage", "optional stopping", "p-value misinterpretation"],
        Gaps = ["Which framework to take is not asked in a dialogue: the page says what each one answers."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "5 % against 5.5 % of 20,000 visitors each, the house prior beta(50, 950), and the sentence of the slide.", DecisionAction.Answer,
            $"{Counts} --prior beta:50,950 --simulate 5000 --claim 'There is a 98 % probability that the effect is real'")
        {
            Fires = ["unsupported-claim"],
            InCode = InCode.Of(() => new CompareOptions
            {
                Counts = ["old=1000/20000", "new=1100/20000"],
                Randomized = true,
                Prior = "beta:50,950",
                Simulate = 5_000,
                Claim = "There is a 98 % probability that the effect is real",
            }),
        },
        new("wrong-prior", "The same counts under a confident prior that expects two points less.", DecisionAction.Answer, $"{Counts} --prior normal:-0.02,0.002")
        {
            Fires = ["prior-sensitivity"],
        },
        new("peeked", "No effect at all, read every morning and stopped on the day on which the difference looked clear.", DecisionAction.KeepRunning,
            "ab signup.csv --unit user_id --variant variant --metric converted --time day --plan plan.json")
        {
            Fires = ["optional-stopping"],
            Files = d => [DailyPath.StoppedOn(d, PerDay(d), _ => 0.05, StoppedOn, 2.1, 2.3).File(d, "signup.csv", PerDay(d), "express"), Plan(d)],
            EarlierLooks = [.. Enumerable.Range(1, StoppedOn - 1).Select(d => $"--where \"day < '{Plant.Date(d)}'\"")],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same counts under a flat prior: the three intervals coincide.", DecisionAction.Answer, $"{Counts} --prior flat --simulate 5000");

    private static int PerDay(Draw d) => d.Of(2_000, 800);

    private static CaseFile Plan(Draw d) => Plant.Plan("sign-up page", "A shorter form brings more sign-ups.", "user_id", "converted", d.Of("10%", "25%"), 14 * PerDay(d), 14);
}
