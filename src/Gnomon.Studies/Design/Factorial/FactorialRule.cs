using Gnomon.Methods.Planning;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Studies.Design.Factorial;

/// <summary>Size, power and detectable effect of one effect of a factorial design; sizes are all units together.</summary>
/// <remarks>
/// F test of the effect, exact by the noncentral F; the least effect with that largest difference (of differences). Shares are planned with the mean of their variances over the
/// cells that the effect makes, the reference cell at the baseline: for a contrast that weighs all cells alike in size, that is the variance it has.
/// </remarks>
internal sealed class FactorialRule(FactorialLayout layout, IReadOnlyList<int> term, double? baseline, double? sd, double alpha) : SizeRule
{
    private const double Nearest = 1e-9;
    private readonly int[] _levels = [.. layout.LevelsOf(term)];
    private readonly int _numerator = layout.LevelsOf(term).Aggregate(1, (n, l) => n * (l - 1));

    public override string Method =>
        $"{(term.Count == 1 ? "main effect" : "interaction")} of a {string.Join(" x ", layout.Levels)} design{(layout.Fraction is null ? string.Empty : $", {layout.Cells} of {layout.Grid.Cells} cells run")}, "
        + $"{(sd is null ? "noncentral F with the mean variance of the shares" : "exact noncentral F")}; the least effect with that largest difference";

    public override double Size(double effect, double power) => layout.Cells * Math.Ceiling(PowerAnova.SampleSize(Cohen(effect), layout.Cells, _numerator, power, alpha) - 1e-9);

    public override double Power(double size, double effect) => PowerAnova.Power(Math.Max(2, size / layout.Cells), Cohen(effect), layout.Cells, _numerator, alpha);

    public override double? Detectable(double size, double power, bool rise)
    {
        var n = Math.Max(2, size / layout.Cells);
        if (sd is { } spread)
        {
            return PowerAnova.LargestDifferenceOf(PowerAnova.MinimumDetectableEffect(n, layout.Cells, _numerator, power, alpha), spread, _levels);
        }

        // A share can move as far as 0 or 1; null when even that is not seen.
        var (room, sign) = (rise ? 1 - baseline!.Value : baseline!.Value, rise ? 1 : -1);
        var furthest = room * (1 - Nearest);
        return Power(size, sign * furthest) < power ? null : sign * Brent.Root(d => Power(size, sign * d) - power, Nearest * room, furthest, 1e-13).X;
    }

    private double Cohen(double effect) => PowerAnova.EffectOfLargestDifference(effect, sd ?? Math.Sqrt(Variance(effect)), _levels);

    // One combination of the effect's levels has the effect, the others stay at the baseline.
    private double Variance(double effect)
    {
        var (with, b) = (1.0 / _levels.Aggregate(1, (n, l) => n * l), baseline!.Value);
        return (1 - with) * b * (1 - b) + with * (b + effect) * (1 - b - effect);
    }
}
