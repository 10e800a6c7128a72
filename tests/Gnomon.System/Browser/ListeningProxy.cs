using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gnomon.System.Browser;

/// <summary>A proxy on loopback that answers nobody and remembers what was asked for: whatever a page fetches is seen here.</summary>
internal sealed class ListeningProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = new();

    internal ListeningProxy()
    {
        _listener.Start();
        _ = Listen();
    }

    internal string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    internal IReadOnlyList<string> Asked => [.. _asked];

    public void Dispose() => _listener.Dispose();

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var buffer = new byte[4096];
                var read = await client.GetStream().ReadAsync(buffer);
                _asked.Enqueue(Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0]);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended, or the browser went away in the middle of a request.
        }
    }
}
