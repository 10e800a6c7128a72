using Gnomon.Core.Findings;

namespace Gnomon.Cases;

/// <summary>One data set of a case with its command and what the finding must say.</summary>
/// <param name="Name">Short kebab-case name within the case; the twin's is <c>twin</c>.</param>
/// <param name="Data">What is in the data, one sentence.</param>
/// <param name="Action">The decision the finding must reach.</param>
/// <param name="Command">The line a person types at the full size, without <c>gnomon</c>.</param>
public sealed record Scene(string Name, string Data, DecisionAction Action, string Command)
{
    /// <summary>Checks that must fire; empty for a twin.</summary>
    public IReadOnlyList<string> Fires { get; init; } = [];

    /// <summary>The line at the small size where a margin or a claim must follow the size; the same as <see cref="Command"/> otherwise.</summary>
    public string? SmallCommand { get; init; }

    /// <summary>The files, made from a seed; null when everything is typed in.</summary>
    public Func<Draw, IReadOnlyList<CaseFile>>? Files { get; init; }

    /// <summary>Earlier looks at the same experiment, oldest first: what was added to the command each time.</summary>
    public IReadOnlyList<string> EarlierLooks { get; init; } = [];

    /// <summary>The same question in C#, at the full size.</summary>
    public InCode? InCode { get; init; }

    public bool IsTwin => Name == TwinName;

    public const string TwinName = "twin";

    /// <summary>The words of the command for a draw.</summary>
    public IReadOnlyList<string> Words(Draw draw) => CommandText.Split(draw.Full ? Command : SmallCommand ?? Command);
}

/// <summary>A seed and a size.</summary>
/// <param name="Seed">Same seed, same bytes.</param>
/// <param name="Full">The size the situation tells of; otherwise a smaller one on which the same flaw shows.</param>
public readonly record struct Draw(int Seed, bool Full)
{
    /// <summary>One of two values by size.</summary>
    public T Of<T>(T full, T small) => Full ? full : small;

    internal Numerics.Random.Rng Stream(string name, long index = 0) => new Numerics.Random.Rng(Seed).Stream(name, index);
}

/// <summary>A text file of a case, line by line.</summary>
public sealed record CaseFile(string Name, IEnumerable<string> Lines);
