namespace Gnomon.Methods.Factorial;

/// <summary>How errors are taken.</summary>
public enum FactorialErrors
{
    /// <summary>Every cell has a spread of its own.</summary>
    OwnSpread,

    /// <summary>Every cell of every block has a spread of its own; cells are averaged over blocks by their sizes.</summary>
    OwnSpreadByBlock,

    /// <summary>One spread for all: an additive effect of blocks, or single runs, leave no other.</summary>
    OneSpread,
}
