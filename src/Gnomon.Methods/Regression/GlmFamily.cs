using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Regression;

/// <summary>The law of the outcome around its mean.</summary>
public enum OutcomeLaw
{
    /// <summary>Normal, constant variance.</summary>
    Gaussian,

    /// <summary>0/1, or shares of a number of trials given as weights.</summary>
    Binomial,

    /// <summary>Counts, variance equal to the mean.</summary>
    Poisson,

    /// <summary>Positive amounts, variance proportional to the squared mean.</summary>
    Gamma,

    /// <summary>Counts, variance mean + mean^2 / theta.</summary>
    NegativeBinomial,

    /// <summary>Amounts that may be exactly 0, variance proportional to mean^power with a power between 1 and 2.</summary>
    Tweedie,
}

/// <summary>What of the mean is linear in the columns.</summary>
public enum LinkFunction
{
    /// <summary>The mean itself.</summary>
    Identity,

    /// <summary>Its logarithm.</summary>
    Log,

    /// <summary>Its log odds.</summary>
    Logit,

    /// <summary>Its normal quantile.</summary>
    Probit,

    /// <summary>Its reciprocal.</summary>
    Inverse,
}

/// <summary>A family of generalised linear models: law, link, and whether the dispersion is estimated instead of known.</summary>
/// <param name="Law">Law of the outcome.</param>
/// <param name="Link">Link function.</param>
/// <param name="IsQuasi">Errors are scaled by the Pearson dispersion, and there is no likelihood.</param>
/// <param name="Theta">Shape of the negative binomial; variance is mean + mean^2 / theta.</param>
/// <param name="Power">Power of the Tweedie variance; 0 for other laws.</param>
public sealed record GlmFamily(OutcomeLaw Law, LinkFunction Link, bool IsQuasi = false, double Theta = 0.0, double Power = 0.0)
{
    // Means closer to the border of their range than this are noise, and their weights would be 0.
    const double Border = 1e-300;

    /// <summary>Logistic regression.</summary>
    public static GlmFamily Binomial { get; } = new(OutcomeLaw.Binomial, LinkFunction.Logit);

    /// <summary>Probit regression.</summary>
    public static GlmFamily Probit { get; } = new(OutcomeLaw.Binomial, LinkFunction.Probit);

    /// <summary>Poisson regression with log link.</summary>
    public static GlmFamily Poisson { get; } = new(OutcomeLaw.Poisson, LinkFunction.Log);

    /// <summary>Poisson regression whose errors allow for spread beyond (or below) the mean.</summary>
    public static GlmFamily QuasiPoisson { get; } = new(OutcomeLaw.Poisson, LinkFunction.Log, IsQuasi: true);

    /// <summary>Logistic regression of shares whose errors allow for other than binomial spread.</summary>
    public static GlmFamily QuasiBinomial { get; } = new(OutcomeLaw.Binomial, LinkFunction.Logit, IsQuasi: true);

    /// <summary>Gamma regression with log link: effects multiply the mean.</summary>
    public static GlmFamily Gamma { get; } = new(OutcomeLaw.Gamma, LinkFunction.Log);

    /// <summary>Normal law with identity link: least squares.</summary>
    public static GlmFamily Gaussian { get; } = new(OutcomeLaw.Gaussian, LinkFunction.Identity);

    /// <summary>Negative binomial with known shape and log link.</summary>
    public static GlmFamily NegativeBinomial(double theta) => theta > 0 && double.IsFinite(theta)
        ? new(OutcomeLaw.NegativeBinomial, LinkFunction.Log, Theta: theta)
        : throw new ArgumentOutOfRangeException(nameof(theta), theta, "The shape is finite and above 0.");

    /// <summary>Tweedie law with known power and log link: effects multiply the mean of amounts that are often 0.</summary>
    public static GlmFamily Tweedie(double power) => power is > 1.0 and < 2.0
        ? new(OutcomeLaw.Tweedie, LinkFunction.Log, Power: power)
        : throw new ArgumentOutOfRangeException(nameof(power), power, "The power lies between 1 and 2.");

