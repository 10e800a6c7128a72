using Gnomon.Core.Errors;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

public sealed class LedgerErrorTests
{
    private const string OtherPlace = "Name another place with --ledger PATH, or pass --no-ledger to keep no record.";

    [Fact]
    public void A_folder_that_cannot_be_made()
    {
        using var folder = new LedgerFolder();
        File.WriteAllText(Path.Combine(folder.Folder, ".gnomon"), "a file where the folder should be");
        Refused(folder, "ledger-not-writable", $"The ledger {folder.LedgerPath} cannot be written: its folder cannot be made.", OtherPlace);
    }

    [Fact]
    public void A_folder_in_place_of_the_file()
    {
        using var folder = new LedgerFolder();
        Directory.CreateDirectory(folder.LedgerPath);
        Refused(folder, "ledger-not-writable", $"The ledger {folder.LedgerPath} cannot be written: the file or the rollback journal beside it cannot be made.", OtherPlace);
    }

    [Fact]
    public void A_read_only_ledger_still_answers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "A privileged user may write any file: run as an ordinary user.");
        using var folder = LedgerVerifyTests.Filled();
        File.SetUnixFileMode(folder.LedgerPath, UnixFileMode.UserRead);
        var path = Path.GetDirectoryName(folder.LedgerPath)!;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using (var ledger = folder.Open())
            {
                Assert.Equal(2, ledger.LooksAt(LedgerFolder.Units(0, 1_000)).Count);
            }

            using (var file = LedgerFile.Open(folder.LedgerPath))
            {
                Assert.True(file.Verify().Intact);
            }

            Refused(folder, "ledger-not-writable", $"The ledger {folder.LedgerPath} cannot be written: the file or its folder is read-only.", OtherPlace);
        }
        finally
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_file_that_is_no_database()
    {
        using var folder = new LedgerFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.LedgerPath)!);
        File.WriteAllText(folder.LedgerPath, string.Join('\n', Enumerable.Repeat("user_id,variant,revenue", 100)));
        Refused(folder, "ledger-not-a-ledger", $"{folder.LedgerPath} is not a Gnomon ledger: it is not an SQLite database.", OtherPlace);
        Assert.StartsWith("user_id,variant", File.ReadAllText(folder.LedgerPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_something_else()
    {
        using var folder = new LedgerFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.LedgerPath)!);
        Tamper.Run(folder.LedgerPath, "CREATE TABLE visits (user_id INTEGER)");
        Refused(folder, "ledger-not-a-ledger", $"{folder.LedgerPath} is not a Gnomon ledger: it is an SQLite database with other contents.", OtherPlace);
        Tamper.Run(folder.LedgerPath, "INSERT INTO visits VALUES (1)");
    }

    [Fact]
    public void An_empty_file_is_a_ledger_not_yet_begun()
    {
        using var folder = new LedgerFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.LedgerPath)!);
        File.WriteAllBytes(folder.LedgerPath, []);
        using var ledger = folder.Open();
        Assert.Empty(ledger.LooksAt(LedgerFolder.Key("x")));
        Assert.Equal(1, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d1")));
    }

    [Fact]
    public void A_ledger_of_a_newer_version()
    {
        using var folder = LedgerVerifyTests.Filled();
        Tamper.Run(folder.LedgerPath, "PRAGMA user_version = 99");
        Refused(
            folder, "ledger-too-new", $"The ledger {folder.LedgerPath} has format 99; this version of Gnomon knows formats up to {LedgerFile.FormatVersion}.",
            "Use the newer Gnomon that wrote it, or name another place with --ledger PATH.");
    }

    [Fact]
    public void A_file_with_an_overwritten_page()
    {
        using var folder = LedgerVerifyTests.Filled();
        var bytes = File.ReadAllBytes(folder.LedgerPath);
        bytes.AsSpan(bytes.Length - 4096).Fill(0xA5);
        File.WriteAllBytes(folder.LedgerPath, bytes);
        using var file = LedgerFile.Open(folder.LedgerPath);
        var outcome = file.Verify();
        Assert.Equal((false, HeadWitness.NotCompared), (outcome.Intact, outcome.Witness));
        Assert.StartsWith("The ledger does not hold: the file itself is damaged", outcome.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short()
    {
        using var folder = LedgerVerifyTests.Filled();
        using (var stream = File.OpenWrite(folder.LedgerPath))
        {
            stream.SetLength(4096);
        }

        Refused(
            folder, "ledger-damaged", $"The ledger {folder.LedgerPath} is damaged: database disk image is malformed.",
            "Restore a copy or import an export (gnomon ledger export); until then name another place with --ledger PATH.");
    }

    [Fact]
    public void A_full_disk_loses_nothing()
    {
        using var folder = LedgerVerifyTests.Filled();
        var pages = new FileInfo(folder.LedgerPath).Length / 4096;
        var recorded = 6L;
        using (var ledger = folder.Open(new LedgerOptions { MaximumPages = pages + 8 }))
        {
            var error = Assert.Throws<GnomonError>(() =>
            {
                for (var i = 0; i < 1_000; i++)
                {
                    recorded = ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 2_000), $"full {i}"));
                }
            });
            Assert.Equal("ledger-full", error.Code);
            Assert.Equal($"The ledger {folder.LedgerPath} cannot grow: no space is left. What was recorded before is unharmed; this run was not recorded.", error.Message);
            Assert.True(recorded > 6);
        }

        using (var again = folder.Open())
        {
            Assert.Equal(recorded + 1, again.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 2_000), "after")));
        }

        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.True(file.Verify().Intact);
    }

    [Fact]
    public void A_ledger_held_by_another_process()
    {
        using var folder = LedgerVerifyTests.Filled();
        Assert.Equal(SQLitePCL.raw.SQLITE_OK, SQLitePCL.raw.sqlite3_open(folder.LedgerPath, out var other));
        using (other)
        {
            SQLitePCL.raw.sqlite3_exec(other, "BEGIN IMMEDIATE");
            using var ledger = folder.Open(new LedgerOptions { BusyTimeoutMilliseconds = 20 });
            var error = Assert.Throws<GnomonError>(() => ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d")));
            Assert.Equal(("ledger-busy", "Run again when the other process has finished."), (error.Code, error.Hint));
            Assert.Empty(ledger.LooksAt(LedgerFolder.Key("x")));
            SQLitePCL.raw.sqlite3_exec(other, "ROLLBACK");
            Assert.Equal(7, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d")));
        }
    }

    [Fact]
    public void No_ledger_at_all()
    {
        using var folder = new LedgerFolder();
        var error = Assert.Throws<GnomonError>(() => LedgerFile.Open(folder.LedgerPath));
        Assert.Equal(("ledger-not-found", $"There is no ledger at {folder.LedgerPath}."), (error.Code, error.Message));
    }

    [Fact]
    public void An_entry_that_is_not_there()
    {
        using var folder = LedgerVerifyTests.Filled();
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal($"The ledger {folder.LedgerPath} has no entry 7; it holds 1 to 6.", Assert.Throws<GnomonError>(() => file.Show(7)).Message);
    }

    [Theory]
    [InlineData("visits.csv", null, "/home/ana/.gnomon/ledger.db")]
    [InlineData("/data/visits.csv", null, "/data/.gnomon/ledger.db")]
    [InlineData("/data/2026-*.parquet", null, "/data/.gnomon/ledger.db")]
    [InlineData("/data/*/part.csv", null, "/data/.gnomon/ledger.db")]
    [InlineData(null, null, "/home/ana/.gnomon/ledger.db")]
    [InlineData("-", null, "/home/ana/.gnomon/ledger.db")]
    [InlineData("https://example.org/a/visits.csv", null, "/home/ana/.gnomon/ledger.db")]
    [InlineData("/data/visits.csv", "team/our.db", "/home/ana/team/our.db")]
    [InlineData("/data/visits.csv", "team/", "/home/ana/team/ledger.db")]
    public void The_ledger_lies_beside_the_data_unless_told_otherwise(string? source, string? chosen, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths are written for systems with one root.");
        Assert.Equal(expected, LedgerLocation.For(source, chosen, "/home/ana"));
    }

    [Fact]
    public void An_address_is_no_place_for_a_ledger_file() =>
        Assert.Equal("option-out-of-range", Assert.Throws<GnomonError>(() => LedgerLocation.For(null, "postgres://host/db", "/home")).Code);

    private static void Refused(LedgerFolder folder, string code, string message, string hint)
    {
        using var ledger = folder.Open();
        var error = Assert.Throws<GnomonError>(() => ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d1")));
        Assert.Equal((code, message, hint), (error.Code, error.Message, error.Hint));
    }
}
