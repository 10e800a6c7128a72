using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Sql.Frames;

/// <summary>Seconds that a loop spends on one file, step by step.</summary>
/// <param name="Load">Fetching its bytes.</param>
/// <param name="Parse">Making a table of them.</param>
/// <param name="Compute">The rules.</param>
/// <param name="Write">Writing the result.</param>
/// <param name="IsMeasured">Timed here rather than stated.</param>
internal sealed record LoopTimes(double Load, double Parse, double Compute, double Write, bool IsMeasured)
{
    public const string Measure = "measure";

    private static readonly string[] Names = ["load", "parse", "compute", "write"];

    public double Sum => Load + Parse + Compute + Write;

    public IEnumerable<(string Step, double Seconds)> Steps => Names.Zip([Load, Parse, Compute, Write]);

    /// <summary>What a pass over all rows replaces.</summary>
    public double Work => Parse + Compute;

    public double Serial(IReadOnlyList<string> steps) => Steps.Where(s => steps.Contains(s.Step, StringComparer.OrdinalIgnoreCase)).Sum(s => s.Seconds);

    public static bool IsMeasure(IReadOnlyList<string> words) => words is [var one] && one.Equals(Measure, StringComparison.OrdinalIgnoreCase);

    public static LoopTimes Stated(IReadOnlyList<string> words)
    {
        var given = words.Select(w => w.Split('=', 2)).ToDictionary(w => w[0].Trim().ToLowerInvariant(), w => double.Parse(w[1], NumberStyles.Float, CultureInfo.InvariantCulture) / 1000, StringComparer.Ordinal);
        double Of(string step) => given.GetValueOrDefault(step);
        return new LoopTimes(Of("load"), Of("parse"), Of("compute"), Of("write"), false);
    }

    public static IEnumerable<GnomonError> Faults(IReadOnlyList<string> words, IReadOnlyList<string> serial)
    {
        const string hint = "Write milliseconds for one file: --loop-steps load=20,parse=90,compute=1290,write=40, or --loop-steps measure.";
        foreach (var step in serial.Where(s => !Names.Contains(s, StringComparer.OrdinalIgnoreCase)))
        {
            yield return new GnomonError("unknown-step", $"--serial-steps names '{step}'; the steps are {string.Join(", ", Names)}.", "--serial-steps", "Name some of them.");
        }

        if (IsMeasure(words))
        {
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var sum = 0.0;
        foreach (var word in words)
        {
            var sign = word.IndexOf('=', StringComparison.Ordinal);
            var step = sign < 0 ? word : word[..sign].Trim();
            if (!Names.Contains(step, StringComparer.OrdinalIgnoreCase) || !seen.Add(step))
            {
                yield return new GnomonError("unknown-step", $"--loop-steps names '{step}'{(Names.Contains(step, StringComparer.OrdinalIgnoreCase) ? " twice" : string.Empty)}; the steps are {string.Join(", ", Names)}.", "--loop-steps", hint);
                yield break;
            }

            if (sign < 0 || !double.TryParse(word[(sign + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) || !double.IsFinite(ms) || ms < 0)
            {
                yield return new GnomonError("bad-number", $"--loop-steps needs milliseconds for {step}; got '{word}'.", "--loop-steps", hint);
                yield break;
            }

            sum += ms;
        }

        if (sum <= 0)
        {
            yield return new GnomonError("option-out-of-range", "--loop-steps says that the loop takes no time at all.", "--loop-steps", hint);
        }
    }
}
