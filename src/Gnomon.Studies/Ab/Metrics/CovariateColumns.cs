using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>The strata of units: a number per unit and how many there are.</summary>
internal sealed record StrataIndex(int[] Index, int Count);

/// <summary>Columns that differences are adjusted for, as numbers, categories or days before assignment, and whether the treatment could have touched them.</summary>
internal sealed class CovariateColumns
{
    private const double MicrosecondsPerDay = 86_400_000_000.0;
    private const string Assigned = "assigned";
    private readonly AbReader _reader;
    private readonly bool _isStrata;
    private readonly Field[] _fields;

    /// <param name="reader">Data and roles.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="isStrata">All are read as text.</param>
    /// <exception cref="GnomonError">A column is not there, is a role already, or holds lists.</exception>
    public CovariateColumns(AbReader reader, IReadOnlyList<string> columns, bool isStrata)
    {
        (_reader, _isStrata) = (reader, isStrata);
        var option = isStrata ? "--post-stratify" : "--predict";
        _fields = [.. columns.Select(c => reader.Data.Schema.Require(c, option)).DistinctBy(f => f.Name)];
        CovariateRoles.Require(reader.Design, option, _fields.Select(f => f.Name));
        foreach (var field in _fields)
        {
            if (field.Name == reader.Unit || field.Type is ColumnType.Nested or ColumnType.Time)
            {
                throw new GnomonError("bad-covariate", $"{option}: column '{field.Name}' {(field.Name == reader.Unit ? "names the unit" : $"is of type {field.NativeType}")}.", option, "Name columns of numbers, categories or dates that were known before assignment.");
            }
        }
    }

    private bool HasTime => _reader.Time is not null && _reader.Data.Schema.Require(_reader.Time) is { IsTemporal: true };

    public IEnumerable<UnitColumn> Read()
    {
        foreach (var field in _fields)
        {
            yield return IsText(field) ? new UnitColumn(field.Name, Scalar.Column(field.Name).ToText(), UnitFold.Text)
                : field.IsTemporal ? new UnitColumn(field.Name, Days(field.Name), UnitFold.Last)
                : new UnitColumn(field.Name, Scalar.Column(field.Name).ToDouble(), UnitFold.Mean, _reader.Scale(field.Name, 1));
        }

        if (HasTime && Array.Exists(_fields, IsDate))
        {
            yield return new UnitColumn(Assigned, Days(_reader.Time!), UnitFold.First);
        }
    }

    /// <summary>The covariates of a prediction; dates count as days before assignment.</summary>
    public IEnumerable<PredictorColumn> Predictors(UnitTable units) => _fields.Select(f => IsText(f)
        ? PredictorColumn.OfCategories(units.Codes(f.Name), units.Levels(f.Name).Count)
        : PredictorColumn.OfNumbers(Values(units, f)));

    /// <summary>Every combination of the columns' values that occurs; missing values are a group of their own.</summary>
    public StrataIndex Strata(UnitTable units)
    {
        var index = new int[units.Count];
        var count = 1;
        foreach (var field in _fields)
        {
            var codes = units.Codes(field.Name);
            var seen = new Dictionary<(int, int), int>();
            for (var i = 0; i < index.Length; i++)
            {
                if (!seen.TryGetValue((index[i], codes[i]), out var at))
                {
                    seen.Add((index[i], codes[i]), at = seen.Count);
                }

                index[i] = at;
            }

            count = seen.Count;
        }

        return new StrataIndex(index, count);
    }

    /// <summary>How much of a metric each column tells within arms, where it is much.</summary>
    /// <param name="units">All units.</param>
    /// <param name="metric">Its name.</param>
    /// <param name="z">Its values by unit; NaN where there is none.</param>
    public IEnumerable<OutcomeTold> Told(UnitTable units, string metric, double[] z)
    {
        var isYesNo = z.Where(v => !double.IsNaN(v)).Distinct().Take(3).Count() == 2;
        foreach (var field in _fields)
        {
            var share = IsText(field) ? ToldShare.OfGroups(z, units.Arm, units.Codes(field.Name)) : ToldShare.OfNumbers(z, units.Arm, Values(units, field));
            if (share >= ToldShare.Much)
            {
                yield return new OutcomeTold(field.Name, metric, share, isYesNo);
            }
        }
    }

    /// <summary>How unlike the arms are in each column, and how many units carry a date after their assignment.</summary>
    public AdjustmentColumns Evidence(UnitTable units, int arms)
    {
        var byArm = Enumerable.Range(0, arms).Select(units.Of).ToArray();
        var all = _fields.Select(f => (Field: f, Tests: Tests(units, f, byArm).ToList())).ToList();
        double tests = Math.Max(1, all.Sum(c => c.Tests.Count));
        return new AdjustmentColumns
        {
            Units = units.Count,
            Columns = [.. all.Where(c => c.Tests.Count > 0 || IsDate(c.Field)).Select(c =>
            {
                var (dated, after) = Dates(units, c.Field);
                var worst = c.Tests.Count == 0 ? (Gap: 0.0, P: 1.0) : c.Tests.MinBy(t => t.P);
                return new AdjustmentColumn(c.Field.Name, worst.Gap, Math.Min(1, tests * worst.P), dated, after);
            })],
        };
    }

