using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace FlowMeter.Tests.Names;

/// <summary>
/// What tshark finds in a capture: for each flow, by protocol and ends, the first value of each field in the order of packets. Frames with
/// more than one IP header, and ICMP errors with what they quote, are left out.
/// </summary>
internal static class TsharkNames
{
    private static readonly string[] s_ends =
        ["ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "udp.srcport", "tcp.dstport", "udp.dstport", "frame.protocols"];

    /// <summary>Our names of fields, and tshark's.</summary>
    private static readonly (string Ours, string Theirs)[] s_fields =
    [
        ("ServerName", "tls.handshake.extensions_server_name"), ("HelloType", "tls.handshake.type"), ("HttpMethod", "http.request.method"),
        ("HttpHost", "http.host"), ("HttpStatus", "http.response.code"), ("UserAgent", "http.user_agent"), ("DnsQuery", "dns.qry.name"),
        ("DnsIsAnswer", "dns.flags.response"), ("DnsRcode", "dns.flags.rcode"), ("Ssh", "ssh.protocol"),
        ("DhcpHostName", "dhcp.option.hostname"), ("Quic", "quic.version"), ("DnsType", "dns.qry.type"),
    ];

    /// <summary>Asks tshark.</summary>
    public static Dictionary<string, Dictionary<string, string>> OfFile(string path) => Parse(Run(path));

    /// <summary>How a flow is named here, whichever end is first.</summary>
    public static string KeyOf(byte protocol, IPEndPoint one, IPEndPoint other)
    {
        string a = one.ToString(), b = other.ToString();
        return string.CompareOrdinal(a, b) < 0 ? $"{protocol} {a} {b}" : $"{protocol} {b} {a}";
    }

    /// <summary>The arguments that make the lines that <see cref="Parse"/> reads.</summary>
    public static IEnumerable<string> Arguments(string path) =>
        ["-n", "-o", "http.desegment_body:FALSE", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
            "-E", "aggregator=|", .. s_ends.Concat(s_fields.Select(field => field.Theirs)).SelectMany(field => new[] { "-e", field })];

    /// <summary>Reads the lines that it writes.</summary>
    public static Dictionary<string, Dictionary<string, string>> Parse(IEnumerable<string> lines)
    {
        Dictionary<string, Dictionary<string, string>> flows = [];
        foreach (string line in lines)
        {
            string[] cells = line.Split('\t');
            if (cells.Length != s_ends.Length + s_fields.Length || cells[8].Contains("icmp", StringComparison.Ordinal))
            {
                continue;
            }

            byte protocol = cells[4].Length > 0 ? (byte)6 : (byte)17;
            string source = cells[0].Length > 0 ? cells[0] : cells[1];
            string destination = cells[2].Length > 0 ? cells[2] : cells[3];
            string sourcePort = cells[4].Length > 0 ? cells[4] : cells[5];
            string destinationPort = cells[6].Length > 0 ? cells[6] : cells[7];
            bool isOne = (cells[0].Length > 0) != (cells[1].Length > 0) && (cells[4].Length > 0) != (cells[5].Length > 0)
                && !$"{source}{destination}{sourcePort}{destinationPort}".Contains('|', StringComparison.Ordinal);
            if (!isOne)
            {
                continue;
            }

            Add(flows, KeyOf(protocol, End(source, sourcePort), End(destination, destinationPort)), cells);
        }

        return flows;
    }

    private static void Add(Dictionary<string, Dictionary<string, string>> flows, string key, string[] cells)
    {
        if (!flows.TryGetValue(key, out Dictionary<string, string>? names))
        {
            flows.Add(key, names = []);
        }

        for (int i = 0; i < s_fields.Length; i++)
        {
            string value = cells[s_ends.Length + i].Split('|')[0];
            if (value.Length > 0)
            {
                // tshark writes a status again where a provisional one came before.
                bool isProvisional = names.GetValueOrDefault(s_fields[i].Ours, "") is ['1', ..] && s_fields[i].Ours == "HttpStatus";
                if (isProvisional || !names.ContainsKey(s_fields[i].Ours))
                {
                    names[s_fields[i].Ours] = value;
                }
            }
        }
    }

    private static IPEndPoint End(string address, string port) =>
        new(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));

    private static List<string> Run(string path)
    {
        ProcessStartInfo start = new("tshark", Arguments(path))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.Latin1,
        };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        List<string> lines = [];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        return lines;
    }
}
