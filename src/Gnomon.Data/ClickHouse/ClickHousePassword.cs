using System.Globalization;
using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Data.ClickHouse;

/// <summary>Where a password comes from: the address, <c>CLICKHOUSE_PASSWORD</c>, or a file of lines <c>host:port:database:user:password</c>.</summary>
/// <remarks>
/// The file is the one that <c>CLICKHOUSE_PASSFILE</c> names, else <c>~/.clickhouse-pass</c>. It is read as PostgreSQL reads <c>.pgpass</c>: <c>*</c> fits anything, a backslash takes the next sign
/// as it is, the first line that fits counts, and a file that others may read is refused.
/// </remarks>
internal static class ClickHousePassword
{
    private const int Parts = 5;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="GnomonError">The password file may be read by others, or cannot be read at all.</exception>
    public static string Of(ClickHouseAddress address)
    {
        if (address.Password is { } written)
        {
            return written;
        }

        if (Environment.GetEnvironmentVariable("CLICKHOUSE_PASSWORD") is { Length: > 0 } known)
        {
            return known;
        }

        var named = Environment.GetEnvironmentVariable("CLICKHOUSE_PASSFILE");
        var file = string.IsNullOrEmpty(named) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".clickhouse-pass") : named;
        return File.Exists(file) ? FromFile(file, address) : string.Empty;
    }

    private static string FromFile(string file, ClickHouseAddress address)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
        {
            throw new GnomonError("password-file-open", $"The password file {file} may be read by others; its passwords are not used.", file, $"Run chmod 600 {file}.");
        }

        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("password-file-unreadable", $"The password file {file} cannot be read.", file, "Check its owner, or set CLICKHOUSE_PASSWORD.", e);
        }

        string[] asked = [address.Server.Host, address.Server.Port.ToString(CultureInfo.InvariantCulture), address.Database, address.User];
        foreach (var line in lines.Where(l => !l.StartsWith('#')))
        {
            var parts = Split(line);
            if (parts.Count == Parts && asked.Zip(parts).All(p => p.Second is "*" || p.First == p.Second))
            {
                return parts[^1];
            }
        }

        return string.Empty;
    }

    private static List<string> Split(string line)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == ':' && parts.Count < Parts - 1)
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            i += line[i] == '\\' && i + 1 < line.Length ? 1 : 0;
            part.Append(line[i]);
        }

        parts.Add(part.ToString());
        return parts;
    }
}
