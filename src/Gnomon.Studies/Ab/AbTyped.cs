using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>Numbers typed in: <c>--counts A=500/11034,B=420/11037</c> or <c>--stats A=n,mean,sd</c> per arm, control first.</summary>
internal static class AbTyped
{
    public static AbInput Read(AbDesign design)
    {
        var options = design.Options;
        var arms = options.Counts.Count > 0 ? options.Counts.Select(Count).ToList() : options.Stats.Select(Stat).ToList();
        if (arms.Count < 2)
        {
            throw new GnomonError("one-arm", "Only one arm was typed in; a comparison needs two.", Option(options), "Write one entry per arm, control first.");
        }

        if (arms.GroupBy(a => a.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new GnomonError("arm-repeated", $"Arm '{twice.Key}' is typed in {twice.Count()} times.", Option(options), "Give each arm once.");
        }

        var order = options.Control is null ? [.. arms.Select(a => a.Name)] : design.OrderArms([.. arms.Select(a => a.Name)]);
        var sorted = order.Select(name => arms.Find(a => a.Name == name).Values).ToList();
        return new AbInput
        {
            Arms = order,
            Units = [.. sorted.Select(m => m.Count)],
            Metrics =
            [
                new MetricInput
                {
                    Spec = design.Metrics[0],
                    Binary = options.Counts.Count > 0,
                    Arms = [.. sorted.Select(m => new ArmMetric { Values = m })],
                },
            ],
            Rows = sorted.Sum(m => m.Count),
        };
    }

    /// <summary>Guardrails of the plan that the typed numbers say nothing of: they are not cleared.</summary>
    public static IEnumerable<Refusal> Unread(AbDesign design, AbInput input) => !design.Options.IsTyped ? [] :
        from guardrail in design.Metrics.Where(m => m.Role == MetricRole.Guardrail)
        from arm in input.Arms.Skip(1)
        select new Refusal(guardrail.Name, arm, $"the plan's guardrail {guardrail.Declared} was not typed in");

    private static (string Name, Moments Values) Count(string text)
    {
        var (name, rest) = Split(text, "--counts", "A=500/11034");
        var parts = rest.Split('/');
        if (parts.Length != 2 || !Whole(parts[0], out var events) || !Whole(parts[1], out var units) || events < 0 || units < 1 || events > units)
        {
            throw new GnomonError("bad-counts", $"--counts {text}: write events/units, whole numbers with 0 <= events <= units.", "--counts", "Write --counts A=500/11034,B=420/11037.");
        }

        return (name, BernoulliMoments.Of(events, units));
    }

    private static (string Name, Moments Values) Stat(string text)
    {
        var (name, rest) = Split(text, "--stats", "A=1000,12.5,3.1");
        var parts = rest.Split(',');
        if (parts.Length != 3 || !Whole(parts[0], out var n) || n < 1
            || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var mean) || !double.IsFinite(mean)
            || !double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var sd) || !(sd >= 0) || !double.IsFinite(sd))
        {
            throw new GnomonError("bad-stats", $"--stats {text}: write n,mean,sd with n at least 1 and sd not negative.", "--stats", "Write --stats A=1000,12.5,3.1 --stats B=1000,12.9,3.2.");
        }

        if (Math.Abs(mean) > AbRefusals.Largest || sd > AbRefusals.Largest)
        {
            throw new GnomonError("values-too-large", $"--stats {text}: values beyond {AbRefusals.Largest.ToString("0E+0", CultureInfo.InvariantCulture)}, whose fourth powers no number holds.", "--stats", "Give the statistics in a larger unit.");
        }

        return (name, new Moments(n, mean, sd * sd * (n - 1)));
    }

    private static (string Name, string Values) Split(string text, string option, string example)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (text[..equals].Trim(), text[(equals + 1)..].Trim())
            : throw new GnomonError("bad-typed-arm", $"{option} {text}: the arm's name is missing.", option, $"Write {option} {example}.");
    }

    private static bool Whole(string text, out long value) =>
        long.TryParse(text.Trim().Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static string Option(AbOptions options) => options.Counts.Count > 0 ? "--counts" : "--stats";
}
