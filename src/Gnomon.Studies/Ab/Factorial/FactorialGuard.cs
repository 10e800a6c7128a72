using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>A guardrail of a factorial experiment.</summary>
/// <remarks>
/// What would be launched is a cell, so the guardrail is judged by that cell against the reference cell, without help from the others: no interaction needs to be absent.
/// An average over the other factors that is harmful with its whole interval counts as harm too, when the cell holds that level.
/// </remarks>
internal sealed class FactorialGuard(FactorialInput input, FactorialEffects effects, bool isInterim)
{
    private const double LargestRelative = 1e6;

    public FactorialInput Input => input;

    public FactorialEffects Effects => effects;

    private MetricSpec Spec => input.Spec;

    /// <summary>What is stated for the checks: of the cell that would be launched, else of every level against its reference.</summary>
    public IEnumerable<GuardrailResult> Facts(int? launch)
    {
        var mains = effects.Mains.SelectMany(m => m.Contrasts.Select(c => (Factor: m.Set.Term[0], Contrast: c))).ToList();
        if (launch is not { } cell || cell == effects.Reference)
        {
            return mains.Select(m => OfMain(m.Contrast));
        }

        var harmful = mains.Where(m => input.Grid.Level(cell, m.Factor) == m.Contrast.To[0]).Select(m => OfMain(m.Contrast)).Where(g => g.High < 0);
        return harmful.Prepend(OfCell(cell));
    }

    /// <summary>Is harm beyond the margin ruled out in this cell?</summary>
    public bool IsCleared(int cell) => cell == effects.Reference || (OfCell(cell).NonInferiorityP < input.Design.Alpha / 2 && !Facts(cell).Any(g => g.High < 0));

    /// <summary>A cell against the reference, on the scale of the margin.</summary>
    public GuardrailResult OfCell(int cell)
    {
        var reference = effects.Reference;
        var contrast = $"{input.Name(cell)} - {input.Name(reference)}";
        var level = effects.Fit.Value(reference);
        if (effects.Fit.Difference(cell, reference) is not { } difference)
        {
            // Nothing varies in either cell: nothing is shown, and nothing is cleared.
            return State(contrast, 0, -LargestRelative, LargestRelative, Margin(level), 1, false);
        }

        if (Spec.MarginIsRelative && level > 0 && Lift(cell, reference, difference) is { } lift)
        {
            // Fieller's contrast: a relative margin needs no ratio to be tested.
            var beyond = effects.Fit.ScaledDifference(cell, reference, 1 - Spec.Sign * Spec.Margin);
            return State(contrast, lift.Value, lift.Low, lift.High, Spec.Margin, beyond is null ? 1 : Upper(Spec.Sign * beyond.Value / beyond.StandardError, beyond.DegreesOfFreedom), true);
        }

        return Absolute(contrast, difference, Margin(level));
    }

    private GuardrailResult OfMain(TermContrast c) => Absolute(c.Name, c.Effect, Margin(effects.Fit.Value(effects.Reference)));

    private double Margin(double level) => Spec.MarginIsRelative ? Spec.Margin * Math.Abs(level) : Spec.Margin;

    private GuardrailResult Absolute(string contrast, ContrastResult c, double margin) =>
        State(contrast, c.Value, c.Low, c.High, margin, Upper((Spec.Sign * c.Value + margin) / c.StandardError, c.DegreesOfFreedom), false);

    private ContrastResult? Lift(int cell, int reference, ContrastResult difference)
    {
        if (effects.Fit.Mean(cell) is not { } x || effects.Fit.Mean(reference) is not { } y)
        {
            return null;
        }

        // Cells share a spread in fractions, and blocks tie them: what the difference lacks of both variances.
        double Square(ContrastResult r) => r.StandardError * r.StandardError;
        var shared = (Square(x) + Square(y) - Square(difference)) / 2;
        return RelativeLift.Compare(new MeanEstimate(x.Value, Square(x)), new MeanEstimate(y.Value, Square(y)), shared, input.Design.Level).Contrast;
    }

    private static double Upper(double t, double? degrees) => degrees is { } df ? StudentT.Sf(t, df) : Normal.Sf(t);

    private GuardrailResult State(string contrast, double value, double low, double high, double margin, double p, bool relative) => new()
    {
        Metric = Spec.Name, Contrast = contrast, Effect = Spec.Sign * value, Low = Spec.HigherIsBetter ? low : -high, High = Spec.HigherIsBetter ? high : -low, Margin = margin, NonInferiorityP = p, LowerIsBetter = !Spec.HigherIsBetter,
        Alpha = input.Design.Alpha / 2, Relative = relative, Interim = isInterim, Declared = Spec.Declared,
    };
}
