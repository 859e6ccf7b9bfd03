using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// What was typed to name a broker: <c>nats://[USER[:PASSWORD]@]HOST[:PORT][,HOST[:PORT]...]/SUBJECT[?NAME=VALUE&amp;...]</c>.
/// </summary>
public sealed record BrokerAddress
{
    private const ushort DefaultPort = 4222;

    private static readonly string[] s_settings = ["sensor", "ca", "cert", "key", "creds", "nkey"];

    private BrokerAddress()
    {
    }

    /// <summary>Whether the connection must be by TLS (<c>tls://</c> in place of <c>nats://</c>).</summary>
    public bool IsSecure { get; private init; }

    /// <summary>User, or token where there is no password; null: none.</summary>
    public string? User { get; private init; }

    /// <summary>The user's password; null: none.</summary>
    public string? Password { get; private init; }

    /// <summary>The servers, one or several of a cluster.</summary>
    public required IReadOnlyList<(string Host, ushort Port)> Servers { get; init; }

    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The name of the sensor; null: the machine's.</summary>
    public string? Sensor => Settings.GetValueOrDefault("sensor");

    /// <summary>The address for people, without what is secret.</summary>
    public string Name => $"{(IsSecure ? "tls" : "nats")}://{string.Join(',', Servers.Select(Text))}/{Subject}";

    /// <summary>What stands behind the question mark.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads what was typed.</summary>
    /// <exception cref="FormatException">It is no such address; the message is one line that begins with it.</exception>
    public static BrokerAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Expected = "write it as nats://HOST/SUBJECT, with several servers as nats://HOST1,HOST2/SUBJECT";
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme] is not ("nats" or "tls"))
        {
            throw new FormatException($"{text}: is not the address of a broker; {Expected}.");
        }

        string[] parts = text[(scheme + 3)..].Split('?', 2);
        int slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == parts[0].Length - 1)
        {
            throw new FormatException($"{text}: has no host or no subject; {Expected}.");
        }

        string subject = parts[0][(slash + 1)..];
        if (subject.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)) || subject.Split('.').Contains(""))
        {
            throw new FormatException($"{text}: {subject} is no subject; subjects are words with periods between, as flows.site1.");
        }

        int at = parts[0][..slash].LastIndexOf('@');
        string[] login = at < 0 ? [] : [.. parts[0][..at].Split(':', 2).Select(Uri.UnescapeDataString)];
        return new BrokerAddress
        {
            IsSecure = text.StartsWith("tls", StringComparison.Ordinal),
            User = login.Length > 0 ? login[0] : null,
            Password = login.Length > 1 ? login[1] : null,
            Servers = [.. parts[0][(at + 1)..slash].Split(',').Select(server => ParseServer(server, text))],
            Subject = subject,
            Settings = parts.Length > 1
                ? AddressSettings.Parse(parts[1], text, s_settings, "?ca=ca.pem&creds=sensor.creds")
                : new Dictionary<string, string>(),
        };
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

    private static string Text((string Host, ushort Port) server)
    {
        string host = server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]" : server.Host;
        return server.Port == DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{server.Port}");
    }

    private static (string Host, ushort Port) ParseServer(string text, string whole)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > text.LastIndexOf(']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        ushort port = DefaultPort;
        return host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && (!hasPort || ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            && port != 0
            ? (host, port)
            : throw new FormatException($"{whole}: {text} is no host; write names, 192.0.2.1 or [2001:db8::1], with :PORT if it is not "
                + $"{DefaultPort}.");
    }
}
