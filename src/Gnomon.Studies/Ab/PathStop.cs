namespace Gnomon.Studies.Ab;

/// <summary>An earlier look that ended the test of a comparison: what it read is the answer, whatever came after.</summary>
/// <param name="Look">The look.</param>
/// <param name="Place">Its place among the looks that count.</param>
/// <param name="Outcome">A gain, a harm, or a futility that binds.</param>
/// <param name="Read">The comparison as it was read.</param>
/// <param name="Nominal">The two-sided size that it was held against at that look.</param>
internal sealed record PathStop(PastLook Look, int Place, LookOutcome Outcome, PastResult Read, double Nominal);
