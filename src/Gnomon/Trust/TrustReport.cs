using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Inference;

namespace Gnomon.Trust;

/// <summary>What was measured, as a finding: every renderer can show it, and a statistician can audit it.</summary>
public static class TrustReport
{
    // The intervals of the picture are those of the verdict: 3.3 binomial errors.
    private const double PictureLevel = 0.999;
    private const double UsualAlpha = 0.05;

    /// <summary>Puts measured promises into one finding.</summary>
    /// <param name="methods">Size and coverage; may be empty.</param>
    /// <param name="checks">Detection and false alarms; may be empty.</param>
    /// <param name="digits">Digits of the certified sets; may be empty.</param>
    /// <param name="provenance">Command, seed and duration of the measurement.</param>
    public static Finding Of(IReadOnlyList<MethodTrustResult> methods, IReadOnlyList<CheckTrustResult> checks, IReadOnlyList<NistResult> digits, Provenance provenance)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(digits);
        List<string> broken =
        [
            .. methods.Where(m => !m.IsKept).Select(m => m.Path.Id),
            .. checks.Where(c => !c.DetectionKept || !c.FalseAlarmKept).Select(c => c.Card.Id),
            .. digits.Where(d => !d.Kept).Select(d => $"{d.Set} {d.Quantity}"),
        ];
        var count = methods.Count + checks.Count + digits.Count;
        List<string> parts = [];
        Part(methods.Count, "paths of methods");
        Part(checks.Count, "checks");
        Part(digits.Count, "certified quantities");
        return new Finding
        {
            Question = "trust",
            Title = "Does Gnomon keep its own promises?",
            Decision = broken.Count == 0
                ? new Decision(DecisionAction.Answer, $"All {count:N0} promises are kept: {string.Join(", ", parts)}.", [])
                : new Decision(DecisionAction.Investigate, $"{broken.Count:N0} of {count:N0} promises are broken: {string.Join(", ", broken.Take(10))}.", []),
            Plots = [.. Plots(methods)],
            Tables = [.. Tables(methods, checks, digits)],
            Limitations = [.. Limits(methods, checks, digits)],
            Provenance = provenance,
        };

