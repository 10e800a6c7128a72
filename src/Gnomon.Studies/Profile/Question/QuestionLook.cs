using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Question;

/// <summary>A question held against the data: what of it is written down, what the rows can answer, and which kind of answer it needs.</summary>
internal sealed class QuestionLook
{
    private const long FewestUnits = 50;
    private readonly ProfileFacts _facts;
    private readonly QuestionCard _card;
    private readonly Field? _unit;
    private readonly Field? _time;
    private readonly EventLog? _log;
    private readonly double _asOf;
    private readonly List<OutcomeDefinition> _definitions = [];
    private readonly List<Agreement> _agreements = [];
    private readonly OutcomeDefinition? _chosen;

    private QuestionLook(ProfileFacts facts, StudyContext context)
    {
        var schema = context.RequireData().Schema;
        (_facts, _card) = (facts, facts.Options.Question is { } path ? QuestionCard.Read(path) : new QuestionCard());
        _unit = _card.Unit is { } unit ? schema.Require(unit, "--question") : Unit(schema);
        _time = facts.Options.Time is { } time ? schema.Require(time, "--time") : Time(schema);
        if (_card.Event is { } named)
        {
            schema.Require(named.Column, "--question");
        }

        if (_unit is null || _time is not { IsTemporal: true })
        {
            return;
        }

        var all = EventLog.Read(_unit, _time, _card.Event, null, context);
        var horizon = _card.HorizonDays ?? _card.InactiveDays ?? 30;
        _asOf = _card.AsOf is { } day ? day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber : _card.Event is null ? all.End : all.End - horizon;
        _log = _card.AsOf is not null && _card.Event is null ? EventLog.Read(_unit, _time, null, _asOf, context) : all;
        _definitions = _card.Event is null ? OutcomeDefinition.Inactive(_log, _asOf, [.. OutcomeDefinition.Days.Append(_card.InactiveDays ?? 60).Distinct().Order()]) : [];
        _agreements = OutcomeDefinition.Agreements(_definitions, facts.Options.Level);
        _chosen = _card.Event is { } e ? OutcomeDefinition.Explicit(_log, _asOf, horizon, $"{e.Column} = {e.Value}") : _definitions.Find(d => d.Name == $"no event for {_card.InactiveDays ?? 60} days");
    }

    /// <exception cref="GnomonError">The card cannot be read, or names a column that the data do not have.</exception>
    public static IEnumerable<ProfilePart> Of(ProfileFacts facts, StudyContext context)
    {
        if (facts.Options.Question is null && facts.Options.WriteQuestion is null)
        {
            yield break;
        }

        context.Progress?.Report(new StudyProgress("holding the question against the data", null));
        var look = new QuestionLook(facts, context);
        if (facts.Options.WriteQuestion is { } path)
        {
            Save(path, look.Draft().Write());
        }

        yield return look.Part();
    }

    private double Level => _facts.Options.Level;

    private ProfilePart Part()
    {
        var fields = Fields().ToList();
        var lacking = fields.Where(f => f.Verdict != "ok").Select(f => $"{f.Name} ({f.Verdict})").ToList();
        return new ProfilePart
        {
            Lead = Lead(lacking.Count),
            Evidence = [.. Evidence(lacking)],
            Estimates = [.. Estimates()],
            Tables = [.. Tables(fields)],
            Limitations = [.. Limits()],
            Next = [.. lacking.Count == 0 ? [] : new[] { $"Settle with whoever asked: {string.Join("; ", lacking.Take(9))}.{(_facts.Options.WriteQuestion is { } path ? $" The card is in {path}." : " --write-question FILE writes the card with what the data suggest.")}" }, .. Answers().Take(1).Select(a => $"{a.Need}: {a.Command}")],
        };
    }

    private IEnumerable<IEvidence> Evidence(List<string> lacking)
    {
        yield return new PlanStatement { Exists = true, BeforeFirstLook = false, What = "question card", Missing = lacking };
        if (_chosen is { Gone.Length: > 0 })
        {
            var candidates = _facts.Columns.Count(c => c.Role is Role.Number or Role.Category or Role.Flag && c.Name != _card.Event?.Column);
            yield return new EventCounts { Target = _chosen.Name, Classes = [.. new[] { new ClassCount("no", _chosen.Gone.Length - _chosen.Events), new ClassCount("yes", _chosen.Events) }.OrderByDescending(c => c.Rows)], Parameters = Math.Max(1, candidates) };
        }

        // Once the owner has settled one definition the others are no rivals any more.
        if (!_card.HasOutcome && _agreements.Count > 0)
        {
            var worst = _agreements.MinBy(a => a.High);
            yield return new LabelErrors
            {
                Target = "the outcome", Rows = worst.Units, Gain = 0, Share = 0, Low = 0, High = 0, ByChance = 0, Limit = 0, Suspects = 0, ExpectedWrong = 0, PValue = 1,
                Definitions = new DefinitionAgreement(worst.First, worst.Second, worst.Kappa, worst.Low, worst.High, worst.Differ),
            };
        }
    }

