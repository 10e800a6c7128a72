using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>
/// A function of the engine that gives a double as it is and NaN for none; both are read as missing. Where a file holds a column as a dictionary, the engine applies it to the
/// dictionary alone, and spelling the rows out is then much cheaper than with nulls in it.
/// </summary>
internal static unsafe class NumbersWithoutNulls
{
    private static int _made;

    /// <summary>Makes the function known; returns what it is called in SQL.</summary>
    public static string Register(Connection connection)
    {
        var name = FormattableString.Invariant($"gnomon_number_{Interlocked.Increment(ref _made)}");
        using var function = ScalarApi.Create();
        using var number = TypeApi.Create(TypeId.Double);
        ScalarApi.SetName(function, name);
        ScalarApi.AddParameter(function, number);
        ScalarApi.SetReturnType(function, number);
        ScalarApi.TakeNulls(function);
        ScalarApi.SetFunction(function, &Run);
        connection.Register(function);
        return name;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        using var chunk = new ChunkHandle(input);
        var rows = (int)VectorApi.Size(chunk);
        var vector = VectorApi.Vector(chunk, 0);
        var to = new Span<double>(VectorApi.Data(output), rows);
        new ReadOnlySpan<double>(VectorApi.Data(vector), rows).CopyTo(to);
        var valid = VectorApi.Validity(vector);
        if (valid is null)
        {
            return;
        }

        for (var i = 0; i < rows; i++)
        {
            if ((valid[i >> 6] & (1UL << (i & 63))) == 0)
            {
                to[i] = double.NaN;
            }
        }
    }
}
