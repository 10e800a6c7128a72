using System.Text.Json;

namespace Gnomon.Trust;

/// <summary>What another tool reaches on the same certified numbers, by the functions and settings its user gets first.</summary>
/// <param name="Name">The tool with its version, for example <c>R 4.2.2</c>.</param>
/// <param name="Digits">Correct digits by set and quantity, as in <see cref="NistResult"/>; 0 where the tool gives up.</param>
/// <remarks>Measured by <c>tests/reference/trust/nist_peers.py</c> and kept, so that nobody needs R or Python to read the comparison.</remarks>
public sealed record NistPeer(string Name, IReadOnlyDictionary<(string Set, string Quantity), double> Digits)
{
    /// <summary>R and statsmodels, as they were measured.</summary>
    public static IReadOnlyList<NistPeer> All { get; } = Read();

    private static IReadOnlyList<NistPeer> Read()
    {
        using var stream = typeof(NistPeer).Assembly.GetManifestResourceStream("nist-peers.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("peers").EnumerateArray().Select(p => new NistPeer(
            p.GetProperty("name").GetString()!,
            p.GetProperty("results").EnumerateArray().ToDictionary(
                r => (r.GetProperty("set").GetString()!, r.GetProperty("quantity").GetString()!), r => r.GetProperty("digits").GetDouble())))];
    }
}

/// <summary>The worst case of one kind of set, side by side.</summary>
/// <param name="Kind"><c>univariate</c>, <c>linear</c>, <c>anova</c> or <c>nonlinear</c>.</param>
/// <param name="Quantities">How many quantities the kind has.</param>
/// <param name="Least">Gnomon's smallest number of digits.</param>
/// <param name="PeerLeast">The smallest number of each peer, in the order of <see cref="NistPeer.All"/>.</param>
/// <param name="PeerBelowFour">How many quantities each peer gets to fewer than four digits.</param>
public sealed record NistWorst(string Kind, int Quantities, double Least, IReadOnlyList<double> PeerLeast, IReadOnlyList<int> PeerBelowFour)
{
    private const double Few = 4;

    /// <summary>One entry per kind, in the order of the results.</summary>
    public static IReadOnlyList<NistWorst> Of(IReadOnlyList<NistResult> results) =>
        [.. results.GroupBy(r => r.Kind).Select(kind => new NistWorst(
            kind.Key, kind.Count(), kind.Min(r => r.Digits),
            [.. NistPeer.All.Select(p => kind.Min(r => p.Digits.GetValueOrDefault((r.Set, r.Quantity))))],
            [.. NistPeer.All.Select(p => kind.Count(r => p.Digits.GetValueOrDefault((r.Set, r.Quantity)) < Few))]))];
}
