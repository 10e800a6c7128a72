using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>Can an outsider tell from a model's error whether a row was in its training?</summary>
/// <remarks>Source: Yeom et al. 2018, the attack by loss: rows of the training are fitted better. Its area under the curve is 0.5 where nothing is learned; epsilon bounds the share of right guesses by exp(epsilon) / (1 + exp(epsilon)).</remarks>
internal static class MembershipLook
{
    public static ResultTable? Of(PrivacyOptions options, ModelRows? model, Generalisation made, PrivacyBounds bounds)
    {
        if (model is null)
        {
            return null;
        }

        var halves = DomainClassifier.Folds(model.Target, 2, (ulong)options.Seed + 1);
        int[] train = [.. Enumerable.Range(0, halves.Length).Where(i => halves[i] == 0)];
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var (name, features) in new[] { ("columns as they are", model.Features(null)), ($"coarse columns, k = {options.K}", model.Features(made)) })
        {
            if (features.Length > 0 && LogisticScores.Fit(features, model.Target, train, options.Threads) is { } beta)
            {
                rows.Add(Row(name, Attack(features, beta, model.Target, halves, options.Level), null));
            }
        }

        var bounded = model.Bounded(bounds, strict: false).Select(f => f.Values).ToArray();
        var fit = PrivateLogistic.Fit([.. bounded.Select(f => Array.ConvertAll(train, i => f[i]))], Array.ConvertAll(train, i => model.Target[i]), options.Penalty, (int)options.RowsPerPerson);
        var noisy = fit.Release(options.Loss, NoiseSource.Seeded((ulong)options.Seed + 2));
        var loss = (double)options.Loss.Value;
        rows.Add(Row($"private model, epsilon = {options.Loss}", Attack(bounded, noisy, model.Target, halves, options.Level), 1 / (1 + Math.Exp(-loss))));
        return new ResultTable("membership", "Does the model give away who was in its training?", ["model", "attack AUC", "low", "high", "most right guesses allowed"], rows);
    }

    // Error of rows the model saw (half 0) against rows it did not.
    internal static AucResult Attack(double[][] features, double[] beta, bool[] target, int[] halves, double level)
    {
        var all = Enumerable.Range(0, target.Length).ToArray();
        var logit = LogisticScores.Score(features, beta, all);
        double Gain(int i)
        {
            var signed = target[i] ? -logit[i] : logit[i];
            return -(Math.Max(0, signed) + Math.Log(1 + Math.Exp(-Math.Abs(signed))));
        }

        double[] Of(int half) => [.. all.Where(i => halves[i] == half).Select(Gain)];
        return AreaUnderCurve.Of(Of(0), Of(1), level);
    }

    private static IReadOnlyList<object?> Row(string name, AucResult attack, double? bound) => [name, attack.Auc, attack.Low, attack.High, bound];
}
