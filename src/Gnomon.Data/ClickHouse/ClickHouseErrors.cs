using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;

namespace Gnomon.Data.ClickHouse;

/// <summary>What the server said went wrong, with its number.</summary>
internal sealed class ClickHouseException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>Reads the server's complaint; null when the text is none.</summary>
    public static ClickHouseException? From(string text) => ClickHouseErrors.Read(text);
}

/// <summary>What the server or the way to it refused, in one message each.</summary>
internal static partial class ClickHouseErrors
{
    private const int Longest = 600;

    public static ClickHouseException? Read(string text)
    {
        var match = Complaint().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var message = Noise().Replace(match.Groups["message"].Value, string.Empty);
        message = WhiteSpace().Replace(message, " ").Trim().TrimEnd('.', ',');
        return new ClickHouseException(int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture), message.Length > Longest ? message[..Longest] + "..." : message);
    }

    public static GnomonError Of(ClickHouseException e, ClickHouseAddress address, string doing)
    {
        var where = address.Shown;
        return e.Code switch
        {
            192 or 193 or 194 or 516 => new GnomonError("login-refused", $"{where} refused the login: {e.Message}.", where, "Name the user in the address and put the password into CLICKHOUSE_PASSWORD or ~/.clickhouse-pass.", e),
            81 => new GnomonError("database-not-found", $"{where}: {e.Message}.", where, "Check the database in the address.", e),
            60 => new GnomonError("table-not-found", $"{where}: {e.Message}.", where, "Check the table's name; it may have been dropped meanwhile.", e),
            164 or 195 or 291 or 497 => new GnomonError("not-permitted", $"{where}: {e.Message}.", where, "Ask for SELECT on the table; nothing else is needed.", e),
            159 or 160 => Timeout(address, doing, e),
            241 or 173 => new GnomonError("server-out-of-memory", $"{where} ran out of the memory it may use while {doing}: {e.Message}.", where, "Narrow the rows with --where, or raise max_memory_usage for this user.", e),
            158 or 191 or 200 or 307 or 396 or 128 => new GnomonError("server-limit", $"{where} met a limit of its own while {doing}: {e.Message}.", where, "Narrow the rows with --where, or raise that limit for this user.", e),
            209 or 210 or 279 or 32 or 33 => new GnomonError("shard-unreachable", $"{where} could not reach one of its shards while {doing}: {e.Message}.", where, "Ask again when all shards answer; a part of the rows is never taken for all of them.", e),
            202 => new GnomonError("server-busy", $"{where} takes no more questions at the moment: {e.Message}.", where, "Ask again later.", e),
            394 => new GnomonError("query-stopped", $"{where}: somebody stopped the question on the server while {doing}.", where, "Ask again.", e),
            6 or 10 or 16 or 27 or 36 or 41 or 42 or 43 or 44 or 46 or 47 or 48 or 53 or 62 or 63 or 70 or 72 or 153 or 179 or 184 or 215 or 352 or 386 =>
                new GnomonError("query-failed", $"{where} could not take the query: {e.Message}.", where, "Check the table, --query and --where against the server's columns.", e),
            _ => new GnomonError("query-failed", $"{where} failed while {doing}: {e.Message} (code {e.Code.ToString(CultureInfo.InvariantCulture)}).", where, inner: e),
        };
    }

    public static GnomonError Timeout(ClickHouseAddress address, string doing, Exception? e = null) =>
        new("statement-timeout", FormattableString.Invariant($"{address.Shown} did not answer within {address.Timeout} seconds while {doing}."), address.Shown, "Add timeout=SECONDS to the address, or narrow the rows with --where.", e);

    /// <summary>The way to the server failed before it answered, or broke.</summary>
    public static GnomonError Of(Exception e, ClickHouseAddress address, string doing, bool hasBegun)
    {
        var where = address.Shown;
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException)
            {
                return new GnomonError("server-not-trusted", $"{where} cannot be reached over TLS: {inner.Message.TrimEnd('.')}.", where, "Check that host and port speak TLS and that this machine trusts the server's certificate.", e);
            }
        }

        return hasBegun
            ? new GnomonError("connection-lost", $"The connection to {where} broke while {doing}: {Plain(e)}. Nothing was kept of that answer.", where, "Ask again; if it breaks again, look at the server's log.", e)
            : new GnomonError("server-unreachable", $"{where} cannot be reached: {Plain(e)}.", where, "Check host, port (that of the HTTP interface) and that the server listens there.", e);
    }

    /// <summary>Something answered that is no ClickHouse.</summary>
    public static GnomonError Stranger(ClickHouseAddress address, int status) =>
        new("not-clickhouse", $"{address.Shown} answers, but not as ClickHouse's HTTP interface does (status {status.ToString(CultureInfo.InvariantCulture)}).", address.Shown, "Name the port of the HTTP interface, 8123 as a rule.");

    private static string Plain(Exception e)
    {
        var last = e;
        while (last.InnerException is { } inner and (SocketException or IOException or HttpRequestException or OperationCanceledException or TimeoutException))
        {
            last = inner;
        }

        return last.Message.TrimEnd('.');
    }

    [GeneratedRegex(@"Code: (?<code>\d+)[.,]\s*(e\.displayText\(\) = )?(?<message>.*)", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Complaint();

    // Names of classes, the way the message took and versions say nothing to the person who asks.
    [GeneratedRegex(@"DB::(NetException|Exception): |Received from \S+( \S+\.)?|, e\.what\(\) = .*$|\s*\(version [^)]*\)\s*$|\s*Stack trace:.*$|: While executing \w+.*$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Noise();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture)]
    private static partial Regex WhiteSpace();
}