    private string Lead(int lacking)
    {
        var card = lacking == 0 ? "The question card is complete" : $"{Figures.Count(lacking, "field")} of the question card {(lacking == 1 ? "is" : "are")} open";
        if (_chosen is null)
        {
            return $"{card}; no outcome can be derived from these columns yet.";
        }

        var rate = $"answerable as '{_chosen.Name}': {Figures.Percent(_chosen.Rate)} of {Figures.Count(_chosen.Gone.Length, "unit")} on {Day(_asOf)}";
        return _card.HasOutcome || _agreements.Count == 0 ? $"{card}; {rate}." : $"{card}; {rate}. Definitions disagree (kappa {Figures.Number(_agreements.Min(a => a.Kappa))} to {Figures.Number(_agreements.Max(a => a.Kappa))}): have the owner confirm one before anything is trained.";
    }

    private IEnumerable<Estimate> Estimates()
    {
        foreach (var d in _chosen is null || _definitions.Contains(_chosen) ? _definitions : [_chosen])
        {
            var limits = d.Limits(Level);
            yield return new Estimate { Name = "base rate", Metric = d.Name, Value = d.Rate, Low = limits.Low, High = limits.High, Level = Level, Unit = "proportion", N = d.Gone.Length, Method = "proportion, Wilson", Role = d == _chosen ? "primary" : "descriptive" };
        }

        foreach (var a in _agreements)
        {
            yield return new Estimate { Name = "kappa", Metric = $"{a.First} and {a.Second}", Value = a.Kappa, Low = a.Low, High = a.High, Level = Level, Unit = "number", N = a.Units, Method = "Cohen's kappa, Fleiss-Cohen-Everitt errors", Role = "descriptive" };
        }
    }

    private IEnumerable<ResultTable> Tables(List<CardField> fields)
    {
        yield return new ResultTable("question", "The question card against the data", ["field", "on the card", "what the data say", "verdict"], [.. fields.Select(f => (IReadOnlyList<object?>)[f.Name, f.Card, f.Data, f.Verdict])]);
        if (_definitions.Count > 0)
        {
            yield return new ResultTable("definitions", $"Who is gone, on {Day(_asOf)}", ["definition", "units", "gone", "base rate"], [.. _definitions.Select(d => (IReadOnlyList<object?>)[d.Name, (long)d.Gone.Length, d.Events, d.Rate])]);
        }

        yield return new ResultTable("answers", "Which answer it needs", ["needs", "ask"], [.. Answers().Select(a => (IReadOnlyList<object?>)[a.Need, a.Command])]);
    }

    private IEnumerable<string> Limits()
    {
        foreach (var a in _agreements)
        {
            yield return $"{a.Says}.";
        }

        if (_definitions.Count > 0)
        {
            yield return $"Units first seen less than {_definitions[^1].Name.Split(' ')[3]} days before {Day(_asOf)} cannot be judged by every definition and are left out: {Figures.Count(_log!.Units - _definitions[0].Gone.Length)} of {Figures.Count(_log.Units)}.";
        }
    }

