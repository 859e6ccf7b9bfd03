using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Names;

/// <summary>What is known of the bytes that one end of a flow sent.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NamedEnd
{
    /// <summary>The TCP sequence number of the stream's first byte; means nothing before <see cref="EndState.HasStart"/>.</summary>
    public uint Start;

    /// <summary>The ticket by which <see cref="Stream"/> was lent; who has another one now was too late.</summary>
    public uint Ticket;

    /// <summary>The number of the buffer where bytes wait for those before them; 0 for none.</summary>
    public ushort Stream;

    /// <summary>Packets with payload that were looked at.</summary>
    public byte Packets;

    /// <summary>What was found so far.</summary>
    public EndState State;
}
