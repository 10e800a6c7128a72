namespace Gnomon.Methods.Factorial;

/// <summary>A term and what cannot be told from it in the runs at hand.</summary>
/// <param name="Term">Factors of the term that stands for the group: the one of lowest order.</param>
/// <param name="With">Terms whose columns are the same up to sign.</param>
public sealed record AliasSet(IReadOnlyList<int> Term, IReadOnlyList<IReadOnlyList<int>> With);
