using System.Globalization;

namespace Gnomon.Methods.Regression;

/// <summary>Recursive descent over the formula's text; every complaint carries its position.</summary>
internal sealed class FormulaParser
{
    const int HighestDegree = 20;
    const int MostTerms = 500;

    static readonly string[] Functions = ["C", "log", "log1p", "log10", "sqrt", "exp", "scale", "poly", "s", "ns"];
    static readonly string[] OutcomeFunctions = ["log", "log1p", "log10", "sqrt"];

    readonly string _text;
    readonly FormulaRandomParser _bars;
    readonly List<FormulaRandomTerm> _random = [];
    int _at;

    public FormulaParser(string text) => (_text, _bars) = (text, new FormulaRandomParser(this, text));

    public Formula Parse()
    {
        Skip();
        if (_at == _text.Length)
        {
            throw Wrong("The formula is empty. Write outcome ~ term + term.", 0);
        }

        var start = _at;
        var outcome = Atom();
        if (outcome.Function.Length > 0 && Array.IndexOf(OutcomeFunctions, outcome.Function) < 0)
        {
            throw Wrong($"The outcome may stand in {string.Join(", ", OutcomeFunctions)}, not in {outcome.Function}.", start);
        }

        Expect('~', "Expected ~ after the outcome");
        var hasIntercept = true;
        var terms = Sum(ref hasIntercept, isTop: true);
        Skip();
        if (_at < _text.Length)
        {
            throw Wrong($"Expected +, -, *, : or the end, found '{_text[_at]}'.", _at);
        }

        return new Formula(outcome, [.. terms.OrderBy(t => t.Atoms.Count)], hasIntercept) { Random = [.. _random.Distinct()] };
    }

    internal List<FormulaTerm> Sum(ref bool hasIntercept, bool isTop)
    {
        var terms = new List<FormulaTerm>();
        var removes = isTop && Take('-');
        while (true)
        {
            Skip();
            if (isTop && _at < _text.Length && _text[_at] is '0' or '1' && (_at + 1 == _text.Length || !IsNamePart(_text[_at + 1])))
            {
                hasIntercept = _text[_at] == '1' != removes;
                _at++;
            }
            else if (isTop && _bars.StartsAt(_at))
            {
                _random.AddRange(removes ? throw Wrong("A random term cannot be taken away.", _at) : _bars.Read());
            }
            else
            {
                foreach (var term in Product())
                {
                    if (removes)
                    {
                        terms.Remove(term);
                    }
                    else if (!terms.Contains(term))
                    {
                        terms.Add(term);
                    }
                }
            }

            if (terms.Count > MostTerms)
            {
                throw Wrong($"The formula stands for more than {MostTerms} terms.", _at);
            }

            if (Take('+'))
            {
                removes = false;
            }
            else if (Take('-'))
            {
                removes = true;
            }
            else
            {
                return terms;
            }
        }
    }

    List<FormulaTerm> Product()
    {
        var left = Interaction();
        while (Take('*'))
        {
            if (_at < _text.Length && _text[_at] == '*')
            {
                throw Wrong("Expected a term after *, found another *. Powers of a group of terms are written (a + b)^2.", _at);
            }

            var right = Interaction();
            left = [.. left.Concat(right).Concat(Crossed(left, right)).Distinct()];
        }

        return left;
    }

    List<FormulaTerm> Interaction()
    {
        var left = Power();
        while (Take(':'))
        {
            left = Crossed(left, Power());
        }

        return left;
    }

    List<FormulaTerm> Power()
    {
        var basis = Group();
        while (Take('^'))
        {
            Skip();
            var at = _at;
            var power = Integer() ?? throw Wrong("Expected a whole number after ^.", at);
            if (power is < 1 or > 6)
            {
                throw Wrong("A group of terms can be raised to a power of 1 to 6.", at);
            }

            if (power > 1 && basis is [{ Atoms.Count: 1 } single])
            {
                throw Wrong($"{single.Atoms[0].Text}^{power} is {single.Atoms[0].Text} alone: ^ crosses the terms of a group. For a power of a number write poly({single.Atoms[0].Column}, {power}).", at);
            }

            var all = basis;
            for (var p = 1; p < power; p++)
            {
                all = [.. all.Concat(Crossed(all, basis)).Distinct()];
                if (all.Count > MostTerms)
                {
                    throw Wrong($"The formula stands for more than {MostTerms} terms.", at);
                }
            }

            basis = all;
        }

        return basis;
    }

