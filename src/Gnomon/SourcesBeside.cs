using Gnomon.Core.Tables;

namespace Gnomon;

/// <summary>Sources that a study opened beside its data: each with an engine of its own, all closed with the answer.</summary>
internal sealed class SourcesBeside(AskSettings settings) : IDisposable
{
    private readonly List<(IEngine Engine, IDataset Data)> _opened = [];

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

    public IEnumerable<DataIdentity> Identify() => _opened.Select(o => o.Data.Identify(settings.Cancellation));

    public void Dispose()
    {
        foreach (var (engine, data) in _opened)
        {
            data.Dispose();
            engine.Dispose();
        }
    }
}
