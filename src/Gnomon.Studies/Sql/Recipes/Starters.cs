using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>What the retention recipes share: who starts when, on which days they come back, and how far the data reach.</summary>
internal static class Starters
{
    public static IEnumerable<GnomonError> Validate(SqlRecipeOptions options) =>
        (options.Start.Count > 0 || options.Return.Count > 0) && options.Event is null
            ? [new GnomonError("option-missing", "--start and --return name events, so --event must name their column.", "--event", "Add --event COLUMN, or leave --start and --return out.")]
            : [];

    /// <summary>Three steps of a WITH clause: <c>cohort_starts</c> (unit, start_day, cohort), <c>cohort_days</c> (unit, day) and <c>data_reach</c> (last_day).</summary>
    public static string Steps(RecipeInput i, string grain) =>
        $"WITH cohort_starts AS (\n  SELECT {i.Unit} AS unit, MIN({i.Day}) AS start_day\n  FROM {i.Table}\n  WHERE {i.Kept(withValue: false)} AND {i.Is(i.Options.Start)}\n  GROUP BY {i.Unit}\n),\n"
        + $"cohort_days AS (\n  SELECT DISTINCT {i.Unit} AS unit, {i.Day} AS day_no\n  FROM {i.Table}\n  WHERE {i.Kept(withValue: false)} AND {i.Is(i.Options.Return)}\n),\n"
        + $"data_reach AS (\n  SELECT MAX({i.Day}) AS last_day FROM {i.Table} WHERE {i.Time.Column} IS NOT NULL\n),\n"
        + $"cohort_begun AS (\n  SELECT unit, start_day, {CohortOf(i, grain)} AS cohort FROM cohort_starts\n)";

    public static string Grain(SqlRecipeOptions options) => options.Grain ?? "week";

    public static IReadOnlyList<string> Rules(SqlRecipeOptions o) =>
    [
        $"A unit starts on the day of its first {(o.Start.Count > 0 ? string.Join(" or ", o.Start) : "row")}; {(o.Return.Count > 0 ? string.Join(" or ", o.Return) : "any row")} counts as coming back; a unit counts once however often it comes.",
        $"Days are calendar days{(o.Zone is { } zone ? $" in {zone}" : " as the data have them: name --zone if the business keeps another clock")}; the data are taken to end on their last day.",
        "A cohort is blank where its youngest member has not had the time.",
    ];

    /// <summary>A share of those who had the time, with its interval, and what counting the others as failures would make of it.</summary>
    public static Conclusion Say(string what, Table counts, string method)
    {
        var (all, mature) = (Cells.Whole(counts, "size_all"), Cells.Whole(counts, "size_mature"));
        var (back, backAll) = (Cells.Whole(counts, "back_mature"), Cells.Whole(counts, "back_all"));
        if (mature == 0)
        {
            return new Conclusion($"Nobody has had the time yet: {Figures.Count(all, "unit")} started, all too late for {what}.") { Evidence = all == 0 ? [] : [Open(what, counts, null, null)] };
        }

        var share = (double)back / mature;
        var wilson = OneProportion.Wilson(back, mature);
        var estimate = new Estimate
        {
            Name = "retention", Metric = what, Value = share, Low = wilson.Low, High = wilson.High, Level = 0.95, Unit = "proportion", N = mature, Method = method, Role = "primary",
        };
        return new Conclusion($"{Figures.Percent(share)} of {Figures.Count(mature)} who had the time came back {what}.")
        {
            Estimates = [estimate],
            Evidence = [Open(what, counts, (double)backAll / all, share)],
        };
    }

    private static FollowUp Open(string what, Table counts, double? all, double? mature)
    {
        var n = Cells.Whole(counts, "size_mature");
        return new FollowUp
        {
            Metric = what, WindowDays = (int)Cells.Whole(counts, "days"), Units = Cells.Whole(counts, "size_all"), Immature = Cells.Whole(counts, "size_all") - n, IsLeftOut = true,
            DifferenceAll = all, DifferenceMature = mature, StandardError = mature is { } p && n > 0 ? Math.Sqrt(p * (1 - p) / n) : null,
        };
    }

    private static string CohortOf(RecipeInput i, string grain) => grain switch
    {
        "day" => "start_day",
        "week" => i.D.WeekOf("start_day"),
        _ => $"CAST(EXTRACT(YEAR FROM {i.D.DateOf("start_day")}) * 12 + EXTRACT(MONTH FROM {i.D.DateOf("start_day")}) - 1 AS BIGINT)",
    };
}
