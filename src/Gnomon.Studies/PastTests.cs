using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Studies.Ab;

namespace Gnomon.Studies;

/// <summary>One past experiment, one treated arm against its control: effects on several outcomes and how they vary together.</summary>
internal sealed record PastTest
{
    public required string Name { get; init; }

    /// <summary>Treated minus control, one per outcome.</summary>
    public required double[] Effects { get; init; }

    /// <summary>Sampling covariance of the effects, row by row.</summary>
    public required double[] Covariance { get; init; }

    /// <summary>Units of both arms; null when only effects are known.</summary>
    public long? Users { get; init; }

    /// <summary>The arms' joint moments; null when only effects are known.</summary>
    public CoMoments? Control { get; init; }

    public CoMoments? Treatment { get; init; }

    public int Outcomes => Effects.Length;

    public double Variance(int outcome) => Covariance[outcome * Outcomes + outcome];

    public double T(int outcome) => Effects[outcome] / Math.Sqrt(Variance(outcome));

    /// <summary>The same with some outcomes turned round.</summary>
    public PastTest Signed(IReadOnlyList<int> signs) => this with
    {
        Effects = [.. Effects.Select((e, i) => signs[i] * e)],
        Covariance = [.. Covariance.Select((c, at) => signs[at / Outcomes] * signs[at % Outcomes] * c)],
    };

    /// <summary>Two of its outcomes as a check reads them; null where one of them did not vary.</summary>
    public PairedEffects? Pair(int proxy, int goal)
    {
        var (vx, vy, c) = (Variance(proxy), Variance(goal), Covariance[proxy * Outcomes + goal]);
        return vx > 0 && vy > 0 && c * c < vx * vy ? new PairedEffects(Name, Effects[proxy], Effects[goal], vx, vy, c) : null;
    }
}

/// <summary>Makes past experiments out of rows of units.</summary>
internal static class PastTests
{
    private const int FewestInArm = 2;

    /// <param name="outcomes">One column per outcome, every row with a finite value.</param>
    /// <param name="tests">Experiment of each row; below 0 for a row outside of any.</param>
    /// <param name="arms">Arm of each row.</param>
    /// <param name="testNames">By experiment.</param>
    /// <param name="armNames">By arm.</param>
    /// <param name="control">The control's name; found among the arms when null or when an experiment lacks it.</param>
    /// <param name="remarks">What was left out, one sentence each, is added here.</param>
    /// <param name="clusters">Cluster of each row, by which errors are taken; null where rows are independent.</param>
    /// <returns>In order of first appearance; an experiment of several treated arms gives one entry for each.</returns>
    public static List<PastTest> Of(
        IReadOnlyList<double[]> outcomes, int[] tests, int[] arms, IReadOnlyList<string> testNames, IReadOnlyList<string> armNames, string? control, List<string> remarks, int[]? clusters = null)
    {
        var rows = new Dictionary<(int Test, int Arm), List<int>>();
        for (var i = 0; i < tests.Length; i++)
        {
            if (tests[i] < 0 || arms[i] < 0)
            {
                continue;
            }

            if (!rows.TryGetValue((tests[i], arms[i]), out var list))
            {
                rows.Add((tests[i], arms[i]), list = []);
            }

            list.Add(i);
        }

        if (control is not null && !armNames.Contains(control, StringComparer.Ordinal))
        {
            throw new GnomonError("arm-not-found", $"No unit has arm '{control}'. Arms: {string.Join(", ", armNames.Take(20))}.", "--control", Core.Tables.NearestName.To(control, armNames) is { } near ? $"Did you mean '{near}'?" : null);
        }

        var found = new List<PastTest>();
        var (thin, several) = (0, 0);
        foreach (var test in rows.Keys.Select(k => k.Test).Distinct().Order())
        {
            var own = rows.Where(r => r.Key.Test == test && r.Value.Count >= FewestInArm).ToDictionary(r => armNames[r.Key.Arm], r => r.Value, StringComparer.Ordinal);
            if (own.Count < 2)
            {
                thin++;
                continue;
            }

            var order = AbDesign.ControlFirst([.. own.Keys], control is not null && own.ContainsKey(control) ? control : null);
            var baseline = Joint(own[order[0]]);
            several += order.Count > 2 ? 1 : 0;
            foreach (var arm in order.Skip(1))
            {
                var one = Compare(order.Count > 2 ? $"{testNames[test]} {arm}" : testNames[test], Joint(own[arm]), baseline);
                if (clusters is null)
                {
                    found.Add(one);
                }
                else if (ByCluster(own[arm], own[order[0]]) is { } covariance)
                {
                    found.Add(one with { Covariance = covariance });
                }
                else
                {
                    thin++;
                }
            }
        }

        if (thin > 0)
        {
            remarks.Add($"{Figures.Count(thin, "past test")} without two arms of two {(clusters is null ? "units" : "clusters")} {(thin == 1 ? "is" : "are")} left out.");
        }

        if (several > 0)
        {
            remarks.Add($"{Figures.Count(several, "past test")} {(several == 1 ? "has" : "have")} several treated arms: each counts as a test of its own, although they share a control.");
        }

        return found;

        double[]? ByCluster(List<int> treated, List<int> baseline)
        {
            int[] at = [.. baseline, .. treated];
            try
            {
                return [.. ClusteredEffects.Of([.. outcomes.Select(c => Array.ConvertAll(at, i => c[i]))], [.. at.Select((_, i) => i >= baseline.Count)], Array.ConvertAll(at, i => clusters![i])).Covariance];
            }
            catch (TooFewRowsException)
            {
                return null;
            }
        }

        CoMoments Joint(List<int> at) => CoMoments.OfColumns([.. outcomes.Select(c => Array.ConvertAll([.. at], i => c[i]))]);
    }

    private static PastTest Compare(string name, CoMoments treatment, CoMoments control)
    {
        var k = treatment.Dimension;
        return new PastTest
        {
            Name = name,
            Users = treatment.Count + control.Count,
            Control = control,
            Treatment = treatment,
            Effects = [.. Enumerable.Range(0, k).Select(j => treatment.Mean(j) - control.Mean(j))],
            Covariance = [.. Enumerable.Range(0, k * k).Select(at => treatment.Covariance(at / k, at % k) / treatment.Count + control.Covariance(at / k, at % k) / control.Count)],
        };
    }
}
