using System.Text;
using Gnomon.Core.Tables;

namespace Gnomon.Data.ClickHouse;

/// <summary>Reads an answer in the Native format: blocks of columns, each with its name and type before it.</summary>
/// <remarks>
/// Once the first bytes are sent, the server cannot take back its status 200: an error that comes later stands as text where the next block should begin. Every block must therefore begin exactly as
/// it was asked for; what does not is read as a complaint. A server that dies leaves the answer without its end, which the connection reports.
/// </remarks>
internal sealed class NativeReader(IReadOnlyList<ClickHouseOutput> asked)
{
    private const int LongestType = 200;

    private NativeBlock? _block;

    /// <summary>Whoever reads the blocks keeps no codes from one to the next, so that the texts of a long answer need not all be held.</summary>
    public bool ForgetsTexts { get; init; }

    /// <summary>The columns; null before the first block.</summary>
    public IReadOnlyList<Field>? Fields => _block?.Fields;

    /// <returns>False when the consumer wanted no more.</returns>
    /// <exception cref="ClickHouseException">The server gave up in the middle of its answer.</exception>
    public bool Read(Stream answer, Func<NativeBlock, bool> consume, CancellationToken cancellation)
    {
        var stream = new NativeStream(answer);
        while (!stream.IsAtEnd())
        {
            cancellation.ThrowIfCancellationRequested();
            RefuseComplaint(stream);
            _ = stream.Number();
            var rows = checked((int)stream.Number());
            var columns = _block?.Columns ?? new NativeColumn[asked.Count];
            var scratch = new byte[LongestType];
            for (var c = 0; c < asked.Count; c++)
            {
                _ = stream.Text(ref scratch);
                var type = Encoding.UTF8.GetString(stream.Text(ref scratch));
                columns[c] ??= new NativeColumn(asked[c].Name, type, asked[c].Type);
                if (ForgetsTexts)
                {
                    columns[c].Forget();
                }

                columns[c].Read(stream, rows);
            }

            _block ??= new NativeBlock(columns);
            for (var first = 0; first < rows; first += NativeBlock.Capacity)
            {
                _block.Show(first, Math.Min(NativeBlock.Capacity, rows - first));
                if (!consume(_block))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // A block begins with its number of columns, its number of rows and the name of its first column, each as short as it can be.
    private void RefuseComplaint(NativeStream stream)
    {
        var name = Encoding.UTF8.GetBytes(asked[0].Alias);
        var head = stream.Peek(20 + name.Length);
        var at = 0;
        var isBlock = Number(head, ref at) == asked.Count && Number(head, ref at) >= 0 && Number(head, ref at) == name.Length && head.Length >= at + name.Length && head.Slice(at, name.Length).SequenceEqual(name);
        if (!isBlock)
        {
            throw ClickHouseException.From(stream.Rest()) ?? throw new IOException("what it sent is no block of rows");
        }
    }

    private static long Number(ReadOnlySpan<byte> head, ref int at)
    {
        var value = 0L;
        for (var shift = 0; at < head.Length && shift < 63; shift += 7)
        {
            var b = head[at++];
            value |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        return -1;
    }
}

/// <summary>A column that was asked for.</summary>
/// <param name="Name">What the question calls it.</param>
/// <param name="Alias">What the SQL calls it.</param>
/// <param name="Type">Its type where that follows from the question.</param>
internal sealed record ClickHouseOutput(string Name, string Alias, ColumnType? Type);
