using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Gnomon.Studies;
using Gnomon.Studies.Profile;
using Gnomon.Studies.Profile.Substitute;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Rows of a logistic model with eight columns and an event in eight rows.</summary>
internal sealed class LogisticDraw
{
    private const int Columns = 8;
    private readonly double[][] _features;
    private readonly bool[] _target;

    public LogisticDraw(int seed, int rows)
    {
        var rng = new Rng(seed).Stream("logistic-draw");
        _features = [.. Enumerable.Range(0, Columns).Select(_ => new double[rows])];
        _target = new bool[rows];
        for (var i = 0; i < rows; i++)
        {
            var logit = -2.4;
            for (var j = 0; j < Columns; j++)
            {
                _features[j][i] = rng.NextNormal();
                logit += _features[j][i] * (j % 2 == 0 ? 0.3 : -0.15);
            }

            _target[i] = rng.NextDouble() < 1 / (1 + Math.Exp(-logit));
        }
    }

    public LearningCurveFit Curve()
    {
        var rows = new SubstituteRows([.. Enumerable.Range(0, Columns).Select(j => $"x{j}")], _features, _target, _features, _target);
        return RealCurve.Of(rows, LogisticScores.Folds(_target, SubstituteQuality.FoldCount, 1), new ProfileOptions { Threads = 1 })!;
    }

    /// <summary>Area on these rows of a model trained on others.</summary>
    public double AreaOf(LogisticDraw train)
    {
        var beta = LogisticScores.Fit(train._features, train._target, [.. Enumerable.Range(0, train._target.Length)], 1)!;
        return SubstituteQuality.Area(LogisticScores.Score(_features, beta, [.. Enumerable.Range(0, _target.Length)]), _target, 0.95).Auc;
    }
}
