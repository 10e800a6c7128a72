using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Metrics;

/// <summary>A composite as tests that had no part in its weights show it.</summary>
/// <param name="Agree">Tests left out whose composite effect has the sign of the goal's.</param>
/// <param name="TypicalT">Root mean square of t in the tests left out, noise taken out.</param>
/// <param name="Correlation">Of true effects on composite and goal; null below three tests and where nothing bounds it.</param>
internal sealed record LeftOutScore(int Agree, double TypicalT, EffectCorrelationResult? Correlation);

/// <summary>Several metrics as one: the surrogate index of the goal, and the weights that show the goal's direction with the fewest users.</summary>
internal sealed class LabComposites
{
    private readonly LabFacts _facts;

    private LabComposites(LabFacts facts) => _facts = facts;

    /// <summary>The index over the units of all tests; null without units or where it cannot be fitted.</summary>
    public SurrogateModel? Surrogate { get; private init; }

    public SurrogateValidationResult? Validation { get; private init; }

    public LeftOutScore? SurrogateScore { get; private init; }

    /// <summary>Weights in standard deviations of a control unit; null without units.</summary>
    public CompositeResult? Composite { get; private init; }

    public LeftOutScore? CompositeScore { get; private init; }

    public static LabComposites Of(LabFacts facts)
    {
        var input = facts.Input;
        if (input.Values is not { } values || facts.Controls is not { } controls)
        {
            return new LabComposites(facts);
        }

        var (model, validation) = Index(input, values);
        var (weights, score) = Weighted(facts, controls);
        return new LabComposites(facts)
        {
            Surrogate = model,
            Validation = validation,
            SurrogateScore = validation is null ? null : Score([.. validation.Tests.Select((t, i) => (input.Tests[i].Name, t.Pair))], input.Signs[0]),
            Composite = weights,
            CompositeScore = score,
        };
    }

    private static (SurrogateModel?, SurrogateValidationResult?) Index(LabInput input, IReadOnlyList<double[]> values)
    {
        try
        {
            var units = input.Tests.Select(t => CoMoments.Merge(t.Control!, t.Treatment!)).ToList();
            return (SurrogateIndex.Fit(values[0], [.. values.Skip(1)]), SurrogateValidation.LeaveOneOut(units, [.. input.Tests.Select(t => t.Effects)], [.. input.Tests.Select(t => t.Covariance)]));
        }
        catch (Exception none) when (none is NotEstimableException or TooFewRowsException)
        {
            return (null, null);
        }
    }

    private static (CompositeResult?, LeftOutScore?) Weighted(LabFacts facts, CoMoments controls)
    {
        var m = facts.Input.Count - 1;
        double[] scales = [.. Enumerable.Range(1, m).Select(j => Math.Sqrt(controls.Variance(j)))];
        if (m < 2 || scales.Any(s => !(s > 0)))
        {
            return (null, null);
        }

        var signs = facts.Input.Signs;
        double[] correlations = [.. Enumerable.Range(0, m * m).Select(at => signs[at / m + 1] * signs[at % m + 1] * controls.Covariance(at / m + 1, at % m + 1) / scales[at / m] / scales[at % m])];
        var effects = facts.Tests.Select(t => new MetricEffects([.. Enumerable.Range(1, m).Select(j => t.Effects[j] / scales[j - 1])], t.Effects[0], [.. Enumerable.Range(1, m).Select(j => t.Covariance[j] / scales[j - 1])])).ToList();
        try
        {
            var whole = CompositeWeights.Learn(effects, correlations);
            var left = facts.Tests.Select((t, i) => (t.Name, Pair(t, CompositeWeights.Learn([.. effects.Where((_, k) => k != i)], correlations).Weights, scales))).ToList();
            return (whole, Score(left, 1));
        }
        catch (Exception none) when (none is NotEstimableException or TooFewRowsException)
        {
            return (null, null);
        }
    }

    private static EffectPair Pair(PastTest test, IReadOnlyList<double> weights, double[] scales)
    {
        var (k, m) = (test.Outcomes, weights.Count);
        var (effect, own, shared) = (0.0, 0.0, 0.0);
        for (var i = 0; i < m; i++)
        {
            var w = weights[i] / scales[i];
            effect += w * test.Effects[i + 1];
            shared += w * test.Covariance[i + 1];
            for (var j = 0; j < m; j++)
            {
                own += w * weights[j] / scales[j] * test.Covariance[(i + 1) * k + j + 1];
            }
        }

        return new EffectPair(effect, test.Effects[0], own, test.Variance(0), shared);
    }

