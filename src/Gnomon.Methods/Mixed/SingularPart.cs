namespace Gnomon.Methods.Mixed;

/// <summary>A part of a random term that lies on the edge of what is possible: the data ask for less than the model has.</summary>
/// <param name="Group">Name of the grouping column.</param>
/// <param name="Effects">The effects concerned.</param>
/// <param name="IsZero">True when their variance is 0; false when their correlations are -1 or 1 (one effect determines another).</param>
public sealed record SingularPart(string Group, IReadOnlyList<string> Effects, bool IsZero)
{
    /// <summary>What is singular, for people: <c>the variance of (intercept) between subject is 0</c>.</summary>
    public string Text => IsZero
        ? $"the variance of {Said} between {Group} is 0"
        : $"the effects {string.Join(" and ", Effects.Select(Say))} of {Group} determine each other";

    string Said => string.Join(" and ", Effects.Select(Say));

    static string Say(string name) => name == RandomTerm.InterceptName ? "the intercept" : name;

    /// <summary>The terms without the first singular part of a fit.</summary>
    internal static (IReadOnlyList<RandomTerm> Terms, SingularPart Part) Drop(MixedFit fit)
    {
        var part = fit.Singular[0];
        var term = fit.Terms.First(t => t.Group == part.Group && part.Effects.All(t.Names.Contains));

        // Without its intercept a slope depends on where its column is 0: correlations go before an intercept does.
        var isLonelyIntercept = part is { IsZero: true, Effects: [RandomTerm.InterceptName] } && term is { IsCorrelated: true, Names.Count: > 1 };
        if (!part.IsZero || isLonelyIntercept)
        {
            return ([.. fit.Terms.Select(t => ReferenceEquals(t, term) ? t.Uncorrelated() : t)], new SingularPart(part.Group, term.Names, IsZero: false));
        }

        var gone = part.Effects[^1];
        return ([.. fit.Terms.Select(t => ReferenceEquals(t, term) ? t.Without(gone) : t).OfType<RandomTerm>()], new SingularPart(part.Group, [gone], IsZero: true));
    }
}
