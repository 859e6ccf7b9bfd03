using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// What was typed to name a broker: <c>SCHEME://[USER[:PASSWORD]@]HOST[:PORT][,HOST[:PORT]...]/SUBJECT[?NAME=VALUE&amp;...]</c>.
/// </summary>
public sealed record BrokerAddress
{
    private BrokerAddress()
    {
    }

    /// <summary>What it begins with.</summary>
    public required BrokerScheme Scheme { get; init; }

    /// <summary>Whether the connection must be by TLS: the scheme says so, or there is something that only TLS takes.</summary>
    public bool IsSecure => Scheme.IsSecure || Settings.ContainsKey("ca") || Settings.ContainsKey("cert");

    /// <summary>User, or NATS' token where there is no password; null: none.</summary>
    public string? User { get; private init; }

    /// <summary>The user's password; null: none.</summary>
    public string? Password { get; private init; }

    /// <summary>The servers, one or several of a cluster.</summary>
    public required IReadOnlyList<(string Host, ushort Port)> Servers { get; init; }

    /// <summary>The subject, or Kafka's topic.</summary>
    public required string Subject { get; init; }

    /// <summary>The name of the sensor; null: the machine's.</summary>
    public string? Sensor => Settings.GetValueOrDefault("sensor");

    /// <summary>The address for people, without what is secret.</summary>
    public string Name => $"{Scheme.Name}://{Hosts}/{Subject}";

    /// <summary>The servers, as they are typed.</summary>
    internal string Hosts => string.Join(',', Servers.Select(Text));

    /// <summary>What stands behind the question mark.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads what was typed.</summary>
    /// <exception cref="FormatException">It is no such address; the message is one line that begins with it.</exception>
    public static BrokerAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark < 0 || BrokerScheme.All.FirstOrDefault(known => known.Name == text[..mark]) is not { } scheme)
        {
            throw new FormatException($"{text}: is not the address of a broker; write it as nats://HOST/SUBJECT or kafka://HOST/TOPIC.");
        }

        string[] parts = text[(mark + 3)..].Split('?', 2);
        int slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == parts[0].Length - 1)
        {
            throw new FormatException($"{text}: has no host or no {scheme.Noun}; {scheme.Expected}.");
        }

        string subject = parts[0][(slash + 1)..];
        if (scheme.WhyNot(subject) is { } reason)
        {
            throw new FormatException($"{text}: {subject} {reason}.");
        }

        int at = parts[0][..slash].LastIndexOf('@');
        string[] login = at < 0 ? [] : [.. parts[0][..at].Split(':', 2).Select(Uri.UnescapeDataString)];
        BrokerAddress address = new()
        {
            Scheme = scheme,
            User = login.Length > 0 ? login[0] : null,
            Password = login.Length > 1 ? login[1] : null,
            Servers = [.. parts[0][(at + 1)..slash].Split(',').Select(server => ParseServer(scheme, server, text))],
            Subject = subject,
            Settings = parts.Length > 1
                ? AddressSettings.Parse(parts[1], text, scheme.Settings, "?ca=ca.pem&sensor=east")
                : new Dictionary<string, string>(),
        };
        return scheme.IsKafka && KafkaLogin.WhyNot(address) is { } wrong ? throw new FormatException($"{text}: {wrong}.") : address;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Looks all servers up.</summary>
    /// <exception cref="OutputException">A name is not known.</exception>
    internal IReadOnlyList<NatsServer> Resolve()
    {
        List<NatsServer> servers = [];
        foreach ((string host, ushort port) in Servers)
        {
            try
            {
                servers.AddRange(Dns.GetHostAddresses(host).Select(address => new NatsServer(host, new IPEndPoint(address, port))));
            }
            catch (SocketException e)
            {
                throw new OutputException($"{Name}: {host} is not known: {e.Message}; see its spelling, and the name servers.", e);
            }
        }

        return servers;
    }

    private string Text((string Host, ushort Port) server)
    {
        string host = server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]" : server.Host;
        return server.Port == Scheme.DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{server.Port}");
    }

    private static (string Host, ushort Port) ParseServer(BrokerScheme scheme, string text, string whole)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > text.LastIndexOf(']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        ushort port = scheme.DefaultPort;
        return host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && (!hasPort || ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            && port != 0
            ? (host, port)
            : throw new FormatException($"{whole}: {text} is no host; write names, 192.0.2.1 or [2001:db8::1], with :PORT if it is not "
                + $"{scheme.DefaultPort}.");
    }
}
