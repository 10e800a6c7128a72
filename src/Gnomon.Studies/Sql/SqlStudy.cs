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
        if (options.Out is { } path && !options.IsConversion)
        {
            SqlOutput.Refuse(path);
        }

        if (options.IsConversion)
        {
            return new ConvertRun(options, (IEmbeddedDatabase)database!, context).Report();
        }

        if (options.Derive is not null)
        {
            return new Rules.RulesRun(options, (IEmbeddedDatabase)database!, context).Report();
        }

        if (options.Into is not null)
        {
            return new MergeRun(options, (IEmbeddedDatabase)database!, context).Report();
        }

        if (options.Expand is not null)
        {
            return new ExpandRun(options, (IEmbeddedDatabase)database!, context).Report();
        }

        if (context.Data is IServerDatabase server)
        {
            return options.Recipe is { } asked ? new RecipeRun(Recipes.Recipe.Named(asked), options, new RecipeDesk(server, options, context), context).Report() : new ServerQueryRun(options, server, context).Report();
        }

        return options.Recipe is { } name
            ? new RecipeRun(Recipes.Recipe.Named(name), options, new RecipeDesk(database, options, context), context).Report()
            : new QueryRun(options, database ?? throw new InvalidOperationException("A query of one's own opens the engine."), context).Report();
    }
}
