using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Methods.Preparation;

namespace Gnomon.Studies.Profile.Prepare;

/// <summary>Fitted steps and model with the names of their columns, as a file beside the finding.</summary>
internal sealed record PreparedFile
{
    public const string SchemaName = "gnomon.preparation/1";

    public required string Target { get; init; }

    /// <summary>The value of the target that counts as 1; null for a linear model.</summary>
    public required string? Positive { get; init; }

    /// <summary>Columns before the first step.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public required FittedPipeline Pipeline { get; init; }

    /// <summary>What the steps scored on rows that they had not seen.</summary>
    public required (string Name, double Value, double StandardError) OutOfFold { get; init; }

    public string Write()
    {
        IReadOnlyList<string> names = Columns;
        var steps = new List<Dictionary<string, object>>();
        foreach (var step in Pipeline.Steps)
        {
            var kept = step.Kept.Select(k => names[k]).ToList();
            var entry = new Dictionary<string, object>(StringComparer.Ordinal) { ["step"] = step.Kind.ToString().ToLowerInvariant(), ["columns"] = kept };
            if (step.First.Count > 0)
            {
                entry["first"] = step.First;
            }

            if (step.Second.Count > 0)
            {
                entry["second"] = step.Second;
            }

            if (step.Clusters.Count > 0)
            {
                entry["twins"] = step.Clusters.Select(c => new Dictionary<string, object>(StringComparer.Ordinal) { ["kept"] = names[c.Leader], ["dropped"] = c.Others.Select(o => names[o]).ToList(), ["weakest"] = c.Weakest }).ToList();
            }

            steps.Add(entry);
            names = kept;
        }

        var file = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["schema"] = SchemaName, ["target"] = Target, ["positive"] = Positive, ["model"] = Pipeline.IsLogistic ? "logistic" : "linear", ["columns"] = Columns, ["steps"] = steps, ["modelColumns"] = names,
            ["intercept"] = Pipeline.Intercept, ["coefficients"] = Pipeline.Coefficients,
            ["outOfFold"] = new Dictionary<string, object> { ["score"] = OutOfFold.Name, ["value"] = OutOfFold.Value, ["standardError"] = OutOfFold.StandardError },
        };
        return JsonSerializer.Serialize(file, new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    /// <exception cref="GnomonError"><c>preparation-not-read</c> or <c>bad-preparation</c>.</exception>
    public static PreparedFile Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("preparation-not-read", $"The preparation could not be read from {path}: {wrong.Message}", "--prepared", "Write one first: gnomon profile DATA --target COLUMN --prepare impute,scale --write-prepared FILE.", wrong);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.GetProperty("schema").GetString() != SchemaName)
            {
                throw new KeyNotFoundException("its schema is another one");
            }

            var columns = Texts(root.GetProperty("columns"));
            var names = columns;
            var steps = new List<FittedStep>();
            foreach (var entry in root.GetProperty("steps").EnumerateArray())
            {
                var kept = Texts(entry.GetProperty("columns"));
                var step = new FittedStep
                {
                    Kind = Enum.Parse<PreparationKind>(entry.GetProperty("step").GetString()!, ignoreCase: true), Kept = [.. kept.Select(k => names.IndexOf(k) is var at and >= 0 ? at : throw new KeyNotFoundException($"the step keeps a column '{k}' that did not come in"))],
                    First = entry.TryGetProperty("first", out var first) ? Numbers(first) : [], Second = entry.TryGetProperty("second", out var second) ? Numbers(second) : [],
                };
                if ((step.First.Count > 0 && step.First.Count != kept.Count) || (step.Second.Count > 0 && step.Second.Count != kept.Count) || (step.Kind is PreparationKind.Impute && step.First.Count == 0) || (step.Kind is PreparationKind.Clip or PreparationKind.Scale && step.Second.Count == 0))
                {
                    throw new KeyNotFoundException("a step has not one number for each of its columns");
                }

                steps.Add(step);
                names = kept;
            }

            var coefficients = Numbers(root.GetProperty("coefficients"));
            var score = root.GetProperty("outOfFold");
            return coefficients.Count != names.Count ? throw new KeyNotFoundException("it has not one coefficient for each column of the model") : new PreparedFile
            {
                Target = root.GetProperty("target").GetString()!, Positive = root.GetProperty("positive").GetString(), Columns = columns,
                Pipeline = new FittedPipeline(steps, root.GetProperty("model").GetString() == "logistic", root.GetProperty("intercept").GetDouble(), coefficients),
                OutOfFold = (score.GetProperty("score").GetString()!, score.GetProperty("value").GetDouble(), score.GetProperty("standardError").GetDouble()),
            };
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new GnomonError("bad-preparation", $"{path} is not a preparation as --write-prepared writes it: {wrong.Message}", "--prepared", "Write it again with --write-prepared.", wrong);
        }
    }

    private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetString()!)];

    private static List<double> Numbers(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetDouble())];
}
