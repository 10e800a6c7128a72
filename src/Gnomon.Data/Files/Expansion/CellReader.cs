using System.Buffers.Text;
using System.Text.Json;

namespace Gnomon.Data.Files.Expansion;

/// <summary>Receives the values of one object.</summary>
internal interface ICellSink
{
    /// <summary>The node of a key below another; null to pass over it.</summary>
    KeyNode? Node(KeyNode parent, ReadOnlySpan<byte> key);

    /// <param name="node">Where the value stands.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="text">Text without quotes and escapes, the digits of a number, the bytes of a list.</param>
    void Value(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text);
}

/// <summary>Reads one cell forward and only once, from its bytes (RFC 8259).</summary>
internal sealed class CellReader(ICellSink sink)
{
    private const int MostDepth = 64;

    // A decimal of at most fifteen significant digits comes back from a double as it was.
    private const int ExactDigits = 15;

    private readonly KeyNode?[] _path = new KeyNode?[MostDepth + 2];
    private byte[] _plain = new byte[1024];

    /// <summary>What keeps the cell from being an object; null when nothing does. Values may have been handed on before the fault was met.</summary>
    public string? Read(ReadOnlySpan<byte> cell, KeyNode root)
    {
        try
        {
            var reader = new Utf8JsonReader(cell, new JsonReaderOptions { MaxDepth = MostDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return "not an object";
            }

            Object(ref reader, root, cell);
            return reader.Read() ? "text behind the object" : null;
        }
        catch (JsonException e)
        {
            return $"broken at byte {(e.BytePositionInLine ?? 0) + 1}";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: no text of any encoding.
            return "a text that is not Unicode";
        }
    }

    private void Object(ref Utf8JsonReader reader, KeyNode root, ReadOnlySpan<byte> cell)
    {
        var depth = 0;
        _path[0] = root;
        KeyNode? node = null;
        var isFirst = true;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isFirst = false;
                    node = _path[depth] is { } parent ? sink.Node(parent, Plain(ref reader)) : null;
                    break;
                case JsonTokenType.StartObject:
                    _path[++depth] = node;
                    isFirst = true;
                    break;
                case JsonTokenType.EndObject:
                    if (isFirst && depth > 0 && _path[depth] is { } empty)
                    {
                        sink.Value(empty, ValueKind.EmptyObject, "{}"u8);
                    }

                    isFirst = false;
                    if (depth-- == 0)
                    {
                        return;
                    }

                    break;
                case JsonTokenType.StartArray:
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    Hand(node, ValueKind.Array, cell[start..(int)reader.BytesConsumed]);
                    break;
                default:
                    Scalar(ref reader, node);
                    break;
            }
        }
    }

    private void Scalar(ref Utf8JsonReader reader, KeyNode? node)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                Hand(node, ValueKind.Null, []);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Hand(node, ValueKind.Boolean, reader.ValueSpan);
                break;
            case JsonTokenType.Number:
                Hand(node, Number(reader.ValueSpan), reader.ValueSpan);
                break;
            default:
                var text = Plain(ref reader);
                Hand(node, IsPadded(text) ? ValueKind.PaddedDigits : ValueKind.Text, text);
                break;
        }
    }

    private void Hand(KeyNode? node, ValueKind kind, ReadOnlySpan<byte> text)
    {
        if (node is not null)
        {
            sink.Value(node, kind, text);
        }
    }

    private ReadOnlySpan<byte> Plain(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_plain.Length < reader.ValueSpan.Length)
        {
            _plain = new byte[reader.ValueSpan.Length * 2];
        }

        return _plain.AsSpan(0, reader.CopyString(_plain));
    }

    private static bool IsPadded(ReadOnlySpan<byte> text) => text.Length > 1 && text[0] == (byte)'0' && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static ValueKind Number(ReadOnlySpan<byte> digits)
    {
        if (!digits.ContainsAnyExcept("-0123456789"u8))
        {
            return Utf8Parser.TryParse(digits, out long _, out var used) && used == digits.Length ? (digits is [(byte)'-', (byte)'0'] ? ValueKind.Real : ValueKind.Integer) : ValueKind.Big;
        }

        var exponent = digits.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = (exponent < 0 ? digits : digits[..exponent]).TrimStart("-0."u8);
        var significant = mantissa.Length - (mantissa.Contains((byte)'.') ? 1 : 0);
        return significant <= ExactDigits && Utf8Parser.TryParse(digits, out double value, out var all) && all == digits.Length && double.IsFinite(value) ? ValueKind.Real : ValueKind.LongReal;
    }
}
