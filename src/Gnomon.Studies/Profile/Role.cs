namespace Gnomon.Studies.Profile;

/// <summary>What a column is for, as far as its values and its name tell.</summary>
internal enum Role
{
    Empty,
    Constant,
    Key,
    Identifier,
    Time,
    Flag,
    Category,
    Number,
    Text,
}

internal static class Roles
{
    public static string Word(this Role role) => role switch
    {
        Role.Empty => "empty",
        Role.Constant => "constant",
        Role.Key => "key",
        Role.Identifier => "identifier",
        Role.Time => "time",
        Role.Flag => "two values",
        Role.Category => "category",
        Role.Number => "number",
        _ => "text",
    };
}
