using System.Runtime.CompilerServices;
using System.Text;
using FlowMeter.Engine.Export.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Export;

/// <summary>Writes flows as CSV: UTF-8, comma, one line a flow. No value ever needs quotes.</summary>
internal sealed unsafe class CsvSink : IFlowSink
{
    private const int FlushFrom = 256 << 10;

    // No column is longer: two IPv6 addresses, ports and marks.
    private const int MaximumColumn = 128;

    private readonly OutputFile _output;
    private readonly Column[] _columns;
    private readonly NativeColumn<byte> _buffer;
    private TimestampText _startTimes;
    private TimestampText _endTimes;
    private int _length;

    /// <summary>Makes a sink; several may share one output.</summary>
    public CsvSink(OutputFile output, IReadOnlyList<Column> columns)
    {
        _output = output;
        _columns = [.. columns];
        _buffer = new NativeColumn<byte>(FlushFrom + (_columns.Length * MaximumColumn));
    }

    /// <summary>The header line.</summary>
    public static byte[] Header(IReadOnlyList<Column> columns) =>
        Encoding.UTF8.GetBytes(string.Join(',', columns.Select(column => column.Name)) + "\n");

    /// <inheritdoc/>
    public void Write(FlowRecords records, FeatureBlock features, Judgements? judgements)
    {
        for (int i = 0; i < records.Count; i++)
        {
            byte* at = _buffer.First + _length;
            foreach (Column column in _columns)
            {
                at = WriteColumn(at, column, records, features, judgements, i);
                *at++ = (byte)',';
            }

            at[-1] = (byte)'\n';
            _length = (int)(at - _buffer.First);
            if (_length >= FlushFrom)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        int length = _length;
        _length = 0;
        _output.Write(new ReadOnlySpan<byte>(_buffer.First, length));
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private byte* WriteColumn(byte* at, Column column, FlowRecords records, FeatureBlock features, Judgements? judgements, int i)
    {
        FlowIdentity* identity = records.Columns.Identity + i;
        switch (column.Source)
        {
            case ColumnSource.Whole:
                return IntegerText.Write(at, features.Integers(column.Feature)[i]);
            case ColumnSource.Microseconds:
                return MicrosecondText.Write(at, features.Integers(column.Feature)[i]);
            case ColumnSource.Real:
                return ShortestDouble.Write(at, features.Column(column.Feature)[i]);
            case ColumnSource.StartTime:
                return _startTimes.Write(at, identity->First);
            case ColumnSource.EndTime:
                return _endTimes.Write(at, identity->Last);
            case ColumnSource.SourceAddress:
                return WriteAddress(at, identity, ForwardIsHigh(identity));
            case ColumnSource.DestinationAddress:
                return WriteAddress(at, identity, !ForwardIsHigh(identity));
            case ColumnSource.SourcePort:
                return WritePort(at, identity, ForwardIsHigh(identity));
            case ColumnSource.DestinationPort:
                return WritePort(at, identity, !ForwardIsHigh(identity));
            case ColumnSource.Protocol:
                return IntegerText.Write(at, identity->Key.Protocol);
            case ColumnSource.ProtocolName:
                return Write(at, ProtocolName(identity));
            case ColumnSource.FiveTuple:
                return WriteFiveTuple(at, identity);
            case ColumnSource.EndReason:
                return Write(at, EndReasonName(records.Reasons[i]));
            case ColumnSource.Score:
                return ShortestDouble.Write(at, judgements!.Probability(i));
            default:
                return Write(at, judgements!.VerdictName(i));
        }
    }

    private static bool ForwardIsHigh(FlowIdentity* identity) => (identity->State & FlowState.ForwardIsHigh) != 0;

    private static byte* WriteAddress(byte* at, FlowIdentity* identity, bool isHigh)
    {
        // The 16 bytes of an address stand in memory as they stood in the packet, IPv4 in the last four.
        byte* address = (byte*)identity + (isHigh ? 16 : 0);
        return identity->Key.Version == 4 ? AddressText.WriteV4(at, address + 12) : AddressText.WriteV6(at, address);
    }

    private static byte* WritePort(byte* at, FlowIdentity* identity, bool isHigh) =>
        IntegerText.Write(at, (uint)(isHigh ? identity->Key.HighPort : identity->Key.LowPort));

    private static byte* WriteFiveTuple(byte* at, FlowIdentity* identity)
    {
        bool forwardIsHigh = ForwardIsHigh(identity);
        at = Write(WriteAddress(at, identity, forwardIsHigh), "--"u8);
        at = Write(WriteAddress(at, identity, !forwardIsHigh), "--"u8);
        at = Write(Write(at, ProtocolName(identity)), "--"u8);
        at = Write(WritePort(at, identity, forwardIsHigh), "--"u8);
        return WritePort(at, identity, !forwardIsHigh);
    }

    private static ReadOnlySpan<byte> ProtocolName(FlowIdentity* identity) => identity->Key.Protocol == 6 ? "TCP"u8 : "UDP"u8;

    private static ReadOnlySpan<byte> EndReasonName(FlowEndReason reason) => reason switch
    {
        FlowEndReason.IdleTimeout => "idle"u8,
        FlowEndReason.ActiveTimeout => "active"u8,
        FlowEndReason.EndOfFlowDetected => "end"u8,
        FlowEndReason.ForcedEnd => "forced"u8,
        _ => "resources"u8,
    };

    private static byte* Write(byte* at, ReadOnlySpan<byte> text)
    {
        Unsafe.CopyBlockUnaligned(ref *at, in text[0], (uint)text.Length);
        return at + text.Length;
    }
}
