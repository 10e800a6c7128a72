using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>Two time columns of which the first should not lie after the second.</summary>
/// <param name="Start">Index of the earlier column.</param>
/// <param name="End">Index of the later column.</param>
/// <param name="ScaleStart">Microseconds in one unit of the earlier column.</param>
/// <param name="ScaleEnd">Microseconds in one unit of the later column.</param>
internal sealed record EventPair(int Start, int End, long ScaleStart, long ScaleEnd)
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    // Words that open and close a span; the first of a line is the earlier.
    private static readonly string[][] Words =
    [
        ["start", "end"], ["started", "ended"], ["begin", "end"], ["from", "to"], ["from", "until"], ["open", "close"], ["opened", "closed"], ["created", "closed"],
        ["created", "resolved"], ["created", "completed"], ["created", "updated"], ["ordered", "shipped"], ["order", "ship"], ["order", "delivery"], ["ordered", "delivered"],
        ["checkin", "checkout"], ["pickup", "dropoff"], ["admission", "discharge"], ["admitted", "discharged"], ["birth", "death"], ["departure", "arrival"], ["hire", "termination"],
        ["hired", "left"], ["signup", "cancel"], ["login", "logout"], ["arrival", "departure"],
    ];

    /// <summary>Pairs among the columns, found by their names: equal but for the two words.</summary>
    public static IReadOnlyList<EventPair> Find(IReadOnlyList<Field> fields)
    {
        var times = fields.Index().Where(f => f.Item.IsTemporal).Take(60).Select(f => (f.Index, f.Item.Type, Parts: Parts(f.Item.Name))).ToList();
        var pairs = new List<EventPair>();
        foreach (var start in times)
        {
            foreach (var end in times.Where(t => t.Index != start.Index))
            {
                var opposite = pairs.Exists(p => p.Start == end.Index && p.End == start.Index);
                if (!opposite && Array.Exists(Words, w => Matches(start.Parts, end.Parts, w[0], w[1])))
                {
                    pairs.Add(new EventPair(start.Index, end.Index, Scale(start.Type), Scale(end.Type)));
                }
            }
        }

        return pairs;
    }

    // "tpep_pickup_datetime" and "tpep_dropoff_datetime" differ in exactly the two words.
    private static bool Matches(string[] start, string[] end, string opening, string closing)
    {
        var at = Array.IndexOf(start, opening);
        return at >= 0 && Array.IndexOf(end, closing) == at && start.Length == end.Length
            && start.Index().All(p => p.Index == at || p.Item == end[p.Index]);
    }

    private static string[] Parts(string name)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var breaks = !char.IsLetter(name[i]) || (char.IsUpper(name[i]) && i > 0 && char.IsLower(name[i - 1]));
            if (breaks && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            if (char.IsLetter(name[i]))
            {
                word.Append(char.ToLowerInvariant(name[i]));
            }
        }

        return word.Length > 0 ? [.. words, word.ToString()] : [.. words];
    }

    private static long Scale(ColumnType type) => type == ColumnType.Date ? MicrosecondsPerDay : 1;
}

/// <summary>How often the later column lies before the earlier one.</summary>
internal sealed class PairCounter(EventPair pair)
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private long _both;
    private long _reversed;
    private long _open;

    public void Add(Block block)
    {
        var (start, end) = (block[pair.Start], block[pair.End]);
        var days = pair.ScaleStart != pair.ScaleEnd;
        for (var i = 0; i < block.Rows; i++)
        {
            if (start.IsNull(i) || end.IsNull(i))
            {
                _open += start.IsNull(i) ? 0 : 1;
                continue;
            }

            _both++;
            _reversed += Before(end.Whole[i], start.Whole[i], days) ? 1 : 0;
        }
    }

    public PairCount Finish() => new(pair, _both, _reversed, _open);

    // A date and a time are compared by day: a date says nothing about the hour.
    private bool Before(long end, long start, bool days) => days
        ? Math.DivRem(end * pair.ScaleEnd, MicrosecondsPerDay).Quotient < Math.DivRem(start * pair.ScaleStart, MicrosecondsPerDay).Quotient
        : end < start;
}

/// <param name="Pair">The columns.</param>
/// <param name="Both">Rows with both times.</param>
/// <param name="Reversed">Rows that end before they start.</param>
/// <param name="Open">Rows that start and have no end.</param>
internal sealed record PairCount(EventPair Pair, long Both, long Reversed, long Open);
