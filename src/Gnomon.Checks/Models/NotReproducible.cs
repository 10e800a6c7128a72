using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Models;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Models;

/// <summary>A recorded result does not come out again.</summary>
public sealed class NotReproducible : Check<ReplayOutcome>
{
    private const double Threshold = 1e-9;
    private const double Identical = 1e-12;

    public override CheckCard Card { get; } = new(
        Id: "not-reproducible",
        Asks: "Does a recorded run give the same result again?",
        FiresWhen: "a rerun of the recorded command differs from the recorded metric by more than 1e-9 of it, gives none, or reads inputs whose SHA-256 is not the recorded one; or the record lacks the metric, the hashes of its inputs, the version or the seed. A difference between 1e-12 and 1e-9 is told",
        Means: "This result cannot be rebuilt.",
        Remedy: "Pin data, code, seed and order of reduction; refuse promotion until the lineage is complete.",
        Source: "Pineau et al. 2021; SR 11-7; Breck et al. 2017")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.DoNotDeploy, FalseAlarmRate = 0.001, Aliases = ["untracked-artifact", "nondeterministic-run", "audit-replay-mismatch"] };

    public override CheckResult Evaluate(ReplayOutcome evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Changed.Count > 0)
        {
            var drift = evidence is { Recorded: { } was, Seen: { } now } ? $"; the metric is {Figures.Number(now)}, on record {Figures.Number(was)}" : string.Empty;
            return CheckResult.Fail($"{evidence.Changed.Count} of {Figures.Count(evidence.Inputs, "input")} of {evidence.Job} changed since the record: {string.Join(", ", evidence.Changed.Take(3))}{(evidence.Changed.Count > 3 ? ", ..." : string.Empty)}{drift}", Distance(evidence), Threshold);
        }

        if (evidence.Failure is { } failure)
        {
            return CheckResult.Fail($"the rerun of {evidence.Job} gave 0 results: {failure}", null, Threshold);
        }

        if (evidence.Missing.Count > 0)
        {
            return CheckResult.Fail($"the record of {evidence.Job} lacks {evidence.Missing.Count} of 4 parts: {string.Join(", ", evidence.Missing)}", evidence.Missing.Count, 0);
        }

        if (Distance(evidence) is not { } distance)
        {
            return CheckResult.Skip($"{evidence.Job} was run again 0 times: no folder for a copy was named");
        }

        var says = $"{evidence.Job} gives {Figures.Number(evidence.Seen!.Value)} again, on record {Figures.Number(evidence.Recorded!.Value)}";
        return distance > Threshold ? CheckResult.Fail($"{says}: off by {Relative(distance)} of it", distance, Threshold)
            : distance > Identical ? CheckResult.Note($"{says}: off by {Relative(distance)} of it, as on another machine", distance, Threshold)
            : CheckResult.Pass(says, distance, Threshold);
    }

    public override ReplayOutcome Trap(int seed) => (seed % 3) switch
    {
        0 => Rerun(seed, 1e-8),
        1 => Rerun(seed, 0) with { Changed = ["orders.csv"] },
        _ => Rerun(seed, 0) with { Missing = ["seed"] },
    };

    // Rounding of the last digits, as another order of summing leaves it.
    public override ReplayOutcome Clean(int seed) => Rerun(seed, 1e-15);

    public override ReplayOutcome? Tiny => new() { Job = "train" };

    private static ReplayOutcome Rerun(int seed, double off)
    {
        var recorded = 10 * new Rng(seed).Stream("not-reproducible").NextNormal();
        return new ReplayOutcome { Job = "train", Inputs = 2, Recorded = recorded, Seen = recorded * (1 + off) };
    }

    private static double? Distance(ReplayOutcome e) =>
        e is { Recorded: { } was, Seen: { } now } ? was == now ? 0 : Math.Abs(now - was) / Math.Max(Math.Abs(was), double.Epsilon) : null;

    private static string Relative(double distance) => distance.ToString("0.#e+0", CultureInfo.InvariantCulture);
}
