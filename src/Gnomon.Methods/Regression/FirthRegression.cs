using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Regression;

/// <summary>Firth's penalised likelihood for logit and Poisson models: finite estimates whatever the data.</summary>
internal static class FirthRegression
{
    const int MostIterations = 500;
    const double LongestStep = 5.0;

    public static bool Covers(GlmFamily family) => family.IsCanonical && family.Law is OutcomeLaw.Binomial or OutcomeLaw.Poisson && !family.IsQuasi;

    public static GlmFit Fit(DesignMatrix design, IReadOnlyList<string> setAside, double[] y, GlmOptions options, SeparationResult? separation)
    {
        if (!Covers(options.Family))
        {
            throw new NotEstimableException($"Firth's penalty is for logit and Poisson models, not for {options.Family.Word}.");
        }

        var columns = new StandardisedColumns(design);
        var solution = Solve(columns, y, options, new double[columns.Count], fixedIndex: -1);
        var k = columns.Count;
        var factor = SmallMatrix.Cholesky(solution.State.Gram, k, 1e-13) ?? throw new NotEstimableException("The penalised model has singular information.");
        var inverse = SmallMatrix.InverseCholesky(factor, k);
        var fit = new GlmFit(design, setAside, columns.ToOriginal(solution.Gamma), columns.ToOriginal(inverse, k), solution.State, y, options)
        {
            Converged = true,
            Iterations = solution.Iterations,
            IsPenalised = true,
            Separation = separation,
        };
        fit.Use(WorkingBasis.Known(columns, design, factor, inverse));
        return fit;
    }

    /// <summary>Maximises the penalised likelihood over all coefficients but one; the offset carries the fixed one.</summary>
    internal static (double[] Gamma, GlmState State, int Iterations, double LogLikelihood) Solve(StandardisedColumns columns, double[] y, GlmOptions options, double[] start, int fixedIndex)
    {
        var k = columns.Count;
        var gamma = start;
        var state = GlmState.At(gamma, columns, y, options, 0.0);
        var (value, factor) = Penalised(state, k);
        for (var iteration = 1; iteration <= MostIterations; iteration++)
        {
            var score = AdjustedScore(columns, y, options, state, factor);
            var step = Step(state, factor, score, fixedIndex, k);
            var decrement = 0.0;
            for (var j = 0; j < k; j++)
            {
                decrement += j == fixedIndex ? 0.0 : step[j] * score[j];
            }

            var scale = Math.Min(1.0, LongestStep / Math.Max(Math.Sqrt(SmallMatrix.Dot(step, step)), 1e-300));
            for (var halving = 0; ; halving++)
            {
                var next = GeneralisedLinearModel.Moved(gamma, step, scale);
                var after = GlmState.At(next, columns, y, options, 0.0);
                if (after.IsUsable && SmallMatrix.Cholesky(after.Gram, k, 1e-13) is not null)
                {
                    var (better, newFactor) = Penalised(after, k);
                    if (better >= value - 1e-10 * (Math.Abs(value) + 0.1))
                    {
                        (gamma, state, value, factor) = (next, after, better, newFactor);
                        break;
                    }
                }

                if (halving == 40)
                {
                    throw new NotEstimableException("The penalised iteration found no better point.");
                }

                scale *= 0.5;
            }

            if (decrement <= 1e-18)
            {
                return (gamma, state, iteration, value);
            }
        }

        throw new NotEstimableException($"The penalised model did not converge in {MostIterations} iterations.");
    }

    // Half the deviance with the opposite sign stands for the likelihood: the saturated part is constant.
    static (double Value, double[] Factor) Penalised(GlmState state, int k)
    {
        var factor = SmallMatrix.Cholesky(state.Gram, k, 1e-13) ?? throw new NotEstimableException("The penalised model has singular information.");
        var half = 0.0;
        for (var j = 0; j < k; j++)
        {
            half += Math.Log(factor[j * k + j]);
        }

        return (half - 0.5 * state.Deviance, factor);
    }

    static double[] Step(GlmState state, double[] factor, double[] score, int fixedIndex, int k)
    {
        if (fixedIndex < 0)
        {
            return SmallMatrix.SolveCholesky(factor, score);
        }

        var sub = new double[(k - 1) * (k - 1)];
        var b = new double[k - 1];
        for (var i = 0; i < k - 1; i++)
        {
            var from = i < fixedIndex ? i : i + 1;
            b[i] = score[from];
            for (var j = 0; j < k - 1; j++)
            {
                sub[i * (k - 1) + j] = state.Gram[from * k + (j < fixedIndex ? j : j + 1)];
            }
        }

        var x = SmallMatrix.SolveCholesky(SmallMatrix.Cholesky(sub, k - 1, 1e-13) ?? throw new NotEstimableException("The penalised model has singular information."), b);
        var step = new double[k];
        for (var i = 0; i < k - 1; i++)
        {
            step[i < fixedIndex ? i : i + 1] = x[i];
        }

        return step;
    }

    static double[] AdjustedScore(StandardisedColumns columns, double[] y, GlmOptions options, GlmState state, double[] factor)
    {
        var k = columns.Count;
        var inverse = SmallMatrix.InverseCholesky(factor, k);
        var isLogit = options.Family.Law == OutcomeLaw.Binomial;
        return CrossProducts.Sums(
            y.Length, k, k,
            (start, count, block, sums) =>
            {
                Span<double> leverage = stackalloc double[CrossProducts.BlockRows];
                Span<double> t = stackalloc double[CrossProducts.BlockRows];
                leverage = leverage[..count];
                t = t[..count];
                for (var j = 0; j < k; j++)
                {
                    columns.Copy(j, start, count, block.Slice(j * CrossProducts.BlockRows, count));
                }

                leverage.Clear();
                for (var j = 0; j < k; j++)
                {
                    t.Clear();
                    for (var l = 0; l < k; l++)
                    {
                        Vectors.AddScaled(t, block.Slice(l * CrossProducts.BlockRows, count), inverse[j * k + l]);
                    }

                    Vectors.Multiply(t, block.Slice(j * CrossProducts.BlockRows, count));
                    Vectors.AddScaled(leverage, t, 1.0);
                }

                for (var i = 0; i < count; i++)
                {
                    var h = leverage[i] * state.Weights[start + i];
                    t[i] = state.Weights[start + i] * state.Residuals[start + i] + h * (isLogit ? 0.5 - state.Means[start + i] : 0.5);
                }

                for (var j = 0; j < k; j++)
                {
                    sums[j] += Vectors.Dot(block.Slice(j * CrossProducts.BlockRows, count), t);
                }
            },
            options.Threads);
    }
}