    /// <summary>Whether the dispersion is estimated from the data.</summary>
    public bool EstimatesDispersion => IsQuasi || Law is OutcomeLaw.Gaussian or OutcomeLaw.Gamma or OutcomeLaw.Tweedie;

    internal bool IsCanonical => (Law, Link) is (OutcomeLaw.Gaussian, LinkFunction.Identity) or (OutcomeLaw.Binomial, LinkFunction.Logit)
        or (OutcomeLaw.Poisson, LinkFunction.Log) or (OutcomeLaw.Gamma, LinkFunction.Inverse);

    /// <summary>The mean and its derivative at a value of the linear predictor.</summary>
    internal (double Mean, double Slope) Mean(double eta)
    {
        switch (Link)
        {
            case LinkFunction.Identity:
                return (eta, 1.0);
            case LinkFunction.Log:
                var exp = Math.Max(Math.Exp(eta), Border);
                return (exp, exp);
            case LinkFunction.Logit:
                var e = Math.Exp(-Math.Abs(eta));
                var small = e / (1.0 + e);
                return (eta > 0 ? 1.0 / (1.0 + e) : small, Math.Max(small / (1.0 + e), Border));
            case LinkFunction.Probit:
                return (Normal.Cdf(eta), Math.Max(Normal.Pdf(eta), Border));
            default:
                return (1.0 / eta, -1.0 / (eta * eta));
        }
    }

    internal double LinkOf(double mean) => Link switch
    {
        LinkFunction.Identity => mean,
        LinkFunction.Log => Math.Log(mean),
        LinkFunction.Logit => Math.Log(mean / (1.0 - mean)),
        LinkFunction.Probit => Normal.Quantile(mean),
        _ => 1.0 / mean,
    };

    internal double Variance(double mean) => Law switch
    {
        OutcomeLaw.Gaussian => 1.0,
        OutcomeLaw.Binomial => Math.Max(mean * (1.0 - mean), Border),
        OutcomeLaw.Poisson => mean,
        OutcomeLaw.Gamma => mean * mean,
        OutcomeLaw.Tweedie => Math.Pow(mean, Power),
        _ => mean + mean * mean / Theta,
    };

    internal double UnitDeviance(double y, double mean)
    {
        switch (Law)
        {
            case OutcomeLaw.Gaussian:
                return (y - mean) * (y - mean);
            case OutcomeLaw.Binomial:
                // Both logarithms are of numbers that lose no digits near the border they approach.
                return y == 1.0 ? -2.0 * Math.Log(Math.Max(mean, Border)) : y == 0.0 ? -2.0 * Elementary.Log1p(-Math.Min(mean, 1.0 - 1e-16))
                    : 2.0 * (y * Math.Log(y / Math.Max(mean, Border)) + (1.0 - y) * Math.Log((1.0 - y) / Math.Max(1.0 - mean, Border)));
            case OutcomeLaw.Poisson:
                return 2.0 * ((y > 0 ? y * Math.Log(y / mean) : 0.0) - (y - mean));
            case OutcomeLaw.Gamma:
                return -2.0 * (Math.Log(y / mean) - (y - mean) / mean);
            case OutcomeLaw.Tweedie:
                return 2.0 * (Math.Pow(y, 2.0 - Power) / ((1.0 - Power) * (2.0 - Power)) - y * Math.Pow(mean, 1.0 - Power) / (1.0 - Power) + Math.Pow(mean, 2.0 - Power) / (2.0 - Power));
            default:
                return 2.0 * ((y > 0 ? y * Math.Log(y / mean) : 0.0) - (y + Theta) * Math.Log((y + Theta) / (mean + Theta)));
        }
    }

