namespace Gnomon.Methods.Interference;

/// <summary>A sum of two values of a unit with coefficients of its arm: what a nonlinear function of two means is, near the arm's own means.</summary>
/// <param name="Constant">Added for every unit.</param>
/// <param name="First">Times the first value.</param>
/// <param name="Second">Times the second value.</param>
public readonly record struct LinearForm(double Constant, double First, double Second)
{
    /// <summary>The ratio of the two means.</summary>
    /// <param name="first">The arm's mean of the first value.</param>
    /// <param name="second">The arm's mean of the second value, not 0.</param>
    public static LinearForm Ratio(double first, double second) => new(first / second, 1 / second, -first / (second * second));

    /// <summary>The log of the ratio of the two means.</summary>
    /// <param name="first">The arm's mean of the first value, positive.</param>
    /// <param name="second">The arm's mean of the second value, positive.</param>
    public static LinearForm LogRatio(double first, double second) => new(Math.Log(first / second), 1 / first, -1 / second);

    /// <summary>The log of the mean of the first value.</summary>
    /// <param name="first">The arm's mean, positive.</param>
    public static LinearForm Log(double first) => new(Math.Log(first) - 1, 1 / first, 0);

    /// <summary>The sum of two forms.</summary>
    public static LinearForm operator +(LinearForm a, LinearForm b) => new(a.Constant + b.Constant, a.First + b.First, a.Second + b.Second);

    /// <summary>A form times a number.</summary>
    public static LinearForm operator *(double factor, LinearForm a) => new(factor * a.Constant, factor * a.First, factor * a.Second);

    /// <summary>The value of one unit.</summary>
    public double Of(double first, double second) => Constant + First * first + Second * second;

    /// <summary>The total of so many units.</summary>
    public double OfTotals(double first, double second, double units) => Constant * units + First * first + Second * second;
}
