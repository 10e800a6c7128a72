using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Question;

/// <summary>When each unit was seen first and last, and when the outcome came, in days; read in one pass over all rows.</summary>
internal sealed class EventLog
{
    private const double DayInMicroseconds = 86_400e6;
    private readonly List<double> _first = [];
    private readonly List<double> _last = [];
    private readonly List<double> _outcome = [];

    private EventLog()
    {
    }

    public int Units => _first.Count;

    public long Rows { get; private set; }

    /// <summary>First day of the log.</summary>
    public double Start { get; private set; } = double.PositiveInfinity;

    /// <summary>Last day of the log; nothing is known of later ones.</summary>
    public double End { get; private set; } = double.NegativeInfinity;

    public double First(int unit) => _first[unit];

    public double Last(int unit) => _last[unit];

    /// <summary>Day of the outcome; infinity where it never came.</summary>
    public double Outcome(int unit) => _outcome[unit];

    /// <param name="unit">Column that names the unit.</param>
    /// <param name="time">Column of days or moments.</param>
    /// <param name="outcome">Column and value of an explicit outcome; null without one.</param>
    /// <param name="until">Rows after this day are not read; null for all.</param>
    /// <param name="context">The data.</param>
    public static EventLog Read(Field unit, Field time, (string Column, string Value)? outcome, double? until, StudyContext context)
    {
        var log = new EventLog();
        List<Projection> select = [new("unit", Scalar.Column(unit.Name).ToText()), new("time", Scalar.Column(time.Name))];
        if (outcome is { } o)
        {
            select.Add(new Projection("outcome", Scalar.Column(o.Column).ToText()));
        }

        var perDay = time.Type is ColumnType.Timestamp or ColumnType.LocalTimestamp ? DayInMicroseconds : 1;
        context.RequireData().Scan(new Query { Select = select }, chunk => log.Take(chunk, time.Type == ColumnType.Double, perDay, outcome?.Value, until), context.Cancellation);
        return log.Units > 0 ? log : throw new GnomonError("no-rows", $"No row has a value of {unit.Name} and of {time.Name}.", "--question", "Check the unit and the time of the card.");
    }

    private bool Take(Chunk chunk, bool isDouble, double perDay, string? value, double? until)
    {
        var units = chunk.Codes(0);
        var outcomes = value is null ? [] : chunk.Codes(2);
        var names = value is null ? [] : chunk.Dictionary(2);
        for (var i = 0; i < chunk.Rows; i++)
        {
            var day = (isDouble ? chunk.Doubles(1)[i] : chunk.Integers(1)[i]) / perDay;
            if (units[i] < 0 || chunk.IsNull(1, i))
            {
                continue;
            }

            (Start, End) = (Math.Min(Start, day), Math.Max(End, day));
            if (day > until)
            {
                continue;
            }

            while (_first.Count <= units[i])
            {
                _first.Add(double.PositiveInfinity);
                _last.Add(double.NegativeInfinity);
                _outcome.Add(double.PositiveInfinity);
            }

            Rows++;
            _first[units[i]] = Math.Min(_first[units[i]], day);
            _last[units[i]] = Math.Max(_last[units[i]], day);
            if (value is not null && outcomes[i] >= 0 && names[outcomes[i]] == value)
            {
                _outcome[units[i]] = Math.Min(_outcome[units[i]], day);
            }
        }

        return true;
    }
}