    internal double StartMean(double y, double weight, double overall) => Law switch
    {
        OutcomeLaw.Gaussian => y,
        OutcomeLaw.Binomial => (weight * y + 0.5) / (weight + 1.0),
        OutcomeLaw.Gamma => 0.5 * (y + overall),
        _ => y + 0.1 * Math.Max(overall, 1e-3),
    };

    internal bool Allows(double mean) => double.IsFinite(mean) && (Law == OutcomeLaw.Gaussian || (mean > 0 && (Law != OutcomeLaw.Binomial || mean <= 1)));

    /// <summary>Throws when an outcome is outside the law's range.</summary>
    internal void Check(ReadOnlySpan<double> y)
    {
        for (var i = 0; i < y.Length; i++)
        {
            var fits = Law switch
            {
                OutcomeLaw.Gaussian => true,
                OutcomeLaw.Binomial => y[i] is >= 0 and <= 1,
                OutcomeLaw.Gamma => y[i] > 0,
                _ => y[i] >= 0,
            };
            if (!fits)
            {
                var range = Law switch { OutcomeLaw.Binomial => "0 to 1", OutcomeLaw.Gamma => "above 0", _ => "0 and above" };
                throw new OutcomeRangeException($"The outcome of a {Word} model lies in {range}; row {i + 1} has {y[i]}.");
            }
        }
    }

    /// <summary>Log-likelihood of one row, constants included; null where the family has none.</summary>
    internal double? LogLikelihood(double y, double mean, double weight, double dispersion)
    {
        if (IsQuasi)
        {
            return null;
        }

        switch (Law)
        {
            case OutcomeLaw.Gaussian:
                return -0.5 * (weight * (y - mean) * (y - mean) / dispersion + Math.Log(2.0 * Math.PI * dispersion / weight));
            case OutcomeLaw.Binomial:
                var k = weight * y;
                if (Math.Abs(k - Math.Round(k)) > 1e-7 || Math.Abs(weight - Math.Round(weight)) > 1e-7)
                {
                    return null;
                }

                var choose = weight == 1.0 ? 0.0 : Numerics.Special.Gamma.Log(weight + 1.0) - Numerics.Special.Gamma.Log(k + 1.0) - Numerics.Special.Gamma.Log(weight - k + 1.0);
                return choose + (k > 0 ? k * Math.Log(Math.Max(mean, Border)) : 0.0) + (weight > k ? (weight - k) * Elementary.Log1p(-Math.Min(mean, 1.0 - 1e-16)) : 0.0);
            case OutcomeLaw.Poisson:
                return y == Math.Round(y) ? weight * (y * Math.Log(mean) - mean - Numerics.Special.Gamma.Log(y + 1.0)) : null;
            case OutcomeLaw.Gamma:
                var shape = 1.0 / dispersion;
                return weight * (shape * Math.Log(shape * y / mean) - shape * y / mean - Math.Log(y) - Numerics.Special.Gamma.Log(shape));
            case OutcomeLaw.Tweedie:
                return TweedieDensity.Log(y, mean, dispersion / weight, Power);
            default:
                return y == Math.Round(y)
                    ? weight * (Numerics.Special.Gamma.Log(y + Theta) - Numerics.Special.Gamma.Log(Theta) - Numerics.Special.Gamma.Log(y + 1.0) + Theta * Math.Log(Theta / (Theta + mean)) + (y > 0 ? y * Math.Log(mean / (Theta + mean)) : 0.0))
                    : null;
        }
    }

    /// <summary>The family in words.</summary>
    public string Word => (IsQuasi ? "quasi-" : string.Empty) + Law switch
    {
        OutcomeLaw.Gaussian => "gaussian",
        OutcomeLaw.Binomial => Link == LinkFunction.Probit ? "binomial (probit)" : "binomial",
        OutcomeLaw.Poisson => "poisson",
        OutcomeLaw.Gamma => "gamma",
        OutcomeLaw.Tweedie => $"Tweedie (power {Power.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)})",
        _ => "negative binomial",
    };
}
