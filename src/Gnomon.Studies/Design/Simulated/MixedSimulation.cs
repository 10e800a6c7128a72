using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>A linear mixed model: whole groups are drawn, and for each group and each row the random effects and the residual are drawn anew from the fitted normal laws.</summary>
/// <remarks>
/// The units that a size counts are the groups of the first random term. Groupings inside it follow their unit; groupings that cross it keep their levels, with effects drawn anew. Each
/// data set is fitted as the analysis fits it: the model asked for by REML, without what turns out singular, tested with Satterthwaite's degrees of freedom.
/// </remarks>
internal sealed class MixedSimulation : ModelSimulation
{
    private readonly Part[] _parts;
    private readonly double[] _line;
    private readonly double _sigma;
    private readonly Effects[] _effects;

    private MixedSimulation(FittedHistory history, MixedFit fit, Part[] parts)
        : base(history)
    {
        _parts = parts;
        _line = history.Predictor(fit.Coefficients);
        _sigma = fit.Sigma;
        _effects = [.. fit.Random.Select(r => Effects.Of(r, parts))];
    }

    public override string Method => $"t test of {History.Label} in a mixed model ({string.Join(" + ", _parts.Select(p => p.Text))}), REML with Satterthwaite's degrees of freedom";

    public override int Fewest => 4;

    public override int Most => 20_000;

    public override int UsualRuns => 400;

    /// <summary>Groupings of the formula, the first one naming the units.</summary>
    public static MixedSimulation Of(Func<RowSampler, string, FittedHistory> history, ModelData data, MixedFit fit)
    {
        var parts = data.Formula.Random.Select(r => Part.Of(data, r)).ToArray();
        var units = parts[0].Codes;
        foreach (var part in parts)
        {
            part.IsInside = part.Codes.Zip(units).GroupBy(p => p.First).All(g => g.Select(p => p.Second).Distinct().Count() == 1);
        }

        return new MixedSimulation(history(RowSampler.OfGroups(units), $"{parts[0].Group} groups"), fit, parts);
    }

    protected override double[] Outcomes(RowSample sample, Rng rng, double shift)
    {
        var x = History.Matrix.Column(History.Focus);
        var y = new double[sample.Rows.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var row = sample.Rows[i];
            y[i] = _line[row] + shift * x[row];
        }

        foreach (var effects in _effects)
        {
            var levels = effects.Part.Relabel(sample);
            var drawn = new double[levels.Count * effects.Size];
            for (var level = 0; level < levels.Count; level++)
            {
                effects.Draw(rng, drawn.AsSpan(level * effects.Size, effects.Size));
            }

            for (var i = 0; i < y.Length; i++)
            {
                for (var k = 0; k < effects.Size; k++)
                {
                    y[i] += drawn[levels.Codes[i] * effects.Size + k] * effects.Columns[k][sample.Rows[i]];
                }
            }
        }

        for (var i = 0; i < y.Length; i++)
        {
            y[i] += _sigma * rng.NextNormal() / Math.Sqrt(History.Data.Weights?[sample.Rows[i]] ?? 1);
        }

        return y;
    }

    protected override double? PValue(RowSample sample, double[] y)
    {
        var terms = Array.ConvertAll(_parts, p => new RandomTerm(p.Group, p.Relabel(sample).Codes, [.. p.Columns.Select(c => FittedHistory.Pick(c, sample.Rows))], p.Names, p.IsCorrelated));
        var weights = History.Data.Weights is { } w ? FittedHistory.Pick(w, sample.Rows) : null;
        var reduction = LinearMixedModel.FitReduced(History.Rows(sample.Rows), y, terms, weights);
        var table = reduction.Reduced?.Table() ?? RobustErrors.Heteroskedastic(reduction.Plain).Table(reduction.Plain);
        return table.FirstOrDefault(c => c.Term == History.Label)?.PValue;
    }

    protected override string Drawn
    {
        get
        {
            var crossed = _parts.Where(p => !p.IsInside).Select(p => p.Group).Distinct(StringComparer.Ordinal).ToList();
            var kept = crossed.Count == 0 ? string.Empty : $" Levels of {string.Join(" and ", crossed)} are those of history, whatever the size.";
            return $"A size counts groups of {_parts[0].Group}, drawn whole with their columns; their random effects ({string.Join(", ", _effects.SelectMany(e => e.Names))}) and the residuals (standard deviation {Figures.Number(_sigma)}) are drawn anew, as normal.{kept}";
        }
    }

