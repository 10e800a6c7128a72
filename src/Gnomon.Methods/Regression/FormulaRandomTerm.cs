namespace Gnomon.Methods.Regression;

/// <summary>Effects that differ between groups, as a formula writes them: <c>(1 + x | g)</c>.</summary>
/// <param name="Terms">What differs, beside the intercept.</param>
/// <param name="HasIntercept">Whether the level differs: true unless <c>0 +</c> or <c>- 1</c> stands there.</param>
/// <param name="Groups">Columns whose values together name the group: one, or several joined by a colon.</param>
/// <param name="IsCorrelated">False after <c>||</c>.</param>
public sealed record FormulaRandomTerm(IReadOnlyList<FormulaTerm> Terms, bool HasIntercept, IReadOnlyList<string> Groups, bool IsCorrelated)
{
    /// <summary>The name of the grouping: its columns joined by a colon.</summary>
    public string Group => string.Join(":", Groups);

    /// <summary>The term as it is understood.</summary>
    public string Text => $"({string.Join(" + ", Terms.Select(t => t.Text).Prepend(HasIntercept ? "1" : "0"))} {(IsCorrelated ? "|" : "||")} {Group})";

    /// <inheritdoc/>
    public bool Equals(FormulaRandomTerm? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Text, StringComparison.Ordinal);
}
