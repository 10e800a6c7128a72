using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Errors;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>One line of the log.</summary>
/// <param name="Kind"><c>budget</c>, <c>spend</c>, <c>release</c> or <c>deletion</c>.</param>
/// <param name="At">When.</param>
/// <param name="What">What was spent on, released or deleted.</param>
/// <param name="Epsilon">Loss of a spend, the total of a budget; 0 otherwise.</param>
/// <param name="Purpose">What for; empty when nobody said.</param>
internal sealed record PrivacyEntry(string Kind, string At, string What, Epsilon Epsilon, string Purpose);

/// <summary>The log of a data set's privacy: what it may cost, what it has cost, who got what for which purpose, who was deleted.</summary>
/// <remarks>A file of JSON lines, only ever added to. It is held alone from reading to writing, and a spend is on the disk before its noise is drawn: a run that ends in between has spent.</remarks>
internal sealed class PrivacyLog : IDisposable
{
    private const string SchemaName = "gnomon.privacy/1";
    private readonly FileStream _file;
    private readonly string _path;
    private readonly List<PrivacyEntry> _entries = [];

    private PrivacyLog(FileStream file, string path) => (_file, _path) = (file, path);

    public IReadOnlyList<PrivacyEntry> Entries => _entries;

    /// <summary>The whole budget; 0 in a log without one.</summary>
    public Epsilon Total => _entries.FirstOrDefault(e => e.Kind == "budget")?.Epsilon ?? Epsilon.Zero;

    /// <summary>What has been spent: an exact sum.</summary>
    public Epsilon Spent => _entries.Where(e => e.Kind == "spend").Aggregate(Epsilon.Zero, (sum, e) => sum + e.Epsilon);

    /// <exception cref="GnomonError"><c>log-in-use</c>, <c>log-broken</c>, <c>cannot-write</c> or <c>budget-fixed</c>.</exception>
    public static PrivacyLog Open(string path, string? total, string source, DateTimeOffset now)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (File.Exists(path))
        {
            throw new GnomonError("log-in-use", $"{path} is held by another run: {busy.Message}", "--log", "Wait for it to end, then ask again.", busy);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("cannot-write", $"The log could not be opened: {wrong.Message}", "--log", "Name a file in a folder that exists and can be written.", wrong);
        }

        var log = new PrivacyLog(file, path);
        try
        {
            log.Read();
            log.Budget(total, source, now);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Books what is about to be drawn; nothing is written when it would pass the budget.</summary>
    /// <exception cref="GnomonError"><c>budget-missing</c> or <c>budget-overspent</c>.</exception>
    public void Spend(IReadOnlyList<string> what, Epsilon each, string sha256, string purpose, DateTimeOffset now)
    {
        if (Total <= Epsilon.Zero)
        {
            throw new GnomonError("budget-missing", $"{_path} states no budget: nobody has said how much these data may lose in all.", "--total", "Add --total 3 once; it is kept.");
        }

        var asked = what.Aggregate(Epsilon.Zero, (sum, _) => Epsilon.Of(sum.Value + each.Value));
        if (Spent.Value + asked.Value > Total.Value)
        {
            throw new GnomonError("budget-overspent", $"{what.Count} {(what.Count == 1 ? "number costs" : "numbers cost")} {asked} and {_path} has {Math.Max(0, Total.Value - Spent.Value).ToString("0.######", CultureInfo.InvariantCulture)} of {Total} left. Nothing was drawn, nothing was spent.", "--epsilon, --ask", "Ask for less, or with a smaller --epsilon. Numbers that were drawn can be used again at no cost.");
        }

        foreach (var item in what)
        {
            Write(new PrivacyEntry("spend", At(now), item, each, purpose), ("sha256", sha256));
        }
    }

    /// <summary>Notes a release, a deletion or another event.</summary>
    public void Note(string kind, string what, string purpose, DateTimeOffset now, params (string Name, string? Value)[] more) => Write(new PrivacyEntry(kind, At(now), what, Epsilon.Zero, purpose), more);

    public void Dispose() => _file.Dispose();

    private static string At(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private void Budget(string? total, string source, DateTimeOffset now)
    {
        if (total is null)
        {
            return;
        }

        var wanted = Epsilon.Parse(total);
        if (Total <= Epsilon.Zero)
        {
            Write(new PrivacyEntry("budget", At(now), source, wanted, string.Empty));
        }
        else if (Total.Value != wanted.Value)
        {
            throw new GnomonError("budget-fixed", $"{_path} states a budget of {Total}; it cannot become {wanted}.", "--total", "Leave --total out. A budget that grows when it is spent is none.");
        }
    }

    private void Read()
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                var node = JsonNode.Parse(line)!.AsObject();
                var text = (string?)node["epsilon"] ?? string.Empty;
                var epsilon = Epsilon.Zero;
                if ((string?)node["schema"] != SchemaName || (text.Length > 0 && !Epsilon.TryParse(text, out epsilon)))
                {
                    throw new JsonException($"no line of {SchemaName}");
                }

                _entries.Add(new PrivacyEntry((string?)node["kind"] ?? throw new JsonException("no kind"), (string?)node["at"] ?? string.Empty, (string?)node["what"] ?? string.Empty, epsilon, (string?)node["purpose"] ?? string.Empty));
            }
            catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or NullReferenceException)
            {
                throw new GnomonError("log-broken", $"{_path}, line {number} cannot be read: {wrong.Message}. What was spent is not known, so nothing more can be.", "--log", "Restore the log from a copy.", wrong);
            }
        }
    }

    private void Write(PrivacyEntry entry, params (string Name, string? Value)[] more)
    {
        var line = new JsonObject { ["schema"] = SchemaName, ["kind"] = entry.Kind, ["at"] = entry.At, ["what"] = entry.What };
        if (entry.Epsilon > Epsilon.Zero)
        {
            line["epsilon"] = entry.Epsilon.ToString();
        }

        foreach (var (name, value) in more.Append(("purpose", entry.Purpose)))
        {
            if (!string.IsNullOrEmpty(value))
            {
                line[name] = value;
            }
        }

        _file.Seek(0, SeekOrigin.End);
        _file.Write(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
        _file.Flush(flushToDisk: true);
        _entries.Add(entry);
    }
}
