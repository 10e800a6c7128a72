namespace Gnomon.Methods.Regression;

/// <summary>The part of a formula's grammar that stands in <c>(... | group)</c>; shares the cursor of the formula's parser.</summary>
internal sealed class FormulaRandomParser
{
    readonly FormulaParser _parser;
    readonly string _text;

    public FormulaRandomParser(FormulaParser parser, string text) => (_parser, _text) = (parser, text);

    /// <summary>Whether the bracket at this place holds a bar of its own.</summary>
    public bool StartsAt(int at)
    {
        if (at >= _text.Length || _text[at] != '(')
        {
            return false;
        }

        var depth = 0;
        for (var i = at; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '`':
                    i = _text.IndexOf('`', i + 1) is var end and >= 0 ? end : _text.Length;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    return false;
                case '|' when depth == 1:
                    return true;
            }
        }

        return false;
    }

    /// <summary>Reads the bracket: <c>a/b</c> gives one term for a and one for a:b.</summary>
    public IEnumerable<FormulaRandomTerm> Read()
    {
        _parser.Expect('(', "Expected ( before a random term");
        var hasIntercept = true;
        var terms = _parser.Sum(ref hasIntercept, isTop: true);
        _parser.Expect('|', "Expected | between what differs and its group");
        var correlated = !_parser.TakeNow('|');
        List<string> groups = [_parser.Column("a grouping column after |")];
        var nested = new List<List<string>> { groups };
        while (true)
        {
            if (_parser.Take('/'))
            {
                nested.Add([.. nested[^1], _parser.Column("a grouping column after /")]);
            }
            else if (_parser.Take(':'))
            {
                nested[^1].Add(_parser.Column("a grouping column after :"));
            }
            else
            {
                break;
            }
        }

        if (terms.Count == 0 && !hasIntercept)
        {
            throw _parser.Wrong($"Nothing differs between the groups of {string.Join(":", nested[^1])}: write 1 for the level, or a column for its slope.");
        }

        _parser.Expect(')', "Expected ) after the group of a random term");
        return nested.Select(g => new FormulaRandomTerm([.. terms.OrderBy(t => t.Atoms.Count)], hasIntercept, [.. g.Distinct(StringComparer.Ordinal)], correlated || terms.Count + (hasIntercept ? 1 : 0) == 1));
    }
}
