namespace Gnomon.Methods.Preparation;

/// <summary>What a step does to columns.</summary>
public enum PreparationKind
{
    /// <summary>Gaps get the column's median.</summary>
    Impute,

    /// <summary>Values beyond the outer fences (three interquartile ranges beyond the quartiles, Tukey 1977) are moved to the fence. No row is dropped.</summary>
    Clip,

    /// <summary>Of columns that say the same, the first stays.</summary>
    Twins,

    /// <summary>The columns with the largest F of the target stay.</summary>
    Best,

    /// <summary>Mean 0 and standard deviation 1.</summary>
    Scale,
}

/// <summary>One step of a preparation, not fitted yet.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Keep">For <see cref="PreparationKind.Best"/>: columns that stay, at least 1; 0 otherwise.</param>
public sealed record PreparationStep(PreparationKind Kind, int Keep = 0);
