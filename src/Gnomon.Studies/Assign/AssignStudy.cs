using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Assign;

/// <summary>The story of an assignment: read the units, give them arms, look whether the arms are alike, write both down.</summary>
public sealed class AssignStudy : Study<AssignOptions>
{
    // A tenth of a standard deviation, as is usual for balance tables.
    private const double Unlike = 0.1;

    /// <inheritdoc/>
    public override StudyReport Run(AssignOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var start = AssignPlan.Base(options);
        options = AssignPlan.Under(start, options);
        var shares = Allocation.Shares(options, start["split"]?.ToString());
        var list = context.Data is null ? null : UnitList.Read(options, context);
        if (options.Block is not null)
        {
            var schedule = Schedule.Of(options, list, shares);
            Write(options, schedule.Write, () => AssignPlan.Text(start, options, schedule.Block(), shares));
            return schedule.Report();
        }

        var made = list is null ? null : Allocation.Of(options, list, shares);
        var balance = list is null ? null : Balance.Of(list, made!.Arms, options.Arms.Count);
        long[] counts = made is null ? [] : [.. options.Arms.Select((_, a) => (long)made.Arms.Count(x => x == a))];
        Write(options, writer => Arms(writer, options, list!, made!), () => AssignPlan.Text(start, options, AssignPlan.Block(options, made), shares));
        return new StudyReport
        {
            Question = "assign",
            Title = $"Which unit gets which arm of {options.Salt}?",
            Propose = _ => new Proposal(DecisionAction.Answer, Summary(options, made, balance, counts)),
            Evidence = [.. Evidence(options, balance, counts, shares)],
            Limitations = [.. Limitations(options, list, made)],
            Next = [.. Next(options, made), AssignSql.Sentence(options, made?.Salt ?? options.Salt!, shares)],
            Tables =
            [
                new ResultTable("arms", "Arms", made is null ? ["arm", "share"] : ["arm", "share", "units"], [.. options.Arms.Select((a, i) => made is null ? (IReadOnlyList<object?>)[a, shares[i]] : [a, shares[i], counts[i]])]),
                .. balance is { Rows.Count: > 0 } ? new[] { balance.Table(options.Arms) } : [],
                AssignSql.Table(options, made?.Salt ?? options.Salt!, shares),
            ],
        };
    }

    private static string Summary(AssignOptions options, Allocation? made, Balance? balance, long[] counts)
    {
        if (made is null)
        {
            return $"The arm of a unit follows from its {options.Unit} and the salt {options.Salt}; the table has the expression for each database.{(options.Slot is { } slot ? $" {Figures.Percent(slot.To - slot.From)} of all units are in the experiment." : string.Empty)}";
        }

        var how = made.Kind switch
        {
            "stratified" => $" within {Figures.Count(made.Strata.Distinct(StringComparer.Ordinal).Count(), "stratum", "strata")} of {string.Join(", ", options.Strata)}",
            "rerandomised" => $", by draw {Figures.Count(made.Draw!.Draws)}: the first whose arms are alike in {string.Join(", ", options.Rerandomise)}",
            _ => " by hash",
        };
        var alike = balance?.Worst is { Difference: { } worst } row
            ? Math.Abs(worst) < Unlike ? $" The arms are alike: the largest difference is {Figures.Number(Math.Round(Math.Abs(worst), 3))} standard deviations, in {row.Name}." : $" The arms differ by {Figures.Number(Math.Round(Math.Abs(worst), 2))} standard deviations in {row.Name}{(made.Kind == "hashed" ? "; --strata or --rerandomise would make them alike" : string.Empty)}."
            : string.Empty;
        return $"{Figures.Count(made.Arms.Count, "unit")} assigned{how}: {string.Join(", ", options.Arms.Select((a, i) => $"{Figures.Count(counts[i])} {a}").Take(6))}.{alike}{(options.Out is { } file ? $" The arms are in {file}." : string.Empty)}";
    }

