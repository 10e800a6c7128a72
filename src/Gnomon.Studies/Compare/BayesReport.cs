using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Compare;

/// <summary>Proposal, estimates, tables and the curve of the Bayesian side.</summary>
internal sealed class BayesReport(CompareInput input, BayesLook look)
{
    private const int CurvePoints = 33;
    private const double CurveReach = 20;

    /// <summary>The test's proposal with the posterior beside it, or the decision where one was asked for.</summary>
    public Proposal Propose(Proposal test)
    {
        var beside = $"{test.Summary} {(look.IsConflict ? BayesWords.Conflict(look) : BayesWords.Posterior(look))}";
        if (look.Decision is not { } decision)
        {
            return test with { Summary = beside };
        }

        var isDivided = look.Flat is { } flat && look.Call(flat) != look.Call(look.Declared);
        if (look.IsConflict || isDivided)
        {
            var why = isDivided ? "the earlier belief and these data lead to different decisions" : "the earlier belief and these data disagree";
            return test with { Action = DecisionAction.KeepRunning, Summary = $"Run more: {why}, so do not pool them at that weight; {BayesWords.Divided(look)} {beside}" };
        }

        var (action, lead) = decision.Best switch
        {
            GoAction.RunMore => (DecisionAction.KeepRunning, "Run more"),
            GoAction.Go => (DecisionAction.Ship, "Go"),
            _ => (DecisionAction.DoNotShip, "Stop"),
        };
        return test with { Action = action, Summary = $"{lead}: {BayesWords.Decision(look)} {beside}" };
    }

    public IEnumerable<Core.Checks.IEvidence> Evidence() => [look.Evidence(input.Metric)];

    /// <summary>A sentence somebody wrote, beside the posterior's chances.</summary>
    public Core.Evidence.Inference.StatedReading Stated(string text, bool isRandomized) => new()
    {
        Text = text, IsRandomized = isRandomized, ChanceAboveZero = look.Declared.After.Above(0), ChanceAboveMargin = look.Margin is null ? null : look.Beyond(look.Declared),
    };

    public IEnumerable<Estimate> Estimates()
    {
        foreach (var (row, role) in look.Rows.Select((r, i) => (r, i == 0 ? "secondary" : "sensitivity")).DistinctBy(r => r.r.Name))
        {
            var interval = row.After.Interval(look.Level);
            yield return new Estimate
            {
                Name = "posterior difference", Metric = input.Metric, Contrast = $"{row.Name}: {look.Contrast.Contrast}", Value = row.After.Mean, Low = interval.Low, High = interval.High, Level = look.Level, Unit = look.Unit,
                N = look.Contrast.N, Method = $"posterior mean and credible interval, prior {row.Name}", Role = role,
            };
        }
    }

    public IEnumerable<ResultTable> Tables()
    {
        yield return Priors();
        yield return Posteriors();
        yield return Frameworks();
        yield return Choices();
        if (Factor() is { } factor)
        {
            yield return factor;
        }

        if (look.LongRun is { } longRun)
        {
            yield return new ResultTable(
                "long-run", $"Over {Figures.Count(longRun.Runs)} trials of this design", ["truth", "test interval holds it", "likelihood interval", "credible interval", "test calls it", "posterior calls it", $"posterior, any of {longRun.Looks} looks", "mean loss, test", "mean loss, posterior"],
                [.. longRun.Rows.Select(r => (IReadOnlyList<object?>)[r.Truth, r.TestCovers, r.LikelihoodCovers, r.PosteriorCovers, r.TestCalls, r.PosteriorCalls, r.PosteriorCallsEver, r.TestLoss, r.PosteriorLoss])]);
        }
    }

    public IEnumerable<Plot> Plots()
    {
        if (Curve() is not { } curve)
        {
            yield break;
        }

        var isShare = look.Unit == "proportion";
        var points = curve.Select(p => new CurvePoint(p.PriorScale * (isShare ? 100 : 1), Math.Log10(p.Factor), "Bayes factor")).ToList();
        yield return new Plot("bayes-factor", "Bayes factor over the width of the prior", CurvePlot.Build(
            points, $"standard deviation of the prior around 0{(isShare ? " (percentage points)" : string.Empty)}", "log10 of the Bayes factor, effect against none", new PlotUnit("number"), [new ReferenceLine("neither", 0, "number", input.Metric)]));
    }

    public IEnumerable<string> Limitations()
    {
        foreach (var line in BayesWords.Reading(look))
        {
            yield return line;
        }

        if (look.LongRun is { } longRun)
        {
            var none = longRun.Rows[0];
            yield return $"Where there is no difference, the posterior read once calls a difference in {Figures.Percent(none.PosteriorCalls, 1)} of such trials, the test in {Figures.Percent(none.TestCalls, 1)}; read at {longRun.Looks} looks and stopped at the first call, the posterior does in {Figures.Percent(none.PosteriorCallsEver, 1)}. A prior is no licence to peek.";
        }
    }

    public IEnumerable<string> Next()
    {
        if (look.IsConflict)
        {
            yield return "Find out why the earlier evidence and these data differ (population, dose, measurement) before they are pooled; --prior-weight discounts it and --prior-robust lets the data overrule it.";
        }

        if (look.Decision is { } decision)
        {
            yield return $"Knowing the difference for certain before deciding would be worth {Figures.Number(BayesWords.Rounded(decision.PerfectInformation))} at most: no further data are worth more.{(look.More is null ? " Say with --more what a further sample would cost." : string.Empty)}";
        }
    }

