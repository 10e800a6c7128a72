using Gnomon.Core.Errors;
using Gnomon.Methods;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>One column of the design and what it stands for.</summary>
/// <param name="Label">Name in tables.</param>
/// <param name="Term">The term it belongs to; null for the intercept.</param>
internal sealed record DesignColumn(string Label, FormulaTerm? Term);

/// <summary>Turns the formula and columns into a design: treatment coding, splines, polynomials, products. The coding is fixed by the first rows it sees.</summary>
internal sealed class ModelDesign
{
    private const int MostLevels = 200;
    private const int MostColumns = 1_000;
    private readonly Formula _formula;
    private readonly Dictionary<FormulaAtom, Coder> _coders = [];

    public ModelDesign(ModelData data)
    {
        _formula = data.Formula;
        foreach (var atom in _formula.Terms.SelectMany(t => t.Atoms).Distinct())
        {
            _coders.Add(atom, Coder.For(atom, data.Columns[atom.Column]));
        }

        Columns = Labels();
        if (Columns.Count > MostColumns)
        {
            throw new GnomonError("too-many-columns", $"The model has {Columns.Count} columns; at most {MostColumns} are fitted.", "--formula", "Pool rare levels, or leave out products of factors.");
        }

        if (Columns.Count == 0)
        {
            throw new GnomonError("bad-formula", "The model has no columns.", "--formula", "Name at least one term.");
        }
    }

    public IReadOnlyList<DesignColumn> Columns { get; }

    /// <summary>Factors with the level that the others are compared with.</summary>
    public IEnumerable<(string Column, string Reference)> References => _coders.Where(c => c.Value.Levels.Count > 0).Select(c => (c.Key.Column, c.Value.Levels[0])).DistinctBy(c => c.Column);

    /// <summary>Levels of a factor, the reference first; empty for numbers.</summary>
    public IReadOnlyList<string> LevelsOf(string column) => _coders.FirstOrDefault(c => c.Key.Column == column).Value?.Levels ?? [];

    /// <summary>True when the column enters by itself, in one straight term and no product.</summary>
    public bool IsSimple(string column)
    {
        var terms = _formula.Terms.Where(t => t.Atoms.Any(a => a.Column == column)).ToList();
        return terms.Count == 1 && terms[0].Atoms is [{ Function: "" or "C" }];
    }

    /// <summary>True when the column bends: splines, polynomials, functions.</summary>
    public bool IsCurved(string column) => _formula.Terms.SelectMany(t => t.Atoms).Any(a => a.Column == column && a.Function is not ("" or "C"));

    public DesignMatrix Build(IReadOnlyDictionary<string, ModelColumn> columns, int rows)
    {
        var ones = new double[rows];
        Array.Fill(ones, 1.0);
        var result = new List<double[]>();
        if (_formula.HasIntercept)
        {
            result.Add(ones);
        }

        foreach (var term in _formula.Terms)
        {
            List<double[]> product = [ones];
            foreach (var atom in term.Atoms)
            {
                var coded = _coders[atom].Code(columns[atom.Column], IsFull(term, atom));
                product = [.. product.SelectMany(left => coded.Select(right => left == ones ? right : Times(left, right)))];
            }

            result.AddRange(product);
        }

        return new DesignMatrix(result, [.. Columns.Select(c => c.Label)]);
    }

    private List<DesignColumn> Labels()
    {
        var labels = new List<DesignColumn>();
        if (_formula.HasIntercept)
        {
            labels.Add(new DesignColumn(DesignMatrix.InterceptName, null));
        }

        foreach (var term in _formula.Terms)
        {
            List<string> product = [string.Empty];
            foreach (var atom in term.Atoms)
            {
                product = [.. product.SelectMany(left => _coders[atom].Labels(IsFull(term, atom)).Select(right => left.Length == 0 ? right : $"{left} : {right}"))];
            }

            labels.AddRange(product.Select(l => new DesignColumn(l, term)));
        }

        return labels;
    }

    // A factor keeps all its levels where the rest of its term stands in the model nowhere by itself (the intercept for a main effect).
    private bool IsFull(FormulaTerm term, FormulaAtom atom)
    {
        if (_coders[atom].Levels.Count == 0)
        {
            return false;
        }

        var rest = term.Atoms.Where(a => a != atom).ToList();
        if (rest.Count > 0)
        {
            return !_formula.Terms.Any(t => t.Atoms.Count == rest.Count && t.Atoms.All(rest.Contains));
        }

        return !_formula.HasIntercept && _formula.Terms.First(t => t.Atoms is [var only] && _coders[only].Levels.Count > 0).Equals(term);
    }

