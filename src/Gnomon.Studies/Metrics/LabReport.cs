using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;

namespace Gnomon.Studies.Metrics;

/// <summary>Estimates, tables and pictures of the metric lab.</summary>
internal sealed class LabReport(LabFacts facts, LabComposites composites)
{
    private const int MostTests = 200;
    private const int ThousandUsers = 1_000;

    private List<JudgedMetric> Ordered => [.. facts.Metrics.OrderByDescending(m => m == facts.Chosen).ThenByDescending(m => m.Quality ?? double.NegativeInfinity)];

    public IEnumerable<Estimate> Estimates()
    {
        foreach (var m in Ordered)
        {
            var role = m == facts.Chosen || (facts.Chosen is null && m == facts.Lead) ? "primary" : "secondary";
            if (m.Correlation is { } c)
            {
                yield return new Estimate
                {
                    Name = "correlation of effects", Metric = m.Name, Value = c.Correlation, Low = c.Low, High = c.High, Level = 2 * LabFacts.LimitLevel - 1, Unit = "number", N = c.Tests,
                    Method = $"correlation of true effects on it and on {facts.Input.Goal} over past tests, noise taken out; restricted likelihood of a bivariate normal model, each limit alone at {Figures.Confidence(LabFacts.LimitLevel)}", Role = role,
                };
            }

            yield return new Estimate
            {
                Name = "same direction", Metric = m.Name, Value = (double)m.Agree / facts.Tests.Count, Low = m.Agreement.Low, High = m.Agreement.High, Level = LabFacts.Level, Unit = "proportion", N = facts.Tests.Count,
                Method = $"past tests whose effect has the sign of that on {facts.Input.Goal}, Clopper-Pearson interval", Role = "descriptive",
            };
        }

        foreach (var slope in composites.Estimates())
        {
            yield return slope;
        }
    }

    public IEnumerable<ResultTable> Tables()
    {
        yield return Sensitivity();
        yield return Agreement();
        foreach (var table in composites.Tables())
        {
            yield return table;
        }

        yield return EffectCorrelations();
        if (UnitCorrelations() is { } units)
        {
            yield return units;
        }

        if (Relabelled() is { } relabelled)
        {
            yield return relabelled;
        }

        yield return new ResultTable("guardrails", "Guardrails to declare beside the metric", ["metric", "as --guardrail", "why"],
            [.. DefinitionCard.Guardrails(facts, facts.Chosen ?? facts.Lead).Select(g => (IReadOnlyList<object?>)[g.Metric, g.Text, g.Why])]);
        yield return PastTests();
    }

    public IReadOnlyList<Plot> Plots()
    {
        var rows = Ordered.Where(m => m.Correlation is not null).Select(m => new IntervalRow(m.Name, m.Correlation!.Correlation, m.Correlation.Low, m.Correlation.High)).ToList();
        return rows.Count == 0 ? [] :
        [
            new Plot("effect-correlations", $"How true effects go with those on {facts.Input.Goal} (each limit 95 %)",
                IntervalPlot.Build(rows, $"correlation with the effect on {facts.Input.Goal}", new PlotUnit("number"), [new ReferenceLine("asked for", LabFacts.LeastCorrelation, "number")])),
        ];
    }

    private ResultTable Sensitivity()
    {
        var users = facts.Input.TypicalUsers is not null;
        var units = facts.Controls is not null;
        List<string> columns = ["metric", "detected", "of tests", "typical t"];
        columns.AddRange(users ? ["t at 1,000 users"] : Array.Empty<string>());
        columns.AddRange(units ? ["mean", "standard deviation", $"users an arm for {Figures.Percent(facts.Options.Mde)}"] : Array.Empty<string>());
        return new ResultTable("sensitivity", "How few users move it", columns, [.. facts.Metrics.OrderByDescending(m => m.Signal ?? m.TypicalT).Append(facts.Goal).Select(m =>
        {
            List<object?> row = [m.Name, (long)m.Detected, (long)facts.Tests.Count, m.TypicalT];
            row.AddRange(users ? [m.Signal * Math.Sqrt(ThousandUsers)] : Array.Empty<object?>());
            row.AddRange(units ? [m.Mean, m.Deviation, m.NeededUsers is { } n ? (long)Math.Ceiling(n) : null] : Array.Empty<object?>());
            return (IReadOnlyList<object?>)row;
        })]);
    }

