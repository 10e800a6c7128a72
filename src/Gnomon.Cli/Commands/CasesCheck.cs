using Gnomon.Cases;
using Gnomon.Cli.Help;
using Gnomon.Cli.Parsing;
using Gnomon.Cli.Running;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon cases check</c>: traps fire, twins stay quiet, decisions and numbers are as promised.</summary>
internal static class CasesCheck
{
    public static int Run(IReadOnlyList<Case> cases, ParsedLine line, Surface surface, CancellationToken cancellation)
    {
        var seeds = line.Has("seeds") ? (int)OptionParser.Integer("seeds", line.Given["seeds"], 0, 100_001) : 1;
        var full = line.Has("full");
        var verdicts = new List<SceneVerdict>();
        using (var progress = ProgressLine.For(surface, line.Has("json")))
        {
            var scenes = cases.SelectMany(c => c.Scenes.Select(s => (Case: c, Scene: s))).ToList();
            foreach (var (owner, scene) in scenes)
            {
                progress?.Report(new StudyProgress($"{owner.Card.Id} {scene.Name}", (double)verdicts.Count / scenes.Count));
                verdicts.Add(CaseCheck.Measure(owner, scene, seeds, full, cancellation: cancellation));
            }
        }

        if (line.Has("json"))
        {
            surface.Out.WriteLine(CasesJson.Check(verdicts, seeds, full));
        }
        else
        {
            Print(verdicts, surface);
        }

        return verdicts.TrueForAll(v => v.Kept) ? ExitCode.Answered : ExitCode.Reached;
    }

    private static void Print(List<SceneVerdict> verdicts, Surface surface)
    {
        IReadOnlyList<string> head = ["case", "scene", "as promised", "numbers", "kept"];
        foreach (var text in Columns.Grid([head, .. verdicts.Select(Row)]))
        {
            surface.Out.WriteLine(text);
        }

        foreach (var broken in verdicts.Where(v => !v.Kept))
        {
            surface.Out.WriteLine($"{broken.Case.Card.Id} {broken.Scene.Name}: {broken.FirstFault}");
        }

        var failed = verdicts.Count(v => !v.Kept);
        surface.Out.WriteLine();
        surface.Out.WriteLine(failed == 0 ? $"All {verdicts.Count} data sets behave as promised." : $"{failed} of {verdicts.Count} data sets do not behave as promised.");
    }

    private static IReadOnlyList<string> Row(SceneVerdict v) =>
        [v.Case.Card.Id, v.Scene.Name, $"{v.Good}/{v.Seeds}", v.NumbersCompared == 0 ? "-" : $"{v.NumbersCompared - v.NumbersWrong}/{v.NumbersCompared}", v.Kept ? "yes" : "NO"];
}
