using System.Globalization;

namespace Gnomon.Methods.Regression;

/// <summary>A name in a curve's text.</summary>
/// <param name="Name">The name.</param>
/// <param name="Position">Index of its first character.</param>
public sealed record CurveName(string Name, int Position);

/// <summary>A curve written as text, <c>y ~ a * (1 - exp(-b * x))</c>: an outcome, and an expression in columns and parameters.</summary>
/// <remarks>
/// Numbers, <c>+ - * / ^</c>, brackets and the functions exp, expm1, log, log10, sqrt, sin, cos, atan and pow(a, b); <c>^</c> binds from the right and before a sign, as in
/// mathematics: <c>-x^2</c> is <c>-(x^2)</c>. Names with other signs stand in backquotes; <c>pi</c> is a number. Derivatives are exact, since the curve is evaluated in <see cref="Dual"/>.
/// </remarks>
public sealed class CurveExpression
{
    readonly Node _root;

    CurveExpression(string text, CurveName outcome, Node root, IReadOnlyList<CurveName> names)
    {
        (Text, Outcome, _root, Names) = (text, outcome, root, names);
    }

    delegate Dual Node(ReadOnlySpan<Dual> values);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The outcome.</summary>
    public CurveName Outcome { get; }

    /// <summary>Names of the right side in the order in which they first occur: columns and parameters.</summary>
    public IReadOnlyList<CurveName> Names { get; }