    // Both of an index's effects turn round with the goal; a composite is in good directions already.
    private static LeftOutScore? Score(IReadOnlyList<(string Name, EffectPair Pair)> tests, int sign)
    {
        var usable = tests.Where(t => t.Pair is { ProxyVariance: > 0, GoalVariance: > 0 } && t.Pair.Covariance * t.Pair.Covariance < t.Pair.ProxyVariance * t.Pair.GoalVariance)
            .Select(t => t.Pair with { Proxy = sign * t.Pair.Proxy, Goal = sign * t.Pair.Goal }).ToList();
        return usable.Count == 0 ? null : new LeftOutScore(
            usable.Count(p => p.Proxy * p.Goal > 0), Math.Sqrt(Math.Max(0, usable.Average(p => p.Proxy * p.Proxy / p.ProxyVariance) - 1)), usable.Count < 3 ? null : EffectCorrelation.Of(usable, LabFacts.LimitLevel) is (not { Low: <= -1, High: >= 1 }) and var bounded ? bounded : null);
    }

    public IEnumerable<Estimate> Estimates()
    {
        if (Surrogate is not { } model)
        {
            yield break;
        }

        var z = Normal.UpperQuantile((1 - LabFacts.Level) / 2);
        for (var j = 0; j < model.Slopes.Count; j++)
        {
            var error = Math.Sqrt(Math.Max(0, model.Covariance[(j + 1) * (model.Slopes.Count + 2)]));
            yield return new Estimate
            {
                Name = "surrogate slope", Metric = _facts.Input.Names[j + 1], Value = model.Slopes[j], Low = model.Slopes[j] - z * error, High = model.Slopes[j] + z * error, Level = LabFacts.Level,
                Unit = "number", N = model.Count, Method = $"least squares of {_facts.Input.Goal} on the metrics over units, HC1 errors", Role = "descriptive",
            };
        }
    }

    public IEnumerable<ResultTable> Tables()
    {
        if (Composite is { } composite)
        {
            yield return new ResultTable("oec", "Weights of a composite (in standard deviations of a control unit)", ["metric", "weight"], [.. composite.Weights.Select((w, j) => (IReadOnlyList<object?>)[_facts.Input.Names[j + 1], _facts.Input.Signs[j + 1] * w])]);
        }

        var rows = new List<IReadOnlyList<object?>>();
        var n = (long)_facts.Tests.Count;
        foreach (var m in _facts.Metrics.OrderByDescending(m => m.Quality ?? double.NegativeInfinity))
        {
            rows.Add([m.Name, (long)m.Agree, n, m.TypicalT, m.Correlation?.Correlation, m.Correlation?.Low]);
        }

        foreach (var (name, score) in new[] { ("surrogate index (left out)", SurrogateScore), ("composite (left out)", CompositeScore) })
        {
            if (score is not null)
            {
                rows.Add([name, (long)score.Agree, n, score.TypicalT, score.Correlation?.Correlation, score.Correlation?.Low]);
            }
        }

        yield return new ResultTable("candidates", $"One metric, or several as one: how they carry {_facts.Input.Goal} (left out: judged on tests that taught it nothing)", ["candidate", "agrees", "of tests", "typical t", "effect correlation", "lower 95 % limit"], rows);
        if (Validation is { } validation)
        {
            yield return new ResultTable("foretold", $"Effect on {_facts.Input.Goal}: as the surrogate index foretold it from the other tests, and as it came", ["test", "foretold", "seen", "gap", "noise of the gap"],
                [.. validation.Tests.Select((t, i) => (IReadOnlyList<object?>)[_facts.Input.Tests[i].Name, t.Foretold, t.Seen, t.Foretold - t.Seen, Math.Sqrt(Math.Max(0, t.Pair.ProxyVariance + t.Pair.GoalVariance - 2 * t.Pair.Covariance))])]);
        }
    }

    public IEnumerable<string> Sentences()
    {
        if (Validation is { } v && Surrogate is { } model)
        {
            var size = Math.Sqrt(v.Tests.Average(t => t.Seen * t.Seen));
            yield return $"The surrogate index explains {Figures.WholePercent(model.Explained)} of {_facts.Input.Goal} over units. Foretold from the other tests it misses the effect of a test by {Figures.Number(v.Error)} (root mean square; {Figures.Number(v.OwnError)} with the noise taken out), "
                + $"where effects are {Figures.Number(size)} large: {(v.OwnError > 0.5 * size ? "what goes together over units does not here tell what a change will do" : "it foretells what a change will do")}.";
        }

        if (Composite is { } composite && CompositeScore is { } score)
        {
            var best = _facts.Metrics.Max(m => m.Correlation?.Low ?? -1);
            var terms = string.Join(" + ", composite.Weights.Select((w, j) => (Weight: _facts.Input.Signs[j + 1] * w, Name: _facts.Input.Names[j + 1])).Where(t => Math.Abs(t.Weight) >= 0.005)
                .Select(t => $"{t.Weight.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)}*{t.Name}")).Replace("+ -", "- ", StringComparison.Ordinal);
            yield return $"The composite that shows the direction of {_facts.Input.Goal} with the fewest users is --oec \"{terms}\". In tests left out of its weights it agrees in {score.Agree} of {_facts.Tests.Count} with a typical t of {score.TypicalT:0.0}; "
                + (score.Correlation is { } c && c.Low > best ? "that is better than any single metric, at the price of a number that nobody can picture." : "no better than the best single metric: prefer that.");
        }
    }
}
