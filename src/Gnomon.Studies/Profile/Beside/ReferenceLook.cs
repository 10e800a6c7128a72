using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Do these rows stand for the population that a second file describes? What differs, which cells are empty, and what the target is once the rows are weighted to its margins.</summary>
internal sealed class ReferenceLook
{
    private const int MostCells = 20;
    private const int MostColumns = 200;
    private readonly ProfileFacts _facts;
    private readonly string _name;
    private readonly IReadOnlyList<PopulationMargin> _margins;
    private readonly IReadOnlyList<ColumnPair> _pairs;
    private readonly IReadOnlyList<PopulationMargin> _differing;
    private readonly SampleColumn? _target;
    private readonly DomainResult? _domain;
    private readonly Coverage _coverage;
    private readonly PopulationWeights? _weights;
    private readonly long? _referenceRows;

    private ReferenceLook(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, string name, long? rows, IReadOnlyList<ColumnPair> pairs, IReadOnlyList<PopulationMargin> margins)
    {
        (_facts, _name, _referenceRows, _pairs, _margins) = (facts, name, rows, pairs, margins);
        _target = columns.FirstOrDefault(c => c.Facts == facts.Target);
        _differing = Differing(margins);
        _domain = DomainLook.Compare(pairs, facts.Options.Seed, facts.Options.Level);
        _coverage = Coverage.Of(margins, _differing);
        _weights = PopulationWeights.Of(_differing);
    }

