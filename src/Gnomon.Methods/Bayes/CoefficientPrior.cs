using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>The prior of a coefficient: normal, Student's t or Cauchy.</summary>
/// <param name="Centre">Where it is centred.</param>
/// <param name="Scale">Its scale, positive: the standard deviation of a normal one.</param>
/// <param name="DegreesOfFreedom">Of Student's t; 1 is Cauchy, null normal.</param>
public sealed record CoefficientPrior(double Centre, double Scale, double? DegreesOfFreedom = null)
{
    public static CoefficientPrior Normal(double centre, double scale) => new(centre, scale);

    public static CoefficientPrior Cauchy(double centre, double scale) => new(centre, scale, 1);

    public static CoefficientPrior StudentT(double degreesOfFreedom, double centre, double scale) => new(centre, scale, degreesOfFreedom);

    /// <summary><c>normal(0, 2.5)</c>.</summary>
    public override string ToString() => DegreesOfFreedom switch
    {
        null => FormattableString.Invariant($"normal({Centre:0.####}, {Scale:0.####})"),
        1 => FormattableString.Invariant($"Cauchy({Centre:0.####}, {Scale:0.####})"),
        var v => FormattableString.Invariant($"Student t({v:0.##}, {Centre:0.####}, {Scale:0.####})"),
    };

    internal void Check()
    {
        if (!double.IsFinite(Centre) || !(Scale > 0) || !double.IsFinite(Scale) || !(DegreesOfFreedom is null or > 0))
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "A prior has a finite centre, a positive scale and positive degrees of freedom.");
    }

    internal double LogDensity(double x)
    {
        var z = (x - Centre) / Scale;
        return DegreesOfFreedom is { } v ? -0.5 * (v + 1) * Elementary.Log1p(z * z / v) : -0.5 * z * z;
    }

    internal double Slope(double x)
    {
        var z = (x - Centre) / Scale;
        return (DegreesOfFreedom is { } v ? -(v + 1) * z / (v + z * z) : -z) / Scale;
    }

    // Curvature of the normal that touches it: never negative, so that Newton steps climb.
    internal double Curvature(double x)
    {
        var z = (x - Centre) / Scale;
        return (DegreesOfFreedom is { } v ? (v + 1) / (v + z * z) : 1) / (Scale * Scale);
    }

    internal double Draw(Rng rng) => Centre + Scale * (DegreesOfFreedom is { } v ? rng.NextNormal() / Math.Sqrt(rng.NextGamma(0.5 * v) / (0.5 * v)) : rng.NextNormal());
}
