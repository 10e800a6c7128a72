using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>A bottom-k sketch of the units that remembers in which arm each kept unit was: enough to tell a second look from a second experiment on the same users.</summary>
internal sealed class ArmedSketch
{
    private const int Several = -1;
    private readonly UnitSketch _units = new();
    private readonly Dictionary<ulong, int> _arms = [];
    private ulong _ceiling = ulong.MaxValue;

    public IReadOnlyList<ulong> Hashes => _units.Hashes;

    public double EstimatedUnits => _units.EstimatedUnits;

    /// <summary>Arm of each kept unit, in the order of the hashes.</summary>
    public IReadOnlyList<int> Arms() => [.. _units.Hashes.Select(h => _arms.GetValueOrDefault(h, Several))];

    /// <summary>Adds a unit; one that was in another arm before is in several.</summary>
    public void Add(ulong hash, int arm)
    {
        if (hash > _ceiling)
        {
            return;
        }

        _units.Add(hash);
        Note(hash, arm);
        Settle();
    }

    /// <summary>Adds packed units, whose arms stand beside the rows they came from.</summary>
    /// <param name="units">Units that count.</param>
    /// <param name="hashes">Units of all rows; empty where they are not counted.</param>
    /// <param name="arms">Arm of each row; negative for a row that does not count.</param>
    public void Add(ReadOnlySpan<ulong> units, ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> arms)
    {
        if (units.IsEmpty)
        {
            return;
        }

        _units.Add(units);
        Settle();
        var ceiling = _ceiling;
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] <= ceiling && arms[i] >= 0)
            {
                Note(hashes[i], arms[i]);
            }
        }
    }

    private void Note(ulong hash, int arm) =>
        _arms[hash] = !_arms.TryGetValue(hash, out var known) || known == arm ? arm : Several;

    // The largest kept hash, once the sketch is full; arms of units that fell out are let go now and then.
    private void Settle()
    {
        if (!_units.IsFull)
        {
            return;
        }

        if (_arms.Count > 2 * _units.Size || _ceiling == ulong.MaxValue)
        {
            _ceiling = _units.Hashes[^1];
            foreach (var gone in _arms.Keys.Where(h => h > _ceiling).ToList())
            {
                _arms.Remove(gone);
            }
        }
    }
}