    private static IEnumerable<IEvidence> Evidence(AssignOptions options, Balance? balance, long[] counts, IReadOnlyList<double> shares)
    {
        if (counts.Length > 0)
        {
            yield return new AssignmentCounts { Arms = options.Arms, Observed = counts, PlannedShares = shares, SplitDeclared = options.Split is not null };
        }

        if (balance is { Numbers.Count: > 0 })
        {
            yield return new PrePeriodBalance { Covariates = balance.Numbers, Arms = options.Arms, ByArm = balance.ByArm };
        }
    }

    private static IEnumerable<string> Limitations(AssignOptions options, UnitList? list, Allocation? made)
    {
        if (list is { WithoutId: > 0 })
        {
            yield return $"{Figures.Count(list.WithoutId, "row")} without {options.Unit} {(list.WithoutId == 1 ? "has" : "have")} no arm.";
        }

        if (list is not null && options.Slot is not null)
        {
            yield return $"{Figures.Count(list.OutsideLayer, "unit")} outside {options.Share} of layer {options.Layer} {(list.OutsideLayer == 1 ? "is" : "are")} in no arm; experiments on other stretches of {options.Layer} share no unit with this one.";
        }

        if (made?.Kind == "stratified")
        {
            yield return "The arms hold for this list: a unit that comes later would shift its stratum. Assign later units by their own list, or use plain hashing.";
        }

        if (made?.Draw is { } draw)
        {
            yield return $"{Figures.Percent(options.Acceptance)} of draws count as alike: distance {Figures.Number(draw.Distance)}, at most {Figures.Number(draw.Bound)} over {Figures.Count(draw.Dimensions, "covariate")}. A plain interval would be too wide; ab --plan uses the right one.";
        }
    }

    private static IEnumerable<string> Next(AssignOptions options, Allocation? made)
    {
        if (made is not null && options.Out is null)
        {
            yield return "Nothing was written: add --out FILE for the arms.";
        }

        yield return options.Plan is { } plan
            ? $"Read the experiment with gnomon ab DATA --unit {options.Unit} --variant ARM --metric METRIC --plan {plan}: it follows the assignment ({AssignPlan.Analysis(made?.Kind)})."
            : "Add --plan FILE, so that ab reads the experiment as it was assigned.";
        yield return "Log a unit when it first meets the place where the arms differ, with its arm and the moment, by the same code in every arm; then ab --exposed can tell whether exposure was even.";
    }

    private static void Write(AssignOptions options, Action<TextWriter> arms, Func<string> text)
    {
        // Both names are looked at before either file is written.
        foreach (var (path, option) in new[] { (options.Out, "--out"), (options.Plan, "--plan") })
        {
            if (path is not null && File.Exists(path))
            {
                throw new GnomonError("file-exists", $"{path} exists; an assignment is not overwritten.", option, "Name another file, or move the old one away.");
            }
        }

        if (options.Out is { } file)
        {
            CsvFile.Write(file, "--out", "The assignment", arms);
        }

        if (options.Plan is { } plan)
        {
            CsvFile.Write(plan, "--plan", "The plan", writer => writer.Write(text()));
        }
    }

    private static void Arms(TextWriter writer, AssignOptions options, UnitList list, Allocation made)
    {
        writer.WriteLine(string.Join(',', new[] { options.Unit!, "arm" }.Concat(made.Strata.Count > 0 ? ["stratum"] : []).Select(CsvFile.Cell)));
        for (var i = 0; i < list.Units.Count; i++)
        {
            writer.Write(CsvFile.Cell(list.Units[i]));
            writer.Write(',');
            writer.Write(CsvFile.Cell(options.Arms[made.Arms[i]]));
            writer.WriteLine(made.Strata.Count > 0 ? $",{CsvFile.Cell(made.Strata[i])}" : string.Empty);
        }
    }
}
