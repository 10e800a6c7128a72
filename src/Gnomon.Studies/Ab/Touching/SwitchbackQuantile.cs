using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>A quantile of the rows of a switchback: what every row contributes to its arm's quantile, added up by cell.</summary>
/// <param name="Cells">Sums of contributions less the centre.</param>
/// <param name="Sums">The same, of each cell.</param>
/// <param name="Centre">The control's quantile.</param>
/// <param name="Squares">Sum of squared contributions less the centre, of each cell.</param>
internal sealed record SwitchbackQuantile(SwitchbackCells Cells, double[] Sums, double Centre, double[] Squares)
{
    // As for quantiles by cluster: the error is a limit over blocks.
    private const int FewestBlocks = 20;

    /// <param name="cells">Any metric over the same cells.</param>
    /// <param name="armOf">Arm of each cell.</param>
    /// <param name="cell">Cell of each row; -1 for rows of none.</param>
    /// <param name="values">Value of each row.</param>
    /// <param name="share">Which quantile.</param>
    /// <param name="burnIn">Periods left out after a switch.</param>
    /// <param name="treatedShare">Probability with which a block was treated.</param>
    /// <param name="arms">Names of the arms, control first.</param>
    /// <exception cref="NotEstimableException">No quantile with an error in an arm.</exception>
    /// <exception cref="TooFewRowsException">Too few blocks of an arm.</exception>
    public static SwitchbackQuantile Of(SwitchbackCells cells, int[] armOf, int[] cell, double[] values, double share, int burnIn, double treatedShare, IReadOnlyList<string> arms)
    {
        var (weights, (draw, draws)) = (cells.Weights(burnIn, treatedShare), cells.DrawOf());
        WeightedQuantileResult Arm(int arm)
        {
            int[] rows = [.. Enumerable.Range(0, values.Length).Where(i => cell[i] >= 0 && armOf[cell[i]] == arm && weights[cell[i]] > 0)];
            return WeightedQuantile.Of([.. rows.Select(i => values[i])], [.. rows.Select(i => weights[cell[i]])], [.. rows.Select(i => draw[cell[i]])], draws, share, $"arm {arms[arm]} (by block)", FewestBlocks);
        }

        WeightedQuantileResult[] quantile = [Arm(0), Arm(1)];
        var (sums, squares) = (new double[armOf.Length], new double[armOf.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            if (cell[i] >= 0)
            {
                var value = quantile[armOf[cell[i]]].Contribution(values[i]) - quantile[0].Value;
                sums[cell[i]] += value;
                squares[cell[i]] += value * value;
            }
        }

        return new(cells.With(sums), sums, quantile[0].Value, squares);
    }

    /// <summary>Rows of a column with the line of the cell table that each belongs to, in the order of lines and values, so that no sum depends on the engine's threads.</summary>
    public static (int[] Line, double[] Values) Rows(IDataset data, Scalar? zone, Scalar period, Scalar usable, Scalar value, Func<string?, double, int> line, CancellationToken cancellation)
    {
        var found = new List<(int Line, double Value)>();
        data.Scan(
            new Query { Select = [new("period", period), new("value", value), .. zone is null ? Array.Empty<Projection>() : [new Projection("zone", zone)]], Where = usable },
            chunk =>
            {
                var periods = chunk.Doubles(0);
                var values = chunk.Doubles(1);
                var codes = zone is null ? default : chunk.Codes(2);
                var names = zone is null ? null : chunk.Dictionary(2);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (!chunk.IsNull(1, i))
                    {
                        found.Add((line(names?[codes[i]], periods[i]), values[i]));
                    }
                }

                return true;
            },
            cancellation);
        found.Sort();
        return ([.. found.Select(f => f.Line)], [.. found.Select(f => f.Value)]);
    }
}
