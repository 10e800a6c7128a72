using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Recomputes the whole chain from the rows and says what does not fit.</summary>
internal static class LedgerVerifier
{
    private static readonly Dictionary<string, string> PartNames = new(StringComparer.Ordinal)
    {
        ["look"] = "the look (experiment, units, data, metrics or p-value)",
        ["arms"] = "the arms of the units",
        ["hypotheses"] = "the hypotheses tested",
        ["exclusions"] = "the rows set aside",
        ["plan"] = "the plan",
        ["override"] = "the override",
        ["finding"] = "the finding",
    };

    /// <param name="noted">Hash of any entry, noted outside the ledger; null when none was.</param>
    public static LedgerVerification Verify(SqliteDatabase database, string? noted, CancellationToken cancellation)
    {
        // The witness first: it may lag behind the ledger but never run ahead of it.
        var witness = HeadFile.Read(database.Path, out var present);
        try
        {
            return database.Read(() => new Run(database, noted, cancellation).Check(witness, present));
        }
        catch (GnomonError e) when (e.Code is "ledger-damaged" or "ledger-failed")
        {
            return Run.Broken(0, null, $"the file itself is damaged: {e.Message}", HeadWitness.NotCompared);
        }
    }

    private sealed class Run(SqliteDatabase database, string? noted, CancellationToken cancellation)
    {
        private bool notedSeen;
        private string? witnessed;

        public LedgerVerification Check(LedgerHead? witness, bool present)
        {
            var count = EntryReader.Count(database);
            if (FileDamage() is { } damage)
            {
                return Broken(0, null, damage, HeadWitness.NotCompared);
            }

            var (previous, checkedEntries) = (EntryChain.Genesis, 0L);
            using var reader = new EntryReader(database);
            for (var sequence = 1L; sequence <= count; sequence++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Differs(reader.Read(sequence), sequence, previous, out var hash) is { } difference)
                {
                    return Broken(checkedEntries, sequence, difference, HeadWitness.NotCompared);
                }

                previous = hash;
                checkedEntries++;
                Notice(sequence, Convert.ToHexStringLower(hash), witness);
            }

            var judged = Judge(witness, present);
            return (Strangers() ?? FamilyTable.Difference(database) ?? Cut(count, witness, judged) ?? NotedMissing()) is { } fault
                ? Broken(checkedEntries, null, fault, judged)
                : Sound(checkedEntries, previous, judged, witness);
        }

        public static LedgerVerification Broken(long entries, long? sequence, string difference, HeadWitness witness) => new()
        {
            Intact = false,
            Entries = entries,
            FirstBroken = sequence,
            Difference = difference,
            Witness = witness,
            Summary = sequence is { } at
                ? $"The ledger does not hold from entry {at} on: {difference}. {Before(entries)}"
                : $"The ledger does not hold: {difference}.",
        };

        private static string Before(long entries) => entries switch
        {
            0 => "No entry before it is confirmed.",
            1 => "Entry 1 is as it was recorded.",
            _ => string.Create(CultureInfo.InvariantCulture, $"Entries 1 to {entries} are as they were recorded."),
        };

        private static LedgerVerification Sound(long entries, byte[] last, HeadWitness witness, LedgerHead? witnessed) => new()
        {
            Intact = true,
            Entries = entries,
            Head = entries == 0 ? null : new LedgerHead(entries, Convert.ToHexStringLower(last)),
            Witness = witness,
            Summary = entries switch
            {
                0 => "The ledger is empty.",
                1 => "The 1 entry is as it was recorded.",
                _ => string.Create(CultureInfo.InvariantCulture, $"All {entries} entries are as they were recorded."),
            } + witness switch
            {
                HeadWitness.Missing when entries > 0 => " The file that witnesses the newest entry is missing, so a removal of the newest entries could not be seen.",
                HeadWitness.Unreadable when entries > 0 => " The file that witnesses the newest entry cannot be read, so a removal of the newest entries could not be seen.",
                HeadWitness.Agrees when witnessed!.Entries < entries => string.Create(
                    CultureInfo.InvariantCulture, $" The witness of the newest entry reaches to entry {witnessed.Entries}; it follows with the next entry."),
                _ => string.Empty,
            },
        };

