using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Sql;

/// <summary>What the four comparisons of two forms of a question have in common: one entity that moves is a difference.</summary>
internal static class FormJudge
{
    private const long FewestEntities = 1;

    public static CheckResult Judge(FormComparison e)
    {
        var moved = e.Missed + e.Wrong;
        if (e.Right + moved < FewestEntities)
        {
            return CheckResult.Skip($"{e.Form}: neither form returns anything, so there is nothing to compare");
        }

        if (moved == 0)
        {
            return CheckResult.Pass($"{e.Form} gives the same {Figures.Count(e.Right)} {e.Entities} on these data", 0, 1);
        }

        var would = e.IsAnswer ? string.Empty : "would ";
        var says = e.Says ?? (e.Missed == e.Wrong
            ? $"{e.Form} {(e.IsAnswer ? "gets" : "would get")} {Figures.Count(e.Missed)} of {Figures.Count(e.Right)} {e.Entities} wrong"
            : $"{e.Form} {would}{(e.IsAnswer ? "misses" : "miss")} {Figures.Count(e.Missed)} of {Figures.Count(e.Right)} {e.Entities} and {(e.IsAnswer ? "returns" : "return")} {Figures.Count(e.Wrong)} that do not belong");
        return e.IsAnswer ? CheckResult.Fail(says, moved, 1) : CheckResult.Warn($"{says}; the answer given here does not", moved, 1);
    }

    /// <summary>Entities that a usual form gets wrong: in the trap one or two of about a thousand, in the twin none.</summary>
    public static (long Right, long Missed, long Wrong) Draw(int seed, string stream, bool flawed)
    {
        var rng = new Rng(seed).Stream(stream);
        var right = 900 + rng.NextInt(200);
        return flawed ? (right, rng.NextInt(2), 1) : (right, 0, 0);
    }
}
