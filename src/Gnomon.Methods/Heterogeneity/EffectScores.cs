using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>One number per unit whose mean over any group known before assignment is the treatment effect in that group, without bias.</summary>
/// <remarks>
/// With the share e of treated units known by design, score = (w - e) / (e (1 - e)) (y - m(x)). Where m = (1 - e) E[y|x, treated] + e E[y|x, control] this is the doubly
/// robust score of Robins, Rotnitzky and Zhao 1994 (augmented inverse probability, AIPW); any other m leaves it unbiased and only adds spread. m is additive in the bins of the
/// columns, fitted by least squares with weight 1/e^2 for treated and 1/(1-e)^2 for control units, which minimises the spread of the scores themselves; every bin is shrunken as if
/// <see cref="PriorUnits"/> more units stood at the mean. It is cross-fitted: a unit's m never saw the unit's outcome (Chernozhukov et al. 2018).
/// </remarks>
public static class EffectScores
{
    /// <summary>Folds of the cross-fitting.</summary>
    public const int Folds = 5;

    /// <summary>Units at the mean that every bin is shrunken by.</summary>
    public const double PriorUnits = 20;

    /// <summary>Scores with a given prediction of the outcome.</summary>
    /// <param name="outcome">y, one per unit.</param>
    /// <param name="treated">w.</param>
    /// <param name="share">e: share of units assigned to the treatment, of those assigned to treatment or control.</param>
    /// <param name="predicted">m(x) of each unit, made without its outcome.</param>
    public static double[] Of(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, double share, ReadOnlySpan<double> predicted)
    {
        Check(outcome, treated, share);
        if (predicted.Length != outcome.Length)
        {
            throw new ArgumentException($"{predicted.Length} predictions for {outcome.Length} units.", nameof(predicted));
        }

        var scores = new double[outcome.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (outcome[i] - predicted[i]) * (treated[i] ? 1 / share : -1 / (1 - share));
        }

        return scores;
    }

    /// <summary>Scores with a cross-fitted additive prediction.</summary>
    /// <param name="features">Columns known before assignment.</param>
    /// <param name="outcome">y, one per unit.</param>
    /// <param name="treated">w.</param>
    /// <param name="share">e: share of units assigned to the treatment, of those assigned to treatment or control.</param>
    /// <param name="fold">Fold of each unit, 0 to <see cref="Folds"/> - 1, independent of arm and outcome.</param>
    /// <exception cref="TooFewRowsException">A fold leaves fewer than 10 units of an arm to the others.</exception>
    public static double[] CrossFitted(FeatureTable features, ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, double share, ReadOnlySpan<byte> fold)
    {
        ArgumentNullException.ThrowIfNull(features);
        Check(outcome, treated, share);
        if (features.Units != outcome.Length || fold.Length != outcome.Length)
        {
            throw new ArgumentException($"{features.Units} units with columns, {fold.Length} with a fold, {outcome.Length} with an outcome.", nameof(features));
        }

        var additive = new Additive(features, outcome, treated, share, fold);
        var predicted = new double[outcome.Length];
        for (var k = 0; k < Folds; k++)
        {
            additive.Predict(k, predicted);
        }

        return Of(outcome, treated, share, predicted);
    }

    static void Check(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, double share)
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The treated share lies between 0 and 1.");
        }

        if (treated.Length != outcome.Length)
        {
            throw new ArgumentException($"{treated.Length} arms for {outcome.Length} outcomes.", nameof(treated));
        }
    }

    // Weighted least squares on the indicators of bins. A unit has one bin per column, so the normal equations take p^2 / 2 additions per unit.
    ref struct Additive
    {
        const int LeastPerArm = 10;
        readonly FeatureTable _features;
        readonly ReadOnlySpan<byte> _fold;
        readonly int[] _first;
        readonly int _size;
        readonly double[][] _gram;
        readonly double[][] _right;
        readonly double _centre;

        public Additive(FeatureTable features, ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, double share, ReadOnlySpan<byte> fold)
        {
            _features = features;
            _fold = fold;
            var width = features.Features.Count;
            _first = new int[width];
            _size = 1;
            for (var f = 0; f < width; f++)
            {
                _first[f] = _size;
                _size += features.Features[f].Bins;
            }

            _gram = new double[Folds][];
            _right = new double[Folds][];
            var arms = new int[Folds, 2];
            for (var k = 0; k < Folds; k++)
            {
                _gram[k] = new double[_size * _size];
                _right[k] = new double[_size];
            }

            // About the mean of all, so that large outcomes lose no digits.
            _centre = outcome.IsEmpty ? 0 : Numerics.Moments.MeanVariance(outcome).Mean;
            var codes = features.Codes;
            Span<int> at = stackalloc int[width + 1];
            at[0] = 0;
            for (var i = 0; i < outcome.Length; i++)
            {
                var (k, w) = (fold[i], treated[i] ? 1 / (share * share) : 1 / ((1 - share) * (1 - share)));
                arms[k, treated[i] ? 1 : 0]++;
                var (gram, right, y) = (_gram[k], _right[k], outcome[i] - _centre);
                for (var f = 0; f < width; f++)
                {
                    at[f + 1] = _first[f] + codes[(i * width) + f];
                }

                for (var a = 0; a <= width; a++)
                {
                    right[at[a]] += w * y;
                    var row = at[a] * _size;
                    for (var b = 0; b <= a; b++)
                    {
                        gram[row + at[b]] += w;
                    }
                }
            }

            for (var k = 0; k < Folds; k++)
            {
                for (var arm = 0; arm < 2; arm++)
                {
                    var others = Enumerable.Range(0, Folds).Where(o => o != k).Sum(o => arms[o, arm]);
                    if (others < LeastPerArm)
                    {
                        throw new TooFewRowsException(arm == 1 ? "The treated arm outside a fold" : "The control arm outside a fold", others, LeastPerArm);
                    }
                }
            }
        }

        // Fitted on all folds but one, read in that one.
        public readonly void Predict(int fold, Span<double> predicted)
        {
            var (gram, right) = (new double[_size * _size], new double[_size]);
            for (var k = 0; k < Folds; k++)
            {
                if (k == fold)
                {
                    continue;
                }

                for (var i = 0; i < gram.Length; i++)
                {
                    gram[i] += _gram[k][i];
                }

                for (var i = 0; i < _size; i++)
                {
                    right[i] += _right[k][i];
                }
            }

            var units = 0L;
            foreach (var f in _fold)
            {
                units += f == fold ? 0 : 1;
            }

            var shrink = PriorUnits * gram[0] / Math.Max(1, units);
            for (var i = 0; i < _size; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    gram[(j * _size) + i] = gram[(i * _size) + j];
                }

                gram[(i * _size) + i] += i == 0 ? 0 : shrink;
            }

            var beta = PivotedCholesky.Factor(gram, _size).Solve(right);
            var width = _first.Length;
            var codes = _features.Codes;
            for (var i = 0; i < _fold.Length; i++)
            {
                if (_fold[i] != fold)
                {
                    continue;
                }

                var m = _centre + beta[0];
                for (var f = 0; f < width; f++)
                {
                    m += beta[_first[f] + codes[(i * width) + f]];
                }

                predicted[i] = m;
            }
        }
    }
}