    public static ProfilePart Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns, StudyContext context)
    {
        var options = facts.Options;
        var data = SecondFile.Open(options.Reference!, "--reference", options.Source(), context);
        var compared = columns.Where(c => c.Facts != facts.Target && !options.Key.Contains(c.Name) && c.Name != options.Time).ToList();
        if (MarginsFile.Is(data.Schema))
        {
            return new ReferenceLook(facts, columns, data.Name, null, [], MarginsFile.Read(data, compared, context.Cancellation)).Part();
        }

        var file = SecondFile.Scan(data, "--reference", context);
        var pairs = compared.Select(c => file.Find(c.Name) is { } there ? ColumnPair.Of(c, there) : null).OfType<ColumnPair>().Take(MostColumns).ToList();
        return pairs.Count == 0
            ? throw new Core.Errors.GnomonError("nothing-to-compare", $"{data.Name} and {facts.Source} share no column of numbers or categories. Columns there: {string.Join(", ", data.Schema.Take(30).Select(f => f.Name))}.", "--reference", "Give a file with the same column names, or one with the columns variable, value and share.")
            : new ReferenceLook(facts, columns, data.Name, file.Rows, pairs, [.. pairs.Select(PopulationMargin.Of).OfType<PopulationMargin>()]).Part();
    }

    private ProfilePart Part() => new()
    {
        Estimates = [.. Estimates()],
        Evidence = [Comparison(), new PopulationOverlap
        {
            Reference = _name, Rows = _facts.Rows, UncoveredShare = _coverage.UncoveredShare, LargestUncovered = _coverage.LargestUncovered,
            EffectiveShare = _weights is null ? 1 : _weights.Fit.EffectiveSize / _weights.Fit.Weights.Length,
        }],
        Limitations = [.. Limitations()],
        Next = [.. Next()],
        Tables = [.. new[] { Strata(), Cells(), Weights() }.OfType<ResultTable>()],
    };

    private static List<PopulationMargin> Differing(IReadOnlyList<PopulationMargin> margins)
    {
        var groups = margins.SelectMany(m => Enumerable.Range(0, m.Names.Count).Select(g => (Margin: m, Group: g))).ToList();
        var differ = StratumShare.Differ(groups.Select(g => g.Margin.PValue(g.Group)).ToArray(), groups.Select(g => g.Margin.Difference(g.Group)).ToArray());
        return [.. groups.Where((_, i) => differ[i]).Select(g => g.Margin).Distinct().OrderByDescending(m => m.Largest).ThenBy(m => m.Name, StringComparer.Ordinal)];
    }

    private PopulationComparison Comparison()
    {
        var positives = Positives();
        return new PopulationComparison
        {
            Reference = _name,
            Rows = _facts.Rows,
            ReferenceRows = _referenceRows,
            Auc = _domain?.Auc,
            AucLow = _domain?.Low,
            AucP = _domain?.PValue,
            Strata = [.. _margins.SelectMany(m => m.Names.Select((n, g) => new PopulationStratum(m.Name, n, m.Counts[g], Math.Max(1, m.Rows), m.Shares[g], Cases(m, g, positives))))],
        };
    }

    // Rows of the rarer class, in the sample; counted up to all rows where the sample is a part of them.
    private long? Cases(PopulationMargin margin, int group, bool[]? positives)
    {
        if (positives is null)
        {
            return null;
        }

        long cases = 0;
        for (var i = 0; i < positives.Length; i++)
        {
            cases += positives[i] && margin.Codes[i] == group ? 1 : 0;
        }

        return cases * _facts.Scan.Sample.Step;
    }

    private bool[]? Positives()
    {
        if (_target is null || _facts.Classes is not [_, var rare])
        {
            return null;
        }

        return [.. _target.Groups.Select(g => g >= 0 && _target.GroupName(g) == rare.Value)];
    }

    private IEnumerable<Estimate> Estimates()
    {
        if (_weights is null || TargetValues() is not { } target)
        {
            yield break;
        }

        // The mean of the rows as they are stands among the estimates already.
        List<(string Name, double[] Weights, string Method)> ways = [($"{target.Name} weighted to {_name}", _weights.Fit.Weights, "raking, linearised variance")];
        if (_weights.IsTrimmed)
        {
            ways.Add(($"{target.Name}, trimmed weights", _weights.Trimmed, $"raking, no weight above {PopulationWeights.Limit:0} times the mean"));
        }

        foreach (var way in ways)
        {
            RakedMean mean;
            try
            {
                mean = Raking.Mean(target.Values, way.Weights, _weights.Margins, _facts.Options.Level);
            }
            catch (TooFewRowsException)
            {
                continue;
            }

            yield return new Estimate
            {
                Name = way.Name, Metric = target.Metric, Value = mean.Mean, Low = mean.Low, High = mean.High, Level = _facts.Options.Level, Unit = target.Unit,
                N = target.Values.Count(v => !double.IsNaN(v)), Method = way.Method, Role = "sensitivity",
            };
        }
    }

    private (string Name, string Metric, string Unit, double[] Values)? TargetValues()
    {
        if (_target is null)
        {
            return null;
        }

        if (Positives() is { } positives)
        {
            return ("rate", $"{_target.Name} = {_facts.Classes[1].Value}", "proportion", [.. positives.Select((p, i) => _target.IsMissing(i) ? double.NaN : p ? 1.0 : 0.0)]);
        }

        return _target.Facts.IsNumber && _facts.Classes.Count != 1 ? ("mean", _target.Name, _target.Name, _target.Numbers) : null;
    }

    private ResultTable? Strata()
    {
        var rows = _pairs.Select(p => (Pair: p, Difference: p.StandardisedDifference())).Where(p => p.Difference is not null)
            .OrderByDescending(p => Math.Abs(p.Difference!.Value)).ThenBy(p => p.Pair.Name, StringComparer.Ordinal).Take(MostCells)
            .Select(p => (IReadOnlyList<object?>)[p.Pair.Name, p.Difference, p.Pair.Shift()?.Says]).ToList();
        return rows.Count == 0 ? null : new ResultTable("reference-columns", $"Columns here against {_name}", ["column", "standardised difference", "what differs"], rows);
    }

    private ResultTable? Cells()
    {
        var differing = _differing.SelectMany(m => m.Names.Select((n, g) => (Margin: m, Group: g))).Where(x => Math.Abs(x.Margin.Difference(x.Group)) > StratumShare.Floor)
            .Select(x => new Cell($"{x.Margin.Name} = {x.Margin.Names[x.Group]}", x.Margin.Counts[x.Group], x.Margin.Shares[x.Group], x.Margin.Shares[x.Group] * x.Margin.Rows));
        var shown = _coverage.Sparse.Concat(differing).DistinctBy(c => c.Where).Take(MostCells).ToList();
        return shown.Count == 0 ? null : new ResultTable("coverage", $"Rows here against rows implied by {_name}", ["group", "rows here", "population share", "rows implied"],
            [.. shown.Select(c => (IReadOnlyList<object?>)[c.Where, c.Rows, c.Share, Math.Round(c.Implied)])]);
    }

    private ResultTable? Weights() => _weights is null ? null : new ResultTable("weights", "Weights to the population", ["weights", "effective rows", "design effect", "largest weight", "columns"],
    [
        ["raked", Math.Round(_weights.Fit.EffectiveSize), _weights.Fit.DesignEffect, _weights.Fit.Weights.Max(), string.Join(", ", _weights.Margins.Select(m => m.Name))],
        .. _weights.IsTrimmed ? new IReadOnlyList<object?>[] { ["cut", Math.Round(Raking.EffectiveSize(_weights.Trimmed)), _weights.Trimmed.Length / Raking.EffectiveSize(_weights.Trimmed), _weights.Trimmed.Max(), string.Join(", ", _weights.Margins.Select(m => m.Name))] } : [],
    ]);

    private IEnumerable<string> Limitations()
    {
        if (_domain is { } domain)
        {
            yield return $"A model tells the rows from {_name} with an area under the curve of {Figures.Number(domain.Auc)} ({Figures.Number(domain.Low)} to {Figures.Number(domain.High)}); random labels reach {Figures.Number(domain.NullHigh)} once in twenty.";
        }

        if (_weights is { } weights)
        {
            yield return $"Weighted to {string.Join(", ", weights.Margins.Select(m => m.Name))}, the rows count as {Figures.Count((long)Math.Round(weights.Fit.EffectiveSize))} of {Figures.Count(weights.Fit.Weights.Length)}. Weights repair what these columns explain and nothing else; the margins are taken as known.";
            if (!weights.Fit.Converged)
            {
                yield return $"The margins cannot all be met at once: a weighted share is still {Figures.Percent(weights.Fit.LargestError)} off after {weights.Fit.Iterations} rounds.";
            }
        }

        foreach (var cell in _coverage.Sparse.Where(c => c.Rows == 0).Take(3))
        {
            yield return $"Nothing here can be claimed about {cell.Where}: {Figures.Percent(cell.Share)} of the population and no row.";
        }

        if (_differing.Count == 0 && _margins.Count > 0)
        {
            yield return $"No group of {Figures.Count(_margins.Count, "column")} differs from {_name} by more than {Figures.Percent(StratumShare.Floor)}: no weights were made. What both files leave out is not seen.";
        }
    }

    private IEnumerable<string> Next()
    {
        if (_coverage.Sparse.FirstOrDefault(c => c.Rows > 0) is { } cell)
        {
            yield return $"{cell.Where}: {Figures.Count(cell.Rows, "row")} where the population implies {Figures.Count((long)Math.Round(cell.Implied))}. Collect more, weight, or leave it out of the claim.";
        }
    }
}
