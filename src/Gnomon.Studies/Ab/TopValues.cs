using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Studies.Ab;

/// <summary>The largest values of a stream, at most 50.</summary>
internal sealed class TopValues
{
    public const int Capacity = 50;
    private readonly double[] _values = new double[Capacity];
    private int _count;

    public void Add(double value)
    {
        if (_count == Capacity && value <= _values[0])
        {
            return;
        }

        // Ascending, so that the smallest kept value is at hand.
        var at = Array.BinarySearch(_values, 0, _count, value);
        at = at < 0 ? ~at : at;
        if (_count < Capacity)
        {
            Array.Copy(_values, at, _values, at + 1, _count - at);
            _values[at] = value;
            _count++;
            return;
        }

        Array.Copy(_values, 1, _values, 0, at - 1);
        _values[at - 1] = value;
    }

    public void Add(ReadOnlySpan<double> values)
    {
        // Hardly a value of a long stream is among its largest: eight are looked at together.
        var eight = MemoryMarshal.Cast<double, Vector512<double>>(values);
        var least = Vector512.Create(Least);
        for (var i = 0; i < eight.Length; i++)
        {
            if (Vector512.GreaterThanAny(eight[i], least))
            {
                AddEach(values.Slice(8 * i, 8));
                least = Vector512.Create(Least);
            }
        }

        AddEach(values[(8 * eight.Length)..]);
    }

    /// <summary>Adds what another stream kept.</summary>
    public void Merge(TopValues other) => AddEach(other._values.AsSpan(0, other._count));

    /// <summary>What a value must exceed to be among the largest.</summary>
    public double Least => _count == Capacity ? _values[0] : double.NegativeInfinity;

    private void AddEach(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            Add(value);
        }
    }

    public IReadOnlyList<double> Descending() => [.. _values.AsSpan(0, _count).ToArray().Reverse()];
}
