namespace Gnomon.Studies.Sql.Review;

/// <summary>A random value in a query: no two runs agree.</summary>
internal sealed class RandomValue : IReviewRule
{
    public string Id => "random-value";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var random in QueryTree.Descendants(tree.Root).Where(n => QueryTree.IsFunction(n, "random", "rand", "gen_random_uuid", "uuid", "uuidv4", "uuidv7")))
        {
            yield return tree.Remark(Id, random, $"{QueryTree.Text(random, "function_name")}() gives other values in every run", "Take a sample by a hash of the unit's id, which stays the same.");
        }
    }
}
