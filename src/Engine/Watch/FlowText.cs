using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Watch;

/// <summary>
/// The texts of a flow, one for each <see cref="FlowTextField"/>, with a control character between, which no value has: addresses are
/// digits, names are escaped.
/// </summary>
internal sealed unsafe class FlowText
{
    /// <summary>What stands between two texts: the unit separator of ASCII.</summary>
    public const byte Separator = 0x1f;

    private const ColumnSource None = (ColumnSource)(-1);

    private static readonly ColumnSource[] s_all =
    [
        ColumnSource.SourceAddress, ColumnSource.SourcePort, ColumnSource.DestinationAddress, ColumnSource.DestinationPort,
        ColumnSource.Protocol, ColumnSource.Verdict, ColumnSource.EndReason, ColumnSource.ConnectionState, ColumnSource.Application,
        ColumnSource.ServerName, ColumnSource.SourceName, ColumnSource.DestinationName, ColumnSource.Explanation,
    ];

    private readonly ColumnSource[] _sources;
    private RowText _text = new([]);

    /// <summary>Prepares for the flows of a run.</summary>
    /// <param name="schema">What is known of them.</param>
    public FlowText(TableSchema schema)
    {
        HashSet<ColumnSource> known = [.. schema.Columns.Select(column => column.Source)];
        _sources = [.. s_all.Select((source, field) =>
            field <= (int)FlowTextField.EndReason || known.Contains(source) ? source : None)];
        MaxLength = (s_all.Length * (NameCell.MaxLength + 1)) + schema.MaxExplanation;
    }

    /// <summary>Bytes of the texts of a flow at most.</summary>
    public int MaxLength { get; }

    /// <summary>Parts the texts of a flow again.</summary>
    public static string[] Split(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text).Split((char)Separator);

    /// <summary>Writes the texts of a flow. Returns the byte after the last one.</summary>
    /// <param name="at">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="records">The block of the flow.</param>
    /// <param name="scores">The scores of the block.</param>
    /// <param name="i">The flow's number in the block.</param>
    public byte* Write(byte* at, FlowRecordBlock records, BlockScorer scores, int i)
    {
        for (int field = 0; field < _sources.Length; field++)
        {
            if (field > 0)
            {
                *at++ = Separator;
            }

            at = _sources[field] switch
            {
                None => at,
                ColumnSource.Protocol => WriteProtocol(at, records.Header(i)->Key.Protocol),
                ColumnSource source => _text.Write(at, source, records, scores, i),
            };
        }

        return at;
    }

    private static byte* WriteProtocol(byte* at, byte protocol)
    {
        ReadOnlySpan<byte> name = ProtocolKeyword.Of(protocol);
        if (name.IsEmpty)
        {
            return IntegerText.Write(at, protocol);
        }

        name.CopyTo(new Span<byte>(at, name.Length));
        return at + name.Length;
    }
}