        // What was stored is compared from the outside in: number, link, contents, own line.
        private static string? Differs(SealedEntry? read, long sequence, byte[] previous, out byte[] hash)
        {
            hash = [];
            if (read is null)
            {
                return "it was removed";
            }

            if (read.Format != EntryChain.Format)
            {
                return $"it is marked with the unknown layout {read.Format}";
            }

            if (!read.Seal.Previous.AsSpan().SequenceEqual(previous))
            {
                return sequence == 1 ? "its link to the beginning was changed" : $"it does not follow entry {sequence - 1} as that one stands now";
            }

            if (ChangedParts(read) is { Count: > 0 } changed)
            {
                return $"{string.Join(" and ", changed)} changed after it was recorded";
            }

            hash = EntryChain.Hash(read.Content, read.Seal.Parts, previous);
            return read.Seal.Hash.AsSpan().SequenceEqual(hash) ? null : "its time, kind, verb, decision, contents list or hash changed after it was recorded";
        }

        private static List<string> ChangedParts(SealedEntry read)
        {
            var now = EntryChain.Parts(read.Content).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var then = read.Seal.Parts.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return [.. now.Except(then, StringComparer.Ordinal).Concat(then.Except(now, StringComparer.Ordinal))
                .Select(line => line.Split('=')[0]).Distinct(StringComparer.Ordinal)
                .Select(name => PartNames.TryGetValue(name, out var words) ? words : $"the part '{name}'")];
        }

        private void Notice(long sequence, string hash, LedgerHead? witness)
        {
            notedSeen |= noted is not null && hash.StartsWith(noted, StringComparison.OrdinalIgnoreCase);
            witnessed = sequence == witness?.Entries ? hash : witnessed;
        }

        private HeadWitness Judge(LedgerHead? witness, bool present) => witness switch
        {
            null => present ? HeadWitness.Unreadable : HeadWitness.Missing,
            { Entries: 0 } => HeadWitness.Agrees,
            _ => witnessed == witness.Hash ? HeadWitness.Agrees : HeadWitness.Disagrees,
        };

        private string? FileDamage()
        {
            if (LedgerSchema.Altered(database) is { } altered)
            {
                return $"the table, index or guard '{altered}' was added, changed or removed";
            }

            using var statement = database.Prepare("PRAGMA integrity_check(1)");
            return statement.Step() && statement.Text(0) != "ok" ? $"the file itself is damaged: {statement.Text(0)}" : null;
        }

        // Rows of no entry, a second schema line, numbers out of order: nothing of this can come from a recorded run.
        private string? Strangers()
        {
            foreach (var table in (string[])["hypotheses", "exclusions"])
            {
                if (database.Number($"SELECT entry FROM {table} GROUP BY entry HAVING min(ordinal) <> 1 OR max(ordinal) <> count(*) LIMIT 1") is > 0 and var entry)
                {
                    return $"the numbering in table '{table}' of entry {entry} was changed";
                }
            }

            foreach (var table in LedgerSchema.Tables.Where(t => t is not ("meta" or "entries")))
            {
                if (database.Number($"SELECT count(*) FROM {table} WHERE entry NOT IN (SELECT sequence FROM entries)") is > 0 and var rows)
                {
                    return $"{rows} row(s) of table '{table}' belong to no entry";
                }
            }

            return database.Number($"SELECT count(*) FROM meta WHERE name <> 'schema' OR value <> '{LedgerSchema.Name}'") > 0
                || database.Number("SELECT count(*) FROM meta") != 1
                || database.Number("SELECT coalesce(min(sequence), 1) FROM entries") != 1
                ? "rows were added that no run records"
                : null;
        }

        private string? Cut(long count, LedgerHead? witness, HeadWitness judged)
        {
            var issued = database.Number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entries'");
            var known = Math.Max(issued, witness?.Entries ?? 0);
            if (known > count)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the newest {known - count} of {known} entries were removed");
            }

            return judged == HeadWitness.Disagrees ? $"entry {witness!.Entries} is not the one that was recorded under that number" : null;
        }

        private string? NotedMissing() => noted is null || notedSeen ? null : $"no entry has the hash {noted}";
    }
}
