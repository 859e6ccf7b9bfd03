using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>Connection states beside the conn.logs that Zeek's own test suite expects for its captures.</summary>
public sealed class ZeekStateTests
{
    // Zeek's own wait for a TCP connection, so that neither program cuts what the other joins.
    private const long IdleTimeout = 900_000_000_000;

    private static readonly Dictionary<string, string> s_protocols = new() { ["tcp"] = "6", ["udp"] = "17" };

    /// <summary>How many connections of a capture differ, and why.</summary>
    private static readonly Dictionary<string, (int Count, string Reason)> s_differences = new()
    {
        ["core.tunnels.ayiya"] = (1, "Zeek makes the end with the well-known port the responder"),
        ["core.tunnels.teredo"] = (5, "Zeek makes the end with the well-known port the responder"),
        ["scripts.base.frameworks.netcontrol.packetfilter"] = (1, "the test's script drops packets"),
        ["scripts.base.protocols.ntp.misordered-ntp"] = (1, "Zeek parts the answer, whose time is before the question's"),
        ["scripts.base.protocols.ssh.half-duplex-client"] = (5, "Zeek gives up on a SYN without an answer after 5 s"),
    };

    [SharedFact]
    public void States_are_those_of_Zeek_but_for_known_differences()
    {
        int same = 0;
        Dictionary<string, int> differences = [];
        foreach (string log in Directory.EnumerateFiles(Path.Combine(SharedFolder.Path!, "peers", "zeek"), "*.conn.log"))
        {
            string name = Path.GetFileName(log)[..^".conn.log".Length];
            string capture = Directory.EnumerateFiles(Path.GetDirectoryName(log)!, name + ".pcap*").Single();
            (int agreeing, int differing) = Compare(File.ReadAllBytes(capture), ConnectionsOf(log));
            same += agreeing;
            if (differing > 0)
            {
                differences[name] = differing;
            }
        }

        Assert.Equal(s_differences.ToDictionary(pair => pair.Key, pair => pair.Value.Count), differences);
        Assert.True(same > 150, $"only {same} connections were found in both");
    }

    /// <summary>The connections of a conn.log by their ends, each with its state.</summary>
    private static IEnumerable<(string Ends, string State)> ConnectionsOf(string log)
    {
        string[] fields = [];
        foreach (string line in File.ReadLines(log))
        {
            string[] values = line.Split('\t');
            if (values[0] == "#fields")
            {
                fields = values[1..];
            }

            string? Value(string field) => Array.IndexOf(fields, field) is >= 0 and int place ? values[place] : null;
            if (line.StartsWith('#') || Value("conn_state") is not { } state || Value("id.orig_h") is not { } originator
                || !s_protocols.TryGetValue(Value("proto")!, out string? protocol))
            {
                continue;
            }

            yield return (Ends(protocol, $"{originator} {Value("id.orig_p")}", $"{Value("id.resp_h")} {Value("id.resp_p")}"), state);
        }
    }

    private static string Ends(string protocol, string one, string other) =>
        string.CompareOrdinal(one, other) < 0 ? $"{protocol} {one} {other}" : $"{protocol} {other} {one}";

    /// <summary>Meters tunnels both ways, and takes the way that finds more of Zeek's connections.</summary>
    private static (int Same, int Different) Compare(byte[] capture, IEnumerable<(string Ends, string State)> expected)
    {
        (string Ends, string State)[] connections = [.. expected];
        return new[] { false, true }
            .Select(decapsulates =>
            {
                Dictionary<string, Queue<string>> flows = FlowsOf(capture, decapsulates);
                (string Expected, string Actual)[] pairs =
                [
                    .. connections
                        .Where(connection => flows.TryGetValue(connection.Ends, out Queue<string>? states) && states.Count > 0)
                        .Select(connection => (connection.State, flows[connection.Ends].Dequeue())),
                ];
                return (Same: pairs.Count(pair => pair.Expected == pair.Actual),
                    Different: pairs.Count(pair => pair.Expected != pair.Actual));
            })
            .MaxBy(pairs => pairs.Same + pairs.Different);
    }

    private static Dictionary<string, Queue<string>> FlowsOf(byte[] capture, bool decapsulates)
    {
        CsvTable table = new EngineMeter
        {
            HasConnectionState = true, Decapsulate = decapsulates, Rules = new FlowRules { IdleTimeout = IdleTimeout },
        }.Run(capture).Table;
        string[] columns = ["protocol", "src_ip", "src_port", "dst_ip", "dst_port", "connection_state", "start_time"];
        int[] places = [.. columns.Select(table.Column)];
        return table.Rows
            .Select(row => Array.ConvertAll(places, place => row[place]))
            .OrderBy(row => row[6], StringComparer.Ordinal)
            .GroupBy(row => Ends(row[0], $"{row[1]} {row[2]}", $"{row[3]} {row[4]}"))
            .ToDictionary(flows => flows.Key, flows => new Queue<string>(flows.Select(row => row[5])));
    }
}
