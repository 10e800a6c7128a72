using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>A file read beside the data, looked at in the same way.</summary>
/// <param name="Data">The file.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns with a sample of their values.</param>
internal sealed record SecondFile(IDataset Data, long Rows, IReadOnlyList<SampleColumn> Columns)
{
    public string Name => Data.Name;

    public SampleColumn? Find(string name) => Columns.FirstOrDefault(c => c.Name == name) ?? Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens a file with the marks of numbers and gaps that the data have; everything else follows from the file.</summary>
    public static IDataset Open(string path, string option, SourceOptions main, StudyContext context)
    {
        var open = context.Beside ?? throw new GnomonError("file-not-read", $"{path} could not be read: nothing can be opened beside the data.", option, "Ask through the command line or Ask.Profile.");
        return open(new SourceOptions { Path = path, Decimal = main.Decimal, NullText = main.NullText, Threads = main.Threads, MemoryLimit = main.MemoryLimit, SpillDirectory = main.SpillDirectory });
    }

    /// <exception cref="GnomonError">The file cannot be read or has no rows.</exception>
    public static SecondFile Scan(IDataset data, string option, StudyContext context, int keptRows = ProfileScan.SampleRows)
    {
        var scan = new ProfileScan([.. data.Schema], [], [], context with { Data = data }) { KeptRows = keptRows }.Run();
        return scan.Rows == 0
            ? throw new GnomonError("no-rows", $"{data.Name} has no rows to compare with.", option, "Check the file.")
            : new SecondFile(data, scan.Rows, [.. scan.Columns.Select((c, i) => new SampleColumn(new ColumnFacts(c, i, isKey: false), scan.Sample))]);
    }
}
