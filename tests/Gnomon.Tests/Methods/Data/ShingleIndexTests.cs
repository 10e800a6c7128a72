using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class ShingleIndexTests
{
    // Source: the definition, sets of word runs compared pair by pair.
    [Fact]
    public void Near_copies_are_those_of_the_definition()
    {
        var rng = new Rng(5);
        var texts = Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 30).Select(_ => $"w{rng.NextInt(400)}").ToArray()).ToList();
        var others = texts.Select(t => t.Select(w => rng.NextDouble() < 0.02 ? "new" : w).ToArray()).ToList();
        var index = new ShingleIndex();
        texts.ForEach(t => index.Add(string.Join(' ', t)));
        var found = 0;
        foreach (var other in others)
        {
            var expected = Enumerable.Range(0, texts.Count).Where(i => Resemblance(texts[i], other) >= ShingleIndex.Near).ToList();
            Assert.Equal(expected, index.Resembling(string.Join(", ", other).ToUpperInvariant()));
            found += expected.Count;
        }

        Assert.InRange(found, 20, 59);
        Assert.Empty(index.Resembling("too few words here"));
        Assert.Empty(index.Resembling(string.Empty));
    }

    static double Resemblance(string[] a, string[] b)
    {
        HashSet<string> Runs(string[] words) => [.. Enumerable.Range(0, words.Length - ShingleIndex.Run + 1).Select(i => string.Join(' ', words[i..(i + ShingleIndex.Run)]))];
        var (x, y) = (Runs(a), Runs(b));
        var both = x.Count(y.Contains);
        return both / (double)(x.Count + y.Count - both);
    }
}
