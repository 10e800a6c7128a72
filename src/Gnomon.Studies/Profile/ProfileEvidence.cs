using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile;

/// <summary>States the facts of a table as evidence for the checks.</summary>
internal sealed class ProfileEvidence
{
    private const int MostSpikes = 2_000;
    private const int FewestDistinct = 6;
    private readonly ProfileOptions _options;
    private readonly IDataset _data;
    private readonly ScanResult _scan;
    private readonly IReadOnlyList<ColumnFacts> _columns;
    private readonly IReadOnlyList<SampleColumn> _samples;

    public ProfileEvidence(ProfileOptions options, IDataset data, ScanResult scan, IReadOnlyList<ColumnFacts> columns)
    {
        (_options, _data, _scan, _columns) = (options, data, scan, columns);
        _samples = [.. columns.Select(c => new SampleColumn(c, scan.Sample))];
    }

    public ProfileFacts State(string? targetName)
    {
        var missing = new MissingLook(_samples, _options.Level);
        var twins = TwinLook.Of(_samples, _scan.Rows);
        var repeats = Repeats(twins);
        var target = targetName is null ? null : _samples.First(s => s.Name == targetName);
        var look = target is { Facts.Role: not Role.Empty } ? new TargetLook(target, _samples, _options.Seed) : null;
        var leaks = look?.Leaks();
        List<IEvidence> evidence =
        [
            .. repeats, .. missing.Links().Where(l => _options.SelectedBy is null || l.Column != _options.Target), .. Spikes(), LossLook.Of(_data, _columns), twins, .. Orders(), .. Zones(), SensitiveLook.Of(_samples), .. Levels(), .. _data.RowsHaveOrder || Time() is not null ? new[] { OrderLook.Of(_samples, Time()) } : [], .. RefreshLook.Of(_samples, Time()),
        ];
        if (look is not null)
        {
            evidence.AddRange(new IEvidence?[] { look.Events(), leaks }.OfType<IEvidence>());
            evidence.AddRange(look.Identifiers());
        }

        return new ProfileFacts
        {
            Options = _options,
            Source = _data.Name,
            Scan = _scan,
            Columns = _columns,
            Evidence = evidence,
            Repeats = repeats,
            Patterns = missing.Patterns(),
            Little = missing.Little(),
            Spellings = [.. _columns.SelectMany(Spellings.Of)],
            OddDates = [.. _columns.Select(DateRange.Of).OfType<OddDates>()],
            Target = target?.Facts,
            Classes = look?.Classes() ?? [],
            Leaks = leaks,
            Unusual = UnusualRows.Of(_samples, _options.Seed),
        };
    }

    private SampleColumn? Time()
    {
        var time = _options.Time is null ? null : _samples.First(s => s.Name == _options.Time);
        return time is null || time.IsOrdered
            ? time
            : throw new GnomonError("not-a-time", $"{_data.Name}, column '{time.Name}' is {time.Facts.Type.ToString().ToLowerInvariant()}; --time needs dates, times or numbers.", "--time", "Name a column that is read as a date, or write its dates as 2024-05-31.");
    }

    private List<RecordRepeats> Repeats(ColumnRedundancy twins)
    {
        var repeats = new List<RecordRepeats> { Of("rows", false, _scan.RowHashes, _scan.Rows, ByChance(twins)) };
        if (_scan.KeyHashes is { } key)
        {
            repeats.Add(Of(string.Join(" and ", _options.Key), true, key, _scan.Rows - _scan.KeyNulls, 0));
        }

        return repeats;
    }

    private static RecordRepeats Of(string on, bool isKey, ValueTable table, long rows, double chance)
    {
        var extra = table.ExtraKept();
        return new RecordRepeats { On = on, IsKey = isKey, Rows = rows, Repeats = extra, RowsSeen = extra + table.Kept, ExpectedByChance = chance };
    }

