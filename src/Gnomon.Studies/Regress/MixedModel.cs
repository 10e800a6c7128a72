using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>The mixed model of a regression: what was asked, what the data support, and how to say it.</summary>
internal sealed class MixedModel
{
    // Beyond this size intervals of variance components come from the delta method: a profile takes thousands of evaluations.
    private const long EffectsForProfile = 20_000;
    private const int MostGroups = 40;
    private readonly ModelData _data;
    private readonly IReadOnlyList<(RandomTerm Term, IReadOnlyList<string> Levels, ModelDesign Design)> _asked;
    private readonly Dictionary<double, (IReadOnlyList<ComponentInterval> Intervals, string Method)> _components = [];

    private MixedModel(ModelData data, IReadOnlyList<(RandomTerm Term, IReadOnlyList<string> Levels, ModelDesign Design)> asked, MixedReduction reduction)
    {
        (_data, _asked, Reduction) = (data, asked, reduction);
        Groups = string.Join(" and ", asked.Select(a => a.Term.Group).Distinct(StringComparer.Ordinal));
        Errors = Own is not { } own ? null : new ErrorChoice(own.Covariance, $"Rows of one {string.Join(" or ", asked.Select(a => a.Term.Group).Distinct(StringComparer.Ordinal))} share effects that the model holds as random: fitted by REML, with Satterthwaite's degrees of freedom.")
        {
            Cluster = Groups, RespectsOrder = false,
        };
    }

    public MixedReduction Reduction { get; }

    /// <summary>The fit that is read; null when the data support no random effect.</summary>
    public MixedFit? Own => Reduction.Reduced;

    public RegressionFit Fit => (RegressionFit?)Own ?? Reduction.Plain;

    public ErrorChoice? Errors { get; }

    /// <summary>Groupings, for sentences.</summary>
    public string Groups { get; }

    public static MixedModel Of(RegressOptions options, ModelData data, DesignMatrix matrix, GlmFamily? family)
    {
        Refuse(options, data, family);
        var asked = data.Formula.Random.Select(r => Term(data, r)).ToList();
        try
        {
            return new MixedModel(data, asked, LinearMixedModel.FitReduced(matrix, data.Y, [.. asked.Select(a => a.Item1)], data.Weights));
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-groups", wrong.Message, "--formula", "Name a grouping column with more groups, or take the term as a fixed one.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{data.Outcome}: {wrong.Message}", "--formula", "Take away a random slope, or group by a column whose values repeat.", wrong);
        }
    }

    /// <summary>Random columns of a row at which the outcome is predicted, one array per term of the fit that is read.</summary>
    public IReadOnlyList<double[]> RandomRow(IReadOnlyDictionary<string, ModelColumn> columns) => [.. Own!.Terms.Select(term =>
    {
        var from = _asked.First(a => a.Term.Group == term.Group && term.Names.All(a.Term.Names.Contains));
        var design = from.Design.Build(columns, 1);
        return term.Names.Select(n => design.Column(design.Names.ToList().IndexOf(n))[0]).ToArray();
    })];

    /// <summary>How the variance is shared out, in words.</summary>
    public string Explains()
    {
        if (Own is not { } own)
        {
            return $"The data show no difference of {_data.Outcome} between {Groups} beyond chance.";
        }

        var shares = own.Shares();
        var total = shares.Fixed + shares.Random.Sum(r => r.Value) + shares.Residual;
        var between = string.Join(", ", shares.Random.Select(r => $"{Figures.WholePercent(r.Value / total)} lies between {r.Key}"));
        return $"Of the spread of {_data.Outcome}, {(own.Coefficients.Count > 1 ? $"{Figures.WholePercent(shares.MarginalRSquared)} goes with the columns, " : string.Empty)}{between} and {Figures.WholePercent(shares.Residual / total)} is left within.";
    }

    public IEnumerable<string> Limitations()
    {
        if (Own is { } own)
        {
            var (_, method) = Components(0.95);
            yield return $"Random effects are taken as normal and unrelated to the columns; intervals of their standard deviations are by {method}.";
            yield return $"Predicted effects of {string.Join(" and ", own.Terms.Select(t => t.Group).Distinct(StringComparer.Ordinal))} are shrunken towards the average; predictions are for a group that was not seen.";
        }

        if (Reduction.Dropped.Count > 0)
        {
            yield return $"The model asked for was singular ({string.Join("; ", Reduction.Dropped.Select(d => d.Text))}): the answer is read from the fit {(Own is { } o ? $"with {string.Join(" + ", o.Terms.Select(t => t.Text))}" : "without random effects")}; both are in the tables.";
        }
    }

