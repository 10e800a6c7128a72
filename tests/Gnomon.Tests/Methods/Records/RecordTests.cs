using Gnomon.Methods;
using Gnomon.Methods.Records;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Records;

public sealed class RecordTests
{
    static readonly string[] Given = ["anna", "ben", "clara", "david", "emma", "felix", "greta", "hugo", "ida", "jonas", "karla", "leo", "mia", "noah", "olga", "paul", "rosa", "simon", "tina", "ulrich"];
    static readonly string[] Family = ["smith", "miller", "fischer", "weber", "wagner", "becker", "schulz", "hoffmann", "koch", "bauer", "richter", "klein", "wolf", "neumann", "schwarz", "zimmermann", "braun", "hartmann", "lange", "krause"];

    // Source: the definitions, written down once more in Python (records/make.py): 1e-12. Published values: Winkler 1990.
    [Fact]
    public void Similarities_agree_with_their_definitions()
    {
        foreach (var pair in MethodReference.Load("records/similarity.json").Items("pairs"))
        {
            var (a, b) = (pair.GetProperty("a").GetString()!, pair.GetProperty("b").GetString()!);
            Assert.Equal(pair.Number("winkler"), StringSimilarity.JaroWinkler(a, b), 1e-12);
            Assert.Equal((int)pair.Number("distance"), StringSimilarity.Distance(a, b));
            Assert.Equal(Math.Min(3, (int)pair.Number("distance")), StringSimilarity.Distance(a, b, 2));
        }

        Assert.Equal(0.9611, StringSimilarity.JaroWinkler("MARTHA", "MARHTA"), 5e-5);
        Assert.Equal(0.8133, StringSimilarity.JaroWinkler("DIXON", "DICKSONX"), 5e-5);
        Assert.Equal(0.84, StringSimilarity.JaroWinkler("DWAYNE", "DUANE"), 5e-5);
    }

    // Source: the examples of the census rules (National Archives, Soundex indexing).
    [Theory]
    [InlineData("Washington", "W252")]
    [InlineData("Lee", "L000")]
    [InlineData("Gutierrez", "G362")]
    [InlineData("Pfister", "P236")]
    [InlineData("Jackson", "J250")]
    [InlineData("Tymczak", "T522")]
    [InlineData("Ashcraft", "A261")]
    [InlineData("  o'Hara", "O600")]
    [InlineData("4711", "")]
    public void Soundex_follows_the_census_rules(string name, string code) => Assert.Equal(code, StringSimilarity.Soundex(name));

    // Source: the labels of the Febrl data sets themselves (rec-N-org, rec-N-dup-i).
    [Theory]
    [InlineData("quality/febrl/dataset1.csv", 500, 0.995, 0.995)]
    [InlineData("quality/febrl/dataset2.csv.gz", 1_934, 0.99, 0.99)]
    public void Febrl_duplicates_are_found_and_nobody_else(string path, int truePairs, double precision, double recall)
    {
        var (fields, truth) = Febrl(MethodReference.DataFile(path));
        var matches = FellegiSunter.Match(fields, CandidatePairs.Find(fields));
        Assert.True(matches.Converged);
        var clusters = EntityClusters.Of(matches.Pairs, truth.Length, 0.9);
        var (right, found, all) = Score(clusters.Labels, truth);
        Assert.Equal(truePairs, all);
        Assert.InRange(right / (double)found, precision, 1);
        Assert.InRange(right / (double)all, recall, 1);
        Assert.Equal(right / (double)found, matches.Precision(0.9), 0.01);
        Assert.Equal(right / (double)all, matches.Recall(0.9), 0.01);
    }

    // Slips in one record of five; what the model expects of its own pairs is what the truth says, within the error of some hundred pairs.
    [Fact]
    [Trait("speed", "slow")]
    public void Expected_precision_and_recall_are_near_the_truth()
    {
        double rightPairs = 0, foundPairs = 0, allPairs = 0, precision = 0, recall = 0;
        for (var seed = 0; seed < 4; seed++)
        {
            var (fields, truth) = People((ulong)seed, 1_500, 300, namesakes: false);
            var matches = FellegiSunter.Match(fields, CandidatePairs.Find(fields), (ulong)seed);
            var (right, found, all) = Score(EntityClusters.Of(matches.Pairs, truth.Length, 0.5).Labels, truth);
            (rightPairs, foundPairs, allPairs) = (rightPairs + right, foundPairs + found, allPairs + all);
            (precision, recall) = (precision + matches.Precision(0.5) / 4, recall + matches.Recall(0.5) / 4);
        }

        Assert.InRange(rightPairs / foundPairs, 0.97, 1);
        Assert.InRange(rightPairs / allPairs, 0.93, 1);
        // Suburb and postcode make the model careful: it may expect a little less than it gets.
        Assert.InRange(precision, rightPairs / foundPairs - 0.05, rightPairs / foundPairs + 0.02);
        Assert.Equal(rightPairs / allPairs, recall, 0.06);
    }

    // Clean twin: hundreds of pairs share both names, half of these the suburb too; nobody is in the table twice.
    [Fact]
    [Trait("speed", "slow")]
    public void People_who_share_names_stay_apart()
    {
        var linked = 0;
        for (var seed = 0; seed < 5; seed++)
        {
            var (fields, truth) = People((ulong)(100 + seed), 2_000, 0, namesakes: true);
            var matches = FellegiSunter.Match(fields, CandidatePairs.Find(fields), (ulong)seed);
            linked += truth.Length - EntityClusters.Of(matches.Pairs, truth.Length, 0.9).Entities;
        }

        Assert.InRange(linked, 0, 2);
    }

