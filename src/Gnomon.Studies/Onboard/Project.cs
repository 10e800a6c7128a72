namespace Gnomon.Studies.Onboard;

/// <summary>A project as its file says it: <c>gnomon.project/1</c>.</summary>
internal sealed record Project
{
    public const string SchemaName = "gnomon.project/1";

    /// <summary>Full path of the file, and the folder from which its paths count.</summary>
    public required string Path { get; init; }

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The folder as it was typed, for provenance.</summary>
    public string TypedFolder { get; init; } = string.Empty;

    public required string Name { get; init; }

    public string? Purpose { get; init; }

    public IReadOnlyList<string> Standards { get; init; } = [];

    public IReadOnlyList<ProjectPerson> People { get; init; } = [];

    public IReadOnlyList<ProjectTable> Tables { get; init; } = [];

    public IReadOnlyList<ProjectFeature> Features { get; init; } = [];

    public IReadOnlyList<ProjectModel> Models { get; init; } = [];

    public IReadOnlyList<ProjectJob> Jobs { get; init; } = [];

    /// <summary>Incidents and decisions.</summary>
    public IReadOnlyList<ProjectEvent> Events { get; init; } = [];

    public IReadOnlyList<ProjectTerm> Glossary { get; init; } = [];

    public IReadOnlyList<ProjectClaim> Claims { get; init; } = [];

    public IEnumerable<ProjectAsset> Assets => [.. Tables, .. Features, .. Models, .. Jobs];

    /// <summary>What leads where, each pair once.</summary>
    public IEnumerable<(string From, string To)> Lineage => Assets.SelectMany(a => a.From.Select(f => (From: Root(f), To: a.Id)).Concat(a is ProjectJob job ? job.Outputs.Select(o => (From: a.Id, To: Root(o))) : [])).Distinct();

    /// <summary>The asset that a reference names: <c>orders.amount</c> is a column of <c>orders</c>.</summary>
    public string Root(string reference)
    {
        var dot = reference.LastIndexOf('.');
        return dot > 0 && !Assets.Any(a => a.Id == reference) && Tables.Any(t => t.Id == reference[..dot]) ? reference[..dot] : reference;
    }
}

internal sealed record ProjectPerson(string Id, string Name, string? Role, string? Contact);

/// <summary>Something that is used and should be described.</summary>
internal abstract record ProjectAsset
{
    public abstract string Kind { get; }

    public required string Id { get; init; }

    public string? Description { get; init; }

    public string? Owner { get; init; }

    public IReadOnlyList<string> Caveats { get; init; } = [];

    /// <summary>The day on which somebody last read the description.</summary>
    public DateOnly? Reviewed { get; init; }

    /// <summary>What it is made from.</summary>
    public IReadOnlyList<string> From { get; init; } = [];
}

internal sealed record ProjectTable : ProjectAsset
{
    public override string Kind => "table";

    public required string Path { get; init; }

    public string? Grain { get; init; }

    public string? Refresh { get; init; }

    public IReadOnlyList<ProjectColumn> Columns { get; init; } = [];
}

/// <param name="Personal">Its values name or describe a person: no example is shown.</param>
internal sealed record ProjectColumn(string Name, string? Description, string? Caveat, bool Personal);

internal sealed record ProjectFeature : ProjectAsset
{
    public override string Kind => "feature";
}

internal sealed record ProjectModel : ProjectAsset
{
    public override string Kind => "model";

    public string? IntendedUse { get; init; }

    public string? Window { get; init; }

    public string? FailureModes { get; init; }
}

internal sealed record ProjectJob : ProjectAsset
{
    public override string Kind => "job";

    public string? Command { get; init; }

    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Which number of its finding is kept.</summary>
    public RecordedMetric? Metric { get; init; }

    /// <summary>Null before the first run was recorded, also where the metric to keep is named already.</summary>
    public JobRecord? Record { get; init; }
}

/// <summary>What a run left behind.</summary>
internal sealed record JobRecord(RecordedMetric? Metric, double? Value, IReadOnlyList<(string File, string Sha256)> Inputs, string? Version, long? Seed, string? At)
{
    /// <summary>Only says what is to be recorded.</summary>
    public bool IsBlank => Value is null && Inputs.Count == 0 && Version is null && Seed is null;
}

/// <summary>An incident or a decision.</summary>
internal sealed record ProjectEvent(string Kind, string Id, DateOnly Date, string Title, string? Description, string? By, IReadOnlyList<string> About)
{
    public string? Cause { get; init; }

    public string? Impact { get; init; }

    /// <summary>What would show that it came back.</summary>
    public string? Test { get; init; }
}

internal sealed record ProjectTerm(string Term, string Meaning);

/// <summary>A sentence on the speed of onboarding, with the days that each hire took.</summary>
internal sealed record ProjectClaim(string Says, double? Change, double? Difference, IReadOnlyList<double> With, IReadOnlyList<double> Without);
