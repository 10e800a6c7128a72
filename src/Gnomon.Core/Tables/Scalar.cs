namespace Gnomon.Core.Tables;

/// <summary>A typed expression over columns. Engines turn it into their own SQL; identifiers are quoted and values bound there, in one place.</summary>
public abstract record Scalar
{
    public static Scalar Column(string name) => new ColumnScalar(name);

    /// <summary>A bound value: bool, long, double, string, DateOnly or DateTimeOffset; null is SQL's NULL.</summary>
    public static Scalar Value(object? value) => new ValueScalar(value);

    /// <summary>Text in the engine's own SQL that the user wrote (<c>--where</c>). Never built by Gnomon.</summary>
    public static Scalar UserSql(string text) => new UserSqlScalar(text);

    public static Scalar Call(ScalarFunction function, params Scalar[] arguments) => new CallScalar(function, arguments);

    public static Scalar Aggregate(AggregateFunction function, Scalar? argument = null, Scalar? filter = null, double? parameter = null) =>
        new AggregateScalar(function, argument, filter, parameter);

    /// <summary>The argument where <paramref name="order"/> is smallest, for example the arm a unit saw first.</summary>
    /// <param name="argument">What is read in that row.</param>
    /// <param name="order">What decides which row speaks.</param>
    /// <param name="tie">Decides among rows of equal order; the smallest argument where it is left out or ties too.</param>
    public static Scalar AtSmallest(Scalar argument, Scalar order, Scalar? tie = null) => new AggregateScalar(AggregateFunction.AtSmallest, argument, null, null, order, tie);

    /// <summary>Searched case: pairs of condition and result, then the else branch.</summary>
    public static Scalar Case(IReadOnlyList<(Scalar When, Scalar Then)> branches, Scalar otherwise) => new CaseScalar(branches, otherwise);

    public static Scalar operator +(Scalar a, Scalar b) => Call(ScalarFunction.Add, a, b);

    public static Scalar operator -(Scalar a, Scalar b) => Call(ScalarFunction.Subtract, a, b);

    public static Scalar operator *(Scalar a, Scalar b) => Call(ScalarFunction.Multiply, a, b);

    public static Scalar operator /(Scalar a, Scalar b) => Call(ScalarFunction.Divide, a, b);

    public Scalar IsNull() => Call(ScalarFunction.IsNull, this);

    public Scalar Not() => Call(ScalarFunction.Not, this);

    public Scalar And(Scalar other) => Call(ScalarFunction.And, this, other);

    public Scalar Or(Scalar other) => Call(ScalarFunction.Or, this, other);

    public Scalar EqualTo(Scalar other) => Call(ScalarFunction.Equal, this, other);

    public Scalar ToDouble() => Call(ScalarFunction.ToDouble, this);

    public Scalar ToText() => Call(ScalarFunction.ToText, this);

    public Scalar Hash() => Call(ScalarFunction.Hash, this);

    /// <summary>True where the whole text matches a regular expression of the kind all engines share: classes, counts, alternatives.</summary>
    public Scalar Matches(string pattern) => Call(ScalarFunction.Matches, this, Value(pattern));

    /// <summary>Hash of this value together with another.</summary>
    public Scalar HashWith(Scalar other) => Call(ScalarFunction.Hash, this, other);
}

public sealed record ColumnScalar(string Name) : Scalar;

public sealed record ValueScalar(object? Constant) : Scalar;

public sealed record UserSqlScalar(string Text) : Scalar;

public sealed record CallScalar(ScalarFunction Function, IReadOnlyList<Scalar> Arguments) : Scalar;

/// <param name="Order">For <see cref="AggregateFunction.AtSmallest"/>: what decides which row speaks.</param>
/// <param name="Tie">For <see cref="AggregateFunction.AtSmallest"/>: what decides among rows of equal order.</param>
public sealed record AggregateScalar(AggregateFunction Function, Scalar? Argument, Scalar? Filter, double? Parameter, Scalar? Order = null, Scalar? Tie = null) : Scalar;

public sealed record CaseScalar(IReadOnlyList<(Scalar When, Scalar Then)> Branches, Scalar Otherwise) : Scalar;

/// <summary>Row-wise functions every engine must offer.</summary>
public enum ScalarFunction
{
    Add, Subtract, Multiply, Divide,
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    And, Or, Not, IsNull, Coalesce, Least, Greatest, Abs, Log,

    /// <summary>Number or boolean to double; text that is not a number, and NaN or infinity, become null.</summary>
    ToDouble,

    /// <summary>Any value as text.</summary>
    ToText,

    /// <summary>Text, date or timestamp to the calendar day in UTC; what cannot be read becomes null.</summary>
    ToDay,

    /// <summary>Text, date or timestamp to microseconds since 1970-01-01T00:00Z.</summary>
    ToMicroseconds,

    /// <summary>64-bit hash of the values together, the same within one engine and version.</summary>
    Hash,

    Trim, Lower, Length,

    /// <summary>Whether the whole of a text matches a regular expression, the second argument.</summary>
    Matches,
}

/// <summary>Aggregates every engine must offer with an answer that does not depend on threads.</summary>
public enum AggregateFunction
{
    /// <summary>Rows, nulls included; takes no argument.</summary>
    RowCount,

    /// <summary>Values that are not null.</summary>
    Count,

    CountDistinct, Min, Max,

    /// <summary>Sum in fixed point: each value times 2^parameter, rounded to a whole number, added exactly, then scaled back. Exact for integers at parameter 0.</summary>
    FixedPointSum,

    /// <summary>Exact interpolated quantile; the parameter is the probability.</summary>
    Quantile,

    /// <summary>Mode by count, ties by smallest value.</summary>
    Mode,

    /// <summary>The argument in the row where the order expression is smallest; ties by the tie expression, then by the smallest argument.</summary>
    AtSmallest,
}
