namespace Gnomon.Core.Evidence.Data;

/// <summary>Columns whose texts look like people's addresses, payment cards or credentials.</summary>
public sealed record SensitiveColumns : Exposure
{
    /// <summary>Text and whole-number columns looked at.</summary>
    public required int Looked { get; init; }

    public required IReadOnlyList<SensitiveColumn> Columns { get; init; }
}

/// <param name="Column">The column.</param>
/// <param name="Kind">e-mail addresses, payment cards, credentials.</param>
/// <param name="Share">Share of its cells.</param>
/// <param name="IsSecret">Cards and credentials, which harm at once; addresses do not.</param>
public sealed record SensitiveColumn(string Column, string Kind, double Share, bool IsSecret);