    private ResultTable Agreement() => new("agreement", $"Does it move the way of {facts.Input.Goal}?",
        ["metric", "agrees", "of tests", "lowest share", "highest share", "agrees, both beyond noise", "of those", "noise-free share", "effect correlation", "lower 95 % limit", "upper 95 % limit", "proxy quality"],
        [.. Ordered.Select(m => (IReadOnlyList<object?>)[
            m.Name, (long)m.Agree, (long)facts.Tests.Count, m.Agreement.Low, m.Agreement.High, (long)m.SettledAgree, (long)m.Settled, m.Correlation?.Agreement,
            m.Correlation?.Correlation, m.Correlation?.Low, m.Correlation?.High, m.Quality])]);

    // Covariance over tests less mean sampling covariance, over the roots of the variances so corrected.
    private ResultTable EffectCorrelations()
    {
        var n = facts.Tests.Count;
        var k = facts.Input.Count;
        double[] means = [.. Enumerable.Range(0, k).Select(j => facts.Tests.Average(t => t.Effects[j]))];
        double True(int i, int j) => facts.Tests.Sum(t => (t.Effects[i] - means[i]) * (t.Effects[j] - means[j])) / (n - 1) - facts.Tests.Average(t => t.Covariance[i * k + j]);
        return Matrix("effect-correlations", "Correlation of true effects over past tests, noise taken out", (i, j) => i == j ? 1 : True(i, i) > 0 && True(j, j) > 0 ? Math.Clamp(True(i, j) / Math.Sqrt(True(i, i) * True(j, j)), -1, 1) : null);
    }

    private ResultTable? UnitCorrelations() => facts.Controls is not { } c ? null : Matrix(
        "unit-correlations", "Correlation over control units", (i, j) => i == j ? 1 : c.Variance(i) > 0 && c.Variance(j) > 0 ? facts.Input.Signs[i] * facts.Input.Signs[j] * c.Covariance(i, j) / Math.Sqrt(c.Variance(i) * c.Variance(j)) : null);

    private ResultTable Matrix(string id, string title, Func<int, int, double?> value) => new(id, title, ["metric", .. facts.Input.Names],
        [.. facts.Input.Names.Select((name, i) => (IReadOnlyList<object?>)[name, .. Enumerable.Range(0, facts.Input.Count).Select(j => (object?)value(i, j))])]);

    private ResultTable? Relabelled()
    {
        var known = facts.Metrics.Where(m => m.Relabelled is not null).ToList();
        return known.Count == 0 ? null : new ResultTable("relabelled", $"A/A tests on past control units: share with p below {facts.Options.Alpha:0.###}", ["metric", "A/A tests", "false positive share", "lowest share", "highest share"],
            [.. known.Select(m => (IReadOnlyList<object?>)[m.Name, (long)m.Relabelled!.Relabellings, m.Relabelled.Share, m.Relabelled.Interval.Low, m.Relabelled.Interval.High])]);
    }

    private ResultTable PastTests()
    {
        var users = facts.Input.TypicalUsers is not null;
        return new ResultTable("past-tests", facts.Tests.Count > MostTests ? $"t of each test (first {MostTests} of {Figures.Count(facts.Tests.Count)})" : "t of each test, better is positive",
            ["test", .. users ? ["users"] : Array.Empty<string>(), .. facts.Input.Names],
            [.. facts.Tests.Take(MostTests).Select(t => (IReadOnlyList<object?>)[t.Name, .. users ? [t.Users] : Array.Empty<object?>(), .. Enumerable.Range(0, t.Outcomes).Select(j => (object?)(t.Variance(j) > 0 ? t.T(j) : null))])]);
    }
}
