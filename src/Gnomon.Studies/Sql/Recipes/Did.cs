using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Difference in differences: how much more the treated changed than the others, from units seen before and after, each counted once.</summary>
internal sealed class Did : Recipe
{
    public override string Name => "did";

    public override string Asks(SqlRecipeOptions options) => $"By how much did {options.Value} change for {options.Group} = {options.Treated} from {options.Since} on, beyond the change of the others?";

    public override string Pitfall =>
        "Averages of all rows mix who was there with what changed: units that appear on one side only, and busy units, move them. Errors over rows take one unit's rows for independent. Groups that drifted apart before the start go on doing so.";

    protected override IReadOnlyList<string> Needs => ["unit", "time", "value"];

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options)
    {
        foreach (var wrong in base.Validate(options))
        {
            yield return wrong;
        }

        foreach (var (isMissing, name) in new[] { (options.Group is null, "--group"), (options.Treated is null, "--treated"), (options.Since is null, "--since") })
        {
            if (isMissing)
            {
                yield return new GnomonError("option-missing", $"The recipe did needs {name}.", name, "Write --group COLUMN --treated VALUE --since YYYY-MM-DD.");
            }
        }

        if (options.Since is { } since && Start(since) is null)
        {
            yield return new GnomonError("option-out-of-range", $"--since is the first day of the change; got '{since}'.", "--since", "Write it as YYYY-MM-DD.");
        }
    }

    public override RecipeQuery Write(RecipeInput i)
    {
        var value = i.Field(i.Options.Value!, "--value");
        if (i.Tables.Count > 0 && !value.IsNumeric)
        {
            throw new GnomonError("not-a-number", $"Column '{value.Name}' holds {value.Type.ToString().ToLowerInvariant()} values, not numbers.", "--value", "Name a column of numbers.");
        }

        var sql = new DidSql(i, DayOf(i.Options));
        return new RecipeQuery
        {
            Sql = sql.Answer,
            Entities = "rows",
            Rules =
            [
                $"After is every day from {i.Options.Since} on. Each {Naming.One(i.Options.Unit!)} counts once on each side, with its mean; one that has rows on one side only, or in both groups, is left out.",
                "The errors are clustered by unit (CR1, t with one degree of freedom fewer than there are units); standard_error of a group is that of its mean change.",
                "The difference is the effect only if both groups would have changed alike without it. The trend before the start can speak against that and cannot show it.",
            ],
            Probes = [sql.LeftOut(), .. i.Repeats(), .. i.DayBoundary()],
            Conclude = read => new DidReading(i, sql, read).Conclude(),
        };
    }

    private static DateOnly? Start(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static long DayOf(SqlRecipeOptions options) => Start(options.Since!)!.Value.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}
