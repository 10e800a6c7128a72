using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class ConfidentLearningTests
{
    // Source: the formulas of Northcutt et al. in numpy on probabilities of scikit-learn 1.2.1 (second_file.py): counts exact, the rest 1e-12.
    [Fact]
    public void The_confident_joint_agrees_with_its_formula()
    {
        var r = MethodReference.Load("data/confident-learning.json");
        var classes = (int)r.Number("classes");
        var found = ConfidentLearning.Of(r.Numbers("probabilities"), [.. r.Counts("labels").Select(l => (int)l)], classes);
        foreach (var (expected, actual) in r.Numbers("thresholds").Zip(found.Thresholds))
            Assert.Equal(expected, actual, 1e-12);
        Assert.Equal(r.Counts("counts"), found.Counts);
        foreach (var (expected, actual) in r.Numbers("joint").Zip(found.Joint))
            Assert.Equal(expected, actual, 1e-12);
        Assert.Equal(r.Number("share"), found.Share, 1e-12);
        Assert.Equal(r.Counts("suspects").Select(s => (int)s), found.Suspects);
        Assert.InRange(found.Share, found.Low, found.High);
    }

    // Source: scikit-learn 1.2.1 LogisticRegression(C=1, multinomial, tol=1e-12): the same objective, fitted to 1e-8 of its value: probabilities to 1e-5.
    [Fact]
    public void The_logistic_model_agrees_with_scikit_learn()
    {
        var r = MethodReference.Load("data/confident-learning.json");
        var (k, classes) = ((int)r.Number("columns"), (int)r.Number("classes"));
        var x = r.Numbers("features");
        var beta = ClassProbabilities.FitLogistic(x, k, [.. r.Counts("labels").Select(l => (int)l)], classes, _ => true, tolerance: 1e-8);
        var expected = r.Numbers("fitted");
        for (var i = 0; i < x.Length / k; i++)
        {
            var eta = Enumerable.Range(0, classes).Select(c => beta[c * (k + 1)] + Enumerable.Range(0, k).Sum(j => beta[c * (k + 1) + j + 1] * x[i * k + j])).ToArray();
            var total = eta.Sum(Math.Exp);
            for (var c = 0; c < classes; c++)
                Assert.Equal(expected[i * classes + c], Math.Exp(eta[c]) / total, 1e-5);
        }
    }

    [Theory]
    [InlineData("line")]
    [InlineData("ring")]
    [InlineData("heavy")]
    [InlineData("bands")]
    [Trait("speed", "slow")]
    public void Right_labels_are_left_alone(string shape)
    {
        var named = Enumerable.Range(0, 30).Count(seed => LookAt((ulong)seed, shape, 0) is { } look && look.Wrong);
        Assert.InRange(named, 0, 2);
    }

    // Three classes, one row in ten labelled as the next class.
    [Fact]
    [Trait("speed", "slow")]
    public void One_wrong_label_in_ten_is_seen_and_the_suspects_are_mostly_wrong()
    {
        var seen = 0;
        double right = 0, all = 0, expected = 0, wrong = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var look = LookAt((ulong)seed, "three", 0.10)!;
            seen += look.Wrong ? 1 : 0;
            (right, all) = (right + look.Found.Suspects.Count(i => look.Flipped[i]), all + look.Found.Suspects.Length);
            (expected, wrong) = (expected + look.Found.ExpectedWrong / 10, wrong + look.Flipped.Count(f => f));
        }

        Assert.InRange(seen, 9, 10);
        Assert.InRange(right / all, 0.7, 1);
        Assert.InRange(right / wrong, 0.7, 1);
        Assert.Equal(right / all, expected, 0.12);
    }

    // The chance that a class is written down wrongly is found again, and is nought where none is.
    [Fact]
    public void The_channel_of_wrong_labels_is_estimated()
    {
        var rng = new Rng(3);
        const int N = 3_000;
        var p = new double[2 * N];
        int[] right = new int[N], wrong = new int[N];
        for (var i = 0; i < N; i++)
        {
            p[2 * i + 1] = 1 / (1 + Math.Exp(-5 * rng.NextNormal()));
            p[2 * i] = 1 - p[2 * i + 1];
            right[i] = rng.NextDouble() < p[2 * i + 1] ? 1 : 0;
            wrong[i] = rng.NextDouble() < (right[i] == 1 ? 0.15 : 0.05) ? 1 - right[i] : right[i];
        }

        var fit = LabelChannel.Fit(p, wrong, 2);
        Assert.Equal(0.15, fit.Channel[2], 0.035);
        Assert.Equal(0.05, fit.Channel[1], 0.03);
        Assert.InRange(fit.PValue, 0, 1e-6);
        var none = LabelChannel.Fit(p, right, 2);
        Assert.InRange(none.PValue, 0.01, 1);
        Assert.InRange(none.Channel[1] + none.Channel[2], 0, 0.04);
    }

    [Theory]
    [InlineData("line", "multinomial logistic regression")]
    [InlineData("ring", "multinomial logistic regression with squares and products")]
    [InlineData("bands", "vote of 30 neighbours")]
    public void The_model_follows_the_border(string shape, string model)
    {
        var (x, labels, _) = Draw(3, shape, 0);
        var found = ClassProbabilities.Predict(x, 2, labels, 2);
        Assert.StartsWith(model, found.Model, StringComparison.Ordinal);
        Assert.True(shape != "bands" || found.PValue == 1);
    }

    [Fact]
    public void Labels_that_have_nothing_to_do_with_the_columns_show_no_gain()
    {
        var rng = new Rng(4);
        var x = Enumerable.Range(0, 600).Select(_ => rng.NextNormal()).ToArray();
        Assert.InRange(ClassProbabilities.Predict(x, 2, [.. Enumerable.Range(0, 300).Select(_ => rng.NextInt(2))], 2).Gain, -0.05, 0.05);
        Assert.Throws<TooFewRowsException>(() => ClassProbabilities.Predict([1, 2, 3], 1, [0, 0, 1], 2));
        Assert.Throws<NotEstimableException>(() => ConfidentLearning.Of(new double[60], new int[30], 2));
        Assert.Throws<TooFewRowsException>(() => ConfidentLearning.Of([0.5, 0.5], [0], 2));
    }

    static Labels? LookAt(ulong seed, string shape, double flip)
    {
        var (x, labels, flipped) = Draw(seed, shape, flip);
        var classes = shape == "three" ? 3 : 2;
        var model = ClassProbabilities.Predict(x, 2, labels, classes, seed: seed);
        if (model.Gain < 0.15)
            return null;
        var found = ConfidentLearning.Of(model.Probabilities, labels, classes, 99, seed, right: model.Clean);
        return new(found, flipped, found.Share > 0.03 && found.Share > found.Limit && model.PValue < 0.001);
    }

    static (double[] X, int[] Labels, bool[] Flipped) Draw(ulong seed, string shape, double flip)
    {
        var rng = new Rng(seed).Stream(shape);
        var count = shape == "three" ? 2_000 : 600;
        var x = new double[2 * count];
        var labels = new int[count];
        var flipped = new bool[count];
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (rng.NextNormal(), rng.NextNormal());
            flipped[i] = rng.NextDouble() < flip;
            if (shape == "three")
            {
                var truth = rng.NextInt(3);
                (x[2 * i], x[2 * i + 1]) = ((2 * truth + a - 2) / 1.9, ((truth == 1 ? 3 : 0) + b - 1) / 1.7);
                labels[i] = flipped[i] ? (truth + 1) % 3 : truth;
                continue;
            }

            var eta = shape switch { "line" => 4 * (a + 0.5 * b), "ring" => 4 * (a * a + b * b - 1.4), "bands" => 6.0 * Math.Sign(Math.Sin(3.5 * a)) * Math.Sign(b), _ => 3 * Math.Sign(a) * Math.Sqrt(Math.Abs(a)) + b };
            (x[2 * i], x[2 * i + 1]) = (a, b);
            labels[i] = rng.NextDouble() < 1 / (1 + Math.Exp(-eta)) != flipped[i] ? 1 : 0;
        }

        return (x, labels, flipped);
    }

    sealed record Labels(LabelContradictions Found, bool[] Flipped, bool Wrong);
}