    private ResultTable Priors() => new("priors", "The difference before the data", ["prior", "mean", "low", "high", "chance above 0", "surprise of the data"], [.. look.Rows.Select(row =>
    {
        var interval = row.Before?.Interval(look.Level);
        return (IReadOnlyList<object?>)[row.Name, Clean(row.Before?.Mean), interval?.Low, interval?.High, row.Before?.Above(0), row.Tail];
    })]);

    private ResultTable Posteriors()
    {
        var columns = new List<string> { "prior", "mean", "low", "high", "chance above 0" };
        if (look.Margin is not null)
        {
            columns.AddRange(["chance of harm beyond the margin", "chance within the margin", "chance above the margin"]);
        }

        return new ResultTable("posteriors", "The difference after the data", columns, [.. look.Rows.Select(row =>
        {
            var interval = row.After.Interval(look.Level);
            var cells = new List<object?> { row.Name, Clean(row.After.Mean), interval.Low, interval.High, row.After.Above(0) };
            if (look.Margin is { } margin)
            {
                var region = row.After.Region(-margin, margin);
                cells.AddRange([region.Below, region.Inside, region.Above]);
            }

            return (IReadOnlyList<object?>)cells;
        })]);
    }

    // The last bits of a symmetric integral are no number to print.
    private static double? Clean(double? value) => value is { } v && Math.Abs(v) < 1e-15 ? 0 : value;

    private ResultTable Frameworks()
    {
        var main = look.Contrast.Main;
        var after = look.Declared.After.Interval(look.Level);
        var rows = new List<IReadOnlyList<object?>> { new object?[] { "test and confidence interval", main.Value, main.Low, main.High, "how often such intervals hold the truth, over repeated samples" } };
        if (look.Likelihood is { } likelihood)
        {
            rows.Add(["maximum likelihood, profile interval", likelihood.Value, likelihood.Interval.Low, likelihood.Interval.High, "values that explain the data nearly as well as the best one"]);
        }

        if (look.LogOdds is { } odds)
        {
            rows.Add(["log odds ratio, profile interval", odds.Value, odds.Interval.Low, odds.Interval.High, "the same for the logistic regression's coefficient"]);
        }

        rows.Add([$"posterior, {look.Declared.Name}", look.Declared.After.Mean, after.Low, after.High, "where the difference lies, given this prior and the data"]);
        return new ResultTable("frameworks", "Three ways to read the same data", ["way", "difference", "low", "high", "what its interval says"], rows);
    }

    private ResultTable Choices()
    {
        var (x, y) = (look.Contrast.Group.Name, look.Contrast.Reference.Name);
        var belief = look.Declared.After;
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { $"expected loss of choosing {x}", belief.Shortfall(0), look.Unit },
            new object?[] { $"expected loss of staying with {y}", belief.Excess(0), look.Unit },
        };
        if (look.StandardError > 0)
        {
            rows.Add(["chance that a further sample of this size alone is significant and positive", Assurance.Normal(belief.Mean / look.StandardError, belief.StandardDeviation / look.StandardError, 1 - look.Level), "proportion"]);
        }

        if (look.Decision is { } d)
        {
            rows.Add(["break-even difference", d.BreakEven, look.Unit]);
            rows.Add([$"chance that choosing {x} pays", d.ChanceThatGoPays, "proportion"]);
            rows.Add([$"expected net benefit of choosing {x} now", d.NetOfGo, "the unit of --gain"]);
            rows.Add(["expected value of perfect information", d.PerfectInformation, "the unit of --gain"]);
            if (look.More is { } more)
            {
                rows.Add([$"expected value of {Figures.Count(more.Units)} further units in each group", d.SampleInformation, "the unit of --gain"]);
                rows.Add(["the same after their cost", d.NetOfSample, "the unit of --gain"]);
            }
        }

        return new ResultTable("choices", $"What a choice loses or gains on average, under {BayesWords.Prior(look.Declared)}", ["quantity", "value", "unit"], rows);
    }

    private IReadOnlyList<BayesFactorPoint>? Curve()
    {
        var (value, error) = (look.Contrast.Main.Value, look.StandardError);
        return error > 0 ? BayesFactor.Curve(w => BayesFactor.Normal(value, error, w), error / CurveReach, error * CurveReach, CurvePoints) : null;
    }

    private ResultTable? Factor()
    {
        if (Curve() is not { } curve)
        {
            return null;
        }

        var best = curve.MaxBy(p => p.Factor)!;
        var shown = new[] { ("narrow", curve[CurvePoints / 4]), ("as wide as the standard error", curve[CurvePoints / 2]), ("wide", curve[3 * CurvePoints / 4]), ("the width that favours an effect most", best) };
        var rows = shown.Select(s => (IReadOnlyList<object?>)[s.Item1, s.Item2.PriorScale, s.Item2.Factor]).ToList();
        if (look.Margin is { } margin)
        {
            rows.Insert(0, ["as wide as the margin", margin, BayesFactor.Normal(look.Contrast.Main.Value, look.StandardError, margin)]);
        }

        return new ResultTable("bayes-factors", "Bayes factors for a difference against none, by the width of a normal prior around 0", ["prior", "standard deviation", "factor"], rows);
    }
}
