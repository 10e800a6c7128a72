namespace Gnomon.Methods.Regression;

/// <summary>How a generalised linear model is fitted.</summary>
public sealed record GlmOptions
{
    /// <summary>Law and link.</summary>
    public GlmFamily Family { get; init; } = GlmFamily.Binomial;

    /// <summary>Prior weights, above 0: trials of a share, or copies of a row. Null for 1 everywhere.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Known part of the linear predictor, for example the log of exposure. Null for 0 everywhere.</summary>
    public double[]? Offset { get; init; }

    /// <summary>Penalise by Jeffreys' prior (Firth 1993) from the start; logit and Poisson only.</summary>
    public bool Firth { get; init; }

    /// <summary>Penalise when the data separate the outcome, so that an estimate exists; otherwise such data are refused.</summary>
    public bool FirthWhenSeparated { get; init; } = true;

    /// <summary>Most iterations.</summary>
    public int MostIterations { get; init; } = 50;

    /// <summary>Most threads; null for all cores. The result does not depend on it.</summary>
    public int? Threads { get; init; }
}
