using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.LinearAlgebra;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Regression;

/// <summary>Generalised linear models by iteratively reweighted least squares with step halving.</summary>
/// <remarks>
/// Sources: Nelder and Wedderburn 1972; McCullagh and Nelder 1989; step halving: Marschner 2011, R Journal 3; penalty: Firth 1993, Biometrika 80, with Heinze and
/// Schemper 2002; negative binomial: Venables and Ripley 2002, section 7.4. Columns are standardised on the way, sums are taken in fixed blocks: the same bits for
/// any number of threads. The iteration stops when a step is below 1e-5 standard errors (1e-9 where convergence is linear): the next one would be its square.
/// When fitted probabilities approach 0 or 1 a linear programme decides whether the data separate the outcome (<see cref="Separation"/>).
/// Agrees with R <c>glm</c> and <c>MASS::glm.nb</c> to 1e-8.
/// </remarks>
public static class GeneralisedLinearModel
{
    const int MostHalvings = 40;

    // A logit beyond this in size (probability within 1e-7 of certainty), or a count below it, makes separation worth asking.
    const double SuspiciousWeight = 1e-7;

    /// <param name="design">Columns of the model, the column of ones included.</param>
    /// <param name="y">Outcome: finite, in the range of the family.</param>
    /// <param name="options">Family, weights, offset and the rest; null for logistic regression.</param>
    /// <exception cref="TooFewRowsException">No more rows than independent columns.</exception>
    /// <exception cref="OutcomeRangeException">An outcome is outside the family's range.</exception>
    /// <exception cref="NotEstimableException">Every outcome is the same at the border of its range; the data separate the outcome and no penalty is allowed; or the iteration fails.</exception>
    public static GlmFit Fit(DesignMatrix design, ReadOnlySpan<double> y, GlmOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        options ??= new GlmOptions();
        RegressionGuard.SameRows(design.Rows, y.Length);
        RegressionGuard.Finite(y, "The outcome");
        options.Family.Check(y);
        if (options.Weights is { } weights)
        {
            RegressionGuard.Weights(weights, y.Length);
        }

        if (options.Offset is { } offset)
        {
            RegressionGuard.SameRows(design.Rows, offset.Length, "offset");
            RegressionGuard.Finite(offset, "The offset");
        }

        var response = y.ToArray();
        RequireVariation(response, options.Family);
        var kept = Independent(design, options.Threads, out var setAside);
        var penalise = options.Firth;
        SeparationResult? separation = null;
        if (!penalise && Iterate(kept, setAside, response, options, start: null, out var doubtful) is { } fit)
        {
            if (!doubtful || (separation = Separation.Detect(kept, response, options)) is null)
            {
                return fit;
            }

            penalise = true;
        }
        else if (!penalise)
        {
            separation = Separation.Detect(kept, response, options);
            penalise = separation is not null;
            if (!penalise)
            {
                throw new NotEstimableException($"The {options.Family.Word} model did not converge in {options.MostIterations} iterations: the data do not determine its coefficients.");
            }
        }

        if (separation is not null && (!options.FirthWhenSeparated || !FirthRegression.Covers(options.Family)))
        {
            throw new NotEstimableException($"The outcome is separated by {string.Join(", ", separation.Terms)}: the estimate runs to infinity.");
        }

        return FirthRegression.Fit(kept, setAside, response, options, separation);
    }

