using System.Runtime.InteropServices;

namespace Gnomon.Methods.Data;

/// <summary>Texts kept by their runs of five words; other texts are looked up for near copies.</summary>
/// <remarks>
/// Source: Broder 1997: the resemblance of two texts is the Jaccard index of their sets of word runs. Exact by an inverted index, without signatures. Words are runs of letters and digits,
/// without case.
/// </remarks>
public sealed class ShingleIndex
{
    /// <summary>Words of a run.</summary>
    public const int Run = 5;

    /// <summary>Resemblance of near copies.</summary>
    public const double Near = 0.8;

    // A run in so many of the texts is a phrase of the trade; it does not lead from one text to another.
    const int MostTextsOfARun = 200;

    readonly Dictionary<ulong, List<int>> _texts = [];
    readonly List<HashSet<ulong>> _runs = [];

    /// <summary>Texts kept.</summary>
    public int Count => _runs.Count;

    /// <summary>Keeps a text under the next number.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var runs = Runs(text);
        foreach (var run in runs)
            (CollectionsMarshal.GetValueRefOrAddDefault(_texts, run, out _) ??= []).Add(_runs.Count);
        _runs.Add(runs);
    }

    /// <summary>Numbers of the texts kept that resemble this one by <see cref="Near"/> or more, ascending; a text of fewer than <see cref="Run"/> words resembles none.</summary>
    public IReadOnlyList<int> Resembling(ReadOnlySpan<char> text)
    {
        var runs = Runs(text);
        var shared = new Dictionary<int, int>();
        foreach (var run in runs)
        {
            if (!_texts.TryGetValue(run, out var texts) || texts.Count > MostTextsOfARun)
                continue;
            foreach (var id in texts)
                CollectionsMarshal.GetValueRefOrAddDefault(shared, id, out _)++;
        }
        var near = new List<int>();
        foreach (var id in shared.Keys)
        {
            // Runs that were passed over count for the resemblance all the same.
            var other = _runs[id];
            if (Math.Min(runs.Count, other.Count) < Near * Math.Max(runs.Count, other.Count))
                continue;
            var both = 0;
            foreach (var run in runs)
                both += other.Contains(run) ? 1 : 0;
            if (both >= Near * (runs.Count + other.Count - both))
                near.Add(id);
        }
        near.Sort();
        return near;
    }

    static HashSet<ulong> Runs(ReadOnlySpan<char> text)
    {
        var runs = new HashSet<ulong>();
        Span<ulong> last = stackalloc ulong[Run];
        var words = 0;
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }
            var hash = 14_695_981_039_346_656_037UL;
            for (; at < text.Length && char.IsLetterOrDigit(text[at]); at++)
                hash = (hash ^ char.ToLowerInvariant(text[at])) * 1_099_511_628_211UL;
            last[words++ % Run] = hash;
            if (words < Run)
                continue;
            var run = 0UL;
            for (var w = words - Run; w < words; w++)
            {
                run = (run ^ last[w % Run]) * 0x9E3779B97F4A7C15UL;
                run ^= run >> 29;
            }
            runs.Add(run);
        }
        return runs;
    }
}
