using System.Runtime.CompilerServices;
using Gnomon.Numerics;

namespace Gnomon.Methods.Inference;

/// <summary>Throw helpers for arguments of inference methods.</summary>
internal static class InferenceGuard
{
    public static void Level(double level, [CallerArgumentExpression(nameof(level))] string name = "")
    {
        if (!(level > 0 && level < 1))
        {
            throw new ArgumentOutOfRangeException(name, level, "A confidence level lies between 0 and 1.");
        }
    }

    public static void Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be finite.");
        }
    }

    public static void Successes(long successes, long n, string what)
    {
        if (n < 1)
        {
            throw new TooFewRowsException(what, n, 1);
        }

        if (successes < 0 || successes > n)
        {
            throw new ArgumentOutOfRangeException(nameof(successes), successes, $"Successes lie between 0 and {n}.");
        }
    }

    public static void Rows(Moments sample, long needed, string what)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Count < needed)
        {
            throw new TooFewRowsException(what, sample.Count, needed);
        }
    }

    public static void Rows(CoMoments sample, int dimension, long needed, string what)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Dimension < dimension)
        {
            throw new ArgumentException($"{what} has {sample.Dimension} columns; the method needs {dimension}.", nameof(sample));
        }

        if (sample.Count < needed)
        {
            throw new TooFewRowsException(what, sample.Count, needed);
        }
    }
}