    /// <summary>A negative binomial model with its shape estimated by maximum likelihood.</summary>
    /// <param name="design">Columns of the model, the column of ones included.</param>
    /// <param name="y">Counts.</param>
    /// <param name="options">Weights, offset and the rest; its family is replaced. Null for the defaults.</param>
    /// <returns>The fit at the estimated shape (in <see cref="GlmFit.Family"/>); theta near 1e7 means that a Poisson model is enough.</returns>
    /// <exception cref="TooFewRowsException">No more rows than independent columns.</exception>
    /// <exception cref="OutcomeRangeException">A negative count.</exception>
    /// <exception cref="NotEstimableException">All counts are 0, or the iteration fails.</exception>
    public static GlmFit FitNegativeBinomial(DesignMatrix design, ReadOnlySpan<double> y, GlmOptions? options = null)
    {
        options ??= new GlmOptions();
        var fit = Fit(design, y, options with { Family = GlmFamily.Poisson, Firth = false, FirthWhenSeparated = false });
        for (var round = 0; round < 100; round++)
        {
            var theta = NegativeBinomialShape.Estimate(fit.Outcome, fit.Fitted, options.Weights);
            var before = fit.Family.Theta;
            fit = Fit(design, y, options with { Family = GlmFamily.NegativeBinomial(theta), Firth = false, FirthWhenSeparated = false });
            if (Math.Abs(theta - before) <= 1e-10 * theta || theta >= NegativeBinomialShape.Largest)
            {
                break;
            }
        }

        return fit;
    }

    internal static GlmFit? Iterate(DesignMatrix design, IReadOnlyList<string> setAside, double[] y, GlmOptions options, double[]? start, out bool doubtful)
    {
        doubtful = false;
        var columns = new StandardisedColumns(design);
        var overall = Overall(y, options.Weights);
        double[] gamma;
        if (start is null)
        {
            if (GlmState.At(null, columns, y, options, overall).Step(out _) is not { } first)
            {
                return null;
            }

            gamma = first;
        }
        else
        {
            gamma = columns.FromOriginal(start);
        }

        var state = GlmState.At(gamma, columns, y, options, overall);
        gamma = Rescue(ref state, gamma, columns, y, options, overall);
        var tolerance = options.Family.IsCanonical ? 1e-10 : 1e-18;
        for (var iteration = 1; iteration <= options.MostIterations && state.IsUsable; iteration++)
        {
            if (state.Step(out var factor) is not { } step)
            {
                return null;
            }

            var decrement = SmallMatrix.Dot(step, state.Score);
            var next = Moved(gamma, step, 1.0);
            var after = GlmState.At(next, columns, y, options, overall);
            var scale = 1.0;
            for (var halving = 0; halving < MostHalvings && !(after.IsUsable && after.Deviance <= state.Deviance + 1e-9 * (Math.Abs(state.Deviance) + 0.1)); halving++)
            {
                scale *= 0.5;
                next = Moved(gamma, step, scale);
                after = GlmState.At(next, columns, y, options, overall);
            }

            if (!after.IsUsable)
            {
                return null;
            }

            (gamma, state) = (next, after);
            if (decrement * scale * scale <= tolerance * (options.Family.EstimatesDispersion ? Math.Max(state.Pearson / y.Length, 1e-300) : 1.0))
            {
                if (SmallMatrix.Cholesky(state.Gram, columns.Count, 1e-11) is not { } last)
                {
                    return null;
                }

                doubtful = IsDoubtful(state, options);
                var inverse = SmallMatrix.InverseCholesky(last, columns.Count);
                var fit = new GlmFit(design, setAside, columns.ToOriginal(gamma), columns.ToOriginal(inverse, columns.Count), state, y, options)
                {
                    Converged = true,
                    Iterations = iteration,
                    NullDeviance = NullDeviance(design, y, options, overall),
                };
                fit.Use(WorkingBasis.Known(columns, design, last, inverse));
                return fit;
            }
        }

        return null;
    }

    internal static double[] Moved(double[] gamma, double[] step, double scale)
    {
        var next = new double[gamma.Length];
        for (var j = 0; j < next.Length; j++)
        {
            next[j] = gamma[j] + scale * step[j];
        }

        return next;
    }

    // The first regression may leave the range of means (identity and inverse links): the intercept alone stays inside.
    static double[] Rescue(ref GlmState state, double[] gamma, StandardisedColumns columns, double[] y, GlmOptions options, double overall)
    {
        for (var halving = 0; halving < MostHalvings && !state.IsUsable; halving++)
        {
            var flat = columns.FromOriginal(columns.Flat(options.Family.LinkOf(options.Family.StartMean(overall, 1.0, overall))));
            for (var j = 0; j < gamma.Length; j++)
            {
                gamma[j] = 0.5 * (gamma[j] + flat[j]);
            }

            state = GlmState.At(gamma, columns, y, options, overall);
        }

        return gamma;
    }

