using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>A policy that did not run: even shares, shares written down, or a column of probabilities.</summary>
internal static class PolicySpec
{
    private const string Even = "even";

    /// <summary>False when the text names a column.</summary>
    public static bool IsWritten(string text) => text == Even || text.Contains('=', StringComparison.Ordinal);

    /// <summary>In words: <c>even shares</c>.</summary>
    public static string Words(string text) => text == Even ? "even shares" : IsWritten(text) ? text.Replace(",", ", ", StringComparison.Ordinal) : $"the policy of {text}";

    /// <summary>Share of every arm; null when the policy is a column.</summary>
    public static double[]? Shares(string text, IReadOnlyList<string> arms)
    {
        if (!IsWritten(text))
        {
            return null;
        }

        if (text == Even)
        {
            return [.. arms.Select(_ => 1.0 / arms.Count)];
        }

        var shares = new double[arms.Count];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.LastIndexOf('=');
            var name = at > 0 ? part[..at].Trim() : string.Empty;
            var arm = arms.ToList().FindIndex(a => string.Equals(a, name, StringComparison.OrdinalIgnoreCase));
            if (arm < 0)
            {
                throw new GnomonError("level-not-found", $"--policy: '{name}' is no arm of the log.", "--policy", $"Arms: {string.Join(", ", arms.Take(12))}.");
            }

            if (!double.TryParse(part[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) || share is not (>= 0 and <= 1))
            {
                throw new GnomonError("option-out-of-range", $"--policy: '{part}' is no share between 0 and 1.", "--policy", "Write A=0.2,B=0.8.");
            }

            shares[arm] += share;
        }

        var sum = shares.Sum();
        return Math.Abs(sum - 1) < 1e-6
            ? shares
            : throw new GnomonError("option-out-of-range", $"--policy: the shares add up to {sum.ToString("0.####", CultureInfo.InvariantCulture)}, not to 1.", "--policy", "Write shares of all arms that are shown, such as A=0.2,B=0.8.");
    }
}
