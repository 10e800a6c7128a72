namespace Gnomon.Studies.Onboard;

/// <summary>A first task, and how far it is.</summary>
/// <param name="Grade">1 is the easiest.</param>
/// <param name="Id">Short name.</param>
/// <param name="Title">What it is, a headline.</param>
/// <param name="Do">What to do, with the command.</param>
/// <param name="Passes">When it counts as done.</param>
/// <param name="State"><c>open</c>, <c>not yet</c> or <c>done</c>.</param>
/// <param name="Why">What the marking saw.</param>
internal sealed record FirstTask(int Grade, string Id, string Title, string Do, string Passes, string State, string Why)
{
    public const string Open = "open";
    public const string NotYet = "not yet";
    public const string Done = "done";
}