    List<FormulaTerm> Group()
    {
        Skip();
        if (_bars.StartsAt(_at))
        {
            throw Wrong("A random term stands by itself in the sum: y ~ x + (1 | group).", _at);
        }

        if (Take('('))
        {
            var ignored = true;
            var inside = Sum(ref ignored, isTop: false);
            Expect(')', "Expected ) after the group of terms");
            return inside;
        }

        return [new FormulaTerm([Atom()])];
    }

    FormulaAtom Atom()
    {
        Skip();
        var start = _at;
        var name = Name() ?? throw Wrong(
            _at == _text.Length ? "The formula ends where a column was expected." : $"Expected a column, found '{_text[_at]}'. Names with other signs stand in backquotes.", _at);
        Skip();
        if (_text[start] == '`' || _at == _text.Length || _text[_at] != '(')
        {
            return new FormulaAtom(name);
        }

        if (Array.IndexOf(Functions, name) < 0)
        {
            throw Wrong($"'{name}' is not a function of formulas. Functions: {string.Join(", ", Functions)}.", start);
        }

        _at++;
        Skip();
        var column = Name() ?? throw Wrong($"Expected a column in {name}(...).", _at);
        int? number = name is "poly" ? 2 : name is "ns" ? 4 : name is "s" ? 10 : null;
        string? reference = null;
        if (Take(','))
        {
            Skip();
            var at = _at;
            if (name == "C")
            {
                reference = Reference(at);
            }
            else if (name is "poly" or "s" or "ns")
            {
                number = Integer() ?? throw Wrong($"Expected a whole number as second argument of {name}.", at);
                if (name == "s" && number < 3)
                {
                    throw Wrong("A smooth curve needs at least 3 knots.", at);
                }

                if (number is < 1 or > HighestDegree)
                {
                    throw Wrong($"The second argument of {name} lies in 1 to {HighestDegree}.", at);
                }
            }
            else
            {
                throw Wrong($"{name} takes a column and nothing else.", at);
            }
        }

        Expect(')', $"Expected ) to close {name}(");
        return new FormulaAtom(column, name, number, reference);
    }

    // ref=level, the level as a name, a number, or in quotes.
    string Reference(int at)
    {
        if (Name() != "ref" || !Take('='))
        {
            throw Wrong("Expected ref=LEVEL as second argument of C.", at);
        }

        Skip();
        if (_at < _text.Length && _text[_at] is '\'' or '"')
        {
            var quote = _text[_at];
            var end = _text.IndexOf(quote, _at + 1);
            if (end < 0)
            {
                throw Wrong($"The quote {quote} is not closed.", _at);
            }

            var quoted = _text[(_at + 1)..end];
            _at = end + 1;
            return quoted;
        }

        var start = _at;
        while (_at < _text.Length && _text[_at] is not (')' or ','))
        {
            _at++;
        }

        var level = _text[start.._at].Trim();
        return level.Length > 0 ? level : throw Wrong("Expected a level after ref=.", start);
    }

    string? Name()
    {
        if (_at < _text.Length && _text[_at] == '`')
        {
            var end = _text.IndexOf('`', _at + 1);
            if (end < 0)
            {
                throw Wrong("The backquote is not closed.", _at);
            }

            if (end == _at + 1)
            {
                throw Wrong("There is no name between the backquotes.", _at);
            }

            var quoted = _text[(_at + 1)..end];
            _at = end + 1;
            return quoted;
        }

        if (_at == _text.Length || !(char.IsLetter(_text[_at]) || _text[_at] == '_'))
        {
            return null;
        }

        var start = _at;
        while (_at < _text.Length && IsNamePart(_text[_at]))
        {
            _at++;
        }

        return _text[start.._at];
    }

    int? Integer()
    {
        Skip();
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    internal void Expect(char sign, string message)
    {
        if (!Take(sign))
        {
            throw Wrong(_at == _text.Length ? $"{message}, but the formula ends." : $"{message}, found '{_text[_at]}'.", _at);
        }
    }

    internal bool Take(char sign)
    {
        Skip();
        if (_at == _text.Length || _text[_at] != sign)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Takes a sign that follows without a space.</summary>
    internal bool TakeNow(char sign) => _at < _text.Length && _text[_at] == sign && ++_at > 0;

    internal string Column(string what)
    {
        Skip();
        return Name() ?? throw Wrong(_at == _text.Length ? $"Expected {what}, but the formula ends." : $"Expected {what}, found '{_text[_at]}'.", _at);
    }

    internal FormulaException Wrong(string message) => Wrong(message, _at);

    void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    FormulaException Wrong(string message, int position) => new(message, _text, position);

    static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    static List<FormulaTerm> Crossed(List<FormulaTerm> left, List<FormulaTerm> right) =>
        [.. left.SelectMany(a => right.Select(b => new FormulaTerm(a.Atoms.Concat(b.Atoms)))).Distinct()];
}
