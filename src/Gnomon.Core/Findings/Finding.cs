using System.Text.Json.Nodes;
using Gnomon.Core.Checks;

namespace Gnomon.Core.Findings;

/// <summary>The one answer of every verb. The contract outside tools parse: see docs/finding.md.</summary>
public sealed record Finding
{
    public const string SchemaName = "gnomon.finding/1";

    public required string Question { get; init; }

    public required string Title { get; init; }

    public required Decision Decision { get; init; }

    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    public IReadOnlyList<CheckReport> Checks { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    public IReadOnlyList<Plot> Plots { get; init; } = [];

    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    public required Provenance Provenance { get; init; }
}

/// <param name="Action">What to do.</param>
/// <param name="Summary">One or two sentences for the person who decides, business words first.</param>
/// <param name="Because">Ids of the checks that turned the decision; empty when none did.</param>
public sealed record Decision(DecisionAction Action, string Summary, IReadOnlyList<string> Because);

/// <summary>A number with its interval and its unit.</summary>
public sealed record Estimate
{
    /// <summary>What it is: <c>difference</c>, <c>lift</c>, <c>mean</c>, ...</summary>
    public required string Name { get; init; }

    public string? Metric { get; init; }

    /// <summary><c>B - A</c> for a difference, <c>B / A - 1</c> for a lift.</summary>
    public string? Contrast { get; init; }

    public required double Value { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>Confidence level of the interval, for example 0.95.</summary>
    public required double Level { get; init; }

    /// <summary><c>proportion</c>, <c>relative</c>, or the metric's own unit.</summary>
    public required string Unit { get; init; }

    public double? P { get; init; }

    public required long N { get; init; }

    public required string Method { get; init; }

    /// <summary><c>primary</c>, <c>guardrail</c>, <c>secondary</c>, <c>sensitivity</c>, <c>descriptive</c>.</summary>
    public required string Role { get; init; }
}

/// <summary>A picture as a Vega-Lite specification that carries its own data.</summary>
public sealed record Plot(string Id, string Title, JsonObject VegaLite);

/// <summary>A small table; cells are string, long, double, bool or null.</summary>
public sealed record ResultTable(string Id, string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>For looking things up: on the terminal it is named, JSON and HTML hold it whole.</summary>
    public bool IsReference { get; init; }
}

public sealed record Provenance
{
    public required string Version { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required long Seed { get; init; }

    public required string Engine { get; init; }

    public required IReadOnlyList<Tables.DataIdentity> Data { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double Seconds { get; init; }
}
