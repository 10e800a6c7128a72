using Gnomon.Cases;
using Gnomon.Cli.Help;
using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Cli.Running;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon cases run ID</c>: makes the data, asks the question through the front door, shows the finding and what to learn from it.</summary>
internal static class CasesRun
{
    public static int Run(Case chosen, ParsedLine line, Surface surface, CancellationToken cancellation)
    {
        var json = line.Has("json");
        var scene = Choose(chosen, line);
        var draw = new Draw(line.Has("seed") ? (int)OptionParser.Integer("seed", line.Given["seed"], -1, 1_000_000_001) : 1, line.Has("full"));
        using var folder = CaseFolder.For(line.Value("keep"));
        if (!json)
        {
            Introduce(chosen, scene, draw, folder, surface);
        }

        SceneRun run;
        using (var progress = ProgressLine.For(surface, json))
        {
            run = SceneRunner.Run(chosen, scene, draw, folder.Path, surface.Clock, progress, cancellation);
        }

        if (json)
        {
            surface.Out.WriteLine(CasesJson.Run(run));
        }
        else
        {
            FindingText.Terminal(run.Finding, surface, quiet: false);
            Conclude(run, surface);
        }

        return run.Holds ? ExitCode.Answered : ExitCode.Reached;
    }

    private static Scene Choose(Case chosen, ParsedLine line)
    {
        var name = line.Value("scene");
        if (name is not null && line.Has("twin"))
        {
            throw new GnomonError("options-conflict", "--scene and --twin were both given.", "--scene, --twin", "Give one of them.");
        }

        return line.Has("twin") ? chosen.Twin : name is null ? chosen.Traps[0] : Casebook.Scene(chosen, name);
    }

    private static void Introduce(Case chosen, Scene scene, Draw draw, CaseFolder folder, Surface surface)
    {
        Write(surface, Columns.Wrap($"{chosen.Card.Id}, {scene.Name}: {scene.Data}", surface.Width));
        surface.Out.WriteLine();
        var command = draw.Full ? scene.Command : scene.SmallCommand ?? scene.Command;
        if (scene.EarlierLooks.Count > 0)
        {
            surface.Out.WriteLine($"  gnomon {command} {scene.EarlierLooks[0]}");
            surface.Out.WriteLine($"  ... {scene.EarlierLooks.Count} earlier looks, then");
        }

        surface.Out.WriteLine($"  gnomon {command}");
        if (folder.Kept)
        {
            surface.Out.WriteLine($"  in {folder.Path}");
        }

        surface.Out.WriteLine();
        surface.Out.Flush();
    }

    private static void Conclude(SceneRun run, Surface surface)
    {
        surface.Out.WriteLine();
        Write(surface, Columns.Wrap($"What to learn: {run.Case.Card.Lesson}", surface.Width));
        foreach (var fault in run.Faults())
        {
            surface.Out.WriteLine($"NOT AS PROMISED: {fault}.");
        }

        if (!run.Scene.IsTwin)
        {
            surface.Out.WriteLine($"The same without the flaw: gnomon cases run {run.Case.Card.Id} --twin");
        }
    }

    private static void Write(Surface surface, IEnumerable<string> lines)
    {
        foreach (var text in lines)
        {
            surface.Out.WriteLine(text);
        }
    }
}
