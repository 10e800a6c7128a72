using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>Texts of a column as numbers of their own, the same in every scan.</summary>
internal sealed class TextCodes(Dictionary<string, int> known, bool grows)
{
    private readonly List<int> _map = [];

    /// <summary>The number of a code of a block; -1 for a missing value, and for a text that is not known where none is added.</summary>
    public int Of(Chunk chunk, int column, int code)
    {
        if (code < 0)
        {
            return -1;
        }

        var dictionary = chunk.Dictionary(column);
        for (var i = _map.Count; i <= code; i++)
        {
            if (!known.TryGetValue(dictionary[i], out var number))
            {
                number = -1;
                if (grows)
                {
                    known[dictionary[i]] = number = known.Count;
                }
            }

            _map.Add(number);
        }

        return _map[code];
    }
}