    [Fact]
    public void Threads_and_row_order_change_nothing()
    {
        var (fields, truth) = People(7, 400, 80, namesakes: false);
        var one = FellegiSunter.Match(fields, CandidatePairs.Find(fields), threads: 1);
        var two = FellegiSunter.Match(fields, CandidatePairs.Find(fields), threads: 2);
        Assert.Equal(one.Pairs, two.Pairs);
        Assert.Equal(one.ExpectedMatches, two.ExpectedMatches);
    }

    [Fact]
    public void A_chain_does_not_become_one_entity()
    {
        // 0-1-2-3-4: each is alike its neighbour only.
        RecordPair[] chain = [new(0, 1, 12, 0.99), new(1, 2, 11, 0.99), new(2, 3, 10, 0.99), new(3, 4, 9, 0.99)];
        var clusters = EntityClusters.Of(chain, 6, 0.9);
        Assert.Equal([0, 0, 0, 1, 1, 2], clusters.Labels);
        Assert.Equal(1, clusters.Broken);
        Assert.Equal(6, EntityClusters.Of([], 6, 0.9).Entities);
    }

    [Fact]
    public void Empty_columns_and_few_rows_are_answered_or_refused()
    {
        var none = RecordField.Of("name", Enumerable.Repeat(-1, 20).ToArray(), []);
        var names = RecordField.Of("city", Enumerable.Range(0, 20).Select(i => i % 3).ToArray(), ["a", "b", "c"]);
        var matches = FellegiSunter.Match([none, names], CandidatePairs.Find([none, names]));
        Assert.All(matches.Pairs, p => Assert.InRange(p.Probability, 0, 1));
        var few = RecordField.Of("x", [0, 0], ["a"]);
        Assert.Throws<TooFewRowsException>(() => FellegiSunter.Match([few, few], CandidatePairs.Find([few, few])));
        Assert.Equal("o neil", RecordField.Of("n", [0], ["  O-Neil. "]).Value(0));
    }

    static (IReadOnlyList<RecordField> Fields, int[] Truth) Febrl(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        var names = reader.ReadLine()!.Split(',', StringSplitOptions.TrimEntries);
        var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',', StringSplitOptions.TrimEntries)).ToList();
        var fields = Enumerable.Range(1, names.Length - 1).Select(c => Field(names[c], [.. rows.Select(r => r[c])])).ToList();
        return (fields, [.. rows.Select(r => int.Parse(r[0].Split('-')[1], System.Globalization.CultureInfo.InvariantCulture))]);
    }

    static RecordField Field(string name, string[] texts) => RecordField.Of(name, Enumerable.Range(0, texts.Length).Select(i => texts[i].Length == 0 ? -1 : i).ToArray(), texts);

    static (IReadOnlyList<RecordField> Fields, int[] Truth) People(ulong seed, int people, int doubled, bool namesakes)
    {
        var rng = new Rng(seed).Stream("people");
        var rows = new List<string[]>();
        var truth = new List<int>();
        for (var i = 0; i < people; i++)
        {
            // Family names by Zipf; suburbs name their postcode.
            var suburb = rng.NextInt(40);
            var family = Family[(int)(Family.Length * Math.Pow(rng.NextDouble(), 2))] + (rng.NextInt(2) == 0 ? string.Empty : "er" + (char)('a' + rng.NextInt(26)) + (char)('a' + rng.NextInt(26)));
            rows.Add([Given[rng.NextInt(Given.Length)], family, $"suburb{suburb}", $"{1_000 + (17 * suburb)}", $"19{rng.NextInt(80) + 10}{rng.NextInt(12) + 1:00}{rng.NextInt(28) + 1:00}", $"{rng.NextInt(9_000_000) + 1_000_000}"]);
            truth.Add(i);
            if (namesakes && i % 4 == 3)
            {
                (rows[i][0], rows[i][1]) = (rows[i - 1][0], rows[i - 1][1]);
                if (i % 8 == 7)
                    (rows[i][2], rows[i][3]) = (rows[i - 1][2], rows[i - 1][3]);
            }
        }

        for (var d = 0; d < doubled; d++)
        {
            var of = rng.NextInt(people);
            rows.Add([.. rows[of].Select(v => rng.NextDouble() < 0.2 ? Slip(v, rng) : v)]);
            truth.Add(of);
        }

        string[] names = ["given", "family", "suburb", "postcode", "born", "phone"];
        return ([.. names.Select((n, c) => Field(n, [.. rows.Select(r => r[c])]))], [.. truth]);
    }

    static string Slip(string value, Rng rng)
    {
        var at = rng.NextInt(value.Length);
        return rng.NextInt(4) switch
        {
            0 => value.Remove(at, 1),
            1 => value.Insert(at, char.IsDigit(value[0]) ? "5" : "e"),
            2 => string.Empty,
            _ => value[..at] + (char.IsDigit(value[at]) ? '7' : 'o') + value[(at + 1)..],
        };
    }

    static (long Right, long Found, long All) Score(int[] labels, int[] truth)
    {
        long right = 0, found = 0;
        foreach (var cluster in Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]).Where(g => g.Skip(1).Any()))
        {
            var rows = cluster.ToList();
            found += rows.Count * (rows.Count - 1L) / 2;
            right += rows.GroupBy(i => truth[i]).Sum(g => g.Count() * (g.Count() - 1L) / 2);
        }

        return (right, found, truth.GroupBy(t => t).Sum(g => g.Count() * (g.Count() - 1L) / 2));
    }
}