    public IEnumerable<IReadOnlyList<object?>> FitRows()
    {
        var own = Own!;
        var shares = own.Shares();
        yield return ["random effects", string.Join(" + ", own.Terms.Select(t => t.Text))];
        yield return ["residual standard deviation", own.Sigma];
        yield return ["marginal R squared", shares.MarginalRSquared];
        yield return ["conditional R squared", shares.ConditionalRSquared];
        yield return ["intra-class correlation, adjusted", shares.IntraClassCorrelation];
        yield return ["REML criterion", own.Criterion];
        yield return ["AIC (REML)", own.Aic];
    }

    public IEnumerable<Estimate> Estimates(double level)
    {
        if (Own is null)
        {
            yield break;
        }

        var (intervals, method) = Components(level);
        foreach (var c in intervals.Where(c => !c.IsCorrelation))
        {
            yield return new Estimate
            {
                Name = "standard deviation", Metric = c.Group is null ? "within groups" : $"{Say(c.Effect)} between {c.Group}", Value = c.Estimate, Low = c.Low, High = c.High, Level = level, Unit = _data.Outcome,
                N = _data.Rows, Method = $"REML, {method}", Role = "descriptive",
            };
        }
    }

    public IEnumerable<ResultTable> Tables(double level)
    {
        if (Own is { } own)
        {
            yield return Variances(own, level);
            if (Tests(own) is { Count: > 0 } tests)
            {
                yield return new ResultTable("random-tests", "Does the effect differ between groups? (equal mixture of chi-squares)", ["group", "effect", "likelihood ratio", "parameters", "p"], tests);
            }

            yield return Effects(own);
        }

        if (Reduction.Dropped.Count > 0)
        {
            yield return Both(level);
        }
    }

    public IEnumerable<Plot> Plots(double level)
    {
        if (Own is not { } own)
        {
            yield break;
        }

        var z = Numerics.Distributions.Normal.UpperQuantile((1 - level) / 2);
        var id = 0;
        foreach (var part in own.GroupEffects().GroupBy(e => (e.Group, e.Effect)))
        {
            var rows = Spread([.. part.OrderBy(e => e.Value)]).Select(e => new IntervalRow(LevelOf(e), e.Value, e.Value - z * e.ConditionalDeviation, e.Value + z * e.ConditionalDeviation)).ToList();
            var title = $"{(part.Key.Effect == RandomTerm.InterceptName ? "Level" : $"Slope of {part.Key.Effect}")} of each {part.Key.Group}, less the average";
            yield return new Plot(id++ == 0 ? "groups" : $"groups-{id}", title, IntervalPlot.Build(rows, title, new PlotUnit(_data.Outcome, Change: true)));
        }
    }

    /// <summary>Intervals of the variance components and how they were made.</summary>
    public (IReadOnlyList<ComponentInterval> Intervals, string Method) Components(double level)
    {
        if (_components.TryGetValue(level, out var known))
        {
            return known;
        }

        var own = Own!;
        var work = own.Terms.Sum(t => (long)t.Levels.Count * t.Names.Count * (own.Coefficients.Count + t.Names.Count + 1) * (own.Coefficients.Count + t.Names.Count + 1));
        var result = (own.Covariance.WaldComponents(level), "the delta method on the logarithmic scale");
        if (work <= EffectsForProfile)
        {
            try
            {
                result = (MixedProfile.Components(own, level), "profile likelihood");
            }
            catch (NotEstimableException)
            {
                // The profile has no end that could be found: the delta method stands.
            }
        }

        _components.Add(level, result);
        return result;
    }

    /// <summary>Name of a group as the data spell it.</summary>
    private string LevelOf(GroupEffect effect) => _asked.First(a => a.Term.Group == effect.Group).Levels[effect.Level];

    private static string Say(string effect) => effect == RandomTerm.InterceptName ? "level" : $"slope of {effect}";

    private static void Refuse(RegressOptions options, ModelData data, GlmFamily? family)
    {
        if (family is not null)
        {
            throw new GnomonError(
                "not-supported", $"Random effects are fitted for outcomes that are numbers; {data.Outcome} is taken as {family.Word}.", "--formula, --family",
                options.Family == "auto" ? "Add --family gaussian to compare chances on their own scale, or take the group away and name it with --cluster." : "Take the group out of the formula and name it with --cluster.");
        }

        if (options.Cluster.Count > 0 || options.Errors is not "auto")
        {
            var which = options.Cluster.Count > 0 ? "--cluster" : "--errors";
            throw new GnomonError("options-conflict", $"{which} chooses errors for a model without random effects; this formula has {string.Join(" + ", data.Formula.Random.Select(r => r.Text))}.", $"{which}, --formula", "Name the group in one of the two places.");
        }

        if (options.Exposure is not null)
        {
            throw new GnomonError("options-conflict", "--exposure belongs to models of counts; a mixed model here is gaussian.", "--exposure", "Leave out --exposure.");
        }
    }

