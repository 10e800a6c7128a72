using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Which labels of a class target look wrong, by a model that did not see them. Says nothing where the columns tell too little of the target.</summary>
internal static class LabelLook
{
    private const int MostRows = 3_000;
    private const int MostFeatures = 40;
    private const int MostClasses = 10;
    private const int FewestInClass = 30;
    private const int FewestRows = 200;
    private const int MostShown = 20;
    private const double LeastGain = 0.15;
    private const double Alpha = 0.001;

    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, IReadOnlyList<SampleColumn> columns)
    {
        if (facts.Target is null || facts.Classes.Count is < 2 or > MostClasses)
        {
            yield break;
        }

        var target = columns.First(c => c.Facts == facts.Target);
        var stride = Math.Max(1, (target.Rows + MostRows - 1) / MostRows);
        var rows = Enumerable.Range(0, (target.Rows + stride - 1) / stride).Select(i => i * stride).Where(i => target.Groups[i] >= 0).ToArray();
        var sizes = rows.CountBy(i => target.Groups[i]).ToDictionary();
        var classes = sizes.Where(s => s.Value >= FewestInClass).Select(s => s.Key).Order().ToList();
        rows = [.. rows.Where(i => classes.Contains(target.Groups[i]))];
        if (classes.Count < 2 || rows.Length < FewestRows)
        {
            yield break;
        }

        var others = columns.Where(c => c != target && c.Facts.Role is Role.Number or Role.Flag or Role.Category or Role.Time && c.Facts != facts.Target);
        var features = RowFeatures.Of(others, rows, MostFeatures);
        if (features.Length == 0)
        {
            yield break;
        }

        var labels = Array.ConvertAll(rows, i => classes.IndexOf(target.Groups[i]));
        var model = ClassProbabilities.Predict(features, features.Length / rows.Length, labels, classes.Count, seed: (ulong)facts.Options.Seed);
        if (model.Gain >= LeastGain)
        {
            yield return Part(facts, target, rows, [.. classes.Select(target.GroupName)], labels, model);
        }
    }

    private static ProfilePart Part(ProfileFacts facts, SampleColumn target, int[] rows, string[] names, int[] labels, OutOfFoldProbabilities model)
    {
        var found = ConfidentLearning.Of(model.Probabilities, labels, names.Length, seed: (ulong)facts.Options.Seed, level: facts.Options.Level, right: model.Clean);
        var evidence = new LabelErrors
        {
            Target = target.Name, Rows = rows.Length, Gain = model.Gain, Share = found.Share, Low = found.Low, High = found.High, ByChance = found.ByChance, Limit = found.Limit,
            Suspects = found.Suspects.Length, ExpectedWrong = found.ExpectedWrong, PValue = model.PValue,
        };

        // Suspects are shown where there are more of them than right labels would give.
        if (found.Share <= found.Limit || model.PValue >= Alpha)
        {
            return new ProfilePart { Evidence = [evidence] };
        }

        var shown = found.Suspects.Take(MostShown).Select(i => (IReadOnlyList<object?>)[
            (rows[i] * target.Sample.Step) + 1, names[labels[i]], names[Likely(model.Probabilities, i, names.Length)], model.Probabilities[(i * names.Length) + labels[i]]]);
        return new ProfilePart
        {
            Evidence = [evidence],
            HoldsRows = ["label-suspects"],
            Tables = [new ResultTable("label-suspects", $"Rows whose {target.Name} looks wrong, most contradicted first", ["row", target.Name, "looks like", "probability of its label"], [.. shown])],
            Limitations = [$"Labels were judged on {Figures.Count(rows.Length, "row")} by a {model.Model} that explains {Figures.Percent(model.Gain)} of {target.Name}. It finds labels that contradict the other columns; where these are wrong, a right label looks wrong."],
        };
    }

    private static int Likely(double[] probabilities, int row, int classes) => Enumerable.Range(0, classes).MaxBy(c => probabilities[(row * classes) + c]);
}
