using Gnomon.Core.Findings;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>Rules as sentences.</summary>
internal static class RuleWords
{
    private const int MostShown = 6;

    public static string Demand(Rule rule) => rule.Kind switch
    {
        RuleKind.Columns => $"the columns are {ProfileWords.List(rule.Columns, MostShown)}{(rule.AllowsOthers ? ", others are welcome" : ", in this order and no others")}",
        RuleKind.Type => rule.Type == "text" ? $"{rule.Column} is there" : $"{rule.Column} holds {TypeWord(rule.Type!)}",
        RuleKind.NotNull => rule.Learned is { Broken: > 0 } l ? $"{rule.Column} is empty no more often than in {Figures.Percent((double)l.Broken / l.Rows)} of rows" : $"{rule.Column} always has a value",
        RuleKind.Range => $"{rule.Column} lies {(rule.Min, rule.Max) switch { ({ } a, { } b) => $"between {a.Text} and {b.Text}", ({ } a, null) => $"at or above {a.Text}", (_, var b) => $"at or below {b!.Text}" }}",
        RuleKind.Values => $"{rule.Column} is one of {ProfileWords.List([.. rule.Values.Select(v => $"'{ProfileWords.Short(v, 30)}'")], MostShown)}",
        RuleKind.Pattern => $"{rule.Column} looks like {rule.Pattern}",
        RuleKind.Unique => rule.Columns.Count == 1 ? $"no two rows share a value of {rule.Column}" : $"no two rows share the values of {ProfileWords.List(rule.Columns, MostShown)} together",
        RuleKind.Order => $"{rule.Columns[0]} is never after {rule.Columns[1]}",
        RuleKind.Increasing => $"{rule.Column} never falls from one row to the next",
        RuleKind.Depends => $"{ProfileWords.List([.. rule.Columns.SkipLast(1)], MostShown)} settles {rule.Columns[^1]}",
        _ => $"every value of {rule.Column} occurs in {rule.OtherColumn} of {rule.Other}",
    };

    public static string Says(RuleOutcome outcome)
    {
        var wrong = outcome.Rule.Kind == RuleKind.Columns
            ? ProfileWords.List(outcome.Examples, MostShown)
            : $"{Figures.Count(outcome.Broken)} of {Figures.Count(outcome.Asked, "row")} {(outcome.Broken == 1 ? "breaks" : "break")} it ({Figures.Percent(outcome.Asked == 0 ? 0 : (double)outcome.Broken / outcome.Asked)})";
        var allowed = outcome.Most > 0 ? $", {Figures.Count(outcome.Most)} may" : string.Empty;
        return $"{outcome.Demand}: {wrong}{allowed}";
    }

    private static string TypeWord(string type) => type switch
    {
        "boolean" => "true or false",
        "integer" => "whole numbers",
        "number" => "numbers",
        "date" => "dates",
        "time" => "times",
        _ => "text",
    };
}
