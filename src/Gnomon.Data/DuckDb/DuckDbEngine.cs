using Gnomon.Core.Tables;
using Gnomon.Data.Files;

namespace Gnomon.Data.DuckDb;

/// <summary>The embedded engine: files of every common kind, standard input, SQL over files, and tables that a program holds.</summary>
/// <param name="standardInput">Opens what <c>-</c> stands for; null takes the process's standard input.</param>
public sealed class DuckDbEngine(Func<Stream>? standardInput = null) : IEngine
{
    private readonly List<IDataset> _datasets = [];

    public string Name => "duckdb";

    /// <inheritdoc/>
    public IDataset Open(SourceOptions source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        cancellation.ThrowIfCancellationRequested();
        var dataset = new SourceLoader(source, standardInput ?? Console.OpenStandardInput, cancellation).Open();
        _datasets.Add(dataset);
        return dataset;
    }

    /// <summary>Closes every data set that is still open.</summary>
    public void Dispose() => _datasets.ForEach(d => d.Dispose());
}
