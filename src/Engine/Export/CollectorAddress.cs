using System.Globalization;
using System.Net;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>An IPFIX collector, as <c>udp://collector.example:4739</c>.</summary>
public sealed record CollectorAddress
{
    private const ushort DefaultPort = 4739;
    private const ushort DefaultTlsPort = 4740;

    private static readonly (string Prefix, CollectorTransport Transport)[] s_transports =
        [("udp://", CollectorTransport.Udp), ("tcp://", CollectorTransport.Tcp), ("tls://", CollectorTransport.Tls)];

    private static readonly string[] s_settings = ["ca", "cert", "key"];

    private CollectorAddress(CollectorTransport transport, string host, ushort port) => (Transport, Host, Port) = (transport, host, port);

    /// <summary>How messages get there.</summary>
    public CollectorTransport Transport { get; }

    /// <summary>A name, or an address without brackets.</summary>
    public string Host { get; }

    /// <summary>The port; IANA's for IPFIX where none was typed.</summary>
    public ushort Port { get; }

    /// <summary>Bytes of a message, which over UDP has to fit a packet: an Ethernet's 1,500 bytes leave room for a tunnel.</summary>
    public int MaxMessage => Transport == CollectorTransport.Udp ? 1400 : IpfixMessage.MaxLength;

    /// <summary>What stands behind the question mark: files for TLS.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>
    /// Reads <c>udp://HOST:PORT</c>, <c>tcp://HOST:PORT</c> or <c>tls://HOST:PORT[?ca=FILE&amp;cert=FILE&amp;key=FILE]</c>. UDP, which
    /// every collector takes, and the port, 4739 or 4740 for TLS, may be left out.
    /// </summary>
    /// <exception cref="FormatException">It is none of them; the message is one line that begins with the text.</exception>
    public static CollectorAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string prefix, CollectorTransport transport) =
            s_transports.FirstOrDefault(known => text.StartsWith(known.Prefix, StringComparison.Ordinal));
        string[] parts = text[(prefix?.Length ?? 0)..].Split('?', 2);
        string rest = parts[0];
        int bracket = rest.StartsWith('[') ? rest.IndexOf(']', StringComparison.Ordinal) : -1;
        int colon = rest.IndexOf(':', bracket + 1);
        string host = colon < 0 ? rest : rest[..colon];
        bool hasPort = ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        bool isAddress = bracket > 0 && host.Length == bracket + 1 && IPAddress.TryParse(host[1..bracket], out _);
        bool isHost = isAddress || Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
        if (!isHost || (colon >= 0 && (!hasPort || port == 0)))
        {
            throw new FormatException($"{text}: is not a collector; write udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, an IPv6 "
                + "address as in tcp://[2001:db8::1]:4739.");
        }

        if (parts.Length > 1 && transport != CollectorTransport.Tls)
        {
            throw new FormatException($"{text}: has settings, which are for TLS; write tls://{rest}?{parts[1]}, or leave them out.");
        }

        ushort usual = transport == CollectorTransport.Tls ? DefaultTlsPort : DefaultPort;
        return new CollectorAddress(transport, host.Trim('[', ']'), colon < 0 ? usual : port)
        {
            Settings = parts.Length > 1
                ? AddressSettings.Parse(parts[1], text, s_settings, "?ca=ca.pem&cert=sensor.pem")
                : new Dictionary<string, string>(),
        };
    }

    /// <summary>The address for people.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        string prefix = s_transports.First(known => known.Transport == Transport).Prefix;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{host}:{Port}");
    }
}
