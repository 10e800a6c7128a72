using Gnomon.Methods;
using Gnomon.Methods.Factorial;
using Xunit;

namespace Gnomon.Tests.Methods.Factorial;

/// <summary>Fractions of minimum aberration against an exhaustive search over tables of runs (tests/reference/factorial/fractions.py).</summary>
public sealed class FractionalFactorialTests
{
    [Fact]
    public void The_defining_relation_has_as_few_short_words_as_an_exhaustive_search_finds()
    {
        foreach (var expected in MethodReference.Load("factorial/fractions.json").Items("fractions"))
        {
            var (k, p) = (expected.GetProperty("factors").GetInt32(), expected.GetProperty("halvings").GetInt32());
            var fraction = FractionalFactorial.Of(k, p);
            var pattern = expected.Counts("pattern");
            Assert.Equal<long>(pattern, Enumerable.Range(0, k + 1).Select(length => (long)fraction.Defining.Count(w => w.Count == length)));
            Assert.Equal(expected.GetProperty("resolution").GetInt32(), fraction.Resolution);
            Assert.Equal(1 << (k - p), fraction.Cells.Count);
            Assert.Equal(0, fraction.Cells[0]);
        }
    }

    // What the cells themselves confound is what the defining relation says.
    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    public void The_cells_have_the_aliases_that_the_words_say(int k, int p)
    {
        var fraction = FractionalFactorial.Of(k, p);
        var aliases = AliasStructure.Of(new FactorialGrid([.. Enumerable.Repeat(2, k)]), [.. fraction.Cells.Select(c => (c, 0))]);
        Assert.Empty(aliases.Partial);
        Assert.Equal(fraction.Defining.Select(w => string.Join(",", w)).Order(), aliases.WithMean.Select(w => string.Join(",", w)).Order());
        Assert.Equal(fraction.Resolution, aliases.Resolution);
        Assert.Equal((1 << (k - p)) - 1, aliases.Kept.Count);
    }

    [Fact]
    public void Too_small_a_fraction_is_refused()
    {
        Assert.Throws<NotEstimableException>(() => FractionalFactorial.Of(4, 2));
        Assert.Throws<NotEstimableException>(() => FractionalFactorial.Of(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => FractionalFactorial.Of(8, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FractionalFactorial.Of(2, 1));
    }
}
