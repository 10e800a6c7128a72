using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Review;

/// <summary>Runs every rule over a query.</summary>
internal static class Reviewer
{
    public static IReadOnlyList<IReviewRule> Rules { get; } =
    [
        new NotInNull(), new LimitWithoutOrder(), new AmbiguousRowNumber(), new RowsFrame(), new JoinFanOut(), new OuterJoinFilter(), new AddedAggregates(), new ClockAnchor(), new ShareWithoutElse(),
        new UnequalDropsNull(), new SelfJoinRange(), new RandomValue(), new MissingAsOf(),
    ];

    /// <param name="tree">The query.</param>
    /// <param name="database">Data to try the remarks on; null for the text alone.</param>
    /// <param name="cancellation">Stops the probes.</param>
    /// <returns>In the order of the text.</returns>
    public static IReadOnlyList<Remark> Review(QueryTree tree, IDatabase? database, CancellationToken cancellation)
    {
        var probe = new DataProbe(database, tree, cancellation);
        return [.. Rules.SelectMany(r => r.Look(tree, probe)).OrderBy(r => r.Line).ThenBy(r => r.Column).ThenBy(r => r.Rule, StringComparer.Ordinal)];
    }
}
