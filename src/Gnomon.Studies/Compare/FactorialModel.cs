using Gnomon.Core.Errors;
using Gnomon.Methods;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Compare;

/// <summary>A test of one term.</summary>
internal sealed record TermLine(string Term, WaldTest Test);

/// <summary>A difference of two means in a two-way comparison.</summary>
/// <param name="Factor">The column whose values are compared.</param>
/// <param name="Contrast">Its name.</param>
/// <param name="Estimate">Value, simultaneous interval, and p adjusted by Bonferroni over its family.</param>
/// <param name="OwnP">p of this difference alone.</param>
internal sealed record CellContrast(string Factor, string Contrast, CoefficientEstimate Estimate, double OwnP);

/// <summary>A two-way comparison: means of cells, the interaction first, then what follows from it.</summary>
internal sealed class FactorialModel
{
    private readonly FactorialInput _input;
    private readonly double _level;

    private FactorialModel(FactorialInput input, double level, RegressionFit fit, CoefficientCovariance covariance, MixedReduction? mixed)
    {
        (_input, _level, Fit, Covariance, Mixed) = (input, level, fit, covariance, mixed);
        int[] a = [.. Enumerable.Range(1, A - 1)], b = [.. Enumerable.Range(A, B - 1)], both = [.. Enumerable.Range(A + B - 1, (A - 1) * (B - 1))];
        Interaction = Line($"{input.First.Name} : {input.Second.Name}", both, []);
        MainFirst = Line(input.First.Name, a, both);
        MainSecond = Line(input.Second.Name, b, both);
        Simple = [.. Within(first: true), .. Within(first: false)];
    }

    public RegressionFit Fit { get; }

    public CoefficientCovariance Covariance { get; }

    /// <summary>The mixed model behind a comparison within units; null between units.</summary>
    public MixedReduction? Mixed { get; }

    public TermLine Interaction { get; }

    public TermLine MainFirst { get; }

    public TermLine MainSecond { get; }

    /// <summary>The first factor at each level of the second, then the second at each level of the first.</summary>
    public IReadOnlyList<TermLine> Simple { get; }

    private int A => _input.First.Levels.Count;

    private int B => _input.Second.Levels.Count;

    public static FactorialModel Of(FactorialInput input, double level, int? threads)
    {
        var design = Design(input);
        try
        {
            if (input.UnitColumn is null)
            {
                var plain = LeastSquares.Fit(design, input.Values, threads: threads);
                return new FactorialModel(input, level, plain, RobustErrors.Heteroskedastic(plain, HcKind.Hc3, threads), null);
            }

            var reduction = LinearMixedModel.FitReduced(design, input.Values, Terms(input));
            return reduction.Reduced is { } mixed
                ? new FactorialModel(input, level, mixed, mixed.Covariance, reduction)
                : new FactorialModel(input, level, reduction.Plain, RobustErrors.Heteroskedastic(reduction.Plain, HcKind.Hc3, threads), reduction);
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            throw new GnomonError("not-estimable", $"{input.Metric}: {wrong.Message}", "--by", "Keep more rows, pool levels, or compare by one column.", wrong);
        }
    }

    /// <summary>Mean of one cell.</summary>
    public CoefficientEstimate CellMean(int a, int b) => Estimate(Cell(a, b), $"{_input.First.Levels[a]}, {_input.Second.Levels[b]}", _level);

    /// <summary>Mean of one level of a factor, the levels of the other weighing alike.</summary>
    public CoefficientEstimate MarginalMean(bool first, int level) => Estimate(Marginal(first, level), (first ? _input.First : _input.Second).Levels[level], _level);

    /// <summary>All pairs of one factor's levels, the levels of the other weighing alike.</summary>
    public IReadOnlyList<CellContrast> MainContrasts(bool first)
    {
        var factor = first ? _input.First : _input.Second;
        return Family(factor.Name, [.. Pairs(factor.Levels.Count).Select(p => ($"{factor.Levels[p.High]} - {factor.Levels[p.Low]}", Minus(Marginal(first, p.High), Marginal(first, p.Low))))]);
    }

    /// <summary>All pairs of the first factor's levels at each level of the second; those of the second at each level of the first, which are looked at only after the others and count with them.</summary>
    public IReadOnlyList<CellContrast> SimpleContrasts(bool first)
    {
        if (first)
        {
            return Family(_input.First.Name, Cells(first: true));
        }

        var (before, own) = (Cells(first: true), Cells(first: false));
        return [.. Family(_input.Second.Name, [.. before, .. own]).Skip(before.Count)];
    }

    private List<(string Name, double[] Weights)> Cells(bool first)
    {
        var (factor, other) = first ? (_input.First, _input.Second) : (_input.Second, _input.First);
        return [.. Enumerable.Range(0, other.Levels.Count).SelectMany(l => Pairs(factor.Levels.Count).Select(p =>
            ($"{factor.Levels[p.High]} - {factor.Levels[p.Low]} at {other.Name} = {other.Levels[l]}", Minus(At(first, p.High, l), At(first, p.Low, l)))))];
    }

