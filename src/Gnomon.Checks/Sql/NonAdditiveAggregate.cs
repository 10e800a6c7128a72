using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Sql;

/// <summary>Pieces of this statistic cannot be added up.</summary>
public sealed class NonAdditiveAggregate : Check<AddedPieces>
{
    private const double Rounding = 1e-9;

    public override CheckCard Card { get; } = new(
        Id: "non-additive-aggregate",
        Asks: "Is a statistic added up that cannot be added up?",
        FiresWhen: "a median, quantile, distinct count or ratio is computed per day or piece and then summed or averaged, and the result differs from the statistic of the whole, or the whole was not computed; a failure where the answer rests on it",
        Means: "Pieces of this statistic cannot be added up.",
        Remedy: "Compute it over all rows at once, or keep a mergeable sketch or its numerator and denominator.",
        Source: "Gray et al. 1997 (distributive, algebraic, holistic)")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0 };

    public override CheckResult Evaluate(AddedPieces evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Count < 2)
        {
            return CheckResult.Skip($"{evidence.Statistic}: {Figures.Count(evidence.Count, "piece")}, nothing is added up");
        }

        if (evidence.Whole is not { } whole)
        {
            return CheckResult.Fail($"{evidence.Statistic} of {Figures.Count(evidence.Count)} {evidence.Pieces} are added up or averaged", evidence.Count, 1);
        }

        var off = Math.Abs(evidence.Added - whole);
        var says = $"{evidence.Statistic} over {Figures.Count(evidence.Count)} {evidence.Pieces} added up: {Figures.Number(evidence.Added)}; over all rows: {Figures.Number(whole)}";
        return off <= Rounding * Math.Abs(whole) ? CheckResult.Pass(says, off, 0)
            : evidence.IsAnswer ? CheckResult.Fail(says, off, 0)
            : CheckResult.Warn($"{says}; the answer given here is the latter", off, 0);
    }

    public override AddedPieces Trap(int seed) => Simulate(seed, returning: 1);

    public override AddedPieces Clean(int seed) => Simulate(seed, returning: 0);

    public override AddedPieces? Tiny => new() { Statistic = "distinct users", Pieces = "days", Count = 1, Added = 5, Whole = 5, IsAnswer = true };

    // About a thousand users over seven days; in the trap one of them comes on two days.
    private static AddedPieces Simulate(int seed, int returning)
    {
        var users = 900 + new Rng(seed).Stream("non-additive-aggregate").NextInt(200);
        return new AddedPieces { Statistic = "distinct users", Pieces = "days", Count = 7, Added = users + returning, Whole = users, IsAnswer = true };
    }
}
