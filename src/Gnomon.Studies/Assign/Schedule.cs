using System.Globalization;
using System.Text.Json.Nodes;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Assign;

/// <summary>The schedule of a switchback: which arm runs where, in every block of time.</summary>
/// <remarks>
/// Each block of each zone is drawn by itself, from the hash of its name (zone and first moment), so the randomisation that <c>ab --switchback</c> draws again is the one that was done here, and anybody
/// gets the same schedule from the salt alone. Bojinov, Simchi-Levi and Zhao 2023 (Management Science) on designs and their tests.
/// </remarks>
internal sealed class Schedule
{
    private const int MostBlocks = 1_000_000;
    private const int MostShown = 12;
    private readonly AssignOptions _options;
    private readonly IReadOnlyList<string> _zones;
    private readonly IReadOnlyList<double> _shares;
    private readonly List<(string? Zone, DateTime From, DateTime To, int Arm)> _blocks;
    private readonly bool _hasZones;

    private Schedule(AssignOptions options, IReadOnlyList<string> zones, bool hasZones, IReadOnlyList<double> shares, List<(string?, DateTime, DateTime, int)> blocks) =>
        (_options, _zones, _hasZones, _shares, _blocks) = (options, zones, hasZones, shares, blocks);

    public static IEnumerable<GnomonError> Validate(AssignOptions options)
    {
        if (options.Block is null)
        {
            if (options.From is not null || options.Days is not null)
            {
                yield return new GnomonError("option-missing", "--from and --days are those of a schedule, which needs --block.", "--block", "Add --block 2h: how long one draw holds.");
            }

            yield break;
        }

        if (options.From is null || options.Days is null)
        {
            yield return new GnomonError("option-missing", "A schedule needs its first moment and how long it runs.", "--from, --days", "Write --from 2026-04-06 --days 42.");
        }
        else if (Start(options.From) is null)
        {
            yield return new GnomonError("bad-date", $"--from must be a day or a moment; got '{options.From}'.", "--from", "Write --from 2026-04-06 or --from \"2026-04-06 06:00\".");
        }

        if (Length(options.Block) is not { } length)
        {
            yield return new GnomonError("bad-length", $"--block must be a length such as 30m, 2h or 1d; got '{options.Block}'.", "--block", "Write --block 2h.");
        }
        else if (options.Days is { } days && length > TimeSpan.FromDays(days))
        {
            yield return new GnomonError("bad-length", $"One block of {options.Block} is longer than {Figures.Count(days, "day")}.", "--block, --days", "Write a shorter block, or more days.");
        }

        foreach (var (option, isGiven) in new[] { ("--strata", options.Strata.Count > 0), ("--rerandomise", options.Rerandomise.Count > 0), ("--layer", options.Layer is not null) })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"{option} gives units their arms; a schedule gives them to blocks of time.", $"--block, {option}", $"Leave out {option}.");
            }
        }

        if (options.Arms.Count > 2)
        {
            yield return new GnomonError("options-conflict", $"A switchback has two arms; got {options.Arms.Count}.", "--block, --arms", "Name two arms.");
        }
    }

    public static Schedule Of(AssignOptions options, UnitList? zones, IReadOnlyList<double> shares)
    {
        var (start, length) = (Start(options.From!)!.Value, Length(options.Block!)!.Value);
        var perZone = (long)Math.Ceiling(TimeSpan.FromDays(options.Days!.Value) / length);
        var names = zones?.Units ?? [string.Empty];
        if (perZone * names.Count > MostBlocks)
        {
            throw new GnomonError("too-many-blocks", $"{Figures.Count(perZone)} blocks in each of {Figures.Count(names.Count, "series", "series")} are more than {Figures.Count(MostBlocks)}.", "--block, --days", "Write a longer block, or list zones instead of units.");
        }

        var end = start + TimeSpan.FromDays(options.Days.Value);
        double[] parts = [.. shares];
        var blocks = new List<(string?, DateTime, DateTime, int)>();
        foreach (var zone in names)
        {
            for (long b = 0; b < perZone; b++)
            {
                var from = start + b * length;
                blocks.Add((zones is null ? null : zone, from, from + length < end ? from + length : end, Assignment.Arm(options.Salt!, Key(zones is null ? null : zone, from), parts)));
            }
        }

        return new Schedule(options, names, zones is not null, shares, blocks);
    }

    public StudyReport Report() => new()
    {
        Question = "assign",
        Title = $"Which arm of {_options.Salt} runs when{(_hasZones ? " and where" : string.Empty)}?",
        Propose = _ => new Proposal(DecisionAction.Answer, Summary()),
        Evidence = [new AssignmentCounts { Arms = _options.Arms, Observed = Counts, PlannedShares = _shares, SplitDeclared = _options.Split is not null }],
        Limitations =
        [
            "Each block was drawn by itself, so the arms are alike on average and not block by block: rush hours may fall more often to one arm, and ab counts that in its error.",
            "What a block changes may last into the next one: leave its first part out with --burn-in, and let ab test for carry-over.",
        ],
        Next =
        [
            .. _options.Out is null ? new[] { "Nothing was written: add --out FILE for the schedule." } : [],
            $"Read it with gnomon ab DATA --variant ARM --metric METRIC --time TIME --switchback --block {_options.Block}{(_hasZones ? $" --cluster {_options.Unit}" : string.Empty)}{(_options.Plan is { } plan ? $" --plan {plan}" : string.Empty)}: the test draws this design again.",
        ],
        Tables =
        [
            new ResultTable("arms", "Arms", ["arm", "share", "blocks"], [.. _options.Arms.Select((a, i) => (IReadOnlyList<object?>)[a, _shares[i], Counts[i]])]),
            new ResultTable("schedule", _blocks.Count > MostShown ? $"The first {MostShown} blocks of {Figures.Count(_blocks.Count)}" : "The schedule", [.. _hasZones ? new[] { _options.Unit! } : [], "from", "until", "arm"],
                [.. _blocks.Take(MostShown).Select(b => (IReadOnlyList<object?>)[.. _hasZones ? new object?[] { b.Zone } : [], Moment(b.From), Moment(b.To), _options.Arms[b.Arm]])]),
        ],
    };

    public void Write(TextWriter writer)
    {
        writer.WriteLine(string.Join(',', (_hasZones ? new[] { CsvFile.Cell(_options.Unit!) } : []).Concat(["from", "until", "arm", "block"])));
        foreach (var (zone, from, to, arm) in _blocks)
        {
            writer.WriteLine(string.Join(',', (zone is null ? Array.Empty<string>() : [CsvFile.Cell(zone)]).Concat([Moment(from), Moment(to), CsvFile.Cell(_options.Arms[arm]), CsvFile.Cell(Key(zone, from))])));
        }
    }

    /// <summary>The block <c>assignment</c> of the plan.</summary>
    public JsonObject Block() => new() { ["kind"] = "switchback", ["salt"] = _options.Salt, ["block"] = _options.Block, ["from"] = _options.From, ["days"] = _options.Days };

    private long[] Counts => [.. _options.Arms.Select((_, a) => (long)_blocks.Count(b => b.Arm == a))];

    private string Summary() =>
        $"{Figures.Count(_blocks.Count, "block")} of {_options.Block}{(_hasZones ? $" in {Figures.Count(_zones.Count)} values of {_options.Unit}" : string.Empty)} over {Figures.Count(_options.Days!.Value, "day")}: {string.Join(", ", _options.Arms.Select((a, i) => $"{Figures.Count(Counts[i])} {a}"))}."
        + (_options.Out is { } file ? $" The schedule is in {file}." : string.Empty);

    // The name of a block is all that its arm hangs on.
    private static string Key(string? zone, DateTime from) => zone is null ? Moment(from) : $"{zone} {Moment(from)}";

    private static string Moment(DateTime at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static DateTime? Start(string text) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) ? start : null;

    // Whole minutes, so that the moments can be written.
    private static TimeSpan? Length(string text)
    {
        var minutes = text.Length < 2 ? 0 : text[^1] switch { 'm' => 1, 'h' => 60, 'd' => 1_440, _ => 0 };
        return minutes > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000 ? TimeSpan.FromMinutes((double)number * minutes) : null;
    }
}
