using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Gnomon.Data.Files;

/// <summary>SHA-256 of a source's bytes, computed beside the reading, unless it is known of a large file that has not changed.</summary>
/// <param name="known">The hashes of files that were read before; null keeps none.</param>
internal sealed class FileHash(KnownHashes? known) : IDisposable
{
    private const int BlockBytes = 1 << 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<HashedFile> _hashes = [];
    private Task _last = Task.CompletedTask;
    private bool _isForgotten;

    /// <summary>With the hashes that this user keeps.</summary>
    public FileHash()
        : this(KnownHashes.OfUser())
    {
    }

    /// <summary>Begins with these files, one after the other, behind those added before.</summary>
    public void Add(IEnumerable<string> paths)
    {
        var added = _hashes.Select(h => h.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths.Where(added.Add))
        {
            var task = _last.ContinueWith(_ => HashOf(path), _stop.Token, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
            _hashes.Add(new HashedFile(path, task));
            _last = task;
        }
    }

    /// <summary>The files added are not all that was read: there is no hash.</summary>
    public void Forget() => _isForgotten = true;

    /// <summary>The hash in hexadecimal; of several files, the hash of their hashes joined in name order. Null when there is none.</summary>
    public string? Wait(CancellationToken cancellation)
    {
        if (_isForgotten || _hashes.Count == 0)
        {
            return null;
        }

        _last.Wait(cancellation);
        return _hashes.Count == 1
            ? _hashes[0].Sha256.Result
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(_hashes.OrderBy(h => h.Path, StringComparer.Ordinal).Select(h => h.Sha256.Result)))));
    }

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _last.Wait();
        }
        catch (AggregateException)
        {
            // Cancelled, or the file went away: nobody asks for the hash any more.
        }

        _stop.Dispose();
    }

    /// <summary>Reads a text file once more for what the engine would pass over in silence: zero bytes and bytes that are not UTF-8.</summary>
    public static Task<bool> IsPlainText(string path, CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            using var file = Open(path);
            var buffer = new byte[BlockBytes];
            var kept = 0;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var read = file.Read(buffer, kept, buffer.Length - kept);
                if (read == 0)
                {
                    return Utf8.IsValid(buffer.AsSpan(0, kept));
                }

                var block = buffer.AsSpan(0, kept + read);
                var end = LastCharacter(block);
                if (!Utf8.IsValid(block[..end]) || block.Contains((byte)0))
                {
                    return false;
                }

                kept = block.Length - end;
                block[end..].CopyTo(buffer);
            }
        },
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Where the last character of a block begins when it may be cut.</summary>
    private static int LastCharacter(ReadOnlySpan<byte> block)
    {
        var at = block.Length - 1;
        for (var i = 0; i < 3 && at > 0 && (block[at] & 0xC0) == 0x80; i++)
        {
            at--;
        }

        return block[at] < 0x80 ? block.Length : at;
    }

    private string HashOf(string path)
    {
        if (known is null || known.Stamp(path) is not { } stamp)
        {
            return Hash(path, _stop.Token);
        }

        if (known.Find(stamp) is { } sha)
        {
            return sha;
        }

        sha = Hash(path, _stop.Token);
        known.Keep(path, stamp, sha);
        return sha;
    }

    private static string Hash(string path, CancellationToken cancellation)
    {
        using var file = Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BlockBytes];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);

    private sealed record HashedFile(string Path, Task<string> Sha256);
}
