using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Names;
using FlowMeter.Tests.Names;

namespace FlowMeter.Bench;

/// <summary>
/// What it costs to find out what a flow is, a whole flow an operation: begun, looked at with one packet of each direction, ended, its
/// record given back. Clients are seen again, as they are in a network. The twins read the client's packet alone, and into strings.
/// </summary>
[Config(typeof(InProcessRun))]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class NameReaderBench : IDisposable
{
    private const int Flows = 1 << 10;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private readonly NameArena _arena = new(1 << 20);
    private readonly NativeColumn<FlowNames> _flow = new(1);
    private readonly NameReader _reader;

    // As large as a browser's without keys against quantum computers.
    private readonly TestHello _client = new()
    {
        Suites = [.. Enumerable.Range(0xC013, 17).Select(suite => (ushort)suite)],
        Algorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
        Padding = 330,
    };

    private readonly byte[][] _hellos;
    private readonly byte[][] _initials;
    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101\r\n"
        + "Accept: text/html,application/xhtml+xml\r\nAccept-Language: en\r\nConnection: keep-alive\r\n\r\n");

    private readonly byte[] _answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    private readonly byte[] _question = Convert.FromHexString("00070100000100000000000003777777076578616D706C6503636F6D0000010001");
    private readonly byte[] _reply = Convert.FromHexString(
        "00078180000100010000000003777777076578616D706C6503636F6D0000010001C00C000100010000012C0004C0000207");

    private readonly byte[] _serverHello = [22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3, .. new byte[33], 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4];
    private readonly byte[] _small = [0xA5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17];

    public NameReaderBench()
    {
        _reader = new NameReader(_arena);
        _hellos =
        [
            .. Enumerable.Range(0x1301, Flows).Select(suite => (_client with { Suites = [(ushort)suite, .. _client.Suites] }).Records()),
        ];
        byte[] message = _client.Message();
        byte[] frame = TestInitial.Crypto(message, 0, message.Length);
        _initials =
        [
            .. Enumerable.Range(0, 16).Select(i => new TestInitial(QuicVersion.First, [1, 2, 3, 4, 5, 6, 7, (byte)i]).Packet(frame)),
        ];
    }

    [GlobalSetup]
    public void Setup()
    {
        foreach (byte[] hello in _hellos)
        {
            Check(Tcp, 443, hello);
        }

        foreach (byte[] initial in _initials)
        {
            Check(Udp, 443, initial);
        }

        Check(Tcp, 80, _request);
        Check(Udp, 53, _question);
        Check(Tcp, 9999, _small);
        Check(Udp, 9999, _small);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _reader.Dispose();
        _arena.Dispose();
        _flow.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("TLS")]
    public void Tls() => Run(Tcp, 443, _hellos[..1], _serverHello);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("TLS")]
    public int NaiveTls() => RunNaive(Tcp, _hellos[..1]);

    /// <summary>A client that nobody has seen: both hashes of its fingerprint are made.</summary>
    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("TLS of new clients")]
    public void TlsOfNewClients() => Run(Tcp, 443, _hellos, _serverHello);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("TLS of new clients")]
    public int NaiveTlsOfNewClients() => RunNaive(Tcp, _hellos);

    /// <summary>Each connection has keys of its own.</summary>
    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("QUIC")]
    public void Quic() => Run(Udp, 443, _initials, _small);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("QUIC")]
    public int NaiveQuic() => RunNaive(Udp, _initials);

    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("HTTP")]
    public void Http() => Run(Tcp, 80, [_request], _answer);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("HTTP")]
    public int NaiveHttp() => RunNaive(Tcp, [_request]);

    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("DNS")]
    public void Dns() => Run(Udp, 53, [_question], _reply);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("DNS")]
    public int NaiveDns() => RunNaive(Udp, [_question]);

    /// <summary>A protocol that nobody knows: packets of 64 bytes.</summary>
    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("unknown over TCP")]
    public void UnknownTcp() => Run(Tcp, 9999, [_small], _small);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("unknown over TCP")]
    public int NaiveUnknownTcp() => RunNaive(Tcp, [_small]);

    /// <summary>The same over UDP.</summary>
    [Benchmark(OperationsPerInvoke = Flows), BenchmarkCategory("unknown over UDP")]
    public void UnknownUdp() => Run(Udp, 9999, [_small], _small);

    [Benchmark(OperationsPerInvoke = Flows, Baseline = true), BenchmarkCategory("unknown over UDP")]
    public int NaiveUnknownUdp() => RunNaive(Udp, [_small]);

    private static int RunNaive(byte protocol, byte[][] requests)
    {
        int named = 0;
        for (int i = 0; i < Flows; i++)
        {
            named += NaiveNames.Read(protocol == Tcp, requests[i % requests.Length]).Application is null ? 0 : 1;
        }

        return named;
    }

    private static string? Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : Encoding.Latin1.GetString(bytes);

    /// <summary>Compares what both find in the first packet.</summary>
    private void Check(byte protocol, ushort port, byte[] request)
    {
        NaiveNames naive = NaiveNames.Read(protocol == Tcp, request);
        FlowNames* flow = _flow.First;
        _reader.Begin(flow);
        Take(flow, protocol, port, request, fromB: 0);
        _reader.End(flow);
        string? application = flow->Application == Application.Unknown ? null : flow->Application.ToString().ToUpperInvariant();
        Twins.MustAgree(naive.Application == application);
        if (flow->Record != NameArena.None)
        {
            ref NameRecord names = ref *_arena[flow->Record];
            string? name = Text(names[NameField.ServerName]) ?? Text(names[NameField.HttpHost]) ?? Text(names[NameField.DnsQuery]);
            Twins.MustAgree(naive.Name == name);
            Twins.MustAgree(naive.Fingerprint == Text(names[NameField.Ja4]));
        }

        Twins.MustAgree(naive.Name is null == (flow->Record == NameArena.None));
        _reader.Discard(flow);
    }

    private void Run(byte protocol, ushort port, byte[][] requests, byte[] answer)
    {
        FlowNames* flow = _flow.First;
        for (int i = 0; i < Flows; i++)
        {
            _reader.Begin(flow);
            Take(flow, protocol, port, requests[i % requests.Length], fromB: 0);
            Take(flow, protocol, port, answer, fromB: 1);
            _reader.End(flow);
            _reader.Discard(flow);
        }
    }

    private void Take(FlowNames* flow, byte protocol, ushort port, byte[] payload, byte fromB) => _reader.Take(flow, new NamePacket
    {
        Payload = payload,
        Length = (uint)payload.Length,
        Sequence = 1000,
        TcpFlags = protocol == Tcp ? (byte)0x18 : (byte)0,
        Protocol = protocol,
        FromB = fromB,
        IsForward = fromB == 0,
        SourcePort = fromB == 0 ? (ushort)50_000 : port,
        DestinationPort = fromB == 0 ? port : (ushort)50_000,
    });
}
