using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>
/// Two ClickHouse servers of the tests' own, the shards of one cluster: loopback only, in a temporary folder, stopped and deleted at the end. Where none is installed, tests say that they were
/// skipped, unless GNOMON_SERVERS=required.
/// </summary>
public sealed class ClickHouseServers : IDisposable
{
    public const string Password = "tests only: pä$$";

    private const string Program = "clickhouse-server";
    private const string Missing = "ClickHouse's server is not installed (clickhouse-server): nothing was asked of it.";
    private const int StartSeconds = 60;
    private const int Attempts = 5;

    private readonly string? _program = Find();
    private string? _folder;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) });
    private readonly Process?[] _servers = new Process?[2];
    private readonly int[] _http = new int[2];
    private readonly int[] _tls = new int[2];
    private readonly int[] _tcp = new int[2];
    private readonly int[] _between = new int[2];

    public ClickHouseServers()
    {
        if (_program is null)
        {
            return;
        }

        // A port that was free may be taken by the time the server asks for it.
        for (var attempt = 1; ; attempt++)
        {
            _folder = Directory.CreateTempSubdirectory("gnomon-clickhouse-").FullName;
            try
            {
                Configure();
                Start(0);
                Start(1);
                Execute("CREATE DATABASE shop");
                return;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                Clear();
            }
            catch
            {
                Clear();
                throw;
            }
        }
    }

    /// <summary>The number of the second shard.</summary>
    public static int Other => 1;

    private static string Users => $"""
        <yandex>
          <profiles>
            <default><max_memory_usage>4000000000</max_memory_usage></default>
            <reader><readonly>2</readonly></reader>
            <strict><readonly>1</readonly></strict>
            <cutting><readonly>1</readonly><max_rows_to_read>10</max_rows_to_read><read_overflow_mode>break</read_overflow_mode></cutting>
          </profiles>
          <users>
            {User("default", "", "default", "")}
            {User("owner", Password, "default", "")}
            {User("reader", Password, "reader", "<allow_databases><database>default</database></allow_databases>")}
            {User("strict", Password, "strict", "")}
            {User("cutting", Password, "cutting", "")}
          </users>
          <quotas><default /></quotas>
        </yandex>
        """;

    /// <summary>Skips the test where there is no server.</summary>
    public void Require()
    {
        if (_program is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("GNOMON_SERVERS") == "required", Missing);
            Assert.Skip(Missing);
        }
    }

    public int TlsPort => _tls[0];

    public int HttpPort(int shard = 0) => _http[shard];

    /// <summary>The address of a table, or of the server alone.</summary>
    public string Address(string? table = null, string user = "owner", string password = Password, string more = "", string database = "default") =>
        FormattableString.Invariant($"clickhouse://{user}:{Uri.EscapeDataString(password)}@127.0.0.1:{_http[0]}/{database}")
        + string.Concat(new[] { table is null ? "" : $"table={Uri.EscapeDataString(table)}", more }.Where(p => p.Length > 0).Select((p, i) => $"{(i == 0 ? '?' : '&')}{p}"));

    /// <summary>Runs a statement on one of the servers and returns its lines of tab-separated text.</summary>
    public string[] Execute(string sql, int shard = 0, byte[]? body = null)
    {
        var query = body is null ? string.Empty : $"&query={Uri.EscapeDataString(sql)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, FormattableString.Invariant($"http://127.0.0.1:{_http[shard]}/?insert_distributed_sync=1{query}"))
        {
            Content = new ByteArrayContent(body ?? Encoding.UTF8.GetBytes(sql)),
        };
        using var response = _client.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        var text = reader.ReadToEnd();
        Assert.True(response.IsSuccessStatusCode, text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The same table three ways: all rows on one server (NAME), spread over both (NAME_half), and both halves as one (NAME_all).</summary>
    public void Store(string name, IReadOnlyList<(string Name, string Type)> columns, IReadOnlyList<object?[]> rows)
    {
        var definition = string.Join(", ", columns.Select(c => $"{Quoted(c.Name)} {c.Type}"));
        foreach (var shard in new[] { 0, 1 })
        {
            Execute($"DROP TABLE IF EXISTS {Quoted($"{name}_half")}", shard);
            Execute($"CREATE TABLE {Quoted($"{name}_half")} ({definition}) ENGINE = MergeTree ORDER BY tuple()", shard);
            Fill($"{name}_half", [.. rows.Where((_, i) => (i * 7 / 3) % 2 == shard)], shard);
        }

        Execute($"DROP TABLE IF EXISTS {Quoted(name)}");
        Execute($"CREATE TABLE {Quoted(name)} ({definition}) ENGINE = MergeTree ORDER BY tuple()");
        Fill(name, rows, 0);
        Execute($"DROP TABLE IF EXISTS {Quoted($"{name}_all")}");
        Execute($"CREATE TABLE {Quoted($"{name}_all")} ({definition}) ENGINE = Distributed('both', default, {Quoted($"{name}_half")}, rand())");

        void Fill(string table, IReadOnlyList<object?[]> part, int shard)
        {
            if (part.Count > 0)
            {
                Execute($"INSERT INTO {Quoted(table)} FORMAT RowBinary", shard, RowBinary.Of([.. columns.Select(c => c.Type)], part));
            }
        }

        static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    public void Start(int shard)
    {
        var start = new ProcessStartInfo(_program!, [$"--config-file={Path.Combine(Folder(shard), "config.xml")}"])
        {
            WorkingDirectory = Folder(shard), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        var server = Process.Start(start) ?? throw new InvalidOperationException($"{Program} did not start.");
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        _servers[shard] = server;
        var watch = Stopwatch.StartNew();
        while (!Answers(shard))
        {
            if (server.HasExited || watch.Elapsed.TotalSeconds > StartSeconds)
            {
                throw new InvalidOperationException($"{Program} did not come up.");
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>Ends a server as a crash would.</summary>
    public void Stop(int shard)
    {
        if (_servers[shard] is { } server)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
            _servers[shard] = null;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        Clear();
    }

    private void Clear()
    {
        if (_folder is not null)
        {
            Stop(0);
            Stop(1);
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }

    private void Configure()
    {
        foreach (var ports in new[] { _http, _tls, _tcp, _between })
        {
            (ports[0], ports[1]) = (FreePort(), FreePort());
        }

        for (var shard = 0; shard < _servers.Length; shard++)
        {
            Directory.CreateDirectory(Folder(shard));
            File.WriteAllText(Path.Combine(Folder(shard), "config.xml"), Config(shard));
            File.WriteAllText(Path.Combine(Folder(shard), "users.xml"), Users);
            using var key = RSA.Create(2048);
            using var certificate = new CertificateRequest("CN=tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            File.WriteAllText(Path.Combine(Folder(shard), "certificate"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(Folder(shard), "key"), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private static string User(string name, string password, string profile, string more) =>
        $"<{name}><password>{password}</password><networks><ip>127.0.0.1</ip></networks><profile>{profile}</profile><quota>default</quota>{more}</{name}>";

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Append("/usr/sbin").Select(f => Path.Combine(f, Program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Folder(int shard) => Path.Combine(_folder!, FormattableString.Invariant($"shard{shard}"));

    private string Config(int shard) => FormattableString.Invariant($"""
        <yandex>
          <logger><level>warning</level><log>{Folder(shard)}/log</log><errorlog>{Folder(shard)}/errors</errorlog></logger>
          <http_port>{_http[shard]}</http_port><https_port>{_tls[shard]}</https_port>
          <openSSL><server><certificateFile>{Folder(shard)}/certificate</certificateFile><privateKeyFile>{Folder(shard)}/key</privateKeyFile><verificationMode>none</verificationMode><loadDefaultCAFile>false</loadDefaultCAFile></server></openSSL>
          <tcp_port>{_tcp[shard]}</tcp_port><interserver_http_port>{_between[shard]}</interserver_http_port><listen_host>127.0.0.1</listen_host>
          <path>{Folder(shard)}/data/</path><tmp_path>{Folder(shard)}/tmp/</tmp_path><users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
          <mark_cache_size>67108864</mark_cache_size><timezone>America/New_York</timezone>
          <remote_servers><both>
            <shard><replica><host>127.0.0.1</host><port>{_tcp[0]}</port></replica></shard>
            <shard><replica><host>127.0.0.1</host><port>{_tcp[1]}</port></replica></shard>
          </both></remote_servers>
        </yandex>
        """);

    private bool Answers(int shard)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, FormattableString.Invariant($"http://127.0.0.1:{_http[shard]}/ping"));
            using var response = _client.Send(request);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>Two servers for all tests that need them, one test after the other: some of them stop one.</summary>
[CollectionDefinition(Name)]
public sealed class ClickHouseCollection : ICollectionFixture<ClickHouseServers>
{
    public const string Name = "clickhouse";
}
