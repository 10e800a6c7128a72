namespace Gnomon.Methods.Factorial;

/// <summary>Which cells of a two-level factorial to run when not all of them: the regular fraction of minimum aberration.</summary>
/// <remarks>
/// The first k - p factors are crossed in full; each of the others is the product of some of them (its generator). Of all choices of generators the one with the fewest
/// short words in the defining relation is taken: no effect is then tied to a simpler one than need be. Every choice is tried, and the first of equals in a fixed order is kept.
/// Source: Fries and Hunter 1980, Technometrics 22; Box, Hunter and Hunter 2005, Statistics for Experimenters, chapter 6.
/// </remarks>
public sealed class FractionalFactorial
{
    private const int MostFactors = 7;

    private FractionalFactorial(int factors, int[] generators, int[] words)
    {
        Factors = factors;
        Generators = [.. generators.Select((g, i) => (factors - generators.Length + i, Members(g)))];
        Defining = [.. words.OrderBy(w => int.PopCount(w)).ThenBy(w => w).Select(Members)];
        var grid = new FactorialGrid([.. Enumerable.Repeat(2, factors)]);
        Cells = [.. Enumerable.Range(0, grid.Cells).Where(c => generators.Select((g, i) => (Factor: factors - generators.Length + i, Mask: g)).All(g => grid.Level(c, g.Factor) == Product(grid, c, g.Mask)))];
    }

    /// <summary>Factors, of two levels each.</summary>
    public int Factors { get; }

    /// <summary>Factors that are the product of others, with those.</summary>
    public IReadOnlyList<(int Factor, IReadOnlyList<int> From)> Generators { get; }

    /// <summary>Words of the defining relation, the shortest first: products of factors that are the same throughout.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Defining { get; }

    /// <summary>Length of the shortest word: 3 ties main effects to pairs, 4 pairs to pairs, 5 pairs to triples.</summary>
    public int Resolution => Defining[0].Count;

    /// <summary>Cells to run, as <see cref="FactorialGrid"/> numbers them, ascending; the reference cell is one of them.</summary>
    public IReadOnlyList<int> Cells { get; }

    /// <param name="factors">Factors of two levels, 3 to 7.</param>
    /// <param name="halvings">p: the fraction is 1 in 2^p; every main effect must stay apart from the mean and from other main effects.</param>
    /// <exception cref="NotEstimableException">No such fraction keeps main effects apart.</exception>
    public static FractionalFactorial Of(int factors, int halvings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factors, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factors, MostFactors);
        ArgumentOutOfRangeException.ThrowIfLessThan(halvings, 1);
        var basic = factors - halvings;
        int[] candidates = [.. Enumerable.Range(1, (1 << Math.Max(0, basic)) - 1).Where(m => int.PopCount(m) >= 2).OrderByDescending(m => int.PopCount(m)).ThenBy(m => m)];
        int[]? best = null;
        int[]? bestWords = null;
        foreach (var chosen in Choose(candidates, halvings))
        {
            var words = Words(chosen, basic);
            if (Shorter(words, bestWords) < 0)
            {
                (best, bestWords) = (chosen, words);
            }
        }

        return best is null
            ? throw new NotEstimableException($"1 in {1 << halvings} of {factors} factors leaves {(basic < 1 ? 0 : 1 << basic)} cells, too few to keep {factors} main effects apart.")
            : new FractionalFactorial(factors, best, bestWords!);
    }

    // The defining relation: all products of the generators' words.
    private static int[] Words(int[] generators, int basic)
    {
        var words = new int[(1 << generators.Length) - 1];
        for (var subset = 1; subset <= words.Length; subset++)
        {
            for (var i = 0; i < generators.Length; i++)
            {
                words[subset - 1] ^= (subset >> i & 1) == 0 ? 0 : generators[i] | 1 << (basic + i);
            }
        }

        return words;
    }

    // By the numbers of words of length 1, 2, 3, ...: fewer short words are better.
    private static int Shorter(int[] words, int[]? others)
    {
        if (others is null)
        {
            return -1;
        }

        for (var length = 1; length <= MostFactors; length++)
        {
            var difference = words.Count(w => int.PopCount(w) == length) - others.Count(w => int.PopCount(w) == length);
            if (difference != 0)
            {
                return difference;
            }
        }

        return 0;
    }

    private static IEnumerable<int[]> Choose(int[] from, int count)
    {
        if (count > from.Length)
        {
            yield break;
        }

        var at = Enumerable.Range(0, count).ToArray();
        while (true)
        {
            yield return [.. at.Select(i => from[i])];
            var i = count - 1;
            while (i >= 0 && at[i] == from.Length - count + i)
            {
                i--;
            }

            if (i < 0)
            {
                yield break;
            }

            at[i]++;
            for (var j = i + 1; j < count; j++)
            {
                at[j] = at[j - 1] + 1;
            }
        }
    }

    // A generated factor is at its second level when the product of the others' signs, turned so that the reference cell is run, says so.
    private static int Product(FactorialGrid grid, int cell, int mask) => Members(mask).Sum(f => grid.Level(cell, f)) % 2;

    private static IReadOnlyList<int> Members(int mask) => [.. Enumerable.Range(0, MostFactors).Where(f => (mask >> f & 1) == 1)];
}
