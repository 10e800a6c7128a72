using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Gnomon.Tests.Numerics;

/// <summary>Opens reference files beside the repository's tests.</summary>
internal static class ReferenceFile
{
    public static JsonElement Open(string topic, string name, [CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "tests", "reference")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tests", "reference", topic, name)));
        return document.RootElement.Clone();
    }

    /// <summary>Every case of a file agrees within its own tolerance, and every function has a case.</summary>
    public static void Agrees(string topic, string name, IReadOnlyDictionary<string, Func<double[], double>> functions)
    {
        var failures = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Open(topic, name).GetProperty("cases").EnumerateArray())
        {
            var function = item.GetProperty("function").GetString()!;
            seen.Add(function);
            var args = item.Numbers("args");
            var expected = item.Number("value");
            var actual = functions[function](args);
            if (!Close.To(expected, actual, item.Number("tolerance")))
            {
                var text = string.Join(", ", args.Select(a => a.ToString("R", CultureInfo.InvariantCulture)));
                failures.Add($"{function}({text}): expected {expected:R}, got {actual:R}, relative {(actual - expected) / expected:E2}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} cases differ:\n{string.Join('\n', failures)}");
        Assert.Equal(functions.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static long Count(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static double[] Numbers(this JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(item => item.GetDouble()).ToArray();
}

/// <summary>Comparisons with a relative tolerance.</summary>
internal static class Close
{
    public static bool To(double expected, double actual, double tolerance) =>
        expected == actual || Math.Abs(actual - expected) <= tolerance * Math.Abs(expected);

    public static void Relative(double expected, double actual, double tolerance, string what = "value") =>
        Assert.True(To(expected, actual, tolerance), $"{what}: expected {expected:R}, got {actual:R}, off by {(actual - expected) / expected:E2} relative");

    public static void Absolute(double expected, double actual, double tolerance, string what = "value") =>
        Assert.True(Math.Abs(actual - expected) <= tolerance, $"{what}: expected {expected:R}, got {actual:R}, off by {actual - expected:E2}");
}
