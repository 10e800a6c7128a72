using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

public sealed class LedgerVerifyTests
{
    public static TheoryData<string, int, string> Changes => new()
    {
        { "UPDATE looks SET p_value = 0.01 WHERE entry = 3", 3, "the look" },
        { "UPDATE looks SET units = zeroblob(8) WHERE entry = 3", 3, "the look" },
        { "DELETE FROM looks WHERE entry = 4", 4, "the look" },
        { "INSERT INTO looks SELECT 6, roles, name, unit_count, 'd9', metrics, p_value, plan_hash, units FROM looks WHERE entry = 3", 6, "the look" },
        { "UPDATE hypotheses SET p_value = 0.049 WHERE entry = 2 AND ordinal = 1", 2, "the hypotheses tested" },
        { "DELETE FROM hypotheses WHERE entry = 4 AND ordinal = 2", 4, "the hypotheses tested" },
        { "INSERT INTO hypotheses VALUES (4, 3, 'clicks', 'B - A', 0.9, 'secondary')", 4, "the hypotheses tested" },
        { "UPDATE hypotheses SET ordinal = 13 - ordinal WHERE entry = 4", 4, "the hypotheses tested" },
        { "UPDATE exclusions SET row_count = 0", 2, "the rows set aside" },
        { "DELETE FROM exclusions WHERE entry = 3", 3, "the rows set aside" },
        { "UPDATE plans SET json = '{\"primary\":\"orders\"}'", 1, "the plan" },
        { "UPDATE overrides SET reason = 'because'", 5, "the override" },
        { "UPDATE findings SET json = replace(json, 'keep-running', 'ship') WHERE entry = 4", 4, "the finding" },
        { "DELETE FROM findings WHERE entry = 2", 2, "the finding" },
        { "UPDATE entries SET at = '2026-02-01T08:00:00.0000000Z' WHERE sequence = 3", 3, "its time, kind" },
        { "UPDATE entries SET action = 'ship' WHERE sequence = 2", 2, "its time, kind" },
        { "UPDATE entries SET hash = zeroblob(32) WHERE sequence = 3", 3, "its time, kind" },
        { "UPDATE entries SET previous = zeroblob(32) WHERE sequence = 3", 3, "does not follow entry 2" },
        { "UPDATE entries SET format = 2 WHERE sequence = 3", 3, "unknown layout 2" },
        { "DELETE FROM entries WHERE sequence = 3", 3, "it was removed" },
        { "DELETE FROM entries WHERE sequence = 1", 1, "it was removed" },
        { "UPDATE hypotheses SET p_value = 0.5 WHERE entry = 4; UPDATE exclusions SET row_count = 1 WHERE entry = 4", 4, "the hypotheses tested and the rows set aside" },
    };

