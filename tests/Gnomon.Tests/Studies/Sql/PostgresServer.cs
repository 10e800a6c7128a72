using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>A PostgreSQL server of its own: a temporary folder, a free port on loopback, stopped at the end. Absent tools are said, not hidden.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-postgres-").FullName;
    private readonly bool _isRunning;

    public PostgresServer()
    {
        Port = FreePort();
        if (Path.Exists("/proc/self") && new[] { "initdb", "pg_ctl", "psql" }.All(IsThere))
        {
            try
            {
                _ = Shell("chmod", "755", _folder);
                if (IsRoot)
                {
                    _ = Shell("chown", "postgres", _folder);
                }

                _ = AsServer("initdb", "-D", $"{_folder}/data", "-A", "trust", "-U", "postgres", "--locale=C", "-E", "UTF8", "--no-sync");
                _ = AsServer("pg_ctl", "-D", $"{_folder}/data", "-w", "-l", $"{_folder}/log", "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c fsync=off -c timezone=UTC", "start");
                _isRunning = true;
            }
            catch (InvalidOperationException refused)
            {
                WhyNot = refused.Message;
            }
        }
        else
        {
            WhyNot = "initdb, pg_ctl and psql are not all installed";
        }
    }

    /// <summary>Why there is no server; null when there is one.</summary>
    public string? WhyNot { get; }

    private int Port { get; }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Runs statements and returns the rows as CSV lines.</summary>
    public string[] Run(string sql)
    {
        Assert.SkipUnless(WhyNot is null, $"no PostgreSQL server: {WhyNot}");
        var file = Path.Combine(Path.GetTempPath(), $"gnomon-{Guid.NewGuid():N}.sql");
        File.WriteAllText(file, sql);
        try
        {
            return Shell("psql", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-q", "-t", "--csv", "-v", "ON_ERROR_STOP=1", "-f", file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        if (_isRunning)
        {
            _ = AsServer("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "-w", "stop");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsThere(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(p => File.Exists(Path.Combine(p, tool)));

    // The server refuses to run as root.
    private static string AsServer(string tool, params string[] words) => IsRoot ? Shell("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", tool, .. words]) : Shell(tool, words);

    private static string Shell(string tool, params string[] words)
    {
        var start = new ProcessStartInfo(tool, words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/tmp" };
        try
        {
            using var process = Process.Start(start)!;

            // The server inherits the error stream, so that only the output is read to its end.
            var isControl = words.Contains("start");
            var output = isControl ? string.Empty : process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{tool} {string.Join(' ', words)}: {(isControl ? "failed" : process.StandardError.ReadToEnd())}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"{tool}: {missing.Message}", missing);
        }
    }
}
