namespace Gnomon.Studies.Ab;

/// <summary>One block of rows with the roles that all metrics share.</summary>
internal sealed class Block
{
    public int Rows { get; set; }

    /// <summary>Arm of each row; -1 for rows set aside.</summary>
    public int[] Arm { get; set; } = [];

    /// <summary>The rows that count, arm by arm: those of arm a lie at <see cref="ArmStart"/>[a] up to <see cref="ArmStart"/>[a + 1].</summary>
    public int[] RowsByArm { get; private set; } = [];

    public int[] ArmStart { get; private set; } = [0];

    /// <summary>Day of each row since 1970-01-01; null without a time column.</summary>
    public long[]? Day { get; set; }

    /// <summary>Pre-period values by column.</summary>
    public double[][] Pre { get; set; } = [];

    public bool[][] PreMissing { get; set; } = [];

    /// <summary>Centres of the pre-period columns: their first value.</summary>
    public double[] PrePivots { get; set; } = [];

    /// <summary>Segment values by column.</summary>
    public string[][] Segments { get; set; } = [];

    /// <summary>Room for the values of one arm.</summary>
    public double[] Scratch { get; private set; } = [];

    /// <summary>Sorts the rows by arm, keeping their order within each.</summary>
    public void SortByArm()
    {
        var arms = Arm.AsSpan(0, Rows);
        var last = -1;
        foreach (var arm in arms)
        {
            last = Math.Max(last, arm);
        }

        if (RowsByArm.Length < Rows)
        {
            RowsByArm = new int[Rows];
            Scratch = new double[Rows];
        }

        var starts = ArmStart.Length == last + 2 ? ArmStart : ArmStart = new int[last + 2];
        Array.Clear(starts);
        foreach (var arm in arms)
        {
            if (arm >= 0)
            {
                starts[arm + 1]++;
            }
        }

        for (var a = 0; a <= last; a++)
        {
            starts[a + 1] += starts[a];
        }

        for (var i = 0; i < arms.Length; i++)
        {
            if (arms[i] >= 0)
            {
                RowsByArm[starts[arms[i]]++] = i;
            }
        }

        // Each start has moved to its end: back by one place.
        for (var a = last + 1; a > 0; a--)
        {
            starts[a] = starts[a - 1];
        }

        starts[0] = 0;
    }
}
