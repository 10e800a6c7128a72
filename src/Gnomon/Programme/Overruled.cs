using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;

namespace Gnomon.Programme;

/// <summary>A decision that a person made against a finding.</summary>
/// <param name="Target">Entry of the finding.</param>
/// <param name="Experiment">Name of the experiment, or of the entry.</param>
/// <param name="Found">What the finding proposed.</param>
/// <param name="Made">Who decided what, and why.</param>
internal sealed record Overruled(long Target, string Experiment, string Found, Override Made)
{
    private const int MostRows = 200;

    public string Action => Made.Action;

    /// <summary>Null when nobody decided against a finding.</summary>
    public static ResultTable? Table(IReadOnlyList<Overruled> all) => all.Count == 0 ? null : new ResultTable(
        "overrides", all.Count > MostRows ? $"Decisions against a finding (newest {MostRows} of {Figures.Count(all.Count)})" : "Decisions against a finding", ["experiment", "found", "decided", "by", "why"],
        [.. all.TakeLast(MostRows).Select(o => (IReadOnlyList<object?>)[o.Experiment, o.Found, o.Made.Action, o.Made.By, o.Made.Reason])]);
}
