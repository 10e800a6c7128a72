using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>Columns chosen, filled and clipped with the rows that will grade the model.</summary>
public sealed class WholeFramePreparedBeforeTheSplit : Case
{
    public override CaseCard Card { get; } = new(
        "data/whole-frame-prepared-before-the-split", CaseLevel.Intermediate,
        "The whole table is prepared before it is split",
        "Columns need their gaps filled, outliers moved, repeats dropped and the best ones chosen. A colleague does all that on the whole table and splits it afterwards: the score is excellent, and on new customers the model is no better than a coin.",
        "Every step that learns from rows belongs inside the fold. The out-of-fold score is the estimate; the score of a table prepared before the split is not, and choosing columns by the target is the step that inflates it.")
    {
        Verbs = ["profile"],
        Keywords = ["leakage", "pipeline", "cross-validation", "SelectKBest", "imputation", "StandardScaler", "train_test_split", "feature selection", "twins"],
        Gaps = ["The verbs train and evaluate do not exist yet: the model is a logistic or a linear regression, fitted in the profile."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("noise", "200 customers, 2,000 columns without any bearing on the outcome, of which the 20 best are kept.", DecisionAction.FixDataFirst, "profile noise.csv --target churned --prepare best=20,scale --fold fold --script prepare.py")
        {
            Fires = ["preprocessing-before-split"],
            Files = d => [new CaseFile("noise.csv", Noise(d)), new CaseFile("prepare.py", Script)],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "noise.csv",
                Target = "churned",
                Prepare = ["best=20", "scale"],
                Fold = "fold",
                Script = "prepare.py",
            }),
        },
        new("two-hundred-columns", "400 customers and 200 columns, a tenth of the cells missing, one of them where the outcome is bad, some columns twice under two names, and a few wild values.", DecisionAction.FixDataFirst, "profile customers.csv --target churned --prepare impute,clip,twins,best=20,scale --fold fold")
        {
            Fires = ["preprocessing-before-split", "redundant-feature", "informative-missingness"],
            Files = d => [new CaseFile("customers.csv", Customers(d))],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Eight columns that tell something, all there; the only step is scaling, which knows nothing of the outcome.", DecisionAction.Answer, "profile scaled.csv --target churned --prepare scale --fold fold")
    {
        Files = d => [new CaseFile("scaled.csv", Scaled(d))],
    };

    private static readonly string[] Script =
    [
        "import pandas as pd",
        "from sklearn.model_selection import cross_val_score",
        "from sklearn.feature_selection import SelectKBest, f_classif",
        "from sklearn.preprocessing import StandardScaler",
        "",
        "df = pd.read_csv('noise.csv')",
        "y = df.pop('churned')",
        "X = SelectKBest(f_classif, k=20).fit_transform(df, y)",
        "X = StandardScaler().fit_transform(X)",
        "print(cross_val_score(LogisticRegression(), X, y, cv=5, scoring='roc_auc').mean())",
    ];

    private static IEnumerable<string> Noise(Draw d)
    {
        var rng = d.Stream("noise");
        var (rows, width) = (200, d.Of(2_000, 600));
        var folds = Dealt(rng, rows);
        yield return "churned,fold," + string.Join(',', Enumerable.Range(1, width).Select(j => $"x{j}"));
        for (var i = 0; i < rows; i++)
        {
            yield return $"{i % 2},{folds[i]},{string.Join(',', Enumerable.Range(0, width).Select(_ => Text(rng.NextNormal())))}";
        }
    }

    // Columns 1 to 6 tell a little; 11 to 14 are 1 to 4 again in other units; 20 is missing where customers left.
    private static IEnumerable<string> Customers(Draw d)
    {
        var rng = d.Stream("customers");
        var (rows, width) = (400, 200);
        var folds = Dealt(rng, rows);
        yield return "churned,fold," + string.Join(',', Enumerable.Range(1, width).Select(j => $"x{j}"));
        for (var i = 0; i < rows; i++)
        {
            var left = i % 2 == 1;
            double[] x = [.. Enumerable.Range(0, width).Select(j => rng.NextNormal() + (left && j < 6 ? 0.15 : 0) + (rng.NextDouble() < 0.005 ? 60 : 0))];
            for (var k = 0; k < 4; k++)
            {
                x[10 + k] = (2.54 * x[k]) + (0.05 * rng.NextNormal());
            }

            var cells = x.Select((v, j) => rng.NextDouble() < (j == 19 ? left ? 0.35 : 0.05 : j is >= 10 and < 14 or < 4 ? 0.02 : 0.1) ? string.Empty : Text(v));
            yield return $"{(left ? 1 : 0)},{folds[i]},{string.Join(',', cells)}";
        }
    }

    private static IEnumerable<string> Scaled(Draw d)
    {
        var rng = d.Stream("scaled");
        var folds = Dealt(rng, 300);
        yield return "churned,fold," + string.Join(',', Enumerable.Range(1, 8).Select(j => $"x{j}"));
        for (var i = 0; i < 300; i++)
        {
            yield return $"{i % 2},{folds[i]},{string.Join(',', Enumerable.Range(0, 8).Select(j => Text(50 + (10 * (rng.NextNormal() + (j < 3 ? 0.3 * (i % 2) : 0))))))}";
        }
    }

    private static int[] Dealt(Rng rng, int rows)
    {
        int[] folds = [.. Enumerable.Range(0, rows).Select(i => 1 + (i / 2 % 5))];
        var (even, odd) = (folds.Where((_, i) => i % 2 == 0).ToArray(), folds.Where((_, i) => i % 2 == 1).ToArray());
        rng.Shuffle<int>(even);
        rng.Shuffle<int>(odd);
        return [.. Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? even[i / 2] : odd[i / 2])];
    }

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