    private static (RandomTerm Term, IReadOnlyList<string> Levels, ModelDesign Design) Term(ModelData data, FormulaRandomTerm random)
    {
        var design = new ModelDesign(data with { Formula = new Formula(data.Formula.Outcome, random.Terms, random.HasIntercept) });
        var matrix = design.Build(data.Columns, data.Rows);
        var codes = new int[data.Rows];
        List<string> levels = [string.Empty];
        foreach (var group in random.Groups)
        {
            var column = data.Groups[group];
            var known = new Dictionary<long, int>();
            var names = new List<string>();
            for (var i = 0; i < codes.Length; i++)
            {
                var key = ((long)codes[i] << 32) | (uint)column.Codes![i];
                if (!known.TryGetValue(key, out var code))
                {
                    known.Add(key, code = names.Count);
                    names.Add(levels[codes[i]].Length == 0 ? column.Levels[column.Codes[i]] : $"{levels[codes[i]]}:{column.Levels[column.Codes[i]]}");
                }

                codes[i] = code;
            }

            levels = names;
        }

        var term = new RandomTerm(random.Group, codes, [.. Enumerable.Range(0, matrix.Columns).Select(j => matrix.Column(j).ToArray())], matrix.Names, random.IsCorrelated);
        return (term, levels, design);
    }

    private ResultTable Variances(MixedFit own, double level)
    {
        var (intervals, _) = Components(level);
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var random in own.Random)
        {
            for (var j = 0; j < random.Names.Count; j++)
            {
                var interval = intervals.FirstOrDefault(c => c.Group == random.Group && !c.IsCorrelation && c.Effect == random.Names[j]);
                rows.Add([random.Group, (long)random.Groups, random.Names[j], "standard deviation", random.StandardDeviation(j), interval?.Low, interval?.High]);
            }

            rows.AddRange(intervals.Where(c => c.Group == random.Group && c.IsCorrelation && c.Effect.Split(':').All(e => random.Names.Any(n => n.StartsWith(e, StringComparison.Ordinal))))
                .Select(c => (IReadOnlyList<object?>)[random.Group, (long)random.Groups, c.Effect, "correlation", c.Estimate, c.Low, c.High]));
        }

        var residual = intervals[^1];
        rows.Add(["residual", (long)_data.Rows, null, "standard deviation", residual.Estimate, residual.Low, residual.High]);
        return new ResultTable("random", "How much groups differ", ["group", "groups", "effect", "what", "value", "low", "high"], [.. rows.DistinctBy(r => string.Join('\u0001', r))]);
    }

    private static List<IReadOnlyList<object?>> Tests(MixedFit own)
    {
        try
        {
            return [.. RandomTermTest.All(own).Select(t => (IReadOnlyList<object?>)[t.Group, t.Effect, t.Statistic, (long)t.Degrees, t.PValue])];
        }
        catch (NotEstimableException)
        {
            return []; // a smaller model did not settle
        }
    }

    // The most unusual groups.
    private ResultTable Effects(MixedFit own)
    {
        var effects = own.GroupEffects();
        var rows = effects.GroupBy(e => (e.Group, e.Effect)).SelectMany(part => part.OrderByDescending(e => Math.Abs(e.Value)).ThenBy(e => e.Level).Take(10))
            .Select(e => (IReadOnlyList<object?>)[e.Group, LevelOf(e), e.Effect, e.Value, e.ConditionalDeviation]);
        return new ResultTable("group-effects", "Groups furthest from the average (shrunken)", ["group", "level", "effect", "difference", "conditional standard deviation"], [.. rows]);
    }

    private ResultTable Both(double level)
    {
        var asked = Reduction.Asked.Table(level);
        var kept = Own?.Table(level) ?? RobustErrors.Heteroskedastic(Reduction.Plain).Table(Reduction.Plain, level);
        return new ResultTable(
            "singular", "The singular model as asked for, beside the refit", ["term", "as asked", "standard error", "df", "refit", "standard error, refit", "df, refit"],
            [.. asked.Select((a, j) => (IReadOnlyList<object?>)[a.Term, a.Value, a.StandardError, Finite(a.DegreesOfFreedom), kept[j].Value, kept[j].StandardError, Finite(kept[j].DegreesOfFreedom)])]);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    // Ends and evenly spaced ones between, when there are too many to draw.
    private static IEnumerable<GroupEffect> Spread(List<GroupEffect> ordered) => ordered.Count <= MostGroups
        ? ordered
        : Enumerable.Range(0, MostGroups).Select(i => ordered[(int)((long)i * (ordered.Count - 1) / (MostGroups - 1))]);
}
