using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Methods.Bayes;

/// <summary>Columns centred and scaled as priors need them, and the way back to their own units.</summary>
internal sealed class ScaledDesign
{
    readonly int _intercept;
    readonly double _interceptValue;
    readonly double[] _means;
    readonly double[] _scales;
    readonly double _mean;
    readonly double _spread;
    readonly bool _isNormal;

    ScaledDesign(double[][] columns, double[] response, CoefficientPrior[] priors, int intercept, double interceptValue, double[] means, double[] scales, double mean, double spread, bool isNormal)
    {
        (Columns, Response, Priors) = (columns, response, priors);
        (_intercept, _interceptValue, _means, _scales, _mean, _spread, _isNormal) = (intercept, interceptValue, means, scales, mean, spread, isNormal);
    }

    public double[][] Columns { get; }

    public double[] Response { get; }

    public CoefficientPrior[] Priors { get; }

    public static ScaledDesign Of(DesignMatrix design, ReadOnlySpan<double> y, double[]? offset, double[]? weights, BayesianRegressionOptions options)
    {
        var k = design.Columns;
        var isNormal = options.Family.Law == OutcomeLaw.Gaussian;
        var intercept = design.Intercept;
        var (columns, means, scales, priors) = (new double[k][], new double[k], new double[k], new CoefficientPrior[k]);
        double mean = 0, spread = 1;
        double[] response = y.ToArray();
        if (isNormal)
        {
            if (offset is not null)
                throw new ArgumentException("An offset belongs to models of counts and shares.", nameof(options));
            var moments = Moments.Of(y);
            if (!(moments.StandardDeviation > 0))
                throw new NotEstimableException("The outcome has one value: there is nothing to explain.");
            (mean, spread) = (intercept < 0 ? 0 : moments.Mean, moments.StandardDeviation);
            response = Array.ConvertAll(response, v => (v - mean) / spread);
        }
        for (var j = 0; j < k; j++)
        {
            if (j == intercept)
            {
                columns[j] = new double[design.Rows];
                Array.Fill(columns[j], 1);
                (means[j], scales[j]) = (0, 1);
                priors[j] = options.Family.Law == OutcomeLaw.Poisson ? options.InterceptPrior with { Centre = options.InterceptPrior.Centre + Rate(y, offset, weights) } : options.InterceptPrior;
                continue;
            }
            var own = Moments.Of(design.Column(j));
            if (!(own.StandardDeviation > 0))
                throw new NotEstimableException($"Column {design.Names[j]} has one value.");
            (means[j], scales[j]) = (intercept < 0 ? 0 : own.Mean, own.StandardDeviation);
            columns[j] = new double[design.Rows];
            var column = design.Column(j);
            for (var i = 0; i < column.Length; i++)
                columns[j][i] = (column[i] - means[j]) / scales[j];
            priors[j] = options.Prior;
        }
        return new(columns, response, priors, intercept, intercept < 0 ? 1 : design.Column(intercept)[0], means, scales, mean, spread, isNormal);
    }

    /// <summary>Scale of a coefficient's prior per unit of its column; of the intercept's where the columns are at their means.</summary>
    public double PriorScale(int j) => Priors[j].Scale * (_isNormal ? _spread : 1) / (j == _intercept ? _interceptValue : _scales[j]);

    /// <summary>Coefficients per unit of the columns, and sigma last for a normal outcome.</summary>
    public double[] Natural(double[] scaled)
    {
        var k = Columns.Length;
        var natural = new double[scaled.Length];
        var atZero = _intercept < 0 ? 0 : _mean + _spread * scaled[_intercept];
        for (var j = 0; j < k; j++)
        {
            if (j == _intercept)
                continue;
            natural[j] = scaled[j] * _spread / _scales[j];
            atZero -= natural[j] * _means[j];
        }
        if (_intercept >= 0)
            natural[_intercept] = atZero / _interceptValue;
        if (_isNormal)
            natural[k] = _spread * Math.Exp(scaled[k]);
        return natural;
    }

    // Logarithm of events per exposure; half an event where there is none.
    static double Rate(ReadOnlySpan<double> y, double[]? offset, double[]? weights)
    {
        double events = 0, exposure = 0;
        for (var i = 0; i < y.Length; i++)
        {
            var w = weights?[i] ?? 1;
            events += w * y[i];
            exposure += w * (offset is null ? 1 : Math.Exp(offset[i]));
        }
        return Math.Log(Math.Max(events, 0.5) / exposure);
    }
}
