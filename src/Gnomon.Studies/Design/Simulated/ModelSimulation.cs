using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;
using Gnomon.Studies.Regress;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>A model of history: what was read and fitted, and the coefficient that the plan is about.</summary>
/// <param name="Regress">The options that the analysis will have.</param>
/// <param name="Data">Complete rows of history.</param>
/// <param name="Matrix">Their design, columns with a coefficient only.</param>
/// <param name="Label">Name of the coefficient.</param>
/// <param name="Coefficient">Its value in history, on the scale of the linear predictor.</param>
/// <param name="StandardError">Its error there.</param>
/// <param name="Sampler">Draws rows.</param>
/// <param name="Noun">What is drawn.</param>
internal sealed record FittedHistory(RegressOptions Regress, ModelData Data, DesignMatrix Matrix, string Label, double Coefficient, double StandardError, RowSampler Sampler, string Noun)
{
    public int Focus => Label.Length == 0 ? -1 : Array.IndexOf([.. Matrix.Names], Label);

    /// <summary>The design of drawn rows.</summary>
    public DesignMatrix Rows(int[] rows)
    {
        var columns = new double[Matrix.Columns][];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = Pick(Matrix.Column(j), rows);
        }

        return new DesignMatrix(columns, Matrix.Names);
    }

    /// <summary>The linear predictor of every row.</summary>
    public double[] Predictor(IReadOnlyList<double> coefficients)
    {
        var predictor = new double[Matrix.Rows];
        for (var j = 0; j < Matrix.Columns; j++)
        {
            var column = Matrix.Column(j);
            for (var i = 0; i < predictor.Length; i++)
            {
                predictor[i] += coefficients[j] * column[i];
            }
        }

        return predictor;
    }

    public static double[] Pick(ReadOnlySpan<double> values, int[] rows)
    {
        var picked = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            picked[i] = values[rows[i]];
        }

        return picked;
    }

    /// <summary>The same model with drawn rows and outcomes in place of history's.</summary>
    public ModelData With(RowSample sample, double[] y) => Data with
    {
        Y = y,
        Weights = Data.Weights is null ? null : Pick(Data.Weights, sample.Rows),
        Offset = Data.Offset is null ? null : Pick(Data.Offset, sample.Rows),
        Clusters = Data.Clusters.Count == 0 ? [] : [sample.Units],
        Candidates = [],
    };
}

/// <summary>A coefficient of a model fitted to history: rows are drawn again, outcomes follow the fitted model with the coefficient set to the effect, and the model is fitted anew.</summary>
internal abstract class ModelSimulation(FittedHistory history) : SimulatedTest
{
    protected FittedHistory History => history;

    public override string Metric => history.Data.Outcome;

    public override string EffectUnit => IsRatio ? "relative" : history.Data.Outcome;

    public override string Noun => history.Noun;

    public override double? Baseline => IsRatio ? null : Numerics.Moments.MeanVariance(history.Data.Y).Mean;

    public override int Fewest => history.Noun == "rows" ? history.Matrix.Columns + 2 : 12;

    public override double ErrorPerRoot => history.StandardError * Math.Sqrt(history.Sampler.Units);

    public override Func<Rng, double?> Draw(int size, double effect)
    {
        var shift = (IsRatio ? Elementary.Log1p(effect) : effect) - history.Coefficient;
        return rng =>
        {
            try
            {
                var sample = history.Sampler.Take(rng, size);
                return PValue(sample, Outcomes(sample, rng, shift));
            }
            catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException or OutcomeRangeException or GnomonError)
            {
                return null; // counted: a data set that cannot be fitted finds nothing
            }
        };
    }

    /// <summary>Outcomes of drawn rows when the coefficient is larger by so much than in history.</summary>
    protected abstract double[] Outcomes(RowSample sample, Rng rng, double shift);

    /// <summary>The p-value that the analysis would read; null when the coefficient cannot be estimated.</summary>
    protected abstract double? PValue(RowSample sample, double[] y);

    /// <summary>How outcomes come about, in a sentence.</summary>
    protected abstract string Drawn { get; }

    public override string Thing(string effect) => IsRatio ? $"a change of {Multiplied} by {effect} {Per}" : $"a coefficient of {history.Label} of {effect}";

    /// <summary>What the effect is the value of.</summary>
    protected virtual string Called => "coefficient of";

    private string Per => history.Label.Contains(" = ", StringComparison.Ordinal) ? $"for {history.Label}" : $"per 1 of {history.Label}";

    /// <summary>What a ratio multiplies.</summary>
    protected virtual string Multiplied => history.Data.Outcome;

    public override IEnumerable<string> Assumptions()
    {
        var units = history.Noun == "rows" ? string.Empty : $" in {Figures.Count(history.Sampler.Units)} {history.Noun}";
        var was = IsRatio ? $"the change of {Multiplied} is {Figures.Effect(Elementary.Expm1(history.Coefficient), "relative")} {Per}" : $"the {Called} {history.Label} is {Figures.Effect(history.Coefficient, EffectUnit)}";
        yield return $"Simulated from {Figures.Count(history.Data.Rows, "complete row")} of history{units}, where {was}: everything else stays as fitted there.";
        yield return Drawn;
        foreach (var line in RegressWords.LeftOut(history.Data))
        {
            yield return line;
        }
    }

    public override string AnalyseWith
    {
        get
        {
            var o = history.Regress;
            var family = o.Family == "auto" ? string.Empty : $" --family {o.Family}";
            var cluster = o.Cluster.Count == 0 ? string.Empty : $" --cluster {o.Cluster[0]}";
            return $"Analyse with: gnomon regress DATA --formula \"{o.Formula}\"{family}{cluster}";
        }
    }
}
