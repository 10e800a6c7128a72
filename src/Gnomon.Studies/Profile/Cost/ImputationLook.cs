using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Cost;

/// <summary>
/// Ways to fill the gaps of a number column, compared twice: by the error on known cells that were hidden, and by what the mean, the spread and the strongest relation of the column become.
/// Beside them what the mean would be if missing values were not like the known ones, which no data can tell.
/// </summary>
internal sealed class ImputationLook(IReadOnlyList<SampleColumn> columns, long seed)
{
    private const int MostColumns = 3;
    private const int MostOthers = 8;
    private const int MostRows = 2_500;
    private const int FewestKnown = 60;
    private const long FewestMissing = 30;
    private const double MostMissing = 0.6;
    private const double FewestShare = 0.01;
    private const double Hidden = 0.2;
    private const int Repeats = 3;
    private const int Rounds = 5;
    private const int Draws = 5;
    private const double WorthAWord = 0.1;
    private static readonly string[] Ways = ["mean", "median", "regression", "predictive mean matching"];

    public ProfilePart Of()
    {
        var numbers = columns.Where(c => c.Facts is { IsNumber: true, Role: Role.Number } && c.Facts.Present >= FewestKnown && c.Facts.Scan.Distinct > 5).ToList();
        var gaps = numbers.Where(c => c.Facts.Missing >= FewestMissing && c.Facts.MissingShare is >= FewestShare and <= MostMissing).OrderByDescending(c => c.Facts.Missing).Take(MostColumns).ToList();
        var found = gaps.Select(g => Compare(g, numbers)).OfType<Comparison>().ToList();
        return found.Count == 0 ? ProfilePart.None : new ProfilePart { Appendix = [Methods(found), Shifts(found)], Limitations = [.. found.Select(Says)] };
    }

    private Comparison? Compare(SampleColumn gap, List<SampleColumn> numbers)
    {
        var stride = Math.Max(1, (gap.Rows + MostRows - 1) / MostRows);
        int[] rows = [.. Enumerable.Range(0, gap.Rows).Where(i => i % stride == 0)];
        var known = rows.Count(i => !gap.IsMissing(i));
        if (known < FewestKnown || known == rows.Length)
        {
            return null;
        }

        // The columns that go with it most, in the rows where both are known.
        var others = numbers.Where(c => c != gap).Select(c => (Column: c, R: Math.Abs(Strength.Pearson(gap, c)?.Correlation ?? 0))).OrderByDescending(c => c.R).ThenBy(c => c.Column.Facts.Index).Take(MostOthers).ToList();
        var data = new[] { gap }.Concat(others.Where(o => o.R > 0).Select(o => o.Column)).Select(c => Array.ConvertAll(rows, i => c.Numbers[i])).ToArray();
        data = [data[0], .. data.Skip(1).Where(d => Array.FindAll(d, v => !double.IsNaN(v)).Length >= 2 * data.Length)];
        var rng = new Rng((ulong)seed).Stream("imputation", gap.Facts.Index);
        var moments = Moments.MeanVariance(Array.FindAll(data[0], v => !double.IsNaN(v)));
        if (!(moments.M2 > 0))
        {
            return null;
        }

        var ways = Ways.Take(data.Length > 1 ? 4 : 2).ToArray();
        try
        {
            var errors = HiddenErrors(data, ways, moments.StandardDeviation, rng);
            var becomes = ways.Select(w => Becomes(data, w, rng)).ToList();
            return new Comparison(gap.Facts, ways, errors, becomes, moments, others.Count > 0 && others[0].R > 0 ? others[0].Column.Name : null, (double)(rows.Length - known) / rows.Length, Correlation(data[0], data.Length > 1 ? data[1] : null));
        }
        catch (TooFewRowsException)
        {
            return null;
        }
    }

    // Squared errors of hidden cells in variances: per way the mean, and its paired difference to the best with its standard error.
    private static IReadOnlyList<WayError> HiddenErrors(double[][] data, string[] ways, double sd, Rng rng)
    {
        var squares = ways.Select(_ => new List<double>()).ToArray();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            int[] known = [.. Enumerable.Range(0, data[0].Length).Where(i => !double.IsNaN(data[0][i]))];
            rng.Shuffle<int>(known);
            int[] hidden = [.. known[..(int)(Hidden * known.Length)].Order()];
            var masked = (double[])data[0].Clone();
            foreach (var i in hidden)
            {
                masked[i] = double.NaN;
            }

            for (var w = 0; w < ways.Length; w++)
            {
                var filled = Fill([masked, .. data[1..]], ways[w], rng);
                squares[w].AddRange(hidden.Select(i => (filled[i] - data[0][i]) / sd).Select(e => e * e));
            }
        }

