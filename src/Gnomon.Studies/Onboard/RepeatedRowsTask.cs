using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Onboard;

/// <summary>Grade 2: rows were written twice in a practice copy of a table; the check that sees it must pass again, with every row kept once.</summary>
internal static class RepeatedRowsTask
{
    private const string Check = "duplicate-records";
    private const double Share = 0.05;
    private const int FewestRows = 40;
    private const int MostTables = 8;
    private const long LargestBytes = 20_000_000;

    public static FirstTask? Of(Project project, Sandbox sandbox, StudyContext context, long seed)
    {
        var folder = Path.Combine(sandbox.Work, "practice");
        if (sandbox.IsNew)
        {
            Directory.CreateDirectory(folder);
            Plant(project, sandbox, folder, context, seed);
        }

        var table = project.Tables.FirstOrDefault(t => File.Exists(Path.Combine(folder, Path.GetFileName(t.Path))));
        if (table is null)
        {
            return null;
        }

        var file = $"practice/{Path.GetFileName(table.Path)}";
        var (state, why) = Mark(project, table, sandbox, file, context);
        return new FirstTask(
            2, "fix-a-check", $"Make {Check} pass again", $"In work/, run: gnomon profile {file} --no-ledger, and mend the file: somebody loaded a part of {table.Id} twice",
            $"{Check} passes on {file}, and it holds every row of {table.Id} once", state, why);
    }

    // The first table on which the check passes as it is and fires with repeats.
    private static void Plant(Project project, Sandbox sandbox, string folder, StudyContext context, long seed)
    {
        foreach (var table in project.Tables.Where(t => IsText(t.Path) && File.Exists(Path.Combine(sandbox.Work, t.Path)) && new FileInfo(Path.Combine(sandbox.Work, t.Path)).Length < LargestBytes).Take(MostTables))
        {
            var lines = Lines(Path.Combine(sandbox.Work, table.Path));
            if (lines.Count <= FewestRows || lines.Exists(l => l.Count(c => c == '"') % 2 == 1) || Status(table.Path, sandbox, context) != CheckStatus.Pass)
            {
                continue;
            }

            var rng = new Rng((ulong)seed).Stream("practice");
            var again = Enumerable.Range(0, (int)Math.Ceiling(Share * lines.Count)).Select(_ => lines[1 + rng.NextInt(lines.Count - 1)]).Distinct(StringComparer.Ordinal).ToList();
            var file = Path.Combine(folder, Path.GetFileName(table.Path));
            Sandbox.Write("the practice file", () => File.WriteAllText(file, string.Join('\n', lines.Concat(again)) + "\n"));
            if (Status($"practice/{Path.GetFileName(table.Path)}", sandbox, context) is CheckStatus.Warn or CheckStatus.Fail)
            {
                return;
            }

            File.Delete(file);
        }
    }

    private static (string State, string Why) Mark(Project project, ProjectTable table, Sandbox sandbox, string file, StudyContext context)
    {
        var status = Status(file, sandbox, context);
        if (status is CheckStatus.Warn or CheckStatus.Fail)
        {
            return (FirstTask.Open, $"{Check} fires");
        }

        if (status != CheckStatus.Pass)
        {
            return (FirstTask.NotYet, $"{file} cannot be profiled");
        }

        var wanted = Lines(Path.GetFullPath(table.Path, project.Folder));
        var there = Lines(Path.Combine(sandbox.Work, file));
        var lost = wanted.Skip(1).Except(there.Skip(1), StringComparer.Ordinal).Count();
        return there.Count == 0 || there[0] != wanted[0] ? (FirstTask.NotYet, "the head line is another one")
            : lost > 0 ? (FirstTask.NotYet, $"{Figures.Count(lost, "row")} of {table.Id} got lost on the way")
            : there.Count != wanted.Count ? (FirstTask.NotYet, $"{Figures.Count(there.Count - 1, "row")}, where {table.Id} has {Figures.Count(wanted.Count - 1)}")
            : (FirstTask.Done, $"{Check} passes, {Figures.Count(there.Count - 1, "row")}, each once");
    }

    private static CheckStatus? Status(string file, Sandbox sandbox, StudyContext context)
    {
        try
        {
            return context.Rerun!(["profile", file], sandbox.Work).Checks.FirstOrDefault(c => c.Id == Check)?.Status;
        }
        catch (GnomonError)
        {
            return null; // a file that was broken on the way to its repair
        }
    }

    private static bool IsText(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);

    private static List<string> Lines(string file) => [.. File.ReadLines(file).Where(l => l.Length > 0)];
}
