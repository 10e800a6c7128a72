using Gnomon.Core.Errors;
using Gnomon.Data.Servers;
using Npgsql;

namespace Gnomon.Data.Postgres;

/// <summary>A table of a PostgreSQL server, as the user names it: <c>postgres://user@host:5432/database?table=schema.name</c>.</summary>
/// <remarks>
/// Passwords come from <c>PGPASSWORD</c> or a password file (<c>PGPASSFILE</c>, <c>~/.pgpass</c>); one in the address works but is never shown again. Other parameters: <c>sslmode</c>
/// (prefer unless stated; require, verify-ca, verify-full) and <c>timeout</c>, seconds that one statement may take (600).
/// </remarks>
internal sealed class PostgresAddress
{
    private const int DefaultPort = 5432;
    private const int DefaultTimeout = 600;

    private static readonly string[] Known = ["table", "sslmode", "timeout"];

    private PostgresAddress(string shown, string connection, string? table, int timeout) => (Shown, Connection, Table, Timeout) = (shown, connection, table, timeout);

    /// <summary>The address without user and password: for messages and provenance.</summary>
    public string Shown { get; }

    /// <summary>For the driver. Never shown.</summary>
    public string Connection { get; }

    /// <summary>Server, database and user, to tell whether two addresses can be asked together.</summary>
    public string Place => new NpgsqlConnectionStringBuilder(Connection) is var c ? $"{c.Host}:{c.Port}/{c.Database} {c.Username}" : Shown;

    /// <summary>The table, quoted where it needs to be; null when only a server is named.</summary>
    public string? Table { get; }

    /// <summary>Seconds that one statement may take.</summary>
    public int Timeout { get; }

    public static bool Is(string? path) =>
        path is not null && (path.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="GnomonError">The address is not one.</exception>
    public static PostgresAddress Parse(string path)
    {
        if (!Uri.TryCreate(path, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.AbsolutePath.Trim('/').Length == 0)
        {
            throw Wrong("it names no server and database");
        }

        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
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

        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port, Database = database, CommandTimeout = 0, Timeout = 15, ApplicationName = "gnomon",
            Pooling = true, MaxPoolSize = 8, Enlist = false, SslMode = Ssl(said),
            Options = FormattableString.Invariant($"-c TimeZone=UTC -c statement_timeout={timeout}s -c default_transaction_read_only=on -c synchronize_seqscans=off -c extra_float_digits=1 -c IntervalStyle=iso_8601 -c DateStyle=ISO"),
        };
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        var table = said.GetValueOrDefault("table");
        var port = builder.Port == DefaultPort ? string.Empty : FormattableString.Invariant($":{builder.Port}");
        return new PostgresAddress($"postgres://{uri.Host}{port}/{database}{(table is null ? string.Empty : $"?table={table}")}", builder.ConnectionString, table, timeout);
    }

    private static SslMode Ssl(Dictionary<string, string> said) => said.GetValueOrDefault("sslmode") switch
    {
        null or "prefer" => SslMode.Prefer,
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        var other => throw Wrong($"sslmode={other} is none of disable, allow, prefer, require, verify-ca, verify-full"),
    };

    // The address itself stays out of the message: it may hold a password.
    private static GnomonError Wrong(string why) =>
        new("bad-address", $"The PostgreSQL address cannot be read: {why}.", "DATA", "Write postgres://user@host:5432/database?table=schema.name, and the password into PGPASSWORD or ~/.pgpass.");
}
