using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Fuzz;

/// <summary>Those inputs of the corpus that are text.</summary>
internal static class SeedTexts
{
    private const string Zeek = """"
        Timestamp,src_ip,"dst ip",bytes,packets,label
        1700000000.5,10.0.0.1,"a, ""b""",1e3,7,benign
        2026-01-02T03:04:05.678Z,::1,,nan,-inf,malicious
        02/01/2026 3:04,x,y,Infinity,NA,Malicious
        """";

    private const string Hosts = """
        interval_start,src_ip,flows,peers,ports,failed_ratio,verdict,reasons
        2026-01-02T03:00:00Z,10.0.0.1,90,80,1,0.75,malicious,"scan; sweep"
        2026-01-02T03:00:00Z,10.0.0.2,3,1,1,0,benign,
        """;

    private const string Several = """
        { "schema": "flowmeter-model/1", "name": "several", "profile": "table", "intercept": 0, "features": [
          { "names": ["x", "y"], "transform": "pairs", "mean": 0.5, "edges": [1, 2], "second_edges": [], "weights": [1, -2, 3] },
          { "names": ["x", "bytes"], "transform": "hash", "buckets": [3, 17, 200], "weights": [0.1, 0.2, -0.3] },
          { "name": "a \"quoted\", name", "transform": "bins", "edges": [], "weights": [1e300], "shares": [1] } ] }
        """;

    private const string Plain = """
        { "schema": "flowmeter-model/1", "name": "m", "profile": "flowmeter", "intercept": -0.5, "threshold": 0.25,
          "benign_below": 0.125, "least_packets": 3, "decide_after": 20, "untuned": true,
          "benign": { "flows": 9, "flows_a_day": 2.5, "shares": [0, 0.5, 1], "thresholds": [0.9, 0.3, 0],
            "thresholds_of_bytes": [1, 0.9, 0] },
          "trained": { "who": "us", "auc": [0.90, 1e2] },
          "features": [
            { "name": "duration_us", "transform": "identity", "centre": 1, "scale": 2, "weight": 3 },
            { "name": "bytes", "transform": "bins", "edges": [1, 2.5], "weights": [0.1, 0.2, 0.3], "shares": [0.5, 0.25, 0.25] },
            { "name": "packets", "transform": "log1p", "centre": 4, "scale": 5, "weight": 6 } ] }
        """;

    private const string LabelLines = "a.pcap\t6\t10.0.0.1\t40000\t192.0.2.1\t443\t1700000000.123456\tbenign\n"
        + "b.pcap\t17\t2001:db8::1\t53\t::ffff:10.0.0.1\t5353\t-1e3\tmalicious\nno label\n";

    private const string LabelHeader =
        "flow_label\tfile\tproto\tsrc\tsport\tdst\tdport\tfirst_ts\nx\ta.pcap\t6\t10.0.0.1\t1\t10.0.0.2\t2\t3\n";

    public static IEnumerable<(string, byte[])> Models => [Utf8("plain", Plain), Utf8("several", Several), Utf8("kept", Kept())];

    public static IEnumerable<(string, byte[])> Tables =>
    [
        Utf8("text", Zeek),
        Utf8("text-crlf", "\uFEFF" + Zeek.Replace("\n", "\r\n", StringComparison.Ordinal)),
        Utf8("joined", "label,x,x\nbenign,1,2\nlabel,x,x\nmalicious,3,4"),
        Utf8("json-lines", "{\"packets\":1,\"label\":\"a,\\\"b\\n\",\"score\":0.5}\n\n{\"label\":null,\"packets\":2e1}\n"),
        Utf8("equal-names", new string(',', 10_000) + "\n1,2"),
        Utf8("hosts", Hosts),
        Utf8("scored", "score,verdict,verdict_basis,packets,bytes\n0.5,benign,flow,3,4\n1e-9,malicious,host,9,8\n"),
        .. new[] { "flowmeter", "deepfence", "full" }.Select(Metered),
        ("parquet", MeteredParquet()),
    ];

    public static IEnumerable<(string, byte[])> Labels =>
    [
        Utf8("labels", LabelLines),
        Utf8("header", LabelHeader),
        Utf8("sources", "file,laboratory\na.pcap,one\n\"b\",two\n"),
        Utf8("sources-tabs", "group\tx\tcapture\none\t1\ta.pcap\ntwo\t2\tb/c.pcap\n"),
    ];

    public static IEnumerable<(string, byte[])> Requests =>
    [
        Utf8("get", "\u0007GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"),
        Utf8("query", "\u0001GET /metrics?a=b HTTP/1.0\r\n\r\n"),
        Utf8("head", "\u0003HEAD / HTTP/1.1\r\n\r\n"),
        Utf8("post", "\u0010POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"),
        Utf8("torn", "\u0002GET /metrics HTTP/1.1\r\nHost: x\r\n"),
        Utf8("long", "\u007fGET /" + new string('a', 8300) + " HTTP/1.1\r\n\r\n"),
    ];

    public static IEnumerable<(string, byte[])> Pages =>
    [
        Utf8("page", "?q=192.0.2.7&sort=bytes&order=asc"),
        Utf8("search", "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%C3%A9+%f0%9f%98%80"),
        Utf8("flow", "flow?n=3"),
        Utf8("row", "flow.json?n=1"),
        Utf8("rows", "flows.json?sort=source&q="),
        Utf8("table", "flows.csv?order=desc&q=53"),
        Utf8("series", "series.json"),
        Utf8("events", "events"),
        Utf8("script", "page.js HTTP/1.1\r\nIf-None-Match: \"x\"\r\nA:"),
        Utf8("token", "?token=0123456789abcdef"),
        Utf8("cookie", "flows.csv HTTP/1.1\r\nCookie: a=b; flowmeter-9477=0123456789abcdef\r\nA:"),
        Utf8("bearer", "series.json HTTP/1.1\r\nAuthorization: Bearer 0123456789abcdef\r\nA:"),
        Utf8("other-site", " HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\nA:"),
    ];

    public static IEnumerable<(string, byte[])> Expressions =>
    [
        Utf8("ports", "dst_port == 443 and src_ip in 10.0.0.0/8 and score > 0.9"),
        Utf8("lists", "port not in (80, 443) or verdict in (benign,undecided)"),
        Utf8("times", "start_time <= 2026-11-27 and end_time > '2026-11-27T10:00:00.5+02:00' or duration >= 1h30m"),
        Utf8("sizes", "bytes >= 10kB and not packets < 1M or score != 90%"),
        Utf8("text", "end_reason ~ '^(idle|active)$' or end_reason == \"a\\\"b\""),
        Utf8("columns", "not (not (src_port<dst_port)) and proto == tcp and row != 3"),
        Utf8("addresses", "ip == ::1 or net in fe80::/10 and dst_ip != 192.0.2.0/31"),
        Utf8("other", "\"id.orig_h\" in 10.0.0.0/8 or name ~ '[a-c]+, ?b' and x <= 1e3"),
        Utf8("wrong", "((a = b) and c == 'd"),
    ];

    public static IEnumerable<(string, byte[])> Names =>
    [
        Utf8("csv", "flows-%Y%m%dT%H%M%S.csv\nflows-20260228T235959.csv\n127.0.0.1:9105"),
        Utf8("all", "%Y%y%m%d%H%I%M%S%p%b%h%B%a%A%F%T%R%j%s%u%w%G%V%z%Z%%\nx-12.csv\n1h30m"),
        Utf8("two", "%s%s%s%s%s%s%s.x\n1-2-3-4-5-6-7-8.x\n[2001:db8::1]:9105"),
        Utf8("sizes", "a%%b-%F\na%b-2026-02-28\n64MiB"),
        Utf8("period", "flows-%F.\nflows-2026-02-28.-12\n1.5GiB"),
        Utf8("share", "%Q\n\n20%"),
    ];

    private static (string, byte[]) Utf8(string name, string text) => (name, Encoding.UTF8.GetBytes(text));

    private static byte[] MeteredParquet() => new EngineMeter { MinPackets = 1 }.Encoded(
        CaptureWriter.Pcap(Traffic.Random(1, new TrafficShape { Conversations = 3 })), new TableEncoding(TableFormat.Parquet)).Bytes;

    private static (string, byte[]) Metered(string profile)
    {
        List<Frame> frames = [.. PayloadTraffic.Random(5).Take(profile == "full" ? 8 : 40)];
        return Utf8(profile, new EngineMeter { Profile = profile, Label = "benign" }.Run(CaptureWriter.Pcap(frames)).Csv);
    }

    /// <summary>A model with the malicious flows that it was trained with: two of one column, and their groups.</summary>
    private static string Kept()
    {
        using MemoryStream packed = new();
        using (System.IO.Compression.DeflateStream deflate = new(packed, System.IO.Compression.CompressionLevel.SmallestSize, true))
        {
            deflate.Write([0, 1, 7, 8, 0, 0]);
        }

        return new StringBuilder("""{ "schema": "flowmeter-model/1", "name": "kept", "profile": "flowmeter", "intercept": 1, """)
            .Append("\"malicious\": { \"flows\": 2, \"columns\": \"").Append(Convert.ToBase64String(packed.ToArray())).Append("\" }, ")
            .Append("""
                "features": [{ "name": "bytes", "transform": "bins", "edges": [1], "weights": [0.1, 0.2] }] }
                """).ToString();
    }
}