        void Part(int n, string what)
        {
            if (n > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{n} {what}"));
            }
        }
    }

    private static IEnumerable<Plot> Plots(IReadOnlyList<MethodTrustResult> methods)
    {
        List<MethodTrustResult> usual = [.. methods.Where(m => m.Path.Alpha == UsualAlpha)];
        if (usual.Count == 0)
        {
            yield break;
        }

        var unit = new PlotUnit("proportion");
        yield return new Plot("size", "Called a difference where there is none (99.9 % intervals of the count)", IntervalPlot.Build(
            [.. usual.Select(m => Row(m, m.Rejected))], "size", unit, [new("lowest", 0.04, unit.Unit), new("highest", 0.055, unit.Unit)]));
        yield return new Plot("coverage", "Intervals that hold the truth (99.9 % intervals of the count)", IntervalPlot.Build(
            [.. usual.Where(m => m.Path.HasInterval).Select(m => Row(m, m.Covered))], "coverage", unit, [new("lowest", 0.94, unit.Unit), new("highest", 0.96, unit.Unit)]));
    }

    private static IntervalRow Row(MethodTrustResult m, int count)
    {
        var interval = OneProportion.Wilson(count, m.Draws, PictureLevel);
        return new(m.Path.Id, (double)count / m.Draws, interval.Low, interval.High);
    }

    private static IEnumerable<ResultTable> Tables(IReadOnlyList<MethodTrustResult> methods, IReadOnlyList<CheckTrustResult> checks, IReadOnlyList<NistResult> digits)
    {
        if (methods.Count > 0)
        {
            yield return new ResultTable(
                "methods", "Methods: a difference called where there is none (size), intervals that hold the truth (coverage), real effects found (power)",
                ["path", "kept", "size", "promised", "coverage", "promised coverage", "power"],
                [.. methods.Select(m => (IReadOnlyList<object?>)[m.Path.Id, Word(m.IsKept), Percent(m.Size, m.Path.Alpha < UsualAlpha ? 3 : 2), m.PromisedSize, m.Path.HasInterval ? Percent(m.Coverage, 2) : "-", m.PromisedCoverage, m.PowerText])]);
            yield return new ResultTable(
                "drawn", "What was drawn for each method, as often without an effect as with one",
                ["path", "method", "drawn", "data sets"],
                [.. methods.Select(m => (IReadOnlyList<object?>)[m.Path.Id, m.Path.Method, m.Path.Situation, (long)m.Draws])]);
        }

        if (checks.Count > 0)
        {
            yield return new ResultTable(
                "checks", "Checks: planted flaws caught, clean twins that alarmed",
                ["check", "kept", "caught", "promised", "false alarms", "promised alarms"],
                [.. checks.Select(c => (IReadOnlyList<object?>)[c.Card.Id, Word(c.DetectionKept && c.FalseAlarmKept), $"{c.Caught} of {c.Traps}", $">= {Percent(c.Card.DetectionRate, 0)}", $"{c.FalseAlarms} of {c.Twins}", $"<= {Percent(c.Card.FalseAlarmRate, 1)}"])]);
            yield return new ResultTable(
                "rules", "What each check looks for", ["check", "fires when", "source"],
                [.. checks.Select(c => (IReadOnlyList<object?>)[c.Card.Id, c.Card.FiresWhen, c.Card.Source])]);
        }

        if (digits.Count > 0)
        {
            yield return new ResultTable(
                "worst", "Certified data sets: the worst case of every kind, in correct digits",
                ["kind", "quantities", "Gnomon", .. NistPeer.All.Select(p => p.Name), .. NistPeer.All.Select(p => $"{p.Name} below 4 digits")],
                [.. NistWorst.Of(digits).Select(w => (IReadOnlyList<object?>)[w.Kind, (long)w.Quantities, Digits(w.Least), .. w.PeerLeast.Select(d => (object?)Digits(d)), .. w.PeerBelowFour.Select(n => (object?)(long)n)])]);
            yield return new ResultTable(
                "digits", "Certified data sets: correct digits side by side",
                ["set", "quantity", "kept", "Gnomon", "promised", .. NistPeer.All.Select(p => p.Name), "level"],
                [.. digits.Select(d => (IReadOnlyList<object?>)[d.Set, d.Quantity, Word(d.Kept), Digits(d.Digits), Digits(d.Promised), .. NistPeer.All.Select(p => (object?)Digits(p.Digits.GetValueOrDefault((d.Set, d.Quantity)))), d.Level])]);
        }
    }

    private static IEnumerable<string> Limits(IReadOnlyList<MethodTrustResult> methods, IReadOnlyList<CheckTrustResult> checks, IReadOnlyList<NistResult> digits)
    {
        if (methods.Count + checks.Count > 0)
        {
            yield return "A promise counts as broken when the count lies more than 3.3 binomial standard errors beyond it: about one false verdict in a thousand promises that are kept exactly.";
            yield return "Measured on data drawn as described, by the code that answers questions; other data can behave otherwise, and the checks say when they look so.";
        }

        if (digits.Count > 0)
        {
            yield return "Digits are log relative errors (McCullough 1998), at most 15, the smallest over the numbers of a quantity. The other tools ran once, with the functions and settings their users get first (lm, aov and nls; OLS, anova_lm and SciPy's curve_fit); 0 means that the tool gave up.";
        }
    }

    private static string Percent(double rate, int decimals) => (rate * 100).ToString("F" + decimals, CultureInfo.InvariantCulture) + " %";

    private static string Digits(double digits) => digits.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Word(bool kept) => kept ? "yes" : "NO";
}
