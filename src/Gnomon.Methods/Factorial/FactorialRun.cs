using Gnomon.Numerics;

namespace Gnomon.Methods.Factorial;

/// <summary>The runs of one cell, in one block.</summary>
/// <param name="Cell">Cell of the grid.</param>
/// <param name="Block">Block; 0 throughout without blocks.</param>
/// <param name="Values">Count, mean and spread of the outcome there.</param>
public sealed record FactorialRun(int Cell, int Block, Moments Values);