    /// <summary>Reads a curve.</summary>
    /// <param name="text">outcome ~ expression.</param>
    /// <exception cref="FormulaException">The text is no curve; the message shows where.</exception>
    public static CurveExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new Parser(text);
        var (outcome, root) = parser.Curve();
        return new CurveExpression(text, outcome, root, parser.Names);
    }

    /// <summary>The curve as a function of parameters and columns.</summary>
    /// <param name="parameters">Names that are parameters, in the order of the first argument.</param>
    /// <param name="columns">Names that are columns, in the order of the second argument.</param>
    /// <exception cref="FormulaException">A name is neither.</exception>
    public Curve Compile(IReadOnlyList<string> parameters, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(columns);
        var places = new int[Names.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var parameter = Place(parameters, Names[i].Name);
            var column = Place(columns, Names[i].Name);
            places[i] = parameter >= 0 ? parameter : column >= 0 ? -1 - column : throw new FormulaException($"{Names[i].Name} is neither a column nor a parameter.", Text, Names[i].Position);
        }

        return (p, x) =>
        {
            Span<Dual> values = stackalloc Dual[places.Length];
            for (var i = 0; i < places.Length; i++)
            {
                values[i] = places[i] >= 0 ? p[places[i]] : x[-1 - places[i]];
            }

            return _root(values);
        };
    }

    static int Place(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Recursive descent; every complaint carries its position.</summary>
    sealed class Parser(string text)
    {
        const int MostNames = 60;
        const int Deepest = 200;

        static readonly string[] Functions = ["exp", "expm1", "log", "log10", "sqrt", "sin", "cos", "atan", "pow"];

        int _at;
        int _depth;

        public List<CurveName> Names { get; } = [];

        public (CurveName Outcome, Node Root) Curve()
        {
            Skip();
            if (_at == text.Length)
            {
                throw Wrong("The curve is empty. Write outcome ~ expression.", 0);
            }

            var start = _at;
            var outcome = Name() ?? throw Wrong("Expected the outcome's name.", start);
            Expect('~', "Expected ~ after the outcome");
            var root = Sum();
            Skip();
            return _at == text.Length ? (new CurveName(outcome, start), root) : throw Wrong($"Expected +, -, *, /, ^ or the end, found '{text[_at]}'.", _at);
        }

        Node Sum()
        {
            if (++_depth > Deepest)
            {
                throw Wrong($"Brackets are nested more than {Deepest} deep.", _at);
            }

            var left = Product();
            while (true)
            {
                var a = left;
                if (Take('+'))
                {
                    var b = Product();
                    left = v => a(v) + b(v);
                }
                else if (Take('-'))
                {
                    var b = Product();
                    left = v => a(v) - b(v);
                }
                else
                {
                    _depth--;
                    return left;
                }
            }
        }

        Node Product()
        {
            var left = Signed();
            while (true)
            {
                var a = left;
                if (Take('*'))
                {
                    var b = Signed();
                    left = v => a(v) * b(v);
                }
                else if (Take('/'))
                {
                    var b = Signed();
                    left = v => a(v) / b(v);
                }
                else
                {
                    return left;
                }
            }
        }

        Node Signed()
        {
            var isNegative = false;
            while (true)
            {
                if (Take('-'))
                {
                    isNegative = !isNegative;
                }
                else if (!Take('+'))
                {
                    break;
                }
            }

            var a = Power();
            return isNegative ? v => -a(v) : a;
        }

        Node Power()
        {
            var a = Atom();
            if (!Take('^'))
            {
                return a;
            }

            var b = Signed();
            return v => Dual.Pow(a(v), b(v));
        }

        Node Atom()
        {
            Skip();
            if (_at == text.Length)
            {
                throw Wrong("Expected a number, a name or a bracket, found the end.", _at);
            }

            var start = _at;
            if (Take('('))
            {
                var inside = Sum();
                Expect(')', "Expected )");
                return inside;
            }

            if (char.IsAsciiDigit(text[_at]) || text[_at] == '.')
            {
                return Number();
            }

            var name = Name() ?? throw Wrong($"Expected a number, a name or a bracket, found '{text[_at]}'.", _at);
            Skip();
            if (_at < text.Length && text[_at] == '(')
            {
                return Call(name, start);
            }

            if (name == "pi")
            {
                return _ => Math.PI;
            }

            var place = Names.FindIndex(n => n.Name == name);
            if (place < 0)
            {
                place = Names.Count;
                Names.Add(new CurveName(name, start));
            }

            return Names.Count <= MostNames ? v => v[place] : throw Wrong($"The curve has more than {MostNames} names.", start);
        }

        Node Call(string name, int start)
        {
            if (Array.IndexOf(Functions, name) < 0)
            {
                throw Wrong($"{name} is no function here. Functions: {string.Join(", ", Functions)}.", start);
            }

            Expect('(', "Expected (");
            var a = Sum();
            Node? b = null;
            if (name == "pow")
            {
                Expect(',', "Expected , and the exponent");
                b = Sum();
            }

            Expect(')', "Expected )");
            return name switch
            {
                "exp" => v => Dual.Exp(a(v)),
                "expm1" => v => -Dual.OneMinusExp(a(v)),
                "log" => v => Dual.Log(a(v)),
                "log10" => v => Dual.Log(a(v)) / Math.Log(10.0),
                "sqrt" => v => Dual.Sqrt(a(v)),
                "sin" => v => Dual.Sin(a(v)),
                "cos" => v => Dual.Cos(a(v)),
                "atan" => v => Dual.Atan(a(v)),
                _ => v => Dual.Pow(a(v), b!(v)),
            };
        }

        Node Number()
        {
            var start = _at;
            while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
            {
                _at++;
            }

            if (_at < text.Length && text[_at] is 'e' or 'E')
            {
                var exponent = _at + 1;
                exponent += exponent < text.Length && text[exponent] is '+' or '-' ? 1 : 0;
                if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
                {
                    _at = exponent;
                    while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                    {
                        _at++;
                    }
                }
            }

            return double.TryParse(text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? _ => number
                : throw Wrong($"'{text[start.._at]}' is no number.", start);
        }

        string? Name()
        {
            Skip();
            var start = _at;
            if (_at < text.Length && text[_at] == '`')
            {
                var end = text.IndexOf('`', _at + 1);
                if (end < 0)
                {
                    throw Wrong("The backquote is not closed.", start);
                }

                _at = end + 1;
                return text[(start + 1)..end];
            }

            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.'))
            {
                _at++;
            }

            return _at > start ? text[start.._at] : null;
        }

        bool Take(char c)
        {
            Skip();
            if (_at < text.Length && text[_at] == c)
            {
                _at++;
                return true;
            }

            return false;
        }

        void Expect(char c, string complaint)
        {
            if (!Take(c))
            {
                throw Wrong($"{complaint}, found {(_at < text.Length ? $"'{text[_at]}'" : "the end")}.", _at);
            }
        }

        void Skip()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        FormulaException Wrong(string message, int position) => new(message, text, position);
    }
}
