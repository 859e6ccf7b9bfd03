using System.Globalization;
using System.Text;

namespace FlowMeter.Tests.Names;

/// <summary>How far the reader and tshark say the same of the flows of captures, for each kind of name.</summary>
internal sealed class Agreement
{
    /// <summary>The kinds of names.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "SNI", "QUIC", "HTTP method", "HTTP host", "HTTP status", "HTTP agent", "DNS name", "DNS rcode", "SSH", "DHCP name",
    ];

    private readonly SortedDictionary<string, (int Same, int Total)> _kinds = [];
    private readonly List<string> _differences = [];
    private readonly List<string> _more = [];
    private int _cut;

    /// <summary>Differences that nothing explains, with what both say.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>The share of flows with the name that agree.</summary>
    public double ShareOf(string kind) => _kinds.TryGetValue(kind, out (int Same, int Total) count) ? (double)count.Same / count.Total : 1;

    /// <summary>Flows that tshark has such a name for, but for those of cut captures where one of both has none.</summary>
    public int TotalOf(string kind) => _kinds.GetValueOrDefault(kind).Total;

    /// <summary>Compares the flows of a capture.</summary>
    public void Add(string capture, IEnumerable<NamedFlow> ours, Dictionary<string, Dictionary<string, string>> theirs)
    {
        foreach (NamedFlow flow in ours.Where(flow => flow.Protocol is 6 or 17))
        {
            string key = TsharkNames.KeyOf(flow.Protocol, flow.Source, flow.Destination);
            if (!theirs.TryGetValue(key, out Dictionary<string, string>? names))
            {
                continue;
            }

            string Theirs(string field) => names.GetValueOrDefault(field, "");
            void Compare(string kind, string our, string their) => Count(kind, $"{capture} {key}", our, their, flow.IsCut);
            Compare("SNI", flow["ServerName"], Theirs("ServerName"));
            Compare("QUIC", flow.Application == "QUIC" ? "yes" : "", Theirs("Quic").Length > 0 ? "yes" : "");
            Compare("HTTP method", flow["HttpMethod"], Theirs("HttpMethod"));
            Compare("HTTP host", flow["HttpHost"], Theirs("HttpHost"));
            Compare("HTTP status", flow["HttpStatus"], Theirs("HttpStatus"));
            Compare("HTTP agent", flow["UserAgent"], Theirs("UserAgent"));
            Compare("DNS name", flow["DnsQuery"], Theirs("DnsQuery") is "<Root>" ? "." : Theirs("DnsQuery"));
            Compare("DNS rcode", flow["DnsRcode"], Rcode(Theirs("DnsRcode")));
            Compare("SSH", (flow["SshClient"] + flow["SshServer"]).Length > 0 ? "yes" : "", Theirs("Ssh").Length > 0 ? "yes" : "");
            Compare("DHCP name", flow["DhcpHostName"], Theirs("DhcpHostName"));
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach ((string kind, (int same, int total)) in _kinds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{kind}: {same} of {total} = {100.0 * same / total:F2} %");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{_cut} differ where the capture is cut");
        text.AppendLine(CultureInfo.InvariantCulture, $"tshark has no name in {_more.Count}\n{string.Join('\n', _more)}\n");
        return text.AppendJoin('\n', _differences).ToString();
    }

    private static string Rcode(string number) => number switch
    {
        "0" => "NOERROR", "1" => "FORMERR", "2" => "SERVFAIL", "3" => "NXDOMAIN", "4" => "NOTIMP", "5" => "REFUSED", _ => number,
    };

    private void Count(string kind, string flow, string our, string their, bool isCut)
    {
        if (our.Length == 0 && their.Length == 0)
        {
            return;
        }

        // tshark prints what is not printable in ways of its own.
        bool isPrintable = !our.Any(character => character is < ' ' or > '~');
        bool isSame = our == their || (!isPrintable && their.Length > 0);
        if (isCut && !isSame && (our.Length == 0 || their.Length == 0))
        {
            // A line, a name or a message that was not captured whole: tshark shows what is there of it, or nothing.
            _cut++;
            return;
        }

        if (their.Length == 0)
        {
            // tshark goes by the port where it knows it, and waits for all of a message.
            _more.Add($"{kind}: {flow}: {our}");
            return;
        }

        (int Same, int Total) count = _kinds.GetValueOrDefault(kind);
        _kinds[kind] = (count.Same + (isSame ? 1 : 0), count.Total + 1);
        if (!isSame)
        {
            _differences.Add($"{kind}: {flow}: ours {our}, theirs {their}");
        }
    }
}
