using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Factorial;

/// <summary>Rows of the model of a factorial experiment: the mean, then the columns of every term that is kept.</summary>
internal static class FactorialRows
{
    public static double[] Normalised(double[][] model, double[] counts)
    {
        var k = model[0].Length;
        var cross = new double[k * k];
        for (var g = 0; g < model.Length; g++)
        {
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    cross[i * k + j] += counts[g] * model[g][i] * model[g][j];
                }
            }
        }

        return SmallMatrix.InverseCholesky(SmallMatrix.Cholesky(cross, k, 1e-13) ?? throw new NotEstimableException("the runs do not tell the effects apart."), k);
    }

    public static double[] ModelRow(FactorialGrid grid, AliasStructure aliases, int[] start, int cell, int columns)
    {
        var row = new double[columns];
        row[0] = 1;
        for (var i = 0; i < aliases.Kept.Count; i++)
        {
            grid.Row(aliases.Kept[i].Term, cell).CopyTo(row, start[i]);
        }

        return row;
    }

    public static int[] Starts(FactorialGrid grid, AliasStructure aliases)
    {
        var start = new int[aliases.Kept.Count];
        for (var i = 0; i < start.Length; i++)
        {
            start[i] = i == 0 ? 1 : start[i - 1] + grid.Columns(aliases.Kept[i - 1].Term);
        }

        return start;
    }

    public static int Mask(IReadOnlyList<int> term) => term.Aggregate(0, (m, f) => m | 1 << f);
}
