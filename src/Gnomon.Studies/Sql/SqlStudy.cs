using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>A question in SQL: the user's own, or a recipe's.</summary>
public sealed class SqlStudy : Study<SqlOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(SqlOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var database = context.Data as IDatabase;
        if (context.Data is { } server && database is null)
        {
            throw new GnomonError(
                "sql-needs-files", $"gnomon sql runs on files; {server.Name} is a server.", "DATA",
                "Leave the data out and say --recipe ... --dialect postgres to see the query for your server, or ask it through another verb with --query.");
        }

        if (options.Out is { } path && !options.IsConversion)
        {
            SqlOutput.Refuse(path);
        }

        if (options.IsConversion)
        {
            return new ConvertRun(options, (IEmbeddedDatabase)database!, context).Report();
        }

        if (options.Expand is not null)
        {
            return new ExpandRun(options, (IEmbeddedDatabase)database!, context).Report();
        }

        return options.Recipe is { } name
            ? new RecipeRun(Recipes.Recipe.Named(name), options, database, context).Report()
            : new QueryRun(options, database ?? throw new InvalidOperationException("A query of one's own opens the engine."), context).Report();
    }
}
