using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Mixed;

/// <summary>A fitted linear mixed model.</summary>
public sealed class MixedFit : RegressionFit
{
    // A relative standard deviation below this is 0: lme4's bar for singular fits.
    const double Boundary = 1e-4;

    readonly Lazy<SatterthwaiteCovariance> _covariance;
    readonly Lazy<IReadOnlyList<(double[] Effects, double[] Covariance)>> _modes;

    internal MixedFit(MixedProblem problem, IReadOnlyList<RandomTerm> terms, SearchResult found)
        : this(problem, terms, found, problem.At(problem.Shape.Factors(found.X))!.Value)
    {
    }

    MixedFit(MixedProblem problem, IReadOnlyList<RandomTerm> terms, SearchResult found, Profiled at)
        : this(problem, terms, found, at, problem.Coefficients(at.Factor))
    {
    }

    MixedFit(MixedProblem problem, IReadOnlyList<RandomTerm> terms, SearchResult found, Profiled at, double[] basis)
        : base(problem.Plain.Design, problem.Plain.SetAside, Shifted(problem, basis), Inverse(problem, at.Factor), new double[problem.Plain.Rows], problem.Plain.WorkingWeights)
    {
        Problem = problem;
        Terms = terms;
        Theta = found.X;
        Criterion = found.Value;
        Evaluations = found.Evaluations;
        Sigma = Math.Sqrt(at.Penalised / problem.Degrees);
        BasisCoefficients = basis;
        Singular = [.. SingularParts(problem.Shape, Theta)];
        Random = [.. problem.Shape.Parts.Select((p, k) => new RandomCovariance(
            p.Term.Group, p.Term.Levels.Count, p.Names, Array.ConvertAll(problem.Shape.RawCovariance(Theta, k), v => v * Sigma * Sigma)))];
        _covariance = new(() => SatterthwaiteCovariance.Of(this));
        _modes = new(() => problem.Modes(problem.Shape.Factors(Theta), basis));
        FillResiduals();
    }

    /// <summary>Random terms.</summary>
    public IReadOnlyList<RandomTerm> Terms { get; }

    /// <summary>True for REML, false for maximum likelihood.</summary>
    public bool IsRestricted => Problem.IsRestricted;

    /// <summary>-2 times the maximised log-likelihood, restricted or not.</summary>
    public double Criterion { get; }

    /// <summary>Evaluations of the criterion until the search settled.</summary>
    public int Evaluations { get; }

    /// <summary>Residual standard deviation of a row of weight 1, in the outcome's unit.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public override double Dispersion => Sigma * Sigma;

    /// <inheritdoc/>
    public override bool UsesStudent => true;

    /// <summary>Covariance of the random effects, one entry per correlated set of them.</summary>
    public IReadOnlyList<RandomCovariance> Random { get; }

    /// <summary>Parts of random terms with a variance of 0 or a correlation of -1 or 1.</summary>
    public IReadOnlyList<SingularPart> Singular { get; }

    /// <summary>Whether a random term is singular.</summary>
    public bool IsSingular => Singular.Count > 0;

    /// <summary>Covariance of the coefficients with Satterthwaite's degrees of freedom.</summary>
    public SatterthwaiteCovariance Covariance => _covariance.Value;

    /// <summary>Variance parameters, the residual one included.</summary>
    public int VarianceParameters => Problem.Shape.Parameters + 1;

    /// <summary>Akaike's criterion; comparable between models with the same fixed columns only, under REML.</summary>
    public double Aic => Criterion + 2.0 * (Estimates.Length + VarianceParameters);

    /// <summary>Schwarz's criterion; comparable between models with the same fixed columns only, under REML.</summary>
    public double Bic => Criterion + Math.Log(Rows) * (Estimates.Length + VarianceParameters);

    /// <summary>The outcome, one value per row.</summary>
    public ReadOnlySpan<double> Response => Problem.Plain.Response;

    /// <summary>Outcome less fixed part and effects of the row's groups, one per row.</summary>
    public ReadOnlySpan<double> Residuals => WorkingResiduals;

    internal MixedProblem Problem { get; }

    internal double[] Theta { get; }

    internal double[] BasisCoefficients { get; }

    /// <summary>Outcome expected for rows of an average group: the fixed part, one value per row.</summary>
    public double[] FixedPart() => Design.Times(Estimates);

    /// <summary>Outcome expected given the row's groups: fixed and random part, one value per row.</summary>
    public double[] Fitted()
    {
        var fitted = new double[Rows];
        for (var i = 0; i < fitted.Length; i++)
        {
            fitted[i] = Response[i] - WorkingResiduals[i];
        }

        return fitted;
    }

    /// <summary>Estimates, errors, t with Satterthwaite's degrees of freedom, p and intervals, one per coefficient.</summary>
    /// <param name="level">Confidence level in (0, 1).</param>
    public IReadOnlyList<CoefficientEstimate> Table(double level = 0.95) => Covariance.Table(this, level);

