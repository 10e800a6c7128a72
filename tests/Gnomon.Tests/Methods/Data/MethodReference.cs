using System.Text.Json;
using Xunit;

namespace Gnomon.Tests.Methods;

/// <summary>Reads reference values from tests/reference and compares with a relative tolerance.</summary>
internal static class MethodReference
{
    public static JsonElement Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "tests", "reference", path)));
        return document.RootElement.Clone();
    }

    /// <summary>A file of real data, or a skipped test with the reason.</summary>
    public static string DataFile(string path)
    {
        var folder = Environment.GetEnvironmentVariable("GNOMON_DATA") ?? Path.Combine(Root(), "..", "shared", "data");
        var file = Path.Combine(folder, path);
        Assert.SkipUnless(File.Exists(file), $"'{path}' was not found under '{folder}'; set GNOMON_DATA to the folder of real data.");
        return file;
    }

    public static double Number(this JsonElement e, string name) => e.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    public static long[] Counts(this JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetInt64())];

    public static IEnumerable<JsonElement> Items(this JsonElement e, string name) => e.GetProperty(name).EnumerateArray();

    public static void Close(double expected, double actual, double relative)
    {
        var scale = Math.Max(Math.Abs(expected), 1e-300);
        Assert.True(Math.Abs(actual - expected) <= relative * scale, $"expected {expected:R}, got {actual:R}, relative error {Math.Abs(actual - expected) / scale:E2}");
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gnomon.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository root was not found.");
        return folder;
    }
}
