using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Data.Ledger;

namespace Gnomon.Cases;

/// <summary>Makes a scene's data in a folder and asks its question through the front door, earlier looks first.</summary>
public static class SceneRunner
{
    /// <summary>Writes the scene's files; existing ones of the same name are replaced.</summary>
    public static void Write(Scene scene, Draw draw, string folder)
    {
        ArgumentNullException.ThrowIfNull(scene);
        Directory.CreateDirectory(folder);
        foreach (var file in scene.Files?.Invoke(draw) ?? [])
        {
            using var writer = new StreamWriter(Path.Combine(folder, file.Name)) { NewLine = "\n" };
            foreach (var line in file.Lines)
            {
                writer.WriteLine(line);
            }
        }
    }

    /// <summary>Runs one scene in a folder that holds nothing else.</summary>
    /// <param name="owner">The case the scene belongs to.</param>
    /// <param name="clock">For provenance and the ledger; the system's when null.</param>
    /// <returns>The finding of the last look, and how it compares with what the case promises.</returns>
    /// <exception cref="Core.Errors.GnomonError">The front door refused the question: the case is broken.</exception>
    public static SceneRun Run(Case owner, Scene scene, Draw draw, string folder, TimeProvider? clock = null, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(scene);
        Write(scene, draw, folder);
        var words = scene.Words(draw);
        using var ledger = new SqliteLedger(Path.Combine(folder, ".gnomon", "ledger.db"));
        var settings = new AskSettings { Ledger = ledger, Clock = clock ?? TimeProvider.System, Progress = progress, Cancellation = cancellation };
        foreach (var look in scene.EarlierLooks)
        {
            _ = Ask([.. words, .. CommandText.Split(look)], folder, settings);
        }

        return new SceneRun(owner, scene, draw, folder, Ask(words, folder, settings));
    }

    private static Finding Ask(IReadOnlyList<string> words, string folder, AskSettings settings)
    {
        var question = CommandText.Bind(words, folder);
        return Gnomon.Ask.Run(question.Verb, question.Options, settings with { Command = words });
    }
}
