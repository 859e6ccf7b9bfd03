using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Learning.Data;

/// <summary>Who a flow is between, of the texts that a table has, and what finds it in a capture.</summary>
/// <param name="Source">The address of its source.</param>
/// <param name="SourcePort">Its port.</param>
/// <param name="Destination">The address of its destination.</param>
/// <param name="DestinationPort">Its port.</param>
/// <param name="Protocol">The protocol, by its number.</param>
public sealed record FlowIdentity(IPAddress Source, ushort SourcePort, IPAddress Destination, ushort DestinationPort, byte Protocol)
{
    /// <summary>Reads the texts; null where they do not say who it is between. A port that is not there is 0.</summary>
    public static FlowIdentity? Parse(string source, string sourcePort, string destination, string destinationPort, string protocol)
    {
        byte? number = protocol.ToUpperInvariant() switch
        {
            "TCP" => 6,
            "UDP" => 17,
            "ICMP" => 1,
            var text => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte value) ? value : null,
        };
        return number is { } known && IPAddress.TryParse(source, out IPAddress? first)
            && IPAddress.TryParse(destination, out IPAddress? second)
            && first.AddressFamily == second.AddressFamily && TryParsePort(sourcePort, out ushort firstPort)
            && TryParsePort(destinationPort, out ushort secondPort)
            ? new FlowIdentity(first, firstPort, second, secondPort, known)
            : null;
    }

    /// <summary>The Community ID v1; empty for ICMP, whose messages have one each.</summary>
    public string CommunityId()
    {
        (ulong upper, ulong lower) = WordsOf(Source);
        (ulong otherUpper, ulong otherLower) = WordsOf(Destination);
        ulong version = Source.AddressFamily == AddressFamily.InterNetwork ? 4u : 6u;
        FlowKey key = new(
            upper, lower, otherUpper, otherLower,
            SourcePort | ((ulong)DestinationPort << 16) | ((ulong)Protocol << 32) | (version << 40));
        Span<byte> id = stackalloc byte[Engine.Export.CommunityId.Length];
        return Encoding.ASCII.GetString(id[..Engine.Export.CommunityId.Write(id, in key)]);
    }

    /// <summary>A BPF expression for its packets, both directions.</summary>
    public string Filter()
    {
        string kind = Protocol switch
        {
            6 => "tcp",
            17 => "udp",
            132 => "sctp",
            _ => $"{(Source.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6")} proto {Protocol}",
        };
        string ports = Protocol is 6 or 17 or 132
            ? $" and port {SourcePort}{(SourcePort == DestinationPort ? "" : $" and port {DestinationPort}")}"
            : "";
        return $"{kind} and host {Source} and host {Destination}{ports}";
    }

    private static bool TryParsePort(string text, out ushort port)
    {
        port = 0;
        return text.Length == 0 || ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    /// <summary>An address as a flow key has it: its bytes as on the wire, IPv4 in its mapped place.</summary>
    private static (ulong Upper, ulong Lower) WordsOf(IPAddress address)
    {
        ReadOnlySpan<byte> bytes = address.MapToIPv6().GetAddressBytes();
        return (MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]));
    }
}
