using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The names of a worker's flows: hands their first packets to the reader, and asks what their hosts are called when they begin. For one
/// thread.
/// </summary>
internal sealed unsafe class NamedFlows : IDisposable
{
    private readonly NameReader _reader;
    private readonly HostNames _hosts;

    /// <summary>Makes them with nothing read.</summary>
    /// <param name="arena">Where records come from; stays the caller's.</param>
    /// <param name="hosts">What hosts are called; stays the caller's.</param>
    public NamedFlows(NameArena arena, HostNames hosts)
    {
        _hosts = hosts;
        _reader = new NameReader(arena, hosts);
    }

    /// <summary>Names that found no memory, and flows whose waiting bytes others needed the room of.</summary>
    public long Lost => _reader.RecordsRefused + _reader.StreamsTakenAway;

    /// <summary>Begins a flow with its first packet.</summary>
    public void Begin(FlowAnnotations* flow, FlowHeader* header, PacketWindow window, int index)
    {
        _reader.Begin(&flow->Names);
        flow->SourceName = HostNames.None;
        flow->DestinationName = HostNames.None;
        if (_hosts.HasAny)
        {
            bool forwardIsB = (header->State & FlowState.ForwardIsB) != 0;
            flow->SourceName = _hosts.Find(AddressOf(header, forwardIsB), header->First);
            flow->DestinationName = _hosts.Find(AddressOf(header, !forwardIsB), header->First);
        }

        Take(flow, header, window, index, window.PayloadOf(index));
    }

    /// <summary>Takes a packet; one of a flow that is known, or without payload, costs a comparison or three.</summary>
    public void Update(FlowAnnotations* flow, FlowHeader* header, PacketWindow window, int index, in PacketPayload payload)
    {
        bool says = payload.Length > 0 || (window.TcpFlags[index] & TcpFlag.Syn) != 0;
        if (says && !flow->Names.IsDone(window.FromB[index]))
        {
            Take(flow, header, window, index, in payload);
        }
    }

    /// <summary>Ends a flow: what its hosts were called goes into its record.</summary>
    public void End(FlowAnnotations* flow, FlowHeader* header)
    {
        _reader.End(&flow->Names);
        if ((flow->SourceName | flow->DestinationName) != HostNames.None)
        {
            bool forwardIsB = (header->State & FlowState.ForwardIsB) != 0;
            Add(flow, NameField.SourceName, flow->SourceName, AddressOf(header, forwardIsB));
            Add(flow, NameField.DestinationName, flow->DestinationName, AddressOf(header, !forwardIsB));
        }
    }

    /// <summary>Gives back the record of a flow that does not come out.</summary>
    public void Discard(FlowAnnotations* flow) => _reader.Discard(&flow->Names);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static ReadOnlySpan<byte> AddressOf(FlowHeader* header, bool isB)
    {
        byte* address = (byte*)header + (isB ? 16 : 0);
        return header->Key.Version == 4 ? new ReadOnlySpan<byte>(address + 12, 4) : new ReadOnlySpan<byte>(address, 16);
    }

    private void Add(FlowAnnotations* flow, NameField field, uint found, ReadOnlySpan<byte> address)
    {
        Span<byte> name = stackalloc byte[HostName.MaxLength];
        _reader.Add(&flow->Names, field, name[.._hosts.Copy(found, address, name)]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take(FlowAnnotations* flow, FlowHeader* header, PacketWindow window, int index, in PacketPayload payload)
    {
        FlowKey* key = window.Keys + index;
        byte fromB = window.FromB[index];
        PayloadHead head = window.Places[index].HeadOf(in payload);
        _reader.Take(&flow->Names, new NamePacket
        {
            Payload = new ReadOnlySpan<byte>(head.First, (int)Math.Min(head.Length, NamePacket.MaxPayload)),
            Length = payload.Length,
            Sequence = head.Sequence,
            TcpFlags = window.TcpFlags[index],
            Protocol = key->Protocol,
            FromB = fromB,
            IsForward = (fromB != 0) == ((header->State & FlowState.ForwardIsB) != 0),
            SourcePort = fromB == 0 ? key->PortA : key->PortB,
            DestinationPort = fromB == 0 ? key->PortB : key->PortA,
            Time = window.Times[index],
        });
    }
}
