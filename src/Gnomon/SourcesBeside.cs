using Gnomon.Core.Tables;

namespace Gnomon;

/// <summary>Sources that a study opened beside its data: each with an engine of its own, all closed with the answer.</summary>
internal sealed class SourcesBeside(AskSettings settings) : IDisposable
{
    private readonly List<(IEngine Engine, IDataset Data)> _opened = [];
    private readonly List<DataIdentity> _visited = [];

    public IDataset Open(SourceOptions source)
    {
        var engine = settings.Engine();
        try
        {
            var data = engine.Open(source, settings.Cancellation);
            _opened.Add((engine, data));
            return data;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    public void Visit(SourceOptions source, Action<IDataset> look)
    {
        using var engine = settings.Engine();
        using var data = engine.Open(source, settings.Cancellation);
        look(data);
        _visited.Add(data.Identify(settings.Cancellation));
    }

    public IEnumerable<DataIdentity> Identify() => _opened.Select(o => o.Data.Identify(settings.Cancellation)).Concat(_visited);

    public void Dispose()
    {
        foreach (var (engine, data) in _opened)
        {
            data.Dispose();
            engine.Dispose();
        }
    }
}
