using Gnomon.Numerics;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Inference;

/// <summary>
/// What a linear model sees of the covariates: numbers as themselves and as hinges at their quintiles, so that a bend is no miss; common categories and
/// missing values as indicators. All columns are centred and scaled; those that do not vary are left out. No outcome is looked at.
/// </summary>
internal sealed class PredictorBasis
{
    const int MostCategories = 20;
    const double SmallestCategory = 0.005;
    const int DistinctForHinges = 10;
    static readonly double[] Knots = [0.2, 0.4, 0.6, 0.8];
    readonly List<Term> _terms = [];

    public PredictorBasis(IReadOnlyList<PredictorColumn> columns)
    {
        foreach (var column in columns)
        {
            foreach (var term in column.Numbers is { } numbers ? OfNumbers(numbers) : OfCategories(column))
            {
                Add(column.Length, term);
            }
        }
    }

    public int Count => _terms.Count;

    public double At(int term, int row) => _terms[term].At(row);

    static IEnumerable<Func<int, double>> OfNumbers(double[] values)
    {
        double[] present = [.. values.Where(v => !double.IsNaN(v))];
        if (present.Length == 0)
        {
            yield break;
        }

        // A missing value is filled with the mean and flagged.
        var mean = Moments.MeanVariance(present).Mean;
        yield return i => double.IsNaN(values[i]) ? mean : values[i];
        if (present.Length < values.Length)
        {
            yield return i => double.IsNaN(values[i]) ? 1 : 0;
        }

        RadixSort.Sort(present);
        double[] knots = [.. Knots.Select(k => present[(int)(k * (present.Length - 1))]).Distinct().Where(k => k > present[0] && k < present[^1])];
        if (HasFewValues(present))
        {
            yield break;
        }

        foreach (var knot in knots)
        {
            yield return i => double.IsNaN(values[i]) ? 0 : Math.Max(0, values[i] - knot);
        }
    }

    static IEnumerable<Func<int, double>> OfCategories(PredictorColumn column)
    {
        var codes = column.Codes!;
        var counts = new long[column.Levels + 1];
        foreach (var code in codes)
        {
            counts[code + 1]++;
        }

        // The commonest one is the reference.
        foreach (var level in Enumerable.Range(-1, column.Levels + 1).Where(l => counts[l + 1] > Math.Max(1, SmallestCategory * codes.Length)).OrderByDescending(l => counts[l + 1]).ThenBy(l => l).Skip(1).Take(MostCategories))
        {
            yield return i => codes[i] == level ? 1 : 0;
        }
    }

    static bool HasFewValues(double[] sorted)
    {
        var distinct = 1;
        for (var i = 1; i < sorted.Length && distinct < DistinctForHinges; i++)
        {
            distinct += sorted[i] > sorted[i - 1] ? 1 : 0;
        }

        return distinct < DistinctForHinges;
    }

    void Add(int rows, Func<int, double> value)
    {
        var values = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            values[i] = value(i);
        }

        var moments = Moments.MeanVariance(values);
        if (moments.M2 > 0)
        {
            var deviation = Math.Sqrt(moments.M2 / rows);
            _terms.Add(new(value, moments.Mean, deviation));
        }
    }

    sealed record Term(Func<int, double> Value, double Mean, double Deviation)
    {
        public double At(int row) => (Value(row) - Mean) / Deviation;
    }
}
