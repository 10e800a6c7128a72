using Gnomon.Core.Errors;
using Gnomon.Data.Servers;

namespace Gnomon.Data.ClickHouse;

/// <summary>A table of a ClickHouse server, as the user names it: <c>clickhouse://user@host:8123/database?table=name</c>, or <c>clickhouses://</c> over TLS.</summary>
/// <remarks>
/// The port is that of the HTTP interface (8123; 8443 with TLS). Passwords come from <c>CLICKHOUSE_PASSWORD</c> or a password file (<see cref="ClickHousePassword"/>); one in the address works but is
/// never shown again. Other parameters: <c>timeout</c>, seconds that one statement may take (600), and <c>order</c>, the columns that put the rows in order.
/// </remarks>
internal sealed class ClickHouseAddress
{
    private const string Plain = "clickhouse";
    private const string Tls = "clickhouses";
    private const int PlainPort = 8123;
    private const int TlsPort = 8443;
    private const int DefaultTimeout = 600;

    private static readonly string[] Known = ["table", "timeout", "order"];

    private ClickHouseAddress(string shown, Uri server, string database) => (Shown, Server, Database) = (shown, server, database);

    /// <summary>The address without user and password: for messages and provenance.</summary>
    public string Shown { get; }

    /// <summary>Where requests go: scheme, host and port.</summary>
    public Uri Server { get; }

    public string Database { get; }

    public string User { get; private init; } = "default";

    /// <summary>The password that the address itself holds; null where it holds none. Never shown.</summary>
    public string? Password { get; private init; }

    /// <summary>The table as the user wrote it, with or without its database; null when only a server is named.</summary>
    public string? Table { get; private init; }

    /// <summary>Columns that put the rows in order; empty where the user named none.</summary>
    public IReadOnlyList<string> Order { get; private init; } = [];

    /// <summary>Seconds that one statement may take.</summary>
    public int Timeout { get; private init; } = DefaultTimeout;

    public static bool Is(string? path) =>
        path is not null && (path.StartsWith($"{Plain}://", StringComparison.OrdinalIgnoreCase) || path.StartsWith($"{Tls}://", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="GnomonError">The address is not one.</exception>
    public static ClickHouseAddress Parse(string path)
    {
        if (!Uri.TryCreate(path, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Wrong("it names no server");
        }

        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        database = database.Length == 0 ? "default" : database;
        var said = ServerAddress.Parameters(uri);
        if (said.Keys.FirstOrDefault(k => !Known.Contains(k, StringComparer.Ordinal)) is { } unknown)
        {
            throw Wrong($"it has a parameter '{unknown}' that means nothing here");
        }

        var timeout = DefaultTimeout;
        if (said.TryGetValue("timeout", out var seconds) && (!int.TryParse(seconds, out timeout) || timeout < 1))
        {
            throw Wrong($"timeout={seconds} is no whole number of seconds");
        }

        var isTls = string.Equals(uri.Scheme, Tls, StringComparison.OrdinalIgnoreCase);
        var usual = isTls ? TlsPort : PlainPort;
        var port = uri.Port > 0 ? uri.Port : usual;
        var user = uri.UserInfo.Split(':', 2);
        var table = said.GetValueOrDefault("table");
        var order = said.GetValueOrDefault("order");
        var tail = string.Join('&', new[] { table is null ? null : $"table={table}", order is null ? null : $"order={order}" }.OfType<string>());
        return new ClickHouseAddress(
            $"{uri.Scheme}://{uri.Host}{(port == usual ? string.Empty : FormattableString.Invariant($":{port}"))}/{database}{(tail.Length > 0 ? "?" : string.Empty)}{tail}",
            new UriBuilder(isTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, uri.Host, port).Uri,
            database)
        {
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "default",
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Table = table,
            Order = order is null ? [] : order.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Timeout = timeout,
        };
    }

    // The address itself stays out of the message: it may hold a password.
    private static GnomonError Wrong(string why) =>
        new("bad-address", $"The ClickHouse address cannot be read: {why}.", "DATA", "Write clickhouse://user@host:8123/database?table=name (clickhouses:// for TLS), and the password into CLICKHOUSE_PASSWORD.");
}