    [Fact]
    public void An_untouched_ledger_is_intact_and_tells_its_head()
    {
        using var folder = Filled();
        using var file = LedgerFile.Open(folder.LedgerPath);
        var outcome = file.Verify();
        Assert.True(outcome.Intact);
        Assert.Equal((6L, HeadWitness.Agrees), (outcome.Entries, outcome.Witness));
        Assert.Equal("All 6 entries are as they were recorded.", outcome.Summary);
        Assert.Equal(file.Show(6).Hash, outcome.Head?.Hash);
        Assert.True(file.Verify(file.Show(3).Hash).Intact);
        Assert.True(file.Verify(file.Show(3).Hash[..8]).Intact);
        Assert.Equal("no entry has the hash 0123456789", file.Verify("0123456789").Difference);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_later_change_is_found_and_named(string sql, int sequence, string words)
    {
        using var folder = Filled();
        Tamper.Behind(folder.LedgerPath, sql);
        using var file = LedgerFile.Open(folder.LedgerPath);
        var outcome = file.Verify();
        Assert.False(outcome.Intact);
        Assert.Equal(sequence, outcome.FirstBroken);
        Assert.Contains(words, outcome.Difference, StringComparison.Ordinal);
        Assert.Equal(sequence - 1, outcome.Entries);
        Assert.Null(outcome.Head);
    }

    [Theory]
    [InlineData("UPDATE entries SET action = 'ship'")]
    [InlineData("DELETE FROM looks")]
    [InlineData("UPDATE findings SET json = ''")]
    [InlineData("DELETE FROM meta")]
    public void The_file_itself_refuses_changes(string sql)
    {
        using var folder = Filled();
        Assert.Contains("append-only", Tamper.Try(folder.LedgerPath, sql), StringComparison.Ordinal);
    }

    [Fact]
    public void Removing_the_guards_shows()
    {
        using var folder = Filled();
        Tamper.Run(folder.LedgerPath, "DROP TRIGGER looks_forbid_update");
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal("the table, index or guard 'looks_forbid_update' was added, changed or removed", file.Verify().Difference);
    }

    [Fact]
    public void Disarming_a_guard_shows()
    {
        using var folder = Filled();
        Tamper.Run(folder.LedgerPath, "DROP TRIGGER looks_forbid_update; CREATE TRIGGER looks_forbid_update BEFORE UPDATE ON looks BEGIN SELECT 1; END");
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal("the table, index or guard 'looks_forbid_update' was added, changed or removed", file.Verify().Difference);
    }

    [Theory]
    [InlineData("UPDATE families SET family = 3 WHERE entry = 3", "the row of entry 3 in table 'families' (which experiment the look belongs to) was changed")]
    [InlineData("UPDATE families SET anchor = 0 WHERE entry = 2", "the row of entry 2 in table 'families' (which experiment the look belongs to) was changed")]
    [InlineData("DELETE FROM families WHERE entry = 3", "the row of entry 3 in table 'families' (which experiment the look belongs to) was changed")]
    [InlineData("UPDATE families SET p_value = 0.5 WHERE entry = 3", "the row of entry 3 in table 'families' (which experiment the look belongs to) was changed")]
    [InlineData("UPDATE families SET action = 'ship', at = '' WHERE entry = 4", "the row of entry 4 in table 'families' (which experiment the look belongs to) was changed")]
    [InlineData("INSERT INTO families SELECT roles, 2, 4, 0, at, action, data_state, unit_count, metrics, p_value, plan_hash FROM families WHERE entry = 4", "looks were attached to experiments they do not belong to")]
    [InlineData("UPDATE hypotheses SET ordinal = ordinal + 10 WHERE entry = 4", "the numbering in table 'hypotheses' of entry 4 was changed")]
    public void A_change_in_what_follows_from_the_entries_shows_too(string sql, string words)
    {
        using var folder = Filled();
        Tamper.Behind(folder.LedgerPath, sql);
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal((false, words), (file.Verify().Intact, file.Verify().Difference));
    }

    [Theory]
    [InlineData("INSERT INTO looks SELECT 99, roles, name, unit_count, data_state, metrics, p_value, plan_hash, units FROM looks WHERE entry = 3", "1 row(s) of table 'looks' belong to no entry")]
    [InlineData("INSERT INTO meta VALUES ('note', 'x')", "rows were added that no run records")]
    [InlineData("INSERT INTO entries SELECT 0, format, at, kind, verb, action, parts, previous, hash FROM entries WHERE sequence = 1", "rows were added that no run records")]
    public void Rows_of_no_entry_show(string sql, string words)
    {
        using var folder = Filled();
        Tamper.Run(folder.LedgerPath, sql);
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal(words, file.Verify().Difference);
    }

    [Fact]
    public void Cutting_the_newest_entries_shows_by_the_counter_inside_and_by_the_witness_beside()
    {
        using var folder = Filled();
        const string Cut = "DELETE FROM entries WHERE sequence > 4; DELETE FROM looks WHERE entry > 4; DELETE FROM hypotheses WHERE entry > 4; "
            + "DELETE FROM exclusions WHERE entry > 4; DELETE FROM overrides WHERE entry > 4; DELETE FROM findings WHERE entry > 4";
        Tamper.Behind(folder.LedgerPath, Cut);
        File.Move(folder.LedgerPath + ".head", folder.LedgerPath + ".kept");
        Assert.Equal("the newest 2 of 6 entries were removed", Verify(folder).Difference);

        Tamper.Run(folder.LedgerPath, "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'entries'");
        var unseen = Verify(folder);
        Assert.True(unseen.Intact);
        Assert.Equal(HeadWitness.Missing, unseen.Witness);
        Assert.Contains("a removal of the newest entries could not be seen", unseen.Summary, StringComparison.Ordinal);

        File.Move(folder.LedgerPath + ".kept", folder.LedgerPath + ".head");
        Assert.Equal("the newest 2 of 6 entries were removed", Verify(folder).Difference);
    }

    [Fact]
    public void A_ledger_rewritten_with_fitting_hashes_shows_by_the_witness_and_by_a_noted_hash()
    {
        using var folder = Filled();
        var noted = Verify(folder).Head!.Hash;
        using var other = Filled(action: "ship");
        File.Copy(other.LedgerPath, folder.LedgerPath, overwrite: true);
        var outcome = Verify(folder);
        Assert.Equal((false, HeadWitness.Disagrees), (outcome.Intact, outcome.Witness));
        Assert.Equal("entry 6 is not the one that was recorded under that number", outcome.Difference);
        File.Delete(folder.LedgerPath + ".head");
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.True(file.Verify().Intact);
        Assert.False(file.Verify(noted).Intact);
    }

    [Fact]
    public void A_witness_that_lags_is_no_alarm_and_one_that_is_garbled_says_so()
    {
        using var folder = Filled();
        var head = File.ReadAllText(folder.LedgerPath + ".head");
        using (var ledger = folder.Open())
        {
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d7"));
        }

        File.WriteAllText(folder.LedgerPath + ".head", head);
        var lagging = Verify(folder);
        Assert.True(lagging.Intact);
        Assert.EndsWith("The witness of the newest entry reaches to entry 6; it follows with the next entry.", lagging.Summary, StringComparison.Ordinal);

        File.WriteAllText(folder.LedgerPath + ".head", "garbled");
        Assert.Equal((true, HeadWitness.Unreadable), (Verify(folder).Intact, Verify(folder).Witness));
    }

    /// <summary>1 plan, 2 to 4 looks, 5 an override, 6 a finding without a trace. Made once, then copied.</summary>
    internal static LedgerFolder Filled(string action = "keep-running")
    {
        var folder = new LedgerFolder();
        var (ledger, head) = Templates.GetOrAdd(action, Fill);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.LedgerPath)!);
        File.WriteAllBytes(folder.LedgerPath, ledger);
        File.WriteAllBytes(folder.LedgerPath + ".head", head);
        return folder;
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, (byte[] Ledger, byte[] Head)> Templates = new(StringComparer.Ordinal);

    private static (byte[] Ledger, byte[] Head) Fill(string action)
    {
        using var folder = new LedgerFolder();
        using (var ledger = folder.Open())
        {
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 400), "d1", 0, 0.31, action: action, plan: """{"primary":"revenue"}"""));
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 900), "d2", 1, 0.07, action: action));
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("checkout"), "d3", 2, null, action: action));
            using (var file = LedgerFile.Open(folder.LedgerPath))
            {
                file.Override(3, "R. Fisher", "ship", "The margin was agreed before the test.", LedgerFolder.Start.AddDays(3));
            }

            ledger.Append(new LedgerEntry(LedgerFolder.Start.AddDays(4), "profile", """{"title":"What is in visits.csv?"}""", null, "answer"));
        }

        return (File.ReadAllBytes(folder.LedgerPath), File.ReadAllBytes(folder.LedgerPath + ".head"));
    }

    private static LedgerVerification Verify(LedgerFolder folder)
    {
        using var file = LedgerFile.Open(folder.LedgerPath);
        return file.Verify();
    }
}