    // Pairs of rows that would agree in every column if columns were independent; columns that repeat another count once.
    private double ByChance(ColumnRedundancy twins)
    {
        var repeated = twins.Twins.Where(t => t.Value >= 0.9).Select(t => t.Second).ToHashSet(StringComparer.Ordinal);
        double n = _scan.Rows;
        var logarithm = Math.Log(Math.Max(1, n * (n - 1) / 2));
        foreach (var column in _columns.Where(c => !repeated.Contains(c.Name)))
        {
            var pairs = column.Scan.PairsAlike();
            if (pairs <= 0)
            {
                return 0;
            }

            logarithm += Math.Log(Math.Min(1, pairs / Math.Max(1, n * (n - 1) / 2)));
        }

        return Math.Exp(logarithm);
    }

    private IEnumerable<ValueSpikes> Spikes()
    {
        foreach (var column in _samples.Where(c => (c.Facts.IsNumber || c.Facts.IsTemporal) && c.Facts.Role is not Role.Constant && c.Facts.Scan.Distinct >= FewestDistinct && c.Name != _options.Target).Take(MostSpikes))
        {
            var counts = column.Facts.Distribution.Counts ?? SampleCounts(column.Numbers);
            yield return new ValueSpikes
            {
                Column = column.Name, Values = [.. counts.Select(c => c.Value)], Counts = [.. counts.Select(c => c.Count)], Show = column.Facts.Show,
            };
        }
    }

    private static List<ValueCount> SampleCounts(double[] numbers)
    {
        var sorted = Array.FindAll(numbers, v => !double.IsNaN(v));
        Array.Sort(sorted);
        var counts = new List<ValueCount>();
        foreach (var value in sorted)
        {
            if (counts.Count > 0 && counts[^1].Value == value)
            {
                counts[^1] = counts[^1] with { Count = counts[^1].Count + 1 };
            }
            else
            {
                counts.Add(new ValueCount(value + 0.0, 1));
            }
        }

        return counts;
    }

    private IEnumerable<EventOrder> Orders() => _scan.Pairs.Select(p => new EventOrder
    {
        Start = _columns[p.Pair.Start].Name, End = _columns[p.Pair.End].Name, Both = p.Both, Reversed = p.Reversed, Open = p.Open,
    });

    // Offsets written into texts, or a column of zones beside times that have none.
    private IEnumerable<ClockZones> Zones()
    {
        foreach (var column in _columns.Where(c => c.Shape is { Dates: > 0.5, Offsets.Count: > 0 }))
        {
            yield return new ClockZones
            {
                TimeColumn = column.Name, From = "the offsets written with the times",
                Zones = [.. column.Shape!.Offsets.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Select(o => new ZoneRows(o.Key, o.Value))],
            };
        }

        var wall = _columns.FirstOrDefault(c => c.Type == ColumnType.LocalTimestamp);
        var zone = _columns.FirstOrDefault(c => NameHints.IsZone(c.Name) && c.Scan.Texts is { IsComplete: true, Texts.Count: > 0 });
        if (wall is not null && zone is not null)
        {
            yield return new ClockZones
            {
                TimeColumn = wall.Name, From = $"column {zone.Name}",
                Zones = [.. zone.Scan.Texts!.Texts.Zip(zone.Scan.Texts.Counts, (z, n) => new ZoneRows(z, n)).OrderByDescending(z => z.Rows).ThenBy(z => z.Zone, StringComparer.Ordinal)],
            };
        }
    }

    private IEnumerable<CategoryLevels> Levels() => _columns.Where(c => c.Scan.IsText && c.Role is Role.Category or Role.Text && c.Shape is { Words: < 4 } && c.Name != _options.Target)
        .Select(c => c.Scan.Texts is { IsComplete: true } t
            ? new CategoryLevels { Column = c.Name, Rows = c.Present, Levels = t.Texts.Count, RareLevels = t.Counts.LongCount(n => n is > 0 and < 5), RowsInRare = t.Counts.Where(n => n < 5).Sum() }
            : new CategoryLevels { Column = c.Name, Rows = c.Present, Levels = c.Scan.Distinct, RareLevels = null, RowsInRare = null });
}
