namespace Gnomon.Studies.Sql.Review;

/// <summary>The clock of the run in a query: tomorrow it gives another answer, and a feature made with it does not belong to its row's moment.</summary>
internal sealed class ClockAnchor : IReviewRule
{
    private static readonly string[] Names = ["current_date", "current_timestamp", "current_time", "localtimestamp", "localtime"];

    public string Id => "clock-anchored";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var clock in QueryTree.Descendants(tree.Root).Where(n => (QueryTree.Is(n, "class", "COLUMN_REF") && QueryTree.Qualifier(n).Length == 0 && Names.Contains(QueryTree.ColumnName(n).ToLowerInvariant())) || QueryTree.IsFunction(n, "now", "today", "current_date", "current_timestamp", "get_current_timestamp", "get_current_time", "transaction_timestamp")))
        {
            yield return tree.Remark(Id, clock, "the clock of the run is part of the query: the same data give another answer tomorrow", "Name the as-of date, or take it from the row's own time.");
        }
    }
}
