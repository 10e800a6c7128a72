using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Design.Touching;

/// <summary>A two-period crossover before launch: units for the within-unit effect, beside those of a parallel test.</summary>
/// <remarks>Half the difference of two means of within-unit differences, whose deviation is sd sqrt(2 (1 - correlation)): a test of two means at half that deviation (Senn 2002).</remarks>
internal sealed class CrossoverDesign
{
    private readonly DesignOptions _options;
    private readonly double _effect;
    private readonly double _within;
    private readonly PowerOptions _power;

    public CrossoverDesign(DesignOptions options)
    {
        _options = options;
        _effect = Math.Abs(EffectSize.Parse(options.Mde!, "--mde").Absolute(options.Baseline, "--mde"));
        _within = 0.5 * PowerOneMean.PairedDeviation(options.Sd!.Value, options.Correlation!.Value);
        _power = new PowerOptions { Alpha = options.Alpha };
    }

    private string Metric => _options.Metric ?? "the metric";

    private SampleSizeResult Crossed => PowerTwoMeans.SampleSize(_effect, _within, _options.Power, _power);

    private SampleSizeResult Parallel => PowerTwoMeans.SampleSize(_effect, _options.Sd!.Value, _options.Power, _power);

    public static IEnumerable<GnomonError> Validate(DesignOptions o)
    {
        foreach (var wrong in TouchingDesigns.Need(
            "A crossover is planned from the spread of units, how alike two periods of a unit are, and an effect", ("--sd", o.Sd is not null, "--sd 3.1"), ("--correlation", o.Correlation is not null, "--correlation 0.6"), ("--mde", o.Mde is not null, "--mde 0.4")))
        {
            yield return wrong;
        }

        if (o.HasHistory)
        {
            yield return new GnomonError("options-conflict", "A crossover is planned from numbers that are typed in.", "DATA", "Leave out the file; write --sd and --correlation.");
        }

        foreach (var wrong in TouchingDesigns.Refuse(o, "crossover", "--sd", "--correlation", "--baseline"))
        {
            yield return wrong;
        }
    }

    public StudyReport Finding()
    {
        var (crossed, parallel) = (Crossed, Parallel);
        var (units, others) = ((long)crossed.Total, (long)parallel.Total);
        var size = Figures.Effect(_effect, Metric).TrimStart('+');
        return new StudyReport
        {
            Question = "design",
            Title = $"How many units does a crossover of {Metric} need?",
            Propose = _ => new Proposal(DecisionAction.Answer, $"{Figures.Count(units)} units, half in each order, find a change of {size} with power {Figures.WholePercent(_options.Power)}; a test with each unit in one arm takes {Figures.Count(others)}."),
            Limitations =
            [
                $"Two periods of a unit are taken to correlate by {Figures.Number(_options.Correlation!.Value)}, and units to spread by {Figures.Number(_options.Sd!.Value)} in each period.",
                "Nothing of the first arm may linger in the second period: leave a gap that is long enough, since no test in the data can make up for it (Freeman 1989).",
                "Units that leave after the first period count for nothing: add their share.",
            ],
            Next = [$"Read it with: gnomon ab DATA --crossover --unit UNIT --time PERIOD --variant ARM --metric {_options.Metric ?? "METRIC"}"],
            Tables =
            [
                new ResultTable("sizes", "Units by design", ["design", "units", "measurements"], [["crossover, both arms in every unit", units, 2 * units], ["parallel, one arm in every unit", others, others]]),
            ],
        };
    }
}
