using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Table, picture and sentences of a simulated plan: few sizes, each with its Monte Carlo error.</summary>
internal sealed class SimulatedReport(DesignFacts facts)
{
    // Above the size by a fifth, beyond the Monte Carlo error: what robust errors do in samples of moderate size is no reason to stop.
    private const double TooOften = 1.2;
    private static readonly double[] Multiples = [0.5, 0.75, 1, 1.25, 1.5];

    private SimulatedRule Rule => facts.Simulated!;

    /// <summary>Power at sizes around the planned one, simulated at each.</summary>
    public IEnumerable<ResultTable> Tables()
    {
        if (facts.Effect is null)
        {
            yield break;
        }

        yield return new ResultTable(
            "simulated", $"Simulated power at {new DesignWords(facts).Effect(facts.Effect.Value)} ({Figures.Count(Rule.Runs)} data sets at each size)", [$"{facts.Noun} in all", "power", "low", "high", "could not be fitted"],
            [.. Sizes().Select(s => (IReadOnlyList<object?>)[s.Total, s.At.Power, s.At.Interval.Low, s.At.Interval.High, Rule.Failures(s.Control, facts.Effect.Value)])]);
    }

    public IEnumerable<Plot> Plots()
    {
        if (facts.Effect is null)
        {
            yield break;
        }

        var points = Sizes().Select(s => new BandPoint(s.Total, s.At.Power, "simulated", s.At.Interval.Low, s.At.Interval.High)).ToList();
        yield return new Plot("power", "Simulated power by size, with the Monte Carlo error as a band", BandPlot.Build(points, $"{facts.Noun} in all", "power", new PlotUnit("proportion"), fromZero: true));
    }

    /// <summary>What the simulation rests on, and what it cannot know.</summary>
    public IEnumerable<string> Limitations()
    {
        yield return $"Planned for: {Rule.Test.Method}.";
        foreach (var line in Rule.Test.Assumptions())
        {
            yield return line;
        }

        var control = Control(facts.Total);
        if (facts.Effect is { } effect)
        {
            var at = Rule.At(control, effect);
            yield return $"Powers are simulated with {Figures.Count(Rule.Runs)} data sets (seed {facts.Options.Seed}): at {Figures.Count(facts.Total)} {facts.Noun} it is {Round(at.Power)}, give or take {Round(at.StandardError)}{Open()}.";
            if (Rule.Failures(control, effect) is > 0 and var failed)
            {
                yield return $"In {Figures.Percent(failed)} of the data sets the model could not be fitted; they count as finding nothing.";
            }
        }

        var none = Rule.At(control, 0);
        yield return $"Without an effect the test gives a false alarm in {Figures.Percent(none.Power)} of the data sets of that size (95 % Monte Carlo interval {Figures.Percent(none.Interval.Low)} to {Figures.Percent(none.Interval.High)}), where {Figures.Percent(facts.ComparisonAlpha)} is meant{(none.Interval.Low > TooOften * facts.ComparisonAlpha ? ": too often, so part of the power is false alarms and a larger sample or other errors are needed" : string.Empty)}.";
    }

    // Two errors of the size, or of the effect that was searched for.
    private string Open() => Rule.Give is not { } give || give <= 0 || (facts.Options.Units is not null && !facts.EffectIsAnswer)
        ? string.Empty
        : facts.EffectIsAnswer ? $", which leaves the effect open by {Figures.Number(give)} either way" : $", which leaves the size open by about {Figures.Count((long)Math.Ceiling(give / facts.Shares[0]))} {facts.Noun} either way";

    private static string Round(double value) => value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);

    private int Control(double total) => (int)Math.Round(total * facts.Shares[0]);

    private IEnumerable<(long Total, int Control, Methods.Planning.SimulatedPower At)> Sizes() => Multiples
        .Select(m => (Multiple: m, Control: (int)Math.Max(Rule.Test.Fewest, Math.Round(m * facts.Total * facts.Shares[0]))))
        .DistinctBy(s => s.Control)
        .Select(s => (s.Multiple == 1 ? facts.Total : (long)Math.Round(s.Control / facts.Shares[0]), s.Control, Rule.At(s.Control, facts.Effect!.Value)));
}
