using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Ab;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Small experiments in memory.</summary>
internal static class AbData
{
    public const int Units = 2_000;

    /// <summary>The data of tests/reference/ab/make.py.</summary>
    public static Table Reference()
    {
        var all = Enumerable.Range(0, Units).ToArray();
        double Pre(int i) => i * 37 % 101 / 10.0;
        double Visits(int i) => 1 + i % 4;
        return Table.With("unit", all.Select(i => (long)i))
            .And("arm", all.Select(i => (string?)(i % 2 == 1 ? "B" : "A")))
            .And("pre", all.Select(Pre))
            .And("y", all.Select(i => 2 + 0.5 * Pre(i) + i * 53 % 97 / 20.0 + 0.1 * (i % 2)))
            .And("visits", all.Select(Visits))
            .And("spend", all.Select(i => Visits(i) * (i * 29 % 83 / 10.0 + 0.2 * (i % 2))));
    }

    /// <summary>One row per unit with a yes/no outcome.</summary>
    public static Table Binary(params (string Arm, int Yes, int Units)[] arms) => Binary(0, arms);

    /// <summary>The same with units numbered from <paramref name="first"/>: other users.</summary>
    public static Table Binary(long first, params (string Arm, int Yes, int Units)[] arms)
    {
        var rows = arms.SelectMany(a => Enumerable.Range(0, a.Units).Select(i => (a.Arm, Value: i < a.Yes ? 1L : 0L))).ToArray();
        return Table.With("unit", Enumerable.Range(0, rows.Length).Select(i => first + i)).And("arm", rows.Select(r => (string?)r.Arm)).And("converted", rows.Select(r => r.Value));
    }

    public static AbOptions Options(params string[] metrics) => new() { Unit = "unit", Variant = "arm", Metric = metrics };

    public static Estimate Primary(Finding finding, string name = "difference") => finding.Estimates.First(e => e.Role == "primary" && e.Name == name);

    public static Core.Checks.CheckReport Check(Finding finding, string id) => finding.Checks.Single(c => c.Id == id);
}
