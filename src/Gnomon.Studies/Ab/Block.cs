namespace Gnomon.Studies.Ab;

/// <summary>One block of rows with the roles that all metrics share.</summary>
internal sealed class Block
{
    public int Rows { get; set; }

    /// <summary>Arm of each row; -1 for rows set aside.</summary>
    public int[] Arm { get; set; } = [];

    /// <summary>Day of each row since 1970-01-01; null without a time column.</summary>
    public long[]? Day { get; set; }

    /// <summary>Pre-period values by column.</summary>
    public double[][] Pre { get; set; } = [];

    public bool[][] PreMissing { get; set; } = [];

    /// <summary>Centres of the pre-period columns: their first value.</summary>
    public double[] PrePivots { get; set; } = [];

    /// <summary>Segment values by column.</summary>
    public string[][] Segments { get; set; } = [];
}