    private static double[] Times(double[] a, double[] b)
    {
        var product = new double[a.Length];
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = a[i] * b[i];
        }

        return product;
    }

    /// <summary>How one atom becomes columns.</summary>
    private sealed class Coder
    {
        private readonly FormulaAtom _atom;
        private readonly Func<double[], double[][]> _code;
        private readonly int _columns;
        private readonly int[] _place;

        private Coder(FormulaAtom atom, IReadOnlyList<string> levels, int[] place, Func<double[], double[][]> code, int columns)
        {
            _atom = atom;
            Levels = levels;
            _place = place;
            _code = code;
            _columns = columns;
        }

        /// <summary>Levels with the reference first; empty for numbers.</summary>
        public IReadOnlyList<string> Levels { get; }

        public static Coder For(FormulaAtom atom, ModelColumn column)
        {
            if (column.IsFactor)
            {
                return Factor(atom, column);
            }

            var values = column.Numbers!;
            try
            {
                switch (atom.Function)
                {
                    case "poly":
                        var polynomial = OrthogonalPolynomial.For(values, atom.Number ?? 2);
                        return new Coder(atom, [], [], v => polynomial.Basis(v), polynomial.Degree);
                    case "ns":
                        var spline = NaturalSpline.For(values, atom.Number ?? 4);
                        return new Coder(atom, [], [], v => spline.Basis(v), spline.Columns);
                    case "scale":
                        var moments = Numerics.Moments.MeanVariance(values);
                        return moments.Count > 1 && moments.StandardDeviation > 0
                            ? new Coder(atom, [], [], v => [Array.ConvertAll(v, x => (x - moments.Mean) / moments.StandardDeviation)], 1)
                            : throw new NotEstimableException("the values do not differ");
                    default:
                        return new Coder(atom, [], [], v => [ModelReader.Transformed(v, atom, "value")], 1);
                }
            }
            catch (NotEstimableException wrong)
            {
                throw new GnomonError("not-estimable", $"{atom.Text}: {wrong.Message}", atom.Text, "Take the term as it is, without the function, or leave it out.", wrong);
            }
        }

        public IEnumerable<double[]> Code(ModelColumn column, bool full)
        {
            if (Levels.Count == 0)
            {
                return _code(column.Numbers!);
            }

            return Enumerable.Range(full ? 0 : 1, Levels.Count - (full ? 0 : 1)).Select(level => Array.ConvertAll(column.Codes!, c => _place[c] == level ? 1.0 : 0.0));
        }

        public IEnumerable<string> Labels(bool full)
        {
            if (Levels.Count > 0)
            {
                return Levels.Skip(full ? 0 : 1).Select(l => $"{_atom.Column} = {l}");
            }

            return _columns == 1 && _atom.Function is not ("ns" or "poly") ? [_atom.Text] : Enumerable.Range(1, _columns).Select(i => $"{_atom.Text} {i}");
        }

        private static Coder Factor(FormulaAtom atom, ModelColumn column)
        {
            if (column.Levels.Count > MostLevels)
            {
                throw new GnomonError(
                    "too-many-levels", $"{column.Name} has {column.Levels.Count} different values, one column each; at most {MostLevels} are fitted.", column.Name,
                    $"Pool them, or give it to --cluster if it names who the rows belong to.");
            }

            var reference = 0;
            if (atom.Reference is not null && (reference = column.Levels.ToList().IndexOf(atom.Reference)) < 0)
            {
                throw new GnomonError(
                    "level-not-found", $"{column.Name} has no complete row with '{atom.Reference}'. Levels: {string.Join(", ", column.Levels.Take(10))}.", atom.Text,
                    Core.Tables.NearestName.To(atom.Reference, column.Levels) is { } near ? $"Did you mean '{near}'?" : null);
            }

            var order = Enumerable.Range(0, column.Levels.Count).OrderBy(i => i == reference ? -1 : i).ToList();
            var place = new int[order.Count];
            for (var i = 0; i < place.Length; i++)
            {
                place[order[i]] = i;
            }

            return new Coder(atom, [.. order.Select(i => column.Levels[i])], place, _ => [], order.Count - 1);
        }
    }
}