    private IEnumerable<(double Gap, double P)> Tests(UnitTable units, Field field, int[][] byArm)
    {
        for (var arm = 1; arm < byArm.Length; arm++)
        {
            if (IsText(field))
            {
                if (Shares(units.Codes(field.Name), units.Levels(field.Name).Count, byArm[arm], byArm[0]) is { } test)
                {
                    yield return test;
                }

                continue;
            }

            var values = Values(units, field);
            if (Means(values, byArm[arm], byArm[0]) is { } means)
            {
                yield return means;
            }

            if (Means(Array.ConvertAll(values, v => double.IsNaN(v) ? 1.0 : 0.0), byArm[arm], byArm[0]) is { } missing)
            {
                yield return missing;
            }
        }
    }

    private static (double Gap, double P)? Means(double[] values, int[] treatment, int[] control)
    {
        var (x, y) = (Of(treatment), Of(control));
        if (x.Count < 2 || y.Count < 2 || !(x.M2 + y.M2 > 0) || WelchT.TryTest(x, y) is not { } test)
        {
            return null;
        }

        return (test.Value / Math.Sqrt((x.M2 + y.M2) / (x.Count + y.Count - 2)), test.PValue);

        Moments Of(int[] rows)
        {
            double[] present = [.. rows.Select(i => values[i]).Where(v => !double.IsNaN(v))];
            return present.Length == 0 ? Moments.Empty : Moments.MeanVariance(present);
        }
    }

    // Pearson's chi-square over the levels; rare ones are one together, so that its approximation holds.
    private static (double Gap, double P)? Shares(int[] codes, int levels, int[] treatment, int[] control)
    {
        const double fewest = 10;
        var (x, y) = (Count(treatment), Count(control));
        double n = treatment.Length, m = control.Length;
        if (n < 2 || m < 2)
        {
            return null;
        }

        bool Common(int l) => (x[l] + y[l]) * Math.Min(n, m) / (n + m) >= fewest;
        var cells = Enumerable.Range(0, levels + 1).Where(Common).Select(l => (X: x[l], Y: y[l])).ToList();
        var rest = Enumerable.Range(0, levels + 1).Where(l => !Common(l)).Aggregate((X: 0.0, Y: 0.0), (sum, l) => (sum.X + x[l], sum.Y + y[l]));
        if ((rest.X + rest.Y) * Math.Min(n, m) / (n + m) >= fewest)
        {
            cells.Add(rest);
        }

        if (cells.Count < 2)
        {
            return null;
        }

        var (sx, sy) = (cells.Sum(c => c.X), cells.Sum(c => c.Y));
        double chi2 = 0, gap = 0;
        foreach (var (a, b) in cells)
        {
            var share = (a + b) / (sx + sy);
            chi2 += Math.Pow(a - sx * share, 2) / (sx * share) + Math.Pow(b - sy * share, 2) / (sy * share);
            var d = (a / sx - b / sy) / Math.Sqrt(share * (1 - share));
            gap = Math.Abs(d) > Math.Abs(gap) ? d : gap;
        }

        return (gap, ChiSquared.Sf(chi2, cells.Count - 1));

        double[] Count(int[] rows)
        {
            var counts = new double[levels + 1];
            foreach (var i in rows)
            {
                counts[codes[i] + 1]++;
            }

            return counts;
        }
    }

    private double[] Values(UnitTable units, Field field)
    {
        var values = units.Numbers(field.Name);
        if (!IsDate(field) || !HasTime)
        {
            return values;
        }

        var assigned = units.Numbers(Assigned);
        return [.. values.Select((v, i) => assigned[i] - v)];
    }

    // Where assignment is known to the day only, a moment of that day is not after it.
    private (long Dated, long After) Dates(UnitTable units, Field field)
    {
        if (!IsDate(field) || !HasTime)
        {
            return (0, 0);
        }

        var (values, assigned) = (units.Numbers(field.Name), units.Numbers(Assigned));
        var whole = _reader.Data.Schema.Require(_reader.Time!).Type == ColumnType.Date || field.Type == ColumnType.Date;
        long dated = 0, after = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]) && !double.IsNaN(assigned[i]))
            {
                dated++;
                after += whole ? Math.Floor(values[i]) > Math.Floor(assigned[i]) ? 1 : 0 : values[i] > assigned[i] ? 1 : 0;
            }
        }

        return (dated, after);
    }

    private bool IsText(Field field) => _isStrata || field.Type is ColumnType.Text or ColumnType.Category;

    private bool IsDate(Field field) => !_isStrata && field.IsTemporal;

    private static Scalar Days(string column) => Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(column)).ToDouble() / Scalar.Value(MicrosecondsPerDay);
}
