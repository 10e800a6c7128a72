using System.Globalization;
using System.Net;
using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Data.ClickHouse;

/// <summary>Questions to one server over its HTTP interface: read-only, under a time limit, ended on the server when nobody waits for the answer any more.</summary>
internal sealed class ClickHouseSession : IDisposable
{
    private const int ConnectSeconds = 15;

    // The server is asked to keep to the time limit; where it does not, its connection is closed after this many seconds more.
    private const int GraceSeconds = 10;
    private const int KillSeconds = 5;
    private const int ErrorText = 64 * 1024;

    private readonly ClickHouseAddress _address;
    private readonly HttpClient _client;
    private string _settings = string.Empty;

    /// <exception cref="GnomonError">The server cannot be reached, refuses the login, or is too old.</exception>
    public ClickHouseSession(ClickHouseAddress address, CancellationToken cancellation)
    {
        _address = address;

        // No proxy and no redirection: the password goes to the server that the address names and to no other.
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(ConnectSeconds), UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        _client = new HttpClient(handler) { BaseAddress = address.Server, Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("X-ClickHouse-User", address.User);
            if (ClickHousePassword.Of(address) is { Length: > 0 } password)
            {
                _client.DefaultRequestHeaders.TryAddWithoutValidation("X-ClickHouse-Key", password);
            }

            Capabilities = ClickHouseCapabilities.From(Rows(ClickHouseCapabilities.Question, "asking what the server can do", cancellation));
            Capabilities.Refuse(address);
            _settings = string.Concat(Capabilities.For(address).Select(s => $"&{s.Name}={Uri.EscapeDataString(s.Value)}"));
        }
        catch
        {
            _client.Dispose();
            throw;
        }
    }

    public ClickHouseCapabilities Capabilities { get; }

    /// <summary>Runs a statement and hands its answer on as it arrives.</summary>
    /// <param name="sql">What is asked, with its FORMAT.</param>
    /// <param name="doing">What is being done, for messages.</param>
    /// <param name="read">Reads the answer; false when it needs no more of it.</param>
    /// <param name="cancellation">Cancels on the server, too.</param>
    /// <exception cref="GnomonError">The server refused, was too slow, or went away; what it had sent until then is of no use.</exception>
    public void Ask(string sql, string doing, Func<Stream, bool> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var id = $"gnomon-{Guid.NewGuid():N}";
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(_address.Timeout + (_settings.Length > 0 ? GraceSeconds : 0)));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var isOver = false;
        var hasBegun = false;
        try
        {
            using var request = Request(sql, id, _settings);
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            hasBegun = true;

            // A read that waits for the server does not hear of the cancellation; closing the connection under it ends it.
            using var stop = either.Token.Register(static r => ((HttpResponseMessage)r!).Dispose(), response);
            using var stream = response.Content.ReadAsStream(either.Token);
            if (response.StatusCode != HttpStatusCode.OK || response.Headers.Contains("X-ClickHouse-Exception-Code"))
            {
                isOver = true;
                throw Complaint(stream, (int)response.StatusCode, doing);
            }

            isOver = read(stream);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is not GnomonError)
        {
            throw new OperationCanceledException("The question was cancelled.", e, cancellation);
        }
        catch (Exception e) when (deadline.IsCancellationRequested && e is not GnomonError)
        {
            throw ClickHouseErrors.Timeout(_address, doing, e);
        }
        catch (ClickHouseException e)
        {
            isOver = true;
            throw ClickHouseErrors.Of(e, _address, doing);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Cancelled by nobody: the connection did not come about in time.
            isOver = !hasBegun;
            throw ClickHouseErrors.Of(e, _address, doing, hasBegun);
        }
        finally
        {
            if (!isOver)
            {
                Kill(id);
            }
        }
    }

    /// <summary>A few rows as texts; NULL is null.</summary>
    public List<string[]> Rows(string sql, string doing, CancellationToken cancellation)
    {
        List<string[]> rows = [];
        Ask(
            $"{sql}\nFORMAT TabSeparated",
            doing,
            stream =>
            {
                using var reader = new StreamReader(stream, new UTF8Encoding(false));
                while (reader.ReadLine() is { } line)
                {
                    // An error that came after the first rows stands where the next row should be.
                    if (line.StartsWith("Code: ", StringComparison.Ordinal) && ClickHouseException.From(line + reader.ReadToEnd()) is { } failed)
                    {
                        throw failed;
                    }

                    rows.Add([.. line.Split('\t').Select(Plain)]);
                }

                return true;
            },
            cancellation);
        return rows;
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(string sql, string? id, string settings) =>
        new(HttpMethod.Post, $"/?database={Uri.EscapeDataString(_address.Database)}{(id is null ? string.Empty : $"&query_id={id}")}{settings}")
        {
            Version = HttpVersion.Version11, Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sql)),
        };

    private GnomonError Complaint(Stream stream, int status, string doing)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false));
        var text = new char[ErrorText];
        var n = reader.ReadBlock(text);
        return ClickHouseException.From(new string(text, 0, n)) is { } said ? ClickHouseErrors.Of(said, _address, doing) : ClickHouseErrors.Stranger(_address, status);
    }

    // A user may always end questions of its own, however little else it may do. If the server has gone, so has the question.
    private void Kill(string id)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(KillSeconds));
            using var request = Request($"KILL QUERY WHERE query_id = {ClickHouseText.Text(id)} ASYNC", null, string.Empty);
            using var response = _client.Send(request, HttpCompletionOption.ResponseContentRead, soon.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nothing more can be done from here; the server ends it at its time limit.
        }
    }

    private static string Plain(string cell)
    {
        if (!cell.Contains('\\', StringComparison.Ordinal))
        {
            return cell;
        }

        var text = new StringBuilder(cell.Length);
        for (var i = 0; i < cell.Length; i++)
        {
            if (cell[i] != '\\' || i + 1 == cell.Length)
            {
                text.Append(cell[i]);
                continue;
            }

            i++;
            text.Append(cell[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', 'b' => '\b', 'f' => '\f', var other => other });
        }

        return text.ToString();
    }
}