    /// <summary>Predicted effects of every group, in order of terms, groups and effects.</summary>
    public IReadOnlyList<GroupEffect> GroupEffects()
    {
        var result = new List<GroupEffect>();
        foreach (var part in Problem.Shape.Parts)
        {
            var (effects, covariance) = _modes.Value[part.Grouping];
            var width = Problem.Shape.Groupings[part.Grouping].Width;
            var k = part.Width;
            var own = new double[k * k];
            for (var level = 0; level < part.Term.Levels.Count; level++)
            {
                for (var a = 0; a < k; a++)
                {
                    for (var b = 0; b < k; b++)
                    {
                        own[a * k + b] = covariance[(level * width + part.Offset + a) * width + part.Offset + b];
                    }
                }

                var raw = Dense.Sandwich(part.ToRaw, own, k);
                for (var a = 0; a < k; a++)
                {
                    var value = 0.0;
                    for (var b = 0; b < k; b++)
                    {
                        value += part.ToRaw[a * k + b] * effects[level * width + part.Offset + b];
                    }

                    result.Add(new GroupEffect(part.Term.Group, part.Term.Levels[level], part.Names[a], value, Sigma * Math.Sqrt(Math.Max(0.0, raw[a * k + a]))));
                }
            }
        }

        return result;
    }

    /// <summary>How fixed part, groupings and residuals share the variance of the outcome.</summary>
    public VarianceShares Shares()
    {
        var part = Numerics.Moments.MeanVariance(FixedPart());
        var random = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var k = 0; k < Random.Count; k++)
        {
            var columns = Problem.Shape.Parts[k].Term;
            var names = Random[k].Names;
            var sum = 0.0;
            double[][] z = [.. names.Select(n => columns.Columns[columns.Names.ToList().IndexOf(n)])];
            for (var a = 0; a < z.Length; a++)
            {
                for (var b = 0; b < z.Length; b++)
                {
                    sum += Random[k].Covariance[a * z.Length + b] * PenalisedSystem.Dot(z[a], z[b], default) / Rows;
                }
            }

            random[columns.Group] = random.GetValueOrDefault(columns.Group) + sum;
        }

        var inverse = WorkingWeights is null ? 1.0 : WorkingWeights.Sum(w => 1.0 / w) / Rows;
        return new VarianceShares(Rows > 1 ? part.Variance : 0.0, [.. random], Dispersion * inverse);
    }

    internal override WorkingBasis Basis(int? threads) =>
        throw new NotSupportedException("Leverages and robust errors are not defined for mixed models here: the groups are in the model. Use MixedFit.Covariance.");

    internal static IEnumerable<SingularPart> SingularParts(CovarianceShape shape, double[] theta)
    {
        for (var p = 0; p < shape.Parts.Count; p++)
        {
            var part = shape.Parts[p];
            var k = part.Width;
            var l = shape.FactorOf(theta, p);
            if (!Enumerable.Range(0, k).Any(i => Math.Abs(l[i * k + i]) < Boundary))
            {
                continue;
            }

            // Raw effects in units of their own columns: an intercept may vanish where its column is 0 and not at the centre.
            var raw = shape.RawCovariance(theta, p);
            List<string> zero = [.. Enumerable.Range(0, k).Where(i => Math.Sqrt(raw[i * k + i]) < Boundary * part.ToRaw[i * k + i]).Select(i => part.Names[i])];
            yield return zero.Count > 0 ? new SingularPart(part.Term.Group, zero, IsZero: true) : new SingularPart(part.Term.Group, part.Names, IsZero: false);
        }
    }

    static double[] Shifted(MixedProblem problem, double[] basis)
    {
        var shift = problem.ToColumns(basis);
        for (var j = 0; j < shift.Length; j++)
        {
            shift[j] += problem.Plain.Estimates[j];
        }

        return shift;
    }

    static double[] Inverse(MixedProblem problem, double[] factor) => problem.ColumnCovariance(problem.BasisCovariance(factor));

    void FillResiduals()
    {
        var shift = Problem.BasisTimes(BasisCoefficients);
        for (var i = 0; i < WorkingResiduals.Length; i++)
        {
            WorkingResiduals[i] = Problem.Plain.Residuals[i] - shift[i];
        }

        for (var g = 0; g < Problem.Shape.Groupings.Count; g++)
        {
            var grouping = Problem.Shape.Groupings[g];
            var effects = _modes.Value[g].Effects;
            for (var i = 0; i < WorkingResiduals.Length; i++)
            {
                for (var a = 0; a < grouping.Width; a++)
                {
                    WorkingResiduals[i] -= grouping.Columns[a][i] * effects[grouping.Codes[i] * grouping.Width + a];
                }
            }
        }
    }
}
