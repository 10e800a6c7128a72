namespace Gnomon.Core.Errors;

/// <summary>Something the user can mend: what happened, where, what to do. Becomes <c>gnomon.error/1</c> of the finding contract.</summary>
public sealed class GnomonError : Exception
{
    /// <summary>Code of an error that holds several, one per line of its message.</summary>
    public const string SeveralCode = "several-options-wrong";

    /// <param name="code">Stable kebab-case id, for example <c>column-not-found</c>.</param>
    /// <param name="message">One sentence: what happened, with the values that matter.</param>
    /// <param name="where">File, row, column or option concerned; null when the message says it all.</param>
    /// <param name="hint">What to do next, beginning with a verb; null when there is nothing to add.</param>
    public GnomonError(string code, string message, string? where = null, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Where = where;
        Hint = hint;
    }

    public string Code { get; }

    public string? Where { get; }

    public string? Hint { get; }

    /// <summary>All wrong options of one command in one message; a single one is returned as it is.</summary>
    public static GnomonError Join(IReadOnlyList<GnomonError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Count == 1
            ? errors[0]
            : new GnomonError(
                SeveralCode,
                string.Join(Environment.NewLine, errors.Select(e => e.Hint is null ? e.Message : $"{e.Message} {e.Hint}")),
                string.Join(", ", errors.Select(e => e.Where).Where(w => w is not null).Distinct()));
    }
}
