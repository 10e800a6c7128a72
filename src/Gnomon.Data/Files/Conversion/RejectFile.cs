using System.Globalization;
using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Data.Files.Conversion;

/// <summary>Rows that could not be read as they stand, with their place and their text; written beside its name and renamed when all is done.</summary>
internal sealed class RejectFile(string path) : IDisposable
{
    private FileStream? _output;

    /// <summary>Rows that are here and nowhere else.</summary>
    public long SetAside { get; private set; }

    /// <summary>Rows that were read with cells missing.</summary>
    public long Incomplete { get; private set; }

    public bool IsEmpty => _output is null;

    /// <param name="file">What messages call the file.</param>
    /// <param name="row">Its record, from 1, counted over all records of the data.</param>
    /// <param name="line">The line on which it begins, from 1.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="raw">Its bytes as they stand in the file.</param>
    /// <param name="isKept">The row was read all the same.</param>
    public void Add(string file, long row, long line, string reason, ReadOnlySpan<byte> raw, bool isKept)
    {
        if (isKept)
        {
            Incomplete++;
        }
        else
        {
            SetAside++;
        }

        var output = _output ??= Begin();
        Write(output, string.Create(CultureInfo.InvariantCulture, $"{Quoted(file)},{row},{line},{reason},"));
        output.WriteByte((byte)'"');
        foreach (var b in raw.TrimEnd("\r\n"u8))
        {
            if (b == (byte)'"')
            {
                output.WriteByte(b);
            }

            output.WriteByte(b);
        }

        output.Write("\"\n"u8);
    }

    /// <summary>Forgets what was written: the source is read again from its beginning.</summary>
    public void Restart()
    {
        Close();
        (SetAside, Incomplete) = (0, 0);
    }

    /// <summary>Gives the file its name.</summary>
    /// <returns>The name; null when there is nothing to tell.</returns>
    public string? Publish()
    {
        if (_output is null)
        {
            return null;
        }

        _output.Dispose();
        _output = null;
        File.Move(Partial, path);
        return path;
    }

    public void Dispose() => Close();

    private string Partial => path + ".partial";

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Write(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));

    private void Close()
    {
        if (_output is not null)
        {
            _output.Dispose();
            _output = null;
            File.Delete(Partial);
        }
    }

    private FileStream Begin()
    {
        try
        {
            var output = new FileStream(Partial, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            Write(output, "file,row,line,reason,text\n");
            return output;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"Rejected rows could not be written to {path}: {e.Message}", "--rejects", "Name a file in a folder that exists and can be written.", e);
        }
    }
}
