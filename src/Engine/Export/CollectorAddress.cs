using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>An IPFIX collector, as <c>udp://collector.example:4739</c>.</summary>
public sealed record CollectorAddress
{
    private const ushort DefaultPort = 4739;

    private static readonly (string Prefix, bool IsStream)[] s_transports = [("udp://", false), ("tcp://", true)];

    private CollectorAddress(bool isStream, string host, ushort port) => (IsStream, Host, Port) = (isStream, host, port);

    /// <summary>Whether messages go over TCP, which waits for the collector; over UDP otherwise.</summary>
    public bool IsStream { get; }

    /// <summary>A name, or an address without brackets.</summary>
    public string Host { get; }

    /// <summary>The port; IANA's for IPFIX where none was typed.</summary>
    public ushort Port { get; }

    /// <summary>Bytes of a message, which over UDP has to fit a packet: an Ethernet's 1,500 bytes leave room for a tunnel.</summary>
    public int MaxMessage => IsStream ? IpfixMessage.MaxLength : 1400;

    /// <summary>Reads <c>udp://HOST:PORT</c> or <c>tcp://HOST:PORT</c>. UDP, which every collector takes, and port 4739 may be left
    /// out.</summary>
    /// <exception cref="FormatException">It is neither; the message is one line that begins with the text.</exception>
    public static CollectorAddress Parse(string text)
    {
        (string prefix, bool isStream) = s_transports.FirstOrDefault(known => text.StartsWith(known.Prefix, StringComparison.Ordinal));
        string rest = text[(prefix?.Length ?? 0)..];
        int bracket = rest.StartsWith('[') ? rest.IndexOf(']', StringComparison.Ordinal) : -1;
        int colon = rest.IndexOf(':', bracket + 1);
        string host = colon < 0 ? rest : rest[..colon];
        bool hasPort = ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        bool isAddress = bracket > 0 && host.Length == bracket + 1 && IPAddress.TryParse(host[1..bracket], out _);
        return (isAddress || Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4) && (colon < 0 || (hasPort && port > 0))
            ? new CollectorAddress(isStream, host.Trim('[', ']'), colon < 0 ? DefaultPort : port)
            : throw new FormatException(
                $"{text}: is not a collector; write udp://HOST:PORT or tcp://HOST:PORT, an IPv6 address as in tcp://[2001:db8::1]:4739.");
    }

    /// <summary>The collector's first address. Names are looked up once: a sandboxed run can not do so again.</summary>
    /// <exception cref="OutputException">There is none.</exception>
    public IPEndPoint Resolve()
    {
        try
        {
            return Dns.GetHostAddresses(Host) is [var first, ..]
                ? new IPEndPoint(first, Port)
                : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException e)
        {
            throw new OutputException($"{this}: {Host} has no address: {CollectorSocket.ReasonOf(e.SocketErrorCode)}; check the name.", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{(IsStream ? "tcp" : "udp")}://{host}:{Port}");
    }
}
