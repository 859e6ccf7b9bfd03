using System.Globalization;
using System.Net;
using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Bench.Naive;

/// <summary>Rows of CSV by the library's formatting, a value after the other into a builder of text. IPv4, and times in 100 ns.</summary>
internal sealed unsafe class NaiveRows(IReadOnlyList<Column> columns, FeatureBlock features)
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes all flows of a block, as UTF-8.</summary>
    public byte[] Write(FlowRecordBlock records)
    {
        _text.Clear();
        for (int i = 0; i < records.Count; i++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                _text.Append(column == 0 ? "" : ",").Append(ValueOf(columns[column], records, i));
            }

            _text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private static string Time(long nanoseconds) =>
        DateTime.UnixEpoch.AddTicks(nanoseconds / 100).ToString("yyyy-MM-ddTHH:mm:ss.fffffff00Z", CultureInfo.InvariantCulture);

    private static string Address(ulong lower) => new IPAddress((uint)(lower >> 32)).ToString();

    private string ValueOf(Column column, FlowRecordBlock records, int i)
    {
        FlowHeader header = *records.Header(i);
        bool forwardIsB = (header.State & FlowState.ForwardIsB) != 0;
        return column.Source switch
        {
            ColumnSource.StartTime => Time(header.First),
            ColumnSource.EndTime => Time(header.Last),
            ColumnSource.SourceAddress => Address(forwardIsB ? header.Key.BLower : header.Key.ALower),
            ColumnSource.DestinationAddress => Address(forwardIsB ? header.Key.ALower : header.Key.BLower),
            ColumnSource.SourcePort => (forwardIsB ? header.Key.PortB : header.Key.PortA).ToString(CultureInfo.InvariantCulture),
            ColumnSource.DestinationPort => (forwardIsB ? header.Key.PortA : header.Key.PortB).ToString(CultureInfo.InvariantCulture),
            ColumnSource.Protocol => header.Key.Protocol.ToString(CultureInfo.InvariantCulture),
            ColumnSource.EndReason => Encoding.UTF8.GetString(EndReasonText.Utf8(records.Reasons[i])),
            ColumnSource.Integer => features.Integers(column.Feature)[i].ToString(CultureInfo.InvariantCulture),
            ColumnSource.Thousandths => (features.Integers(column.Feature)[i] / 1000.0).ToString(CultureInfo.InvariantCulture),
            ColumnSource.Double => features.Column(column.Feature)[i].ToString(CultureInfo.InvariantCulture),
            var other => throw new NotSupportedException($"{column.Name}: {other}"),
        };
    }
}
