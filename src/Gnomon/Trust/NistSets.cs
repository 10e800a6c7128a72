using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Trust;

/// <summary>A parameter of a certified set: its two starting points where the set has them, its certified value and standard deviation.</summary>
public sealed record NistParameter(string Name, double Estimate, double StandardDeviation, double? FirstStart, double? SecondStart);

/// <summary>One of the Statistical Reference Datasets with the values NIST certifies.</summary>
/// <param name="Name">Name of the set, for example <c>Longley</c>.</param>
/// <param name="Kind"><c>univariate</c>, <c>linear</c>, <c>nonlinear</c> or <c>anova</c>.</param>
/// <param name="Level">Difficulty by NIST: <c>lower</c>, <c>average</c> or <c>higher</c>.</param>
/// <param name="Columns">The data by column name.</param>
/// <param name="Certified">Certified numbers by name.</param>
/// <param name="Parameters">Certified parameters; empty for other kinds.</param>
/// <param name="Model">The model in NIST's words; empty for other kinds.</param>
public sealed record NistSet(
    string Name, string Kind, string Level, IReadOnlyDictionary<string, double[]> Columns, IReadOnlyDictionary<string, double> Certified, IReadOnlyList<NistParameter> Parameters, string Model);

/// <summary>Reads a folder with the 57 sets: <c>certified.json</c>, and one CSV per set in <c>univariate</c>, <c>linear</c>, <c>nonlinear</c> and <c>anova</c>.</summary>
public static class NistSets
{
    /// <summary>Every set that <c>certified.json</c> names, in its order.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="GnomonError"><c>file-not-found</c> when the folder or a set is not there.</exception>
    public static IReadOnlyList<NistSet> Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder, "certified.json");
        if (!File.Exists(path))
        {
            throw new GnomonError("file-not-found", $"{path} was not found.", "--nist", "Name the folder that holds certified.json and the folders univariate, linear, nonlinear and anova.");
        }

        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.EnumerateObject().SelectMany(kind => kind.Value.EnumerateObject().Select(set => One(folder, kind.Name, set))).ToList()];
    }

    private static NistSet One(string folder, string kind, JsonProperty set)
    {
        var numbers = set.Value.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).ToDictionary(p => p.Name, p => p.Value.GetDouble(), StringComparer.Ordinal);
        var parameters = set.Value.TryGetProperty("parameters", out var given)
            ? given.EnumerateArray().Select(p => new NistParameter(
                p.GetProperty("name").GetString()!, p.GetProperty("estimate").GetDouble(), p.GetProperty("sd").GetDouble(), Optional(p, "start1"), Optional(p, "start2"))).ToList()
            : [];
        var model = set.Value.TryGetProperty("model", out var text) ? text.GetString() ?? string.Empty : string.Empty;
        return new NistSet(set.Name, kind, set.Value.GetProperty("level").GetString() ?? string.Empty, Columns(folder, kind, set.Name), numbers, parameters, model);
    }

    private static double? Optional(JsonElement e, string name) => e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetDouble() : null;

    private static Dictionary<string, double[]> Columns(string folder, string kind, string name)
    {
        var plain = Path.Combine(folder, kind, $"{name}.csv");
        var packed = plain + ".gz";
        if (!File.Exists(plain) && !File.Exists(packed))
        {
            throw new GnomonError("file-not-found", $"{plain} was not found.", "--nist", "Put the file back, or take the set out of certified.json.");
        }

        using var file = File.OpenRead(File.Exists(plain) ? plain : packed);
        using Stream stream = File.Exists(plain) ? file : new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var names = (reader.ReadLine() ?? string.Empty).Split(',');
        var values = Array.ConvertAll(names, _ => new List<double>());
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            for (var j = 0; j < names.Length && line.Length > 0; j++)
            {
                values[j].Add(double.Parse(cells[j], NumberStyles.Float, CultureInfo.InvariantCulture));
            }
        }

        return names.Zip(values).ToDictionary(c => c.First.Trim(), c => c.Second.ToArray(), StringComparer.Ordinal);
    }
}
