using System.Text.RegularExpressions;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Profile.Prepare;

/// <summary>Something that a script does before it splits, or with the rows that grade.</summary>
/// <param name="Rule">Stable kebab-case name of the rule.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Says">What it does, in the middle of a sentence.</param>
/// <param name="Instead">What to write instead; begins with a verb.</param>
internal sealed record ScriptRemark(string Rule, int Line, int Column, string Says, string Instead);

/// <summary>
/// Reads a script in Python or R line by line for steps that learn before the split or from the rows that grade. It reads text and runs nothing: what a function elsewhere does it cannot see. Lines inside a pipeline that is only
/// defined (<c>Pipeline</c>, <c>make_pipeline</c>, <c>recipe</c>) learn nothing there and are passed over.
/// </summary>
internal sealed partial class ScriptReview
{
    private static readonly string Inside = "Put the step into the pipeline that is fitted inside each fold.";
    private readonly string[] _lines;
    private readonly int _split;

    private ScriptReview(string[] lines)
    {
        _lines = [.. lines.Select(Plain)];
        _split = Array.FindIndex(_lines, l => Split().IsMatch(l) && !Import().IsMatch(l));
    }

    /// <summary>The line of the first split, from 1; null where the script has none.</summary>
    public int? SplitLine => _split < 0 ? null : _split + 1;

    /// <exception cref="GnomonError"><c>file-not-found</c>.</exception>
    public static ScriptReview Read(string path)
    {
        try
        {
            return new ScriptReview(File.ReadAllLines(path));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-found", $"{path} could not be read: {wrong.Message}", "--script", "Name a script in Python or R.", wrong);
        }
    }

    public static ScriptReview Of(string text) => new(text.ReplaceLineEndings("\n").Split('\n'));

    public IReadOnlyList<ScriptRemark> Remarks() => [.. Look().OrderBy(r => r.Line).ThenBy(r => r.Column)];

    private IEnumerable<ScriptRemark> Look()
    {
        for (var k = 0; k < _lines.Length; k++)
        {
            var line = _lines[k];
            if (line.Length == 0 || Import().IsMatch(line))
            {
                continue;
            }

            if (OnTest().Match(line) is { Success: true } test)
            {
                yield return new ScriptRemark("fit-on-test-rows", k + 1, test.Index + 1, $"fits a step on the rows that grade ({test.Value.Trim()})", "Fit on the training rows and only transform the others.");
                continue;
            }

            if (_split < 0 || k >= _split || Definition().IsMatch(line))
            {
                continue;
            }

            if (First(line) is var (rule, match, says, instead))
            {
                yield return new ScriptRemark(rule, k + 1, match.Index + 1, $"{says} before the split in line {_split + 1}", instead);
            }
        }
    }

    private static (string Rule, Match Match, string Says, string Instead)? First(string line)
    {
        foreach (var (rule, pattern, says, instead) in new (string, Regex, string, string)[]
        {
            ("resample-before-split", Resample(), "makes or repeats rows", "Resample the training rows of each fold only."),
            ("target-before-split", TargetMean(), "gives columns the mean of the target", "Encode inside each fold, from its training rows."),
            ("select-before-split", Select(), "chooses columns by what they tell of all rows", Inside),
            ("drop-rows-before-split", DropRows(), "drops rows by limits learned from all of them", "Learn the limits on training rows, and move values to them; rows that grade stay."),
            ("fit-before-split", Fit(), "fits a step on all rows", Inside),
            ("statistics-before-split", Statistic(), "fills or scales by statistics of all rows", Inside),
        })
        {
            if (pattern.Match(line) is { Success: true } match)
            {
                return (rule, match, says, instead);
            }
        }

        return null;
    }

