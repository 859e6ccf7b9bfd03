using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>The values of a row that are no features, as text: who a flow is between, when, why it ended, its score and verdict.</summary>
/// <param name="label">What stands in the label's column, as the format writes it.</param>
/// <param name="quoting">How the format has names, which may hold what means something to it.</param>
/// <remarks>It remembers the last times that it wrote, so it is a field of one sink, never a copy.</remarks>
internal unsafe struct RowText(byte[] label, TextQuoting quoting = TextQuoting.None)
{
    /// <summary>No value is longer, but a label, an explanation and names: two IPv6 addresses, ports and marks.</summary>
    public const int MaxLength = 128;

    private TimestampText _startTimes;
    private TimestampText _endTimes;

    /// <summary>Bytes of a value of a column at most, but of a label and an explanation.</summary>
    public static int LongestOf(Column column) => Column.OfNames.Contains(column) ? NameCell.MaxLength : MaxLength;

    /// <summary>Writes one value of a flow. Returns the byte after it.</summary>
    /// <param name="at">Room for <see cref="LongestOf"/> bytes, or the label or the explanation.</param>
    /// <param name="source">Which value; no feature.</param>
    /// <param name="records">The block of the flow.</param>
    /// <param name="scores">The scores of the block, where the value is one of them.</param>
    /// <param name="i">The flow's number in the block.</param>
    public byte* Write(byte* at, ColumnSource source, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        FlowHeader* header = records.Header(i);
        switch (source)
        {
            case ColumnSource.StartTime:
                return _startTimes.Write(at, header->First);
            case ColumnSource.EndTime:
                return _endTimes.Write(at, header->Last);
            case ColumnSource.SourceAddress:
                return FlowIdText.WriteAddress(at, header, FlowIdText.ForwardIsB(header));
            case ColumnSource.DestinationAddress:
                return FlowIdText.WriteAddress(at, header, !FlowIdText.ForwardIsB(header));
            case ColumnSource.SourcePort:
                return FlowIdText.WritePort(at, header, FlowIdText.ForwardIsB(header));
            case ColumnSource.DestinationPort:
                return FlowIdText.WritePort(at, header, !FlowIdText.ForwardIsB(header));
            case ColumnSource.Protocol:
                return IntegerText.Write(at, header->Key.Protocol);
            case ColumnSource.ProtocolName:
                return Write(at, FlowIdText.ProtocolName(header));
            case ColumnSource.FiveTuple:
                return FlowIdText.WriteFiveTuple(at, header);
            case ColumnSource.FlowId:
                return FlowIdText.WritePlain(at, header);
            case ColumnSource.StampedFlowId:
                return FlowIdText.WriteStamped(at, header, ref _startTimes);
            case ColumnSource.ApplicationName:
                return Write(at, FlowIdText.ApplicationName(header));
            case ColumnSource.CommunityId:
                return at + CommunityId.Write(new Span<byte>(at, CommunityId.Length), in header->Key);
            case ColumnSource.Label:
                return Write(at, label);
            case ColumnSource.EndReason:
                return Write(at, EndReasonText.Utf8(records.Reasons[i]));
            case ColumnSource.Explanation:
                return scores!.WriteExplanation(at, records, i);
            case ColumnSource.ConnectionState:
                return Write(at, ConnectionStateText.Utf8(records.ConnectionStateOf(i)));
            case >= ColumnSource.Application and <= ColumnSource.ApplicationDetail:
                return NameCell.Write(at, source, records, i, quoting);
            case ColumnSource.VerdictBasis:
                return Write(at, VerdictBasisText.Utf8(scores!.BasisOf(i)));
            case ColumnSource.Score:
                return ShortestDouble.Write(at, scores!.Probability(i));
            default:
                return Write(at, VerdictText.Utf8(scores!.VerdictOf(i)));
        }
    }

    private static byte* Write(byte* at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(at, text.Length));
        return at + text.Length;
    }
}
