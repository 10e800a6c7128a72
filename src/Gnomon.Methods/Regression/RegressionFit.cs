using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Regression;

/// <summary>What every fitted regression shares: its terms, its coefficients and what errors of all kinds are computed from.</summary>
/// <remarks>Terms that the ones before them determine are set aside: they have no coefficient, and <see cref="SetAside"/> names them.</remarks>
public abstract class RegressionFit
{
    WorkingBasis? _basis;

    private protected RegressionFit(DesignMatrix design, IReadOnlyList<string> setAside, double[] coefficients, double[] bread, double[] workingResiduals, double[]? workingWeights)
    {
        Design = design;
        SetAside = setAside;
        Estimates = coefficients;
        Bread = bread;
        WorkingResiduals = workingResiduals;
        WorkingWeights = workingWeights;
    }

    /// <summary>The columns that have a coefficient.</summary>
    public DesignMatrix Design { get; }

    /// <summary>Names of the columns that earlier ones determine.</summary>
    public IReadOnlyList<string> SetAside { get; }

    /// <summary>One coefficient per column of <see cref="Design"/>: outcome (or link) units per unit of the column.</summary>
    public IReadOnlyList<double> Coefficients => Estimates;

    /// <summary>Rows used.</summary>
    public int Rows => Design.Rows;

    /// <summary>Rows less coefficients.</summary>
    public int ResidualDegrees => Rows - Estimates.Length;

    /// <summary>Variance of an observation around its mean in units of the family's variance function: sigma squared for a linear model.</summary>
    public abstract double Dispersion { get; }

    /// <summary>Whether tests read Student's t (the dispersion is estimated) rather than the normal law.</summary>
    public abstract bool UsesStudent { get; }

    internal double[] Estimates { get; }

    /// <summary>(X'WX)^-1 with the working weights.</summary>
    internal double[] Bread { get; }

    /// <summary>Residuals on the scale of the linear predictor.</summary>
    internal double[] WorkingResiduals { get; }

    /// <summary>Working weights; null when all are 1.</summary>
    internal double[]? WorkingWeights { get; }

    /// <summary>Index of a term.</summary>
    /// <exception cref="ArgumentException">No coefficient has that name.</exception>
    public int IndexOf(string term)
    {
        for (var j = 0; j < Design.Columns; j++)
        {
            if (Design.Names[j] == term)
            {
                return j;
            }
        }

        throw new ArgumentException($"No coefficient is named '{term}'.", nameof(term));
    }

    /// <summary>Working weight times x' (X'WX)^-1 x, one value per row in 0..1.</summary>
    public double[] Leverages()
    {
        var basis = Basis(null);
        var result = new double[Rows];
        CrossProducts.Sums(
            Rows, basis.Count, 0,
            (start, count, block, _) =>
            {
                Span<double> scratch = stackalloc double[CrossProducts.BlockRows];
                basis.Fill(start, count, block);
                basis.Leverages(block, count, scratch, result.AsSpan(start, count));
                for (var i = start; i < start + count; i++)
                {
                    result[i] = Math.Clamp(result[i] * (WorkingWeights?[i] ?? 1.0), 0.0, 1.0);
                }
            },
            null);
        return result;
    }

    internal virtual WorkingBasis Basis(int? threads) => _basis ??= WorkingBasis.Of(Design, WorkingWeights, Bread, threads);

    internal void Use(WorkingBasis basis) => _basis = basis;
}
