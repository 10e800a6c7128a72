using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab;

/// <summary>The intervals of all looks together. Each sequence holds at every look at once, so what one look left out stays out, and the smallest p-value counts.</summary>
/// <remarks>
/// Source: Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of Statistics 49, section 2 (the running intersection of a confidence sequence is one); Ramdas, Grunwald, Vovk and Shafer 2023
/// (running minimum of an anytime-valid p-value). Looks are taken as they were read.
/// </remarks>
internal static class RunningSequence
{
    private const double SameLevel = 1e-9;

    public static LookAnswer? Of(Comparison c, LookAnswer? now, IReadOnlyList<PastLook> past) => Of(look => look.Of(c), now, past);

    /// <summary>The same for any difference.</summary>
    /// <param name="read">What an earlier look read of it; null when it did not.</param>
    /// <param name="now">The sequence at this look.</param>
    /// <param name="past">Earlier looks, oldest first.</param>
    public static LookAnswer? Of(Func<PastLook, PastResult?> read, LookAnswer? now, IReadOnlyList<PastLook> past)
    {
        if (now is null)
        {
            return null;
        }

        var level = now.Difference.Level;
        var held = past.Select(l => (Look: l, Read: read(l))).Where(x => x.Read is { } r && r.Shown.Method.Contains(PastResult.Anytime, StringComparison.Ordinal) && Math.Abs(r.Shown.Level - level) < SameLevel).ToList();
        if (held.Count == 0)
        {
            return now;
        }

        var (strongest, most) = held.Where(x => x.Read!.Shown.PValue is >= 0 and <= 1).OrderBy(x => x.Read!.Shown.PValue).Select(x => (x.Look, x.Read)).FirstOrDefault();
        var isStronger = most is not null && most.Shown.PValue < now.Difference.PValue;
        var together = Together(now.Difference, [.. held.Select(x => x.Read!.Shown)]);
        var lift = now.Lift is { } l ? Together(l, [.. held.Select(x => x.Read!.Lift).OfType<ContrastResult>().Where(r => r.Method.Contains(PastResult.Anytime, StringComparison.Ordinal))]) : null;
        if (together is null)
        {
            // No effect is in all of them: the strongest look is told, and that the looks contradict each other.
            var stands = isStronger ? most!.Shown : now.Difference;
            return new LookAnswer(stands, isStronger ? most!.Lift : now.Lift) { Alone = now.Difference, Look = isStronger ? strongest!.Number : null, IsEmpty = true };
        }

        var isNarrower = together.Low > now.Difference.Low || together.High < now.Difference.High;
        return !isNarrower && !isStronger ? now : new LookAnswer(together with { PValue = isStronger ? most!.Shown.PValue : now.Difference.PValue }, lift ?? now.Lift)
        {
            Alone = now.Difference,
            Look = isStronger ? strongest!.Number : null,
        };
    }

    // Null when nothing is left. The estimate is that of now, held within what is left.
    private static ContrastResult? Together(ContrastResult now, IReadOnlyList<ContrastResult> earlier)
    {
        var (low, high) = (earlier.Select(r => r.Low).Append(now.Low).Max(), earlier.Select(r => r.High).Append(now.High).Min());
        return low > high ? null : low == now.Low && high == now.High ? now : now with { Low = low, High = high, Value = Math.Clamp(now.Value, low, high), Method = $"{now.Method}, all looks together" };
    }
}