        var best = Enumerable.Range(0, ways.Length).MinBy(w => squares[w].Average());
        return [.. squares.Select(s =>
        {
            var difference = Moments.MeanVariance([.. s.Zip(squares[best], (a, b) => a - b)]);

            // Cells hidden again in another repeat are not new evidence: errors count once per cell.
            var error = difference.M2 > 0 ? difference.StandardError * Math.Sqrt(Repeats) : 0;
            return new WayError(Math.Sqrt(s.Average()), difference.Mean, error);
        })];
    }

    private static double[] Fill(double[][] data, string way, Rng rng) => way switch
    {
        "mean" => Constant(data[0], Moments.MeanVariance(Array.FindAll(data[0], v => !double.IsNaN(v))).Mean),
        "median" => Constant(data[0], RobustOutliers.Quantile([.. data[0].Where(v => !double.IsNaN(v)).Order()], 0.5)),
        "regression" => ChainedImputation.Fill(data, ImputationKind.Regression, Rounds)[0],
        _ => ChainedImputation.Fill(data, ImputationKind.PredictiveMeanMatching, Rounds, rng)[0],
    };

    private static double[] Constant(double[] column, double value) => Array.ConvertAll(column, v => double.IsNaN(v) ? value : v);

    private static Outcome Becomes(double[][] data, string way, Rng rng)
    {
        if (way != "predictive mean matching")
        {
            var filled = Fill(data, way, rng);
            var m = Moments.MeanVariance(filled);
            return new Outcome(m.Mean, m.StandardDeviation, Correlation(filled, data.Length > 1 ? data[1] : null));
        }

        // Rubin's point estimates over several fillings.
        var all = Enumerable.Range(0, Draws).Select(_ => Fill(data, way, rng)).ToList();
        return new Outcome(all.Average(f => Moments.MeanVariance(f).Mean), all.Average(f => Moments.MeanVariance(f).StandardDeviation), data.Length > 1 ? all.Average(f => Correlation(f, data[1]) ?? 0) : null);
    }

    private static double? Correlation(double[] a, double[]? b) => b is null ? null : Strength.Both(a, b) is var (x, y) && x.Length > 3 ? Association.Pearson(x, y)?.Correlation : null;

    // The first way, in order of simplicity, whose error is no more than one standard error above the best; those that only guess are not compared by spread.
    private static int Recommended(Comparison c) => Enumerable.Range(0, c.Ways.Length).First(w => c.Errors[w].Behind <= c.Errors[w].BehindError);

    private static ResultTable Methods(List<Comparison> found) => new(
        "imputation", "Ways to fill the gaps", ["column", "way", "error on hidden cells in sd", "mean", "sd", "correlation", "with", "simplest not worse"],
        [.. found.SelectMany(c => new IReadOnlyList<object?>[] { [c.Column.Name, "drop the rows", null, c.Known.Mean, c.Known.StandardDeviation, c.KnownCorrelation, c.Partner, null] }
            .Concat(c.Ways.Select((w, i) => (IReadOnlyList<object?>)[c.Column.Name, w, c.Errors[i].Rmse, c.Becomes[i].Mean, c.Becomes[i].Sd, c.Becomes[i].Correlation, c.Partner, i == Recommended(c)])))]);

    // Values that are missing are moved by so many standard deviations from what the recommended way puts there.
    private static ResultTable Shifts(List<Comparison> found) => new(
        "not-at-random", "If missing values were not like the known ones", ["column", "shift of missing values in sd", "mean of the column"],
        [.. found.SelectMany(c => new[] { -1, -0.5, 0, 0.5, 1 }.Select(d => (IReadOnlyList<object?>)[c.Column.Name, d, c.Becomes[Recommended(c)].Mean + (d * c.MissingShare * c.Known.StandardDeviation)]))]);

    private static string Says(Comparison c)
    {
        var best = Recommended(c);
        var (error, way) = (c.Errors[best], c.Ways[best]);
        var moved = Math.Abs(c.Becomes[best].Mean - c.Known.Mean) / c.Known.StandardDeviation;
        var mean = moved < WorthAWord * Math.Sqrt(c.MissingShare) ? "the mean hardly moves" : $"the mean goes from {Figures.Number(c.Known.Mean)} in the known rows to {Figures.Number(c.Becomes[best].Mean)}";
        var spread = way is "mean" or "median" or "regression" ? $", the spread shrinks to {Figures.WholePercent(c.Becomes[best].Sd / c.Known.StandardDeviation)} of the known" : string.Empty;
        var tipping = c.Known.StandardError / (c.MissingShare * c.Known.StandardDeviation);
        return $"{c.Column.Name}, missing in {Figures.Percent(c.Column.MissingShare)}: the simplest filling no worse than the best on hidden cells is {way} (off by {Figures.Number(error.Rmse)} sd); {mean}{spread}. Whether missing values differ from known ones by themselves cannot be tested: a shift of {Figures.Number(tipping)} sd would move the mean by one standard error.";
    }

    private sealed record Comparison(ColumnFacts Column, string[] Ways, IReadOnlyList<WayError> Errors, IReadOnlyList<Outcome> Becomes, Moments Known, string? Partner, double MissingShare, double? KnownCorrelation);

    /// <param name="Rmse">Root mean squared error on hidden cells, in standard deviations of the column.</param>
    /// <param name="Behind">Mean squared error above that of the best way.</param>
    /// <param name="BehindError">Its standard error.</param>
    private sealed record WayError(double Rmse, double Behind, double BehindError);

    private sealed record Outcome(double Mean, double Sd, double? Correlation);
}
