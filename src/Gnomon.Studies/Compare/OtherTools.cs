using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Compare;

/// <summary>The same question as other tools put it to the same data.</summary>
internal static class OtherTools
{
    /// <summary>Every setting that answers for these groups; empty where there is none (categories).</summary>
    public static IReadOnlyList<TestSetting> Settings(CompareInput input)
    {
        try
        {
            return (input.Groups, input.Kind, input.IsPaired) switch
            {
                (_, MetricKind.Category, _) => [],
                ([var y, var x], MetricKind.Binary, false) => TestSettings.Shares(x.Events, x.N, y.Events, y.N),
                ([var y, var x], _, true) => TestSettings.Pairs([.. x.Values.Zip(y.Values, (a, b) => a - b)]),
                ([var y, var x], _, _) => TestSettings.Means(x.Values, y.Values),
                (_, MetricKind.Binary, _) or (_, _, true) => [],
                _ => TestSettings.Groups([.. input.Groups.Select(g => g.Values)]),
            };
        }
        catch (Exception refused) when (refused is NotEstimableException or TooFewRowsException)
        {
            return [];
        }
    }

    /// <summary>The types of sums of squares of a two-way comparison; empty where rows belong to units, or cells are empty.</summary>
    public static IReadOnlyList<TestSetting> Settings(FactorialInput input)
    {
        try
        {
            return input.UnitColumn is null ? TestSettings.TwoWay(input.First.Codes, input.Second.Codes, input.Values, input.First.Name, input.Second.Name) : [];
        }
        catch (Exception refused) when (refused is NotEstimableException or TooFewRowsException)
        {
            return [];
        }
    }

    /// <summary>One row per setting; null where there is none.</summary>
    public static ResultTable? Table(IReadOnlyList<TestSetting> settings)
    {
        return settings.Count == 0
            ? null
            : new ResultTable(
                "tools", "The same data under other settings, and which tool uses them unasked", ["setting", "p", "Bayes factor", "default of", "statistic", "df"],
                [.. settings.Select(s => (IReadOnlyList<object?>)[s.Name, s.PValue, s.BayesFactor, s.DefaultOf, s.Statistic, s.DegreesOfFreedom])]);
    }

    /// <summary>A setting with the tools that run it unasked, for a sentence.</summary>
    public static string Phrase(TestSetting setting) => setting.DefaultOf.Length > 0 ? $"{setting.Name} (default of {setting.DefaultOf})" : setting.Name;
}
