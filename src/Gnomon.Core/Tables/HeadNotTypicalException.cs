namespace Gnomon.Core.Tables;

/// <summary>A source that was opened with <see cref="SourceOptions.TrustsHead"/> holds rows unlike its first ones: no error of the data, only of the guess.</summary>
public sealed class HeadNotTypicalException : Exception
{
    public HeadNotTypicalException()
        : this("Rows further down are unlike the first ones; open the source again without trusting its head.")
    {
    }

    public HeadNotTypicalException(string message)
        : base(message)
    {
    }

    public HeadNotTypicalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