    static bool IsDoubtful(GlmState state, GlmOptions options)
    {
        if (options.Family.Law == OutcomeLaw.Binomial)
        {
            foreach (var mean in state.Means)
            {
                if (Math.Min(mean, 1.0 - mean) < SuspiciousWeight)
                {
                    return true;
                }
            }
        }
        else if (options.Family.Law is OutcomeLaw.Poisson or OutcomeLaw.NegativeBinomial)
        {
            foreach (var mean in state.Means)
            {
                if (mean < SuspiciousWeight)
                {
                    return true;
                }
            }
        }

        return false;
    }

    static double? NullDeviance(DesignMatrix design, double[] y, GlmOptions options, double overall)
    {
        if (design.Intercept < 0)
        {
            return null;
        }

        if (options.Offset is null)
        {
            var sum = 0.0;
            for (var i = 0; i < y.Length; i++)
            {
                sum += (options.Weights?[i] ?? 1.0) * options.Family.UnitDeviance(y[i], overall);
            }

            return sum;
        }

        if (design.Columns == 1)
        {
            return null;
        }

        return Iterate(design.Only([design.Intercept]), [], y, options, null, out _)?.Deviance;
    }

    internal static double Overall(double[] y, double[]? weights)
    {
        double sum = 0.0, total = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            sum += (weights?[i] ?? 1.0) * y[i];
            total += weights?[i] ?? 1.0;
        }

        return sum / total;
    }

    static void RequireVariation(double[] y, GlmFamily family)
    {
        if (y.Length == 0)
        {
            throw new TooFewRowsException("The regression", 0, 2);
        }

        if (family.Law is OutcomeLaw.Gaussian or OutcomeLaw.Gamma || y.AsSpan().ContainsAnyExcept(y[0]))
        {
            return;
        }

        if (y[0] == 0 || (family.Law == OutcomeLaw.Binomial && y[0] == 1))
        {
            throw new NotEstimableException($"Every outcome is {y[0]:0}: nothing tells the columns apart.");
        }
    }

    static DesignMatrix Independent(DesignMatrix design, int? threads, out string[] setAside)
    {
        setAside = [];
        var rank = design.Columns;
        if ((long)design.Rows * design.Columns <= 100_000 || !IsClearlyIndependent(design, threads))
        {
            var qr = HouseholderQr.Factor(design.Raw);
            setAside = new string[qr.SetAside.Length];
            for (var i = 0; i < setAside.Length; i++)
            {
                setAside[i] = design.Names[qr.SetAside[i]];
            }

            design = design.Only(qr.Kept);
            rank = qr.Rank;
        }

        if (rank == 0)
        {
            throw new NotEstimableException("Every column of the model is 0.");
        }

        return design.Rows > rank ? design : throw new TooFewRowsException("The regression", design.Rows, rank + 1);
    }

    // Every so many rows are enough to see that columns are independent; that they are not, only all rows can tell.
    static bool IsClearlyIndependent(DesignMatrix design, int? threads)
    {
        var columns = new StandardisedColumns(design);
        var sampled = Math.Min(design.Rows, Math.Max(8_192, 64 * design.Columns));
        var gram = CrossProducts.Of(
            sampled, design.Columns, 0,
            (start, count, block, _) =>
            {
                var from = (int)((long)start / CrossProducts.BlockRows * (design.Rows - count) / Math.Max(1, sampled / CrossProducts.BlockRows));
                for (var j = 0; j < columns.Count; j++)
                {
                    columns.Copy(j, from, count, block.Slice(j * CrossProducts.BlockRows, count));
                }
            },
            threads, out _);
        return SmallMatrix.Cholesky(gram, design.Columns, 1e-9) is not null;
    }
}
