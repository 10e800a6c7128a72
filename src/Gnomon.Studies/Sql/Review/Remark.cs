using Gnomon.Core.Checks;

namespace Gnomon.Studies.Sql.Review;

/// <summary>Something that a query does and its author may not have meant.</summary>
/// <param name="Rule">Stable kebab-case name of the rule.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Says">What it does, with what the data say about it, in the middle of a sentence.</param>
/// <param name="Instead">What to write instead; begins with a verb.</param>
internal sealed record Remark(string Rule, int Line, int Column, string Says, string Instead)
{
    /// <summary>What was measured on the data; empty without them.</summary>
    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];
}

/// <summary>One flaw that can be seen in a query's tree.</summary>
internal interface IReviewRule
{
    string Id { get; }

    IEnumerable<Remark> Look(QueryTree tree, DataProbe probe);
}
