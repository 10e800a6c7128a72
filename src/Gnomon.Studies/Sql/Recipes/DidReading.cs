using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Reads the two by two table and what stands around it: the estimate, who is missing from it, what all rows would say, and the trends before the start.</summary>
internal sealed class DidReading(RecipeInput i, DidSql sql, Func<string, Table> read)
{
    private const double Power80 = 2.8;
    private const int FewestUnits = 2;

    private readonly string _units = Naming.Many(i.Options.Unit!);
    private readonly string _metric = i.Options.Value!;

    public Conclusion Conclude()
    {
        var sides = Sides.Of(read(sql.Sides));
        var left = new ResultTable("sides", $"{Capital(_units)} by the side of {i.Options.Since} on which they have rows", ["group", "before and after", "before only", "after only", "in both groups"], [sides.Row(1, "treated"), sides.Row(0, "others")]);
        var changes = read(DidSql.Changes);
        if (sides[1, "both"] < FewestUnits || sides[0, "both"] < FewestUnits)
        {
            return new Conclusion($"There is no difference in differences: {Figures.Count(sides[1, "both"], "treated unit")} and {Figures.Count(sides[0, "both"], "other unit")} have rows on both sides of {i.Options.Since}, and {FewestUnits} of each are needed.") { Tables = [left] };
        }

        try
        {
            var found = DifferenceInDifferences.OfChanges(OfGroup(changes, 0), OfGroup(changes, 1));
            return Say(found, sides, left);
        }
        catch (NotEstimableException wrong)
        {
            return new Conclusion($"The treated changed by {Figures.Number(Cells.Real(changes, "mean_change", 2))} more than the others. {wrong.Message}") { Tables = [left] };
        }
    }

    private Conclusion Say(ContrastResult found, Sides sides, ResultTable left)
    {
        var one = sides.Sum("before") + sides.Sum("after");
        var all = AllRows();
        return new Conclusion(
            $"{_metric} of the treated changed by {Figures.Number(found.Value)} more than that of the others (95 % interval {Figures.Number(found.Low)} to {Figures.Number(found.High)}), among {Figures.Count(sides[1, "both"] + sides[0, "both"])} {_units} seen before and after.")
        {
            Estimates =
            [
                new Estimate
                {
                    Name = "difference-in-differences", Metric = _metric, Contrast = "treated - others, after - before", Value = found.Value, Low = found.Low, High = found.High, Level = found.Level, Unit = "number", P = found.PValue,
                    N = sides[1, "both"] + sides[0, "both"], Method = found.Method, Role = "primary",
                },
            ],
            Evidence = [.. all is { } rows ? [OneSided(sides, found.Value, rows, one)] : Array.Empty<IEvidence>(), .. Left(sides), .. Trend()],
            Tables = [left, .. all is { } pooled ? [new ResultTable("averages", "What is averaged, and what it says", ["averages of", "difference in differences"], [[$"{_units} seen before and after, each once (the answer)", found.Value], [$"all rows: busy {_units} weigh more, and those on one side only count", pooled]])] : Array.Empty<ResultTable>()],
            Plots = Course(),
        };
    }

    // All rows: whoever was there, as often as they were.
    private double? AllRows()
    {
        var cells = read(sql.AllRows);
        double Mean(int row) => Cells.Real(cells, "mean_y", row);
        return cells.Rows == 4 ? Mean(3) - Mean(2) - (Mean(1) - Mean(0)) : null;
    }

    private QueryScope OneSided(Sides sides, double value, double all, long one)
    {
        var added = one + sides.Sum("both groups");
        return new QueryScope
        {
            Form = "averaging all rows of each cell", Entities = _units, Right = sides.Sum("both"), Missed = 0, Wrong = added,
            Says = added == 0 ? null : $"averaging all rows of each cell would count {Figures.Count(added)} {_units} that were there on one side only or in both groups, weigh each by its rows, and give {Figures.Number(all)} instead of {Figures.Number(value)}",
        };
    }

    private IEnumerable<IEvidence> Left(Sides sides)
    {
        long Seen(int group) => sides[group, "before"] + sides[group, "both"];
        yield return new OutcomeFlow { Metric = $"{_metric} after {i.Options.Since}", Arms = ["treated", "others"], Assigned = [Seen(1), Seen(0)], Observed = [sides[1, "both"], sides[0, "both"]], Randomised = false };
    }

    private IEnumerable<IEvidence> Trend()
    {
        var slopes = read(sql.Slopes);
        if (slopes.Rows != 2 || Cells.Whole(slopes, "units", 0) < FewestUnits || Cells.Whole(slopes, "units", 1) < FewestUnits)
        {
            yield break;
        }

        Moments Of(int row) => new(Cells.Whole(slopes, "units", row), Cells.Real(slopes, "mean_slope", row), Cells.Real(slopes, "squares", row));
        if (WelchT.TryTest(Of(1), Of(0)) is not { } test)
        {
            yield break;
        }

        var reach = Cells.Real(slopes, "reach");
        yield return new PreTrend
        {
            Metric = _metric, Compared = $"trend by {sql.Grain} before {i.Options.Since}, treated less others, carried on to the time after it", Drift = test.Value * reach, DriftText = Figures.Number(test.Value * reach), PValue = test.PValue,
            VisibleText = Figures.Number(Power80 * test.StandardError * reach), Regions = (int)Math.Min(int.MaxValue, Cells.Whole(slopes, "units", 0) + Cells.Whole(slopes, "units", 1)), Periods = (int)Cells.Whole(slopes, "periods"),
        };
    }

    private IReadOnlyList<Plot> Course()
    {
        var course = read(sql.Course);
        if (course.Rows < 3)
        {
            return [];
        }

        List<LinePoint> points = [.. Enumerable.Range(0, course.Rows).Select(r => new LinePoint(DateTimeOffset.UnixEpoch.AddDays(Cells.Whole(course, "first_day", r)), Cells.Real(course, "mean_y", r), Cells.Whole(course, "treated", r) == 1 ? "treated" : "others"))];
        return [new Plot("course", $"Mean {_metric} by {sql.Grain}; the change begins {i.Options.Since}", LinePlot.Build(points, $"Mean {_metric}", new PlotUnit("number"), legend: "group"))];
    }

    // The standard error of a mean change and its units give the squares back.
    private static Moments OfGroup(Table changes, int row)
    {
        var (n, error) = (Cells.Whole(changes, "units", row), Cells.Real(changes, "standard_error", row));
        return new Moments(n, Cells.Real(changes, "mean_change", row), error * error * n * (n - 1));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Units by group and side.</summary>
    private sealed class Sides
    {
        private readonly Dictionary<(long Treated, string Side), long> _counts = [];

        public long this[int treated, string side] => _counts.GetValueOrDefault((treated, side));

        public static Sides Of(Table table)
        {
            var sides = new Sides();
            for (var r = 0; r < table.Rows; r++)
            {
                sides._counts[(Cells.Whole(table, "treated", r), (string)table["side"].Cell(r)!)] = Cells.Whole(table, "units", r);
            }

            return sides;
        }

        public long Sum(string side) => this[0, side] + this[1, side];

        public IReadOnlyList<object?> Row(int treated, string name) => [name, this[treated, "both"], this[treated, "before"], this[treated, "after"], treated == 0 ? Sum("both groups") : null];
    }
}
