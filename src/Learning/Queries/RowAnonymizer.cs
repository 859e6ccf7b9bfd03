using System.Buffers.Text;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Names;
using FlowMeter.Engine.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// The values of a table's rows with other addresses and names, as <c>read --anonymize</c> writes them for the same flows. A text about
/// which nothing is known may hold an address, so it is left empty. For one thread.
/// </summary>
public sealed class RowAnonymizer
{
    private const int LongestName = byte.MaxValue;

    private readonly AddressAnonymizer _addresses;
    private readonly NameAnonymizer _names;
    private readonly FlowFields _flow;
    private readonly Treatment[] _treatments;
    private byte[] _written = new byte[256];
    private int _length;

    /// <summary>Looks at the columns of a table.</summary>
    /// <param name="key">The key that addresses and names are replaced under.</param>
    /// <param name="columns">The columns.</param>
    public RowAnonymizer(AnonymizationKey key, QueryColumns columns)
    {
        _addresses = new AddressAnonymizer(key);
        _names = new NameAnonymizer(key);
        _flow = columns.Flow;
        _treatments = [.. columns.All.Select(TreatmentOf)];
    }

    private enum Treatment
    {
        /// <summary>It tells of nobody.</summary>
        Keep,
        Address,
        FlowId,
        CommunityId,
        Name,
        Details,

        /// <summary>By what the value looks like.</summary>
        Any,
    }

    /// <summary>The value of a column in a row, as UTF-8, valid until the next value.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">The row.</param>
    /// <param name="room">Room for 20 bytes, which a row number takes.</param>
    public ReadOnlySpan<byte> ValueIn(QueryColumn column, FlowTableReader row, Span<byte> room)
    {
        ReadOnlySpan<byte> value = column.ValueIn(row, room);
        if (value.IsEmpty || column.Number == QueryColumn.RowNumber)
        {
            return value;
        }

        _length = 0;
        switch (_treatments[column.Number])
        {
            case Treatment.Keep:
                return value;
            case Treatment.Address:
                _ = AddAddress(value);
                break;
            case Treatment.FlowId:
                AddFlowId(value);
                break;
            case Treatment.CommunityId:
                AddCommunityId(row);
                break;
            case Treatment.Name:
                AddName(value);
                break;
            case Treatment.Details:
                AddDetails(value);
                break;
            default:
                if (!AddAddress(value) && (NumberText.TryParse(value, out _) || TableTime.Parse(value) != null))
                {
                    return value;
                }

                break;
        }

        return _written.AsSpan(0, _length);
    }

    private Treatment TreatmentOf(QueryColumn column)
    {
        ColumnSource? source = column.Source ?? Column.OfNames.FirstOrDefault(name => name.Name == column.Name)?.Source;
        bool isPart = column.Number == _flow.Protocol || column.Number == _flow.Application || column.Number == _flow.ConnectionState;
        return source switch
        {
            ColumnSource.SourceAddress or ColumnSource.DestinationAddress => Treatment.Address,
            ColumnSource.FiveTuple or ColumnSource.FlowId or ColumnSource.StampedFlowId => Treatment.FlowId,
            ColumnSource.CommunityId => Treatment.CommunityId,
            ColumnSource.ServerName or ColumnSource.HttpHost or ColumnSource.DnsQuery or ColumnSource.SourceName
                or ColumnSource.DestinationName => Treatment.Name,
            ColumnSource.ApplicationDetail => Treatment.Details,
            not null => Treatment.Keep,
            _ => isPart ? Treatment.Keep : Treatment.Any,
        };
    }

    /// <summary>Writes what stands in an address's place. False, and nothing, for what is none.</summary>
    private bool AddAddress(ReadOnlySpan<byte> text)
    {
        if (!AddressValue.TryParse(text, out AddressValue address))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes = address.Write(bytes);
        _addresses.Replace(bytes);
        Span<byte> other = stackalloc byte[AddressText.MaxLength];
        Add(other[..AddressText.Write(other, bytes)]);
        return true;
    }

    /// <summary>Parts with dashes between, of which two are addresses. What has not two of them is not known, and left out.</summary>
    private void AddFlowId(ReadOnlySpan<byte> value)
    {
        int addresses = 0;
        for (int start = 0; start <= value.Length;)
        {
            int length = value[start..].IndexOf((byte)'-');
            length = length < 0 ? value.Length - start : length;
            ReadOnlySpan<byte> part = value.Slice(start, length);
            if (AddAddress(part))
            {
                addresses++;
            }
            else
            {
                Add(part);
            }

            start += length + 1;
            Add(start <= value.Length ? "-"u8 : []);
        }

        _length = addresses == 2 ? _length : 0;
    }

    /// <summary>The ID of the flow with its new addresses; nothing where a part of the flow is missing.</summary>
    private void AddCommunityId(FlowTableReader row)
    {
        if (_flow.SourceAddress < 0 || _flow.DestinationAddress < 0 || _flow.Protocol < 0
            || !AddressValue.TryParse(row.Field(_flow.SourceAddress), out AddressValue source)
            || !AddressValue.TryParse(row.Field(_flow.DestinationAddress), out AddressValue destination)
            || source.IsV6 != destination.IsV6 || ProtocolIn(row.Field(_flow.Protocol)) is not { } protocol)
        {
            return;
        }

        FlowKey key = new(
            source.Upper, source.Lower, destination.Upper, destination.Lower,
            PortOf(row, _flow.SourcePort) | (PortOf(row, _flow.DestinationPort) << 16) | ((ulong)protocol << 32)
                | ((source.IsV6 ? 6UL : 4UL) << 40));
        _addresses.Replace(ref key);
        Span<byte> id = stackalloc byte[CommunityId.Length];
        Add(id[..CommunityId.Write(id, in key)]);
    }

    private static byte? ProtocolIn(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out byte number, out int length) && length == field.Length ? number : QueryValue.ProtocolOf(field);

    private static ulong PortOf(FlowTableReader row, int column) =>
        column >= 0 && Utf8Parser.TryParse(row.Field(column), out ushort port, out _) ? port : 0u;

    /// <summary>Hashes a name as it was on the wire.</summary>
    private void AddName(ReadOnlySpan<byte> value)
    {
        Span<byte> name = stackalloc byte[LongestName];
        Span<byte> hashed = stackalloc byte[NameAnonymizer.HashLength];
        _names.Hash(name[..NameText.Read(value, name)], hashed);
        Add(hashed);
    }

    /// <summary>What is known to tell of nobody stays, names are hashed, and all else is left out, as are user agents at the end.</summary>
    private void AddDetails(ReadOnlySpan<byte> value)
    {
        foreach (Range range in value.Split("; "u8))
        {
            ReadOnlySpan<byte> detail = value[range];
            int equal = detail.IndexOf((byte)'=') + 1;
            NameField field = NameCell.DetailOf(detail[..equal]);
            if (field == NameField.UserAgent)
            {
                return;
            }

            if (NameAnonymizer.Keeps(field) || NameAnonymizer.Hashes(field))
            {
                Add(_length == 0 ? [] : "; "u8);
                Add(detail[..equal]);
                if (NameAnonymizer.Keeps(field))
                {
                    Add(detail[equal..]);
                }
                else
                {
                    AddName(detail[equal..]);
                }
            }
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _written.Length)
        {
            Array.Resize(ref _written, 2 * (_length + bytes.Length));
        }

        bytes.CopyTo(_written.AsSpan(_length));
        _length += bytes.Length;
    }
}
