using System.Text.Json;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

/// <summary>tests/golden/ledger/v1.db and v2.db were written by earlier formats and are never written again: every later version must open them.</summary>
public sealed class FrozenLedgerTests
{
    [Fact]
    public void A_ledger_of_the_first_format_is_upgraded_and_answers()
    {
        using var folder = Frozen();
        using (var ledger = folder.Open())
        {
            Assert.Equal(["sha256:01", "sha256:02"], ledger.LooksAt(LedgerFolder.Units(0, 1_200)).Select(l => l.DataState));
            Assert.Equal(["sha256:03"], ledger.LooksAt(LedgerFolder.Key("checkout")).Select(l => l.DataState));
            Assert.Equal("""{"primary":"revenue","looks":4}""", ledger.PlanFor(LedgerFolder.Units(0, 1_200))?.Json);
            Assert.Equal(7, ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 1_200), "sha256:07", 6)));
            Assert.Equal(3, ledger.LooksAt(LedgerFolder.Units(0, 1_200)).Count);
        }

        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal((true, HeadWitness.Agrees), (file.Verify().Intact, file.Verify().Witness));
        Assert.Equal("Umsatz in €", file.Show(4).Hypotheses[0].Metric);
        Assert.Equal("The margin was agreed before the test.", file.Show(6).Override?.Reason);
    }

    // A plan of design, a look with units under it, a look at typed counts, and an override, as the second format wrote them: no arms beside the units.
    [Fact]
    public void A_ledger_of_the_second_format_keeps_everything_and_says_what_it_cannot_compare()
    {
        using var folder = Frozen("v2");
        using (var ledger = folder.Open())
        {
            var named = LedgerFolder.Key("checkout", "ab|unit=user_id|variant=arm|control=A");
            Assert.Equal(600, Assert.Single(ledger.LooksAt(named)).UnitCount);
            Assert.True(ledger.PlanFor(named) is { BeforeFirstLook: true, Rules: true });
            using var file = LedgerFile.Open(folder.LedgerPath);
            var look = file.List().Single(l => l.Experiment == "checkout" && l.UnitCount > 0);
            var units = file.Show(look.Sequence).Experiment!;
            Assert.Empty(units.Arms);
            Assert.Empty(ledger.LooksAt(units with { Name = "other" }));
            Assert.Equal(["checkout"], ledger.PerhapsAlso(units with { Name = "other" }));
            Assert.Equal(["checkout"], ledger.PerhapsAlso(units with { Name = null }));
            Assert.Single(ledger.LooksAt(units with { Name = "other", DataState = file.Show(look.Sequence).DataState }));
        }

        using var upgraded = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal((true, HeadWitness.Agrees), (upgraded.Verify().Intact, upgraded.Verify().Witness));
        Assert.Equal("Agreed before.", upgraded.Show(5).Override?.Reason);
    }

    /// <summary>Reference: tests/reference/ledger/make.py, Python's sqlite3 and hashlib over the same file; exact.</summary>
    [Fact]
    public void The_chain_is_the_one_that_other_tools_compute()
    {
        using var folder = Frozen();
        using var file = LedgerFile.Open(folder.LedgerPath);
        using var reference = JsonDocument.Parse(File.ReadAllText(Repository("tests/reference/ledger/v1-chain.json")));
        var hashes = reference.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("hash").GetString()).ToList();
        Assert.Equal(6, hashes.Count);
        Assert.Equal(hashes, file.List().Select(l => file.Show(l.Sequence).Hash));
        Assert.Equal(hashes[^1], file.Verify().Head?.Hash);
    }

    [Fact]
    public void A_read_only_ledger_of_the_first_format_asks_to_be_upgraded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "A privileged user may write any file: run as an ordinary user.");
        using var folder = Frozen();
        File.SetUnixFileMode(folder.LedgerPath, UnixFileMode.UserRead);
        using var ledger = folder.Open();
        Assert.Equal("ledger-needs-upgrade", Assert.Throws<Gnomon.Core.Errors.GnomonError>(() => ledger.LooksAt(LedgerFolder.Key("checkout"))).Code);
    }

    private static LedgerFolder Frozen(string version = "v1")
    {
        var folder = new LedgerFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.LedgerPath)!);
        File.Copy(Repository($"tests/golden/ledger/{version}.db"), folder.LedgerPath);
        File.Copy(Repository($"tests/golden/ledger/{version}.db.head"), folder.LedgerPath + ".head");
        return folder;
    }

    private static string Repository(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside the repository."), path);
    }
}
