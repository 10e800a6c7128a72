namespace Gnomon.Methods.Regression;

/// <summary>A column, or a function of one, as it stands in a formula.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Function">Empty, or <c>C</c>, <c>log</c>, <c>log1p</c>, <c>log10</c>, <c>sqrt</c>, <c>exp</c>, <c>scale</c>, <c>poly</c>, <c>s</c> (a smooth curve), <c>ns</c> (a natural spline).</param>
/// <param name="Number">Degree of <c>poly</c>, knots of <c>s</c>, columns of <c>ns</c>; null elsewhere.</param>
/// <param name="Reference">The level of <c>C</c> that the others are compared with; null for the first in alphabetical order.</param>
public sealed record FormulaAtom(string Column, string Function = "", int? Number = null, string? Reference = null)
{
    /// <summary>The atom as it is written.</summary>
    public string Text => Function.Length == 0
        ? Column
        : $"{Function}({Column}{(Number is { } n ? $", {n}" : string.Empty)}{(Reference is null ? string.Empty : $", ref={Reference}")})";
}

/// <summary>A product of atoms: one atom is a main effect, several are an interaction.</summary>
public sealed class FormulaTerm : IEquatable<FormulaTerm>
{
    internal FormulaTerm(IEnumerable<FormulaAtom> atoms)
    {
        Atoms = [.. atoms.Distinct()];
        Text = string.Join(":", Atoms.Select(a => a.Text));
        _key = string.Join('\u0001', Atoms.Select(a => a.Text).Order(StringComparer.Ordinal));
    }

    readonly string _key;

    /// <summary>Atoms in the order they were written.</summary>
    public IReadOnlyList<FormulaAtom> Atoms { get; }

    /// <summary>The term as it is written.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public bool Equals(FormulaTerm? other) => other is not null && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FormulaTerm);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_key, StringComparison.Ordinal);
}

/// <summary>A model formula: an outcome, and the terms that explain it.</summary>
/// <param name="Outcome">The outcome, perhaps a function of a column.</param>
/// <param name="Terms">Terms, lower order first.</param>
/// <param name="HasIntercept">False after <c>- 1</c> or <c>+ 0</c>.</param>
public sealed record Formula(FormulaAtom Outcome, IReadOnlyList<FormulaTerm> Terms, bool HasIntercept)
{
    /// <summary>Effects that differ between groups; empty for models without them.</summary>
    public IReadOnlyList<FormulaRandomTerm> Random { get; init; } = [];

    /// <summary>The formula as it is understood.</summary>
    public string Text =>
        $"{Outcome.Text} ~ {(Terms.Count == 0 ? (HasIntercept ? "1" : "0") : string.Join(" + ", Terms.Select(t => t.Text)) + (HasIntercept ? string.Empty : " - 1"))}{string.Concat(Random.Select(r => " + " + r.Text))}";

    /// <summary>Every column that the formula reads, the outcome first.</summary>
    public IReadOnlyList<string> Columns =>
        [.. Terms.Concat(Random.SelectMany(r => r.Terms)).SelectMany(t => t.Atoms).Select(a => a.Column).Prepend(Outcome.Column).Concat(Random.SelectMany(r => r.Groups)).Distinct(StringComparer.Ordinal)];

    /// <summary>A formula of main effects.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="terms">One term per atom.</param>
    public static Formula Of(FormulaAtom outcome, IEnumerable<FormulaAtom> terms) => Of(outcome, terms.Select(a => (IReadOnlyList<FormulaAtom>)[a]), hasIntercept: true);

    /// <summary>A formula from the atoms of each term.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="terms">Atoms of each term; repeated terms count once.</param>
    /// <param name="hasIntercept">Whether a column of ones is added.</param>
    public static Formula Of(FormulaAtom outcome, IEnumerable<IReadOnlyList<FormulaAtom>> terms, bool hasIntercept) =>
        new(outcome, [.. terms.Select(a => new FormulaTerm(a)).Distinct().OrderBy(t => t.Atoms.Count)], hasIntercept);

    /// <summary>Reads a formula.</summary>
    /// <param name="text">
    /// <c>y ~ x1 * C(group) + log(x2) + poly(x3, 2) + s(age)</c>. <c>a * b</c> is <c>a + b + a:b</c>, <c>(a + b)^2</c> all products of two, <c>- a</c> takes a term
    /// away, <c>- 1</c> the intercept; names with other signs stand in backquotes. <c>(1 + x | g)</c> is an intercept and a slope that differ between the groups of g,
    /// <c>(x || g)</c> without their correlation, <c>(1 | a/b)</c> groups b within groups a.
    /// </param>
    /// <exception cref="FormulaException">The text is no formula; the message shows where.</exception>
    public static Formula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new FormulaParser(text).Parse();
    }
}

/// <summary>A formula that cannot be read.</summary>
public sealed class FormulaException : ArgumentException
{
    /// <param name="message">What was expected and what stands there.</param>
    /// <param name="text">The formula.</param>
    /// <param name="position">Index of the first character that does not fit.</param>
    public FormulaException(string message, string text, int position)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(text);
        Formula = text;
        Position = position;
    }

    /// <summary>The formula.</summary>
    public string Formula { get; }

    /// <summary>Index of the first character that does not fit; the length of the text when it ends too early.</summary>
    public int Position { get; }

    /// <summary>The formula with a mark under the place.</summary>
    public string Marked => $"{Formula}\n{new string(' ', Position)}^";
}
