using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Wrong labels, rows that stand alone, rows of one person: named where they are planted, not where they are not.</summary>
public sealed class ProfileLabelTests
{
    [Fact]
    public void Flipped_labels_are_named_with_the_rows_to_review()
    {
        var (table, flipped) = Labelled(1, 0.1);
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "species" });
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "label-noise"));
        var rows = finding.Tables.Single(t => t.Id == "label-suspects").Rows.Select(r => (int)(long)r[0]! - 1).ToList();
        Assert.True(rows.Count(i => flipped[i]) >= 0.8 * rows.Count);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Right_labels_pass_and_weak_columns_say_nothing()
    {
        var fired = Enumerable.Range(0, 12).Count(seed => ProfileData.Ask(Labelled(seed, 0).Table, new ProfileOptions { Target = "species" }).Checks.Any(c => c.Id == "label-noise" && c.Status == CheckStatus.Warn));
        Assert.InRange(fired, 0, 1);
        Assert.DoesNotContain(ProfileData.Ask(ProfileData.Clean(3), new ProfileOptions { Target = "churn" }).Checks, c => c.Id == "label-noise");
    }

    [Fact]
    public void Rows_between_two_groups_stand_alone()
    {
        var rng = new Rng(6);
        var side = Enumerable.Range(0, 1_000).Select(i => i % 2).ToArray();
        double[] Column() => [.. side.Select((s, i) => i < 4 ? 5 * (i % 2 == 0 ? 1 : -1) : (6 * s) - 3 + (0.3 * rng.NextNormal()))];
        var (a, b, c) = (Column(), Column(), Column());
        for (var i = 0; i < 4; i++)
        {
            b[i] = -a[i];
        }

        var finding = ProfileData.Ask(Table.With("a", a).And("b", b).And("c", c), new ProfileOptions { Isolated = true });
        var rows = finding.Tables.Single(t => t.Id == "isolated-rows").Rows.Select(r => (long)r[0]!).ToList();
        Assert.Subset(rows.ToHashSet(), new HashSet<long> { 1, 2, 3, 4 });
        Assert.InRange(rows.Count, 4, 9);
        Assert.Contains(finding.Limitations, l => l.Contains("stand alone by an isolation forest", StringComparison.Ordinal));
        Assert.Equal("too-few-columns", Assert.Throws<GnomonError>(() => ProfileData.Ask(Table.With("a", a), new ProfileOptions { Isolated = true })).Code);
    }

    [Fact]
    public void One_person_in_two_spellings_is_linked_and_written()
    {
        var rng = new Rng(7);
        string[] Draw(Func<string> draw) => [.. Enumerable.Range(0, 300).Select(_ => draw())];
        var name = Draw(() => $"{(char)('a' + rng.NextInt(26))}{(char)('a' + rng.NextInt(26))}berg{(char)('a' + rng.NextInt(26))}son");
        var street = Draw(() => $"{rng.NextInt(99) + 1} {(char)('a' + rng.NextInt(26))}ingle{(char)('a' + rng.NextInt(26))} road");
        var born = Draw(() => $"19{rng.NextInt(60) + 30}-0{rng.NextInt(9) + 1}-1{rng.NextInt(10)}");
        for (var i = 0; i < 30; i++)
        {
            (name[270 + i], street[270 + i], born[270 + i]) = (name[i][..^1], street[i].Replace("road", "rd", StringComparison.Ordinal), born[i]);
        }

        var file = Path.Combine(Directory.CreateTempSubdirectory("gnomon-entities-").FullName, "entities.csv");
        var finding = ProfileData.Ask(Table.With("full_name", name).And("street", street).And("birth_date", born), new ProfileOptions { Entities = ["auto"], Out = file });
        Assert.Equal(270, Convert.ToInt32(ProfileData.Cell(finding, "entities", "entities", "value"), System.Globalization.CultureInfo.InvariantCulture));
        var lines = File.ReadAllLines(file);
        Assert.Equal("row,entity", lines[0]);
        Assert.Equal("271,1", lines[271]);
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "duplicate-records"));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static (Table Table, bool[] Flipped) Labelled(int seed, double flip)
    {
        var rng = new Rng(seed).Stream("species");
        var truth = Enumerable.Range(0, 2_000).Select(_ => rng.NextInt(3)).ToArray();
        var flipped = truth.Select(_ => rng.NextDouble() < flip).ToArray();
        return (Table.With("length", truth.Select(t => (2.0 * t) + rng.NextNormal())).And("width", truth.Select(t => (t == 1 ? 3.0 : 0) + rng.NextNormal())).And("site", truth.Select(_ => rng.NextInt(2) == 0 ? "a" : "b"))
            .And("species", truth.Zip(flipped, (t, f) => $"s{(f ? (t + 1) % 3 : t)}")), flipped);
    }
}