    private IEnumerable<TermLine> Within(bool first)
    {
        var (factor, other) = first ? (_input.First, _input.Second) : (_input.Second, _input.First);
        for (var l = 0; l < other.Levels.Count; l++)
        {
            if (TermTest.Joint(Fit, Covariance, [.. Enumerable.Range(1, factor.Levels.Count - 1).Select(k => Minus(At(first, k, l), At(first, 0, l)))]) is { } test)
            {
                yield return new TermLine($"{factor.Name} at {other.Name} = {other.Levels[l]}", test);
            }
        }
    }

    private double[] At(bool first, int level, int other) => first ? Cell(level, other) : Cell(other, level);

    private static IEnumerable<(int Low, int High)> Pairs(int levels) => Enumerable.Range(0, levels).SelectMany(i => Enumerable.Range(i + 1, levels - i - 1).Select(j => (i, j)));

    private List<CellContrast> Family(string factor, List<(string Name, double[] Weights)> wanted)
    {
        // Intervals and p-values of one family both by Bonferroni, as elsewhere in this verb: they never disagree.
        var joint = 1 - (1 - _level) / wanted.Count;
        var estimates = wanted.ConvertAll(w => Estimate(w.Weights, w.Name, joint));
        var adjusted = Multiplicity.Bonferroni([.. estimates.Select(e => e.PValue ?? 1)]);
        return [.. estimates.Select((e, i) => new CellContrast(factor, e.Term, e with { PValue = e.PValue is null ? null : adjusted[i] }, e.PValue ?? 1))];
    }

    private CoefficientEstimate Estimate(double[] weights, string name, double level) => Covariance.Contrast(Fit, weights, name, level);

    private TermLine Line(string name, int[] term, int[] containing) => TermTest.TypeTwo(Fit, Covariance, term, containing) is { } test
        ? new TermLine(name, test)
        : throw new GnomonError("not-estimable", $"{_input.Metric} does not vary within the groups, so {name} cannot be tested.", "--metric", "Check the column, or the condition of --where.");

    private double[] Cell(int a, int b)
    {
        var weights = new double[A * B];
        weights[0] = 1;
        if (a > 0)
        {
            weights[a] = 1;
        }

        if (b > 0)
        {
            weights[A + b - 1] = 1;
        }

        if (a > 0 && b > 0)
        {
            weights[A + B - 1 + (a - 1) * (B - 1) + b - 1] = 1;
        }

        return weights;
    }

    private double[] Marginal(bool first, int level)
    {
        var others = first ? B : A;
        var sum = new double[A * B];
        for (var o = 0; o < others; o++)
        {
            var cell = first ? Cell(level, o) : Cell(o, level);
            for (var j = 0; j < sum.Length; j++)
            {
                sum[j] += cell[j] / others;
            }
        }

        return sum;
    }

    private static double[] Minus(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a - b)];

    private static DesignMatrix Design(FactorialInput input)
    {
        var (a, b) = (input.First, input.Second);
        var columns = new List<double[]>();
        var names = new List<string>();
        void Add(string name, Func<int, bool> on)
        {
            names.Add(name);
            columns.Add([.. Enumerable.Range(0, input.Rows).Select(i => on(i) ? 1.0 : 0.0)]);
        }

        for (var k = 1; k < a.Levels.Count; k++)
        {
            Add($"{a.Name} = {a.Levels[k]}", i => a.Codes[i] == k);
        }

        for (var l = 1; l < b.Levels.Count; l++)
        {
            Add($"{b.Name} = {b.Levels[l]}", i => b.Codes[i] == l);
        }

        for (var k = 1; k < a.Levels.Count; k++)
        {
            for (var l = 1; l < b.Levels.Count; l++)
            {
                Add($"{a.Name} = {a.Levels[k]} : {b.Name} = {b.Levels[l]}", i => a.Codes[i] == k && b.Codes[i] == l);
            }
        }

        return DesignMatrix.WithIntercept(columns, names);
    }

    // Whatever repeats within a unit gets its own random level: the unit, and the unit by a factor where that is seen several times.
    private static List<RandomTerm> Terms(FactorialInput input)
    {
        var name = input.UnitColumn!;
        var terms = new List<RandomTerm> { RandomTerm.Intercept(name, input.Units) };
        foreach (var factor in new[] { input.First, input.Second }.Where(f => f.IsWithin))
        {
            int[] codes = [.. input.Units.Select((u, i) => u * factor.Levels.Count + factor.Codes[i])];
            if (codes.Distinct().Count() is var groups && groups < input.Rows)
            {
                terms.Add(RandomTerm.Intercept($"{name}:{factor.Name}", codes));
            }
        }

        if (input.First.IsWithin && input.Second.IsWithin)
        {
            int[] cells = [.. input.Units.Select((u, i) => (u * input.First.Levels.Count + input.First.Codes[i]) * input.Second.Levels.Count + input.Second.Codes[i])];
            if (cells.Distinct().Count() < input.Rows)
            {
                terms.Add(RandomTerm.Intercept($"{name}:{input.First.Name}:{input.Second.Name}", cells));
            }
        }

        return terms;
    }
}
