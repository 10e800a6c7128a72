using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress.Families;

/// <summary>What one change of one column goes with in a family of its own.</summary>
/// <param name="Column">The column, or the parameter of a curve.</param>
/// <param name="Contrast">The change: <c>per 1 of area</c>, <c>north - south</c>.</param>
/// <param name="About">What moves, in words: <c>the median of price</c>.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Estimate">On the scale of the linear predictor.</param>
/// <param name="IsRatio">Whether the exponential of the estimate is read.</param>
/// <param name="Method">How the interval was made.</param>
internal sealed record FamilyEffect(string Column, string Contrast, string About, string Unit, CoefficientEstimate Estimate, bool IsRatio, string Method)
{
    /// <summary><c>is</c> or <c>are</c>, after <see cref="About"/>.</summary>
    public string Verb { get; init; } = "is";

    /// <summary>A whole sentence in place of the usual one.</summary>
    public string? Sentence { get; init; }

    /// <summary>What tells this effect from others of the same change: <c>at the 90 % quantile</c>, <c>bus rather than car</c>.</summary>
    public string? Beside { get; init; }

    /// <summary>Stands beside the others and is no part of the answer.</summary>
    public bool IsBeside { get; init; }

    public double? Adjusted { get; init; }

    public double? P => Estimate.PValue;

    public double Value => IsRatio ? Math.Exp(Estimate.Value) : Estimate.Value;

    public double Low => IsRatio ? Math.Exp(Estimate.Low) : Estimate.Low;

    public double High => IsRatio ? Math.Exp(Estimate.High) : Estimate.High;
}

/// <summary>A fit, ready for the finding.</summary>
internal sealed record FamilyFit
{
    public required IReadOnlyList<FamilyEffect> Effects { get; init; }

    /// <summary>Columns with a coefficient, by name: a row of the design in this order predicts.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    public required IReadOnlyList<ResultTable> Tables { get; init; }

    public IReadOnlyList<Plot> Plots { get; init; } = [];

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    /// <summary>What each row pulls on the coefficients; null where the family states its own evidence on repeated units.</summary>
    public RowPulls? Rows { get; init; }

    public required IReadOnlyList<string> Limitations { get; init; }

    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>One sentence on how much the model explains; empty when there is no such measure.</summary>
    public string Explains { get; init; } = string.Empty;

    /// <summary>Columns that earlier ones determine.</summary>
    public IReadOnlyList<string> SetAside { get; init; } = [];

    /// <summary>Names of the columns of the predictions table after the first.</summary>
    public IReadOnlyList<string> Predicts { get; init; } = [];

    /// <summary>Cells of one prediction from a row of the design; null when the family reads --predict by itself.</summary>
    public Func<double[], IEnumerable<object?>>? Predict { get; init; }
}
