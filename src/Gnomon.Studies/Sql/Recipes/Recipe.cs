using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>A question with a known pitfall: the SQL that answers it, the usual ways to get it wrong, and what to look at in the data.</summary>
internal abstract class Recipe
{
    /// <summary>The table that holds the answer while the usual forms are compared with it.</summary>
    public const string Answer = "\"gnomon answer\"";

    public static IReadOnlyList<Recipe> All { get; } =
    [
        new AntiJoin(), new Retention(), new Cohort(), new Streak(), new Overlaps(), new Rolling(), new Within(), new Funnel(), new NextEvent(), new TopN(), new Dedupe(), new Sessions(), new RollingRetention(), new Lookup(), new Did(),
    ];

    public static Recipe Named(string name) => All.First(r => r.Name == name);

    /// <summary>The word of <c>--recipe</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The title of the finding, a question.</summary>
    public abstract string Asks(SqlRecipeOptions options);

    /// <summary>How the usual query goes wrong, one or two sentences.</summary>
    public abstract string Pitfall { get; }

    /// <summary>Options without which there is no question, without dashes.</summary>
    protected abstract IReadOnlyList<string> Needs { get; }

    /// <summary>The columns must be known to write the query, so there is no SQL without data.</summary>
    public virtual bool NeedsSchema => false;

    public abstract RecipeQuery Write(RecipeInput input);

    /// <summary>What is wrong with the options of this recipe.</summary>
    public virtual IEnumerable<GnomonError> Validate(SqlRecipeOptions options)
    {
        foreach (var need in Needs.Where(n => !Has(options, n)))
        {
            yield return new GnomonError("option-missing", $"The recipe {Name} needs --{need}.", $"--{need}", $"See docs/verbs/sql.md, {Name}.");
        }

        if (NeedsSchema && !options.NamesData)
        {
            yield return new GnomonError("data-missing", $"The recipe {Name} names every column, so it needs the data.", "DATA", "Name a file.");
        }
    }

    private static bool Has(SqlRecipeOptions o, string need) => need switch
    {
        "unit" => o.Unit is not null,
        "time" => o.Time is not null,
        "end" => o.End is not null,
        "event" => o.Event is not null,
        "value" => o.Value is not null,
        "key" => o.Key.Count > 0,
        "has" => o.Has.Count > 0,
        "steps" => o.Steps.Count > 1,
        _ => true,
    };
}

/// <summary>A recipe for given columns, in one dialect.</summary>
internal sealed record RecipeQuery
{
    public required string Sql { get; init; }

    /// <summary>What a row of the answer is, in the plural: <c>customers</c>.</summary>
    public required string Entities { get; init; }

    /// <summary>Rules that the query follows, one sentence each.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Usual ways to write it, to be compared with the answer.</summary>
    public IReadOnlyList<UsualForm> Usual { get; init; } = [];

    /// <summary>Questions to the data whose answers are evidence.</summary>
    public IReadOnlyList<Probe> Probes { get; init; } = [];

    /// <summary>Reads the answer and says it; null for "N entities".</summary>
    public Func<Func<string, Table>, Conclusion>? Conclude { get; init; }
}

/// <summary>What a usual form gets wrong.</summary>
internal enum Flaw
{
    Scope,
    Window,
    Null,
    Tie,
}

/// <summary>A usual way to write the question.</summary>
/// <param name="Form">In words that can begin a sentence.</param>
/// <param name="Flaw">Which check judges it.</param>
/// <param name="Sql">Returns the columns of <paramref name="Right"/>.</param>
/// <param name="Right">The same columns of the answer.</param>
internal sealed record UsualForm(string Form, Flaw Flaw, string Sql, string Right)
{
    /// <summary>False for a form that is wrong on any data: it is shown beside the others and says nothing about these data.</summary>
    public bool IsJudged { get; init; } = true;
}

/// <summary>A question to the data and how its answer becomes evidence.</summary>
internal sealed record Probe(string Sql, Func<Table, IEnumerable<IEvidence>> Read);

/// <summary>The answer in words, with what goes with it.</summary>
internal sealed record Conclusion(string Says)
{
    public IReadOnlyList<Core.Findings.Estimate> Estimates { get; init; } = [];

    public IReadOnlyList<Core.Findings.ResultTable> Tables { get; init; } = [];

    public IReadOnlyList<Core.Findings.Plot> Plots { get; init; } = [];

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    /// <summary>False where the tables say all that the rows would.</summary>
    public bool ShowsRows { get; init; } = true;
}
