using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.DuckDb;

/// <summary>The embedded engine: files of every common kind, standard input, SQL over files, and tables that a program holds.</summary>
public sealed class DuckDbEngine : IEngine
{
    private readonly List<DuckDbDataset> _datasets = [];

    public string Name => "duckdb";

    /// <inheritdoc/>
    public IDataset Open(SourceOptions source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        cancellation.ThrowIfCancellationRequested();
        var dataset = DatasetOpener.Open(source, cancellation);
        _datasets.Add(dataset);
        return dataset;
    }

    /// <summary>Closes every data set that is still open.</summary>
    public void Dispose() => _datasets.ForEach(d => d.Dispose());
}
