using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace Gnomon.Tests.Data.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own: loopback only, in a temporary folder, stopped and deleted at the end. Where none is installed, tests say that they were skipped, unless
/// GNOMON_SERVERS=required.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    public const string Password = "tests only";

    private readonly string? _folder;
    private readonly string? _bin = Find();
    private readonly string _missing = "PostgreSQL's server is not installed (initdb, pg_ctl and psql): nothing was asked of it.";

    public PostgresServer()
    {
        if (_bin is null)
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory("gnomon-postgres-").FullName;
        Port = FreePort();
        var password = Path.Combine(_folder, "password");
        File.WriteAllText(password, Password);
        if (IsRoot)
        {
            Run("chown", ["-R", "postgres", _folder], asServer: false);
        }

        Run(Path.Combine(_bin, "initdb"), ["-D", Data, "--no-sync", "-U", "owner", "-A", "scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8"]);
        Start();
        Execute("CREATE ROLE reader LOGIN PASSWORD 'tests only'");
    }

    public int Port { get; }

    private string Data => Path.Combine(_folder!, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Skips the test where there is no server.</summary>
    public void Require()
    {
        if (_bin is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("GNOMON_SERVERS") == "required", _missing);
            Assert.Skip(_missing);
        }
    }

    public string Address(string? table = null, string user = "owner", string password = Password, string more = "", string database = "postgres") =>
        FormattableString.Invariant($"postgres://{user}:{Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{database}{(table is null ? (more.Length > 0 ? "?" : string.Empty) : $"?table={Uri.EscapeDataString(table)}")}{(table is not null && more.Length > 0 ? "&" : string.Empty)}{more}");

    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(FormattableString.Invariant($"Host=127.0.0.1;Port={Port};Username=owner;Password={Password};Database=postgres;Pooling=false"));
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a script of statements and <c>\copy</c> lines with psql and returns the rows as CSV lines.</summary>
    public string[] Script(string sql)
    {
        var file = Path.Combine(_folder!, $"script-{Guid.NewGuid():N}.sql");
        File.WriteAllText(file, sql);
        var start = new ProcessStartInfo(
            Path.Combine(_bin!, "psql"), ["-h", "127.0.0.1", "-p", FormattableString.Invariant($"{Port}"), "-U", "owner", "-d", "postgres", "-q", "-t", "--csv", "-v", "ON_ERROR_STOP=1", "-f", file])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = Password;
        start.Environment["PGTZ"] = "UTC";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("psql did not start.");
        var rows = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"psql ended with {process.ExitCode}.");
        return rows.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Start() => Run(Path.Combine(_bin!, "pg_ctl"), ["-D", Data, "-s", "-w", "-t", "60", "-l", Path.Combine(_folder!, "log"), "-o", FormattableString.Invariant($"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories='' -c fsync=off"), "start"]);

    public void Stop() => Run(Path.Combine(_bin!, "pg_ctl"), ["-D", Data, "-s", "-w", "-m", "immediate", "stop"]);

    public void Dispose()
    {
        if (_folder is null)
        {
            return;
        }

        try
        {
            Stop();
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string? Find()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0).Select(d => Path.Combine(d, "bin")) : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)).FirstOrDefault(f => new[] { "initdb", "pg_ctl", "psql" }.All(tool => File.Exists(Path.Combine(f, tool))));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server refuses to run as root.
    private static void Run(string program, string[] arguments, bool asServer = true)
    {
        var start = asServer && IsRoot ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = Path.GetTempPath();
        start.RedirectStandardOutput = program.EndsWith("initdb", StringComparison.Ordinal);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        if (start.RedirectStandardOutput)
        {
            process.StandardOutput.ReadToEnd();
        }

        process.WaitForExit(120_000);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}

/// <summary>One server for all tests that need it, one after the other: some of them stop it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "postgres";
}
