using System.Runtime.CompilerServices;

namespace Gnomon.Methods.Regression;

/// <summary>Throw helpers for arguments of regressions.</summary>
internal static class RegressionGuard
{
    public static void Finite(ReadOnlySpan<double> values, string what)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"{what} is not finite in row {i + 1}: {values[i]}.");
            }
        }
    }

    public static void SameRows(int rows, int length, [CallerArgumentExpression(nameof(length))] string what = "")
    {
        if (rows != length)
        {
            throw new ArgumentException($"{what}: {length} values for {rows} rows.");
        }
    }

    public static double[]? Weights(ReadOnlySpan<double> weights, int rows)
    {
        if (weights.IsEmpty)
        {
            return null;
        }

        SameRows(rows, weights.Length, "weights");
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > 0) || double.IsPositiveInfinity(weights[i]))
            {
                throw new ArgumentException($"A weight is finite and above 0; row {i + 1} has {weights[i]}. Leave out the rows that should not count.", nameof(weights));
            }
        }

        return weights.ToArray();
    }
}
