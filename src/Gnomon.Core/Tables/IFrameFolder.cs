namespace Gnomon.Core.Tables;

/// <summary>Many files of one shape: read together as one table or some of them at a time, with the seconds that each step takes.</summary>
public interface IFrameFolder
{
    /// <summary>Files, in name order.</summary>
    int Count { get; }

    /// <summary>Bytes of all files.</summary>
    long Bytes { get; }

    /// <summary>Bytes that they take up on a disk that gives out whole blocks of 4 KiB.</summary>
    long BytesInBlocks { get; }

    /// <summary>Reads all files as one table of the database, by the rules of every source; the first table of a database is also called <c>data</c>.</summary>
    /// <exception cref="Errors.GnomonError">A file cannot be read.</exception>
    FrameWork LoadAll(string table, CancellationToken cancellation);

    /// <summary>Reads some files as a table beside the others; what was there under its name is replaced.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="files">Places of the files, from 0, in rising order.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="Errors.GnomonError">A file cannot be read.</exception>
    FrameWork Load(string table, IReadOnlyList<int> files, CancellationToken cancellation);

    /// <summary>Fetches the bytes of one file and nothing else.</summary>
    /// <returns>Seconds.</returns>
    double Fetch(int file);

    /// <summary>Writes the rows of a SELECT to a file of its own that is then forgotten.</summary>
    /// <returns>Seconds.</returns>
    double TryWriting(string sql, CancellationToken cancellation);
}

/// <param name="Rows">Rows read.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record FrameWork(long Rows, double Seconds);
