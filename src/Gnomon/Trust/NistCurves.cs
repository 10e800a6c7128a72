using Gnomon.Methods.Regression;

namespace Gnomon.Trust;

/// <summary>The 27 certified curves as models.</summary>
internal static class NistCurves
{
    /// <summary>The model of a set; null for an unknown one.</summary>
    public static Curve? Of(string name) => name switch
    {
        "Bennett5" => (b, x) => b[0] * Dual.Pow(b[1] + x[0], -1.0 / b[2]),
        "BoxBOD" or "Misra1a" => (b, x) => b[0] * Dual.OneMinusExp(-b[1] * x[0]),
        "Chwirut1" or "Chwirut2" => (b, x) => Dual.Exp(-b[0] * x[0]) / (b[1] + b[2] * x[0]),
        "DanWood" => (b, x) => b[0] * Dual.Pow(x[0], b[1]),
        "ENSO" => Enso,
        "Eckerle4" => (b, x) => b[0] / b[1] * Dual.Exp(-0.5 * Square((x[0] - b[2]) / b[1])),
        "Gauss1" or "Gauss2" or "Gauss3" => (b, x) =>
            b[0] * Dual.Exp(-b[1] * x[0]) + b[2] * Dual.Exp(-Square(x[0] - b[3]) / Square(b[4])) + b[5] * Dual.Exp(-Square(x[0] - b[6]) / Square(b[7])),
        "Hahn1" or "Thurber" => (b, x) => Cubic(b[0], b[1], b[2], b[3], x[0]) / Cubic(1.0, b[4], b[5], b[6], x[0]),
        "Kirby2" => (b, x) => Cubic(b[0], b[1], b[2], 0.0, x[0]) / Cubic(1.0, b[3], b[4], 0.0, x[0]),
        "Lanczos1" or "Lanczos2" or "Lanczos3" => (b, x) => b[0] * Dual.Exp(-b[1] * x[0]) + b[2] * Dual.Exp(-b[3] * x[0]) + b[4] * Dual.Exp(-b[5] * x[0]),
        "MGH09" => (b, x) => b[0] * (x[0] * x[0] + x[0] * b[1]) / (x[0] * x[0] + x[0] * b[2] + b[3]),
        "MGH10" => (b, x) => b[0] * Dual.Exp(b[1] / (x[0] + b[2])),
        "MGH17" => (b, x) => b[0] + b[1] * Dual.Exp(-x[0] * b[3]) + b[2] * Dual.Exp(-x[0] * b[4]),
        "Misra1b" => (b, x) => b[0] * (1.0 - 1.0 / Square(1.0 + b[1] * x[0] / 2.0)),
        "Misra1c" => (b, x) => b[0] * (1.0 - 1.0 / Dual.Sqrt(1.0 + 2.0 * b[1] * x[0])),
        "Misra1d" => (b, x) => b[0] * b[1] * x[0] / (1.0 + b[1] * x[0]),
        "Nelson" => (b, x) => b[0] - b[1] * x[0] * Dual.Exp(-b[2] * x[1]),
        "Rat42" => (b, x) => b[0] / (1.0 + Dual.Exp(b[1] - b[2] * x[0])),
        "Rat43" => (b, x) => b[0] / Dual.Pow(1.0 + Dual.Exp(b[1] - b[2] * x[0]), 1.0 / b[3]),
        "Roszman1" => (b, x) => b[0] - b[1] * x[0] - Dual.Atan(b[2] / (x[0] - b[3])) / Math.PI,
        _ => null,
    };

    /// <summary>The outcome as the model takes it.</summary>
    public static double[] Outcome(NistSet set) => set.Name == "Nelson" ? Array.ConvertAll(set.Columns["y"], Math.Log) : set.Columns["y"];

    private static Dual Enso(ReadOnlySpan<Dual> b, ReadOnlySpan<double> x)
    {
        var turn = 2.0 * Math.PI * x[0];
        return b[0] + b[1] * Math.Cos(turn / 12.0) + b[2] * Math.Sin(turn / 12.0)
            + b[4] * Dual.Cos(turn / b[3]) + b[5] * Dual.Sin(turn / b[3]) + b[7] * Dual.Cos(turn / b[6]) + b[8] * Dual.Sin(turn / b[6]);
    }

    private static Dual Cubic(Dual a, Dual b, Dual c, Dual d, double x) => a + x * (b + x * (c + x * d));

    private static Dual Square(Dual v) => v * v;
}
