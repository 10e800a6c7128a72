namespace Gnomon.Studies.Label;

/// <summary>Errors and missed cases of one scenario by group, weighted as rows of the whole.</summary>
internal sealed record SliceErrors(double[] Wrong, double[] Rows, double[] Missed, double[] Cases)
{
    public static SliceErrors Sum(IEnumerable<SliceErrors> slices, int groups)
    {
        var (wrong, rows, missed, cases) = (new double[groups], new double[groups], new double[groups], new double[groups]);
        foreach (var s in slices)
        {
            for (var g = 0; g < groups; g++)
            {
                (wrong[g], rows[g], missed[g], cases[g]) = (wrong[g] + s.Wrong[g], rows[g] + s.Rows[g], missed[g] + s.Missed[g], cases[g] + s.Cases[g]);
            }
        }

        return new SliceErrors(wrong, rows, missed, cases);
    }
}
