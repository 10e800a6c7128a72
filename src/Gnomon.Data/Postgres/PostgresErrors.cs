using Gnomon.Core.Errors;
using Npgsql;

namespace Gnomon.Data.Postgres;

/// <summary>What the server or the way to it refused, in one message each.</summary>
internal static class PostgresErrors
{
    public static GnomonError Of(NpgsqlException e, PostgresAddress address, string doing)
    {
        var where = address.Shown;
        return e switch
        {
            PostgresException { SqlState: "28P01" or "28000" } p => new GnomonError("login-refused", $"{where} refused the login: {p.MessageText}.", where, "Name the user in the address and put the password into PGPASSWORD or ~/.pgpass.", e),
            PostgresException { SqlState: "3D000" } p => new GnomonError("database-not-found", $"{where}: {p.MessageText}.", where, "Check the database in the address.", e),
            PostgresException { SqlState: "42501" } p => new GnomonError("not-permitted", $"{where}: {p.MessageText}.", where, "Ask for SELECT on the table; nothing else is needed.", e),
            PostgresException { SqlState: "57014" } => new GnomonError("statement-timeout", FormattableString.Invariant($"{where} did not answer within {address.Timeout} seconds while {doing}."), where, "Add timeout=SECONDS to the address, or narrow the rows with --where.", e),
            PostgresException { SqlState: "42P01" or "42703" or "42601" or "42883" or "42804" or "22P02" } p => new GnomonError("query-failed", $"{where} could not take the query: {p.MessageText}.", where, "Check the table, --query and --where against the server's columns.", e),
            PostgresException p => new GnomonError("query-failed", $"{where} failed while {doing}: {p.MessageText} ({p.SqlState}).", where, inner: e),
            _ when e.InnerException is TimeoutException or System.Net.Sockets.SocketException => new GnomonError("server-unreachable", $"{where} cannot be reached: {e.InnerException.Message.TrimEnd('.')}.", where, "Check host, port and that the server listens there.", e),
            _ => new GnomonError("connection-lost", $"The connection to {where} broke while {doing}: {e.Message.TrimEnd('.')}. Nothing was kept of that answer.", where, "Ask again; if it breaks again, look at the server's log.", e),
        };
    }
}
