using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Rows of one side of a split that are found again on the other.</summary>
public sealed record SplitOverlap : IEvidence
{
    /// <summary>The training file.</summary>
    public required string Train { get; init; }

    /// <summary>Rows of the other side that were looked up.</summary>
    public required long Rows { get; init; }

    /// <summary>Columns compared; labels of rows and the target are left out.</summary>
    public required int Columns { get; init; }

    /// <summary>Rows with an equal row in training where chance would not have one.</summary>
    public required long Equal { get; init; }

    /// <summary>Rows with no equal row and one that differs in a single column, where chance would not have one.</summary>
    public required long AllButOne { get; init; }

    /// <summary>Rows with an equal row in training that chance may well have made, because the columns take few values; not counted among the others.</summary>
    public required long ByChance { get; init; }

    /// <summary>Rows whose long text has a near copy in training (Jaccard 0.8 of word 5-grams); null without such a column.</summary>
    public long? NearTexts { get; init; }

    /// <summary>Rows with such a text that were looked up.</summary>
    public long? TextRows { get; init; }

    /// <summary>The column of these texts.</summary>
    public string? TextColumn { get; init; }

    /// <summary>Rows whose embedding has a near copy of the same group in training, and none of another group: alike because they belong together. Null without embeddings.</summary>
    public long? NearVectors { get; init; }

    /// <summary>Rows with an embedding that were looked up.</summary>
    public long? VectorRows { get; init; }

    /// <summary>Rows whose embedding is near one of another group too: alike as chance has it, and not counted among the near copies.</summary>
    public long? VectorsByChance { get; init; }

    /// <summary>Cosine from which embeddings count as near.</summary>
    public double? VectorCosine { get; init; }
}
