using System.Text;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>What is made of a column's cells.</summary>
internal enum LaneKind
{
    /// <summary>Booleans, integers, days, microseconds.</summary>
    Whole,

    /// <summary>The same, asked for as double.</summary>
    WholeAsReal,
    Real,

    /// <summary>The day of an instant.</summary>
    DayOfMoment,

    /// <summary>Midnight of a day.</summary>
    MomentOfDay,

    /// <summary>The cell's text as codes.</summary>
    Text,

    /// <summary>Characters of the cell's text.</summary>
    Length,
    Hash,
    IsNull,

    /// <summary>1 where the cell's text is a constant, otherwise 0.</summary>
    IsText,

    /// <summary>Nothing: the bytes of the cells are taken as they stand.</summary>
    Raw,
}

/// <summary>One output column of a scan.</summary>
/// <param name="Column">The file's column.</param>
/// <param name="As">How its cells are read.</param>
/// <param name="Kind">What is made of them.</param>
/// <param name="Constant">For <see cref="LaneKind.IsText"/>.</param>
internal sealed record LanePlan(int Column, ReadAs As, LaneKind Kind, byte[]? Constant = null)
{
    /// <summary>Types that are read straight from the file.</summary>
    public static bool Supports(ReadAs type) =>
        type is ReadAs.Text or ReadAs.Boolean or ReadAs.Integer or ReadAs.Double or ReadAs.Date or ReadAs.LocalTimestamp;

    /// <summary>The lanes that answer a query, or null when the engine must.</summary>
    /// <exception cref="Core.Errors.GnomonError"><c>column-not-found</c>.</exception>
    public static IReadOnlyList<LanePlan>? For(Query query, Schema schema, IReadOnlyList<ReadAs> types)
    {
        if (query is not { From: null, Where: null, GroupBy.Count: 0, OrderBy.Count: 0, Limit: null, Select.Count: > 0 })
        {
            return null;
        }

        var columns = new ColumnFinder(schema, types);
        var lanes = new List<LanePlan>(query.Select.Count);
        foreach (var projection in query.Select)
        {
            if (Of(projection.Value, columns) is not { } lane)
            {
                return null;
            }

            lanes.Add(lane);
        }

        return lanes;
    }

    private static LanePlan? Of(Scalar scalar, ColumnFinder columns) => scalar switch
    {
        ColumnScalar c => columns.Lane(c, Usual),
        CallScalar { Arguments: [ColumnScalar c] } call => columns.Lane(c, type => KindOf(call.Function, type)),
        CallScalar { Function: ScalarFunction.Hash or ScalarFunction.Length, Arguments: [CallScalar { Function: ScalarFunction.ToText, Arguments: [ColumnScalar c] }] } call =>
            columns.Lane(c, type => type == ReadAs.Text || (call.Function == ScalarFunction.Length && IsOwnText(type)) ? KindOf(call.Function, ReadAs.Text) : null),
        CallScalar
        {
            Function: ScalarFunction.ToDouble,
            Arguments:
            [
                CallScalar
                {
                    Function: ScalarFunction.Equal,
                    Arguments: [CallScalar { Function: ScalarFunction.ToText, Arguments: [ColumnScalar c] }, ValueScalar { Constant: string constant }],
                },
            ],
        } => columns.Lane(c, type => IsOwnText(type) ? LaneKind.IsText : null) is { } lane ? lane with { Constant = Encoding.UTF8.GetBytes(constant) } : null,
        _ => null,
    };

    private static LaneKind? Usual(ReadAs type) => type switch
    {
        ReadAs.Text => LaneKind.Text,
        ReadAs.Double => LaneKind.Real,
        _ => LaneKind.Whole,
    };

    private static LaneKind? KindOf(ScalarFunction function, ReadAs type) => function switch
    {
        ScalarFunction.IsNull => LaneKind.IsNull,
        ScalarFunction.ToText => IsOwnText(type) ? LaneKind.Text : null,
        ScalarFunction.Length => type == ReadAs.Text ? LaneKind.Length : null,
        ScalarFunction.Hash => type is ReadAs.Text or ReadAs.Integer ? LaneKind.Hash : null,
        ScalarFunction.ToDouble => type switch
        {
            ReadAs.Double => LaneKind.Real,
            ReadAs.Integer or ReadAs.Boolean => LaneKind.WholeAsReal,
            _ => null,
        },
        ScalarFunction.ToDay => type switch
        {
            ReadAs.Date => LaneKind.Whole,
            ReadAs.LocalTimestamp => LaneKind.DayOfMoment,
            _ => null,
        },
        ScalarFunction.ToMicroseconds => type switch
        {
            ReadAs.Date => LaneKind.MomentOfDay,
            ReadAs.LocalTimestamp => LaneKind.Whole,
            _ => null,
        },
        _ => null,
    };

    /// <summary>The engine writes such a value as it stands in the file (booleans: in small letters).</summary>
    private static bool IsOwnText(ReadAs type) => type is ReadAs.Text or ReadAs.Integer or ReadAs.Date or ReadAs.Boolean;

    /// <summary>Finds columns by name; tables may have thousands.</summary>
    private sealed class ColumnFinder
    {
        private readonly Schema _schema;
        private readonly IReadOnlyList<ReadAs> _types;
        private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

        public ColumnFinder(Schema schema, IReadOnlyList<ReadAs> types)
        {
            (_schema, _types) = (schema, types);
            for (var i = 0; i < schema.Count; i++)
            {
                _index.TryAdd(schema[i].Name, i);
            }
        }

        public LanePlan? Lane(ColumnScalar column, Func<ReadAs, LaneKind?> kind)
        {
            if (!_index.TryGetValue(column.Name, out var index))
            {
                index = _index[_schema.Require(column.Name).Name];
            }

            return kind(_types[index]) is { } known ? new LanePlan(index, _types[index], known) : null;
        }
    }
}