    private IEnumerable<CardField> Fields()
    {
        yield return new CardField("unit", _card.Unit, _log is null ? _unit is null ? "no column that names a repeated unit" : NoTimes() : $"{Figures.Count(_log.Units)} values of {_unit!.Name}, {Figures.Number(Math.Round(_log.Rows / (double)_log.Units, 1))} rows each", _card.Unit is null ? "missing" : _log is null ? "not derivable" : "ok");
        yield return Text("population", _card.Population, _chosen is null ? string.Empty : $"{Figures.Count(_chosen.Gone.Length)} can be judged");
        yield return new CardField("outcome", _card.Event is { } e ? $"{e.Column} = {e.Value}" : _card.InactiveDays is { } d ? $"no event for {d} days" : null, _chosen is null ? "nothing to derive it from" : $"{Figures.Count(_chosen.Events, "case")}, {Figures.Percent(_chosen.Rate)}", !_card.HasOutcome ? "missing" : _chosen is null ? "not derivable" : "ok");
        var outside = _log is not null && _card.AsOf is not null && (_asOf < _log.Start || _asOf > _log.End);
        yield return new CardField("as-of date", _card.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), _log is null ? string.Empty : $"{Day(_log.Start)} to {Day(_log.End)}", _card.AsOf is null ? "missing" : outside ? "outside the data" : "ok");
        yield return Horizon();
        yield return Text("action", _card.Action, string.Empty);
        yield return new CardField("costs", _card.Costs is { } c ? $"{Figures.Number(c.FalseAlarm)} in vain, {Figures.Number(c.Missed)} missed" : null, _card.Costs is { } k ? $"act from a chance of {Figures.Percent(k.FalseAlarm / (k.FalseAlarm + k.Missed))} on" : string.Empty, _card.Costs is null ? "missing" : "ok");
        yield return Text("success metric", _card.Metric, string.Empty);
        yield return Effect();
    }

    private string NoTimes() => _facts.Columns.FirstOrDefault(c => c.Role == Role.Time && c.Scan.IsText) is { } text
        ? $"{_unit!.Name}, but {text.Name} is text: read it as times, --query \"SELECT *, CAST({text.Name} AS TIMESTAMP) AS at FROM data\""
        : $"{_unit!.Name}, and no column of times beside it";

    private static CardField Text(string name, string? value, string data) => new(name, value, data, value is null ? "missing" : "ok");

    // One horizon to look back and one to see what came of it.
    private CardField Horizon()
    {
        var history = _log is null ? 0 : _log.End - _log.Start;
        var says = _log is null ? string.Empty : $"{Figures.Count((long)history)} days of history";
        var after = _log is not null && _card.Event is not null && _card.HorizonDays is { } h && _asOf + h > _log.End + 1;
        return new CardField("horizon", _card.HorizonDays is { } days ? $"{days} days" : null, after ? $"{says}, {Figures.Count((long)Math.Max(0, _log!.End - _asOf))} after the as-of date" : says, _card.HorizonDays is null ? "missing" : _log is null ? "not derivable" : after || history < 2.0 * _card.HorizonDays ? "not enough history" : "ok");
    }

    private CardField Effect()
    {
        var can = _chosen is { Events: > 0 } c && c.Events < c.Gone.Length ? PowerTwoProportions.MinimumDetectableDifference(c.Gone.Length / 2.0, c.Rate, 0.8, rise: false) ?? PowerTwoProportions.MinimumDetectableDifference(c.Gone.Length / 2.0, c.Rate, 0.8) : null;
        var says = can is { } d ? $"half of the units against the other half show {Figures.Percent(Math.Abs(d))} with a power of 80 %" : string.Empty;
        return new CardField("smallest worthwhile effect", _card.SmallestEffect is { } e ? Figures.Percent(e) : null, says, _card.SmallestEffect is not { } wanted ? "missing" : can is { } least && Math.Abs(least) > wanted ? "too small to be seen" : "ok");
    }

    private IEnumerable<(string Need, string Command)> Answers()
    {
        var goal = _card.Goal ?? QuestionWords.Goal(_card.Ask, _card.Action);
        var unit = _unit?.Name ?? "UNIT";
        if (goal == "cause")
        {
            yield return ("cause: does the action change the outcome?", "gnomon design, then gnomon ab: give it to a random part, and to nobody else");
        }

        if (goal == "predict")
        {
            yield return ("prediction: who will be next?", $"gnomon profile TABLE --target OUTCOME --time AS_OF --key {unit}, on one row for each {unit} at the as-of date: leaks and events first");
        }

        yield return ("description: how many are gone, since when?", $"gnomon sql {_facts.Source} --recipe retention --unit {unit} --time {_time?.Name ?? "TIME"}");
        if (goal != "cause" && _card.Action is not null)
        {
            yield return ($"cause: whether '{_card.Action}' helps", "gnomon design, then gnomon ab: no model of who leaves says whom the action keeps");
        }
    }

    private QuestionCard Draft() => _card with
    {
        Ask = _card.Ask, Unit = _card.Unit ?? _unit?.Name, InactiveDays = _card.HasOutcome || _chosen is null ? _card.InactiveDays : 60, HorizonDays = _card.HorizonDays ?? (_chosen is null ? null : 60),
        AsOf = _card.AsOf ?? (_log is null ? null : DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)Math.Floor(_asOf))),
    };

    // A label that repeats, or else the text with the most values that do.
    private Field? Unit(Schema schema)
    {
        var repeating = _facts.Columns.Where(c => c.Scan.RepeatShare > 0.5).ToList();
        var found = repeating.Where(c => c.Role == Role.Identifier).MaxBy(c => c.Scan.Distinct) ?? repeating.Where(c => c.Scan.IsText && c.Role is Role.Category or Role.Text && c.Scan.Distinct > FewestUnits).MaxBy(c => c.Scan.Distinct);
        return found is null ? null : schema.Require(found.Name, "--question");
    }

    private Field? Time(Schema schema) => _facts.Columns.FirstOrDefault(c => c.Role == Role.Time && c.IsTemporal) is { } found ? schema.Require(found.Name, "--question") : null;

    private static string Day(double day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)Math.Floor(day)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Save(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("output-not-written", $"The question card could not be written to {path}: {wrong.Message}", "--write-question", "Name a file in a folder that exists and may be written to.", wrong);
        }
    }

    private sealed record CardField(string Name, string? Card, string Data, string Verdict);
}