    /// <summary>One random term of the formula on the rows of history.</summary>
    private sealed class Part(string group, int[] codes, double[][] columns, string[] names, bool isCorrelated, string text)
    {
        public string Group => group;

        public int[] Codes => codes;

        public double[][] Columns => columns;

        public string[] Names => names;

        public bool IsCorrelated => isCorrelated;

        public string Text => text;

        /// <summary>Each of its groups lies within one unit.</summary>
        public bool IsInside { get; set; }

        public static Part Of(ModelData data, FormulaRandomTerm random)
        {
            var matrix = new ModelDesign(data with { Formula = new Formula(data.Formula.Outcome, random.Terms, random.HasIntercept) }).Build(data.Columns, data.Rows);
            var codes = new int[data.Rows];
            foreach (var column in random.Groups.Select(g => data.Groups[g]))
            {
                var known = new Dictionary<(int, int), int>();
                for (var i = 0; i < codes.Length; i++)
                {
                    var key = (codes[i], column.Codes![i]);
                    if (!known.TryGetValue(key, out var code))
                    {
                        known.Add(key, code = known.Count);
                    }

                    codes[i] = code;
                }
            }

            return new Part(random.Group, codes, [.. Enumerable.Range(0, matrix.Columns).Select(j => matrix.Column(j).ToArray())], [.. matrix.Names], random.IsCorrelated, random.Text);
        }

        /// <summary>Groups of drawn rows, numbered from 0: within each drawn unit, or across units where the grouping crosses them.</summary>
        public (int[] Codes, int Count) Relabel(RowSample sample)
        {
            var known = new Dictionary<(int, int), int>();
            var drawn = new int[sample.Rows.Length];
            for (var i = 0; i < drawn.Length; i++)
            {
                var key = (IsInside ? sample.Units[i] : -1, codes[sample.Rows[i]]);
                if (!known.TryGetValue(key, out var code))
                {
                    known.Add(key, code = known.Count);
                }

                drawn[i] = code;
            }

            return (drawn, known.Count);
        }
    }

    /// <summary>The fitted law of the effects of one grouping.</summary>
    private sealed class Effects(Part part, double[][] columns, double[] root, string[] names)
    {
        public Part Part => part;

        public double[][] Columns => columns;

        public int Size => columns.Length;

        public IEnumerable<string> Names => names;

        public static Effects Of(RandomCovariance law, Part[] parts)
        {
            var own = parts.Where(p => p.Group == law.Group).ToList();
            double[][] columns = [.. law.Names.Select(n => own.SelectMany(p => p.Names.Select((name, j) => (name, p.Columns[j]))).First(c => c.name == n).Item2)];
            string[] names = [.. law.Names.Select((n, k) => $"{(n == RandomTerm.InterceptName ? "level" : $"slope of {n}")} of {law.Group}, standard deviation {Figures.Number(law.StandardDeviation(k))}")];
            return new Effects(own[0], columns, Root(law), names);
        }

        public void Draw(Rng rng, Span<double> into)
        {
            var normal = new double[Size];
            for (var k = 0; k < Size; k++)
            {
                normal[k] = rng.NextNormal();
                for (var l = 0; l <= k; l++)
                {
                    into[k] += root[k * Size + l] * normal[l];
                }
            }
        }

        // Lower Cholesky factor; a direction without variance gets none.
        private static double[] Root(RandomCovariance law)
        {
            var size = law.Names.Count;
            var root = new double[size * size];
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    var left = law.Covariance[i * size + j];
                    for (var k = 0; k < j; k++)
                    {
                        left -= root[i * size + k] * root[j * size + k];
                    }

                    var pivot = i == j ? 0 : root[j * size + j];
                    root[i * size + j] = i == j ? Math.Sqrt(Math.Max(0, left)) : pivot > 0 ? left / pivot : 0;
                }
            }

            return root;
        }
    }
}
