using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Mixed;

/// <summary>A linear model whose rows share effects of the groups they belong to: fixed effects by generalised least squares, variance components by (restricted) maximum likelihood.</summary>
/// <remarks>
/// <para><c>y = X beta + Z b + e</c>, b normal with mean 0 and a covariance per term, e normal with variance sigma^2 / weight. The criterion is profiled over beta and sigma
/// (penalised least squares) and minimised over the relative covariance factor. Groupings may be nested or crossed.</para>
/// <para>Sources: Bates, Maechler, Bolker and Walker 2015, J. Stat. Softw. 67(1); restricted likelihood: Patterson and Thompson 1971, Biometrika 58. Agrees with R lme4.</para>
/// </remarks>
public static class LinearMixedModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="design">Fixed columns; those that earlier ones determine are set aside and named.</param>
    /// <param name="y">Outcome, one finite value per row.</param>
    /// <param name="terms">At least one random term.</param>
    /// <param name="weights">Variance of a row is proportional to the inverse of its weight; empty for equal weights.</param>
    /// <param name="isRestricted">True for REML, whose variance components allow for the fixed effects; false for maximum likelihood, which compares models with different fixed effects.</param>
    /// <exception cref="TooFewRowsException">Not more rows than coefficients, or a grouping with fewer than 2 groups.</exception>
    /// <exception cref="NotEstimableException">As many groups as rows; a perfect fit; a search that did not settle.</exception>
    /// <exception cref="ArgumentException">Lengths differ, a value is not finite, or two terms of one grouping have different codes.</exception>
    public static MixedFit Fit(DesignMatrix design, ReadOnlySpan<double> y, IReadOnlyList<RandomTerm> terms, ReadOnlySpan<double> weights = default, bool isRestricted = true)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(terms);
        var plain = LeastSquares.Fit(design, y, weights);
        return Fit(plain, terms, isRestricted);
    }

    /// <summary>Fits the model and, where a random term is singular, fits it again without the part that the data do not support, until nothing is singular.</summary>
    /// <inheritdoc cref="Fit(DesignMatrix, ReadOnlySpan{double}, IReadOnlyList{RandomTerm}, ReadOnlySpan{double}, bool)"/>
    public static MixedReduction FitReduced(DesignMatrix design, ReadOnlySpan<double> y, IReadOnlyList<RandomTerm> terms, ReadOnlySpan<double> weights = default, bool isRestricted = true)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(terms);
        var plain = LeastSquares.Fit(design, y, weights);
        var asked = Fit(plain, terms, isRestricted);
        var dropped = new List<SingularPart>();
        MixedFit? fit = asked;
        while (fit is { IsSingular: true })
        {
            var (next, part) = SingularPart.Drop(fit);
            dropped.Add(part);
            fit = next.Count > 0 ? Fit(plain, next, isRestricted) : null;
        }

        return new MixedReduction(asked, fit, plain, dropped);
    }

    internal static MixedFit Fit(LinearFit plain, IReadOnlyList<RandomTerm> terms, bool isRestricted)
    {
        Guard(plain, terms);
        var problem = new MixedProblem(plain, terms, isRestricted);
        var found = Search.Minimise(problem.Deviance, problem.Shape.Start(1.0));
        if (!found.Converged || MixedFit.SingularParts(problem.Shape, found.X).Any())
        {
            // A boundary or a stop may be the start's doing: a second start decides.
            var other = Search.Minimise(problem.Deviance, problem.Shape.Start(0.1));
            found = !found.Converged && other.Converged || other.Value < found.Value - 1e-7 ? other : found;
        }

        return found.Converged && double.IsFinite(found.Value)
            ? new MixedFit(problem, terms, found)
            : throw new NotEstimableException($"The mixed model did not converge: after {found.Evaluations} evaluations its deviance could still fall by {found.Gap:G3}. Take away a random slope, or rescale columns.");
    }

    static void Guard(LinearFit plain, IReadOnlyList<RandomTerm> terms)
    {
        if (terms.Count == 0)
        {
            throw new ArgumentException("A mixed model needs a random term.", nameof(terms));
        }

        foreach (var term in terms)
        {
            RegressionGuard.SameRows(plain.Rows, term.Codes.Length, $"The codes of {term.Group}");
            var first = terms.First(t => t.Group == term.Group);
            if (!ReferenceEquals(first, term) && !first.Codes.AsSpan().SequenceEqual(term.Codes))
            {
                throw new ArgumentException($"Two terms of {term.Group} group the rows differently.", nameof(terms));
            }

            foreach (var name in term.Names)
            {
                if (terms.Sum(t => t.Group == term.Group ? t.Names.Count(n => n == name) : 0) > 1)
                {
                    throw new NotEstimableException($"{(name == RandomTerm.InterceptName ? "The intercept" : name)} of {term.Group} stands in the random terms twice.");
                }
            }

            if (term.Levels.Count < 2)
            {
                throw new TooFewRowsException($"The random term of {term.Group} (by group)", term.Levels.Count, 2);
            }

            if ((long)term.Levels.Count * term.Names.Count >= plain.Rows)
            {
                throw new NotEstimableException(
                    $"{term.Group} has {term.Levels.Count} groups and {term.Names.Count} random {(term.Names.Count == 1 ? "effect" : "effects")} each for {plain.Rows} rows: they cannot be told from the residuals.");
            }
        }

        if (!(plain.ResidualSumOfSquares > 1e-24 * plain.TotalSumOfSquares))
        {
            throw new NotEstimableException("The fixed columns fit the outcome perfectly: nothing is left for random effects.");
        }
    }
}

/// <summary>A mixed model with what a singular fit made of it.</summary>
/// <param name="Asked">The model as it was asked for.</param>
/// <param name="Reduced">The model without singular parts: <paramref name="Asked"/> itself when nothing was singular, null when no random effect was left.</param>
/// <param name="Plain">Ordinary least squares with the same fixed columns.</param>
/// <param name="Dropped">What was taken away, in order.</param>
public sealed record MixedReduction(MixedFit Asked, MixedFit? Reduced, LinearFit Plain, IReadOnlyList<SingularPart> Dropped);