    // Comments and the insides of quotes are no code; places stay as they are.
    private static string Plain(string line)
    {
        var text = line.ToCharArray();
        var quote = '\0';
        for (var k = 0; k < text.Length; k++)
        {
            if (quote != '\0')
            {
                if (text[k] == quote)
                {
                    quote = '\0';
                }
                else
                {
                    text[k] = ' ';
                }
            }
            else if (text[k] is '\'' or '"')
            {
                quote = text[k];
            }
            else if (text[k] == '#')
            {
                return new string(text, 0, k).TrimEnd();
            }
        }

        return new string(text).TrimEnd();
    }

    [GeneratedRegex(@"\b(train_test_split|cross_val_score|cross_validate|cross_val_predict|KFold|StratifiedKFold|GroupKFold|ShuffleSplit|StratifiedShuffleSplit|TimeSeriesSplit|GridSearchCV|RandomizedSearchCV|createDataPartition|createFolds|initial_split|vfold_cv|trainControl|cv\.glmnet|sample\.split)\s*\(|\bsample(\.int)?\s*\(\s*(nrow|seq_len|1\s*:\s*nrow)", RegexOptions.ExplicitCapture)]
    private static partial Regex Split();

    [GeneratedRegex(@"^\s*(from\s+\S+\s+import|import\s|library\s*\(|require\s*\()", RegexOptions.ExplicitCapture)]
    private static partial Regex Import();

    [GeneratedRegex(@"\b(Pipeline|make_pipeline|ColumnTransformer|make_column_transformer|recipe|workflow)\s*\(|\bstep_\w+\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\.\s*(fit_transform|fit_resample|fit)\s*\(\s*(X_?test|x_?test|test\w*|X_?val\w*|x_?val\w*|valid\w*)\b|\b(preProcess|scale)\s*\(\s*(test|valid)\w*", RegexOptions.ExplicitCapture)]
    private static partial Regex OnTest();

    [GeneratedRegex(@"\.\s*fit_resample\s*\(|\b(SMOTE|ROSE|ovun\.sample|upSample|downSample)\s*\(\s*[A-Za-z_]\w*\s*[,~]|\bresample\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Resample();

    [GeneratedRegex(@"groupby\s*\(.*\)\s*\[.*\]\s*\.\s*(transform|mean|agg)\s*\(|\b(TargetEncoder|LeaveOneOutEncoder|CatBoostEncoder|MEstimateEncoder)\s*\(.*\)\s*\.\s*fit|\bave\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex TargetMean();

    [GeneratedRegex(@"\b(SelectKBest|SelectPercentile|SelectFromModel|RFE|RFECV|VarianceThreshold|SequentialFeatureSelector)\s*\(.*\)\s*\.\s*fit|\b(f_classif|f_regression|mutual_info_classif|mutual_info_regression|chi2)\s*\(\s*[A-Za-z_]|\.\s*corr(with)?\s*\(|\b(nearZeroVar|findCorrelation|rfe|cor)\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Select();

    [GeneratedRegex(@"\[(?=.*[<>]).*\b(zscore|quantile|IQR|iqr|std|sd|mad)\b|\b(subset|filter)\s*\(.*(quantile|sd|IQR|scale)\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex DropRows();

    [GeneratedRegex(@"\.\s*fit_transform\s*\(|\b\w*(scaler|imputer|encoder|selector|pca|transformer|discretizer|Scaler|Imputer|Encoder|PCA|Transformer|Discretizer)\w*(\s*\([^)]*\))?\s*\.\s*fit\s*\(|\b(preProcess|mice|missForest|na\.roughfix|prcomp|kNN|bake|prep)\s*\(|(<-|=)\s*scale\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Fit();

    [GeneratedRegex(@"\bfillna\s*\(.*\.\s*(mean|median|mode)\s*\(|\.\s*interpolate\s*\(|-\s*\w[\w.\[\]' ""]*\.\s*mean\s*\(|/\s*\w[\w.\[\]' ""]*\.\s*std\s*\(|\bclip\s*\(.*quantile|\bis\.na\s*\(.*\)\s*\]\s*(<-|=)\s*(mean|median)\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Statistic();
}
