using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Brokers;
using FlowMeter.Tests.Output;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>Tables that go to a collector over TLS: to the right one only, and whole.</summary>
public sealed class TlsCollectorTests : IDisposable
{
    private static readonly byte[] s_messages = new EngineMeter().Encoded(
        CaptureWriter.Pcap(Traffic.Random(41, new TrafficShape { Conversations = 100 })), new TableEncoding(TableFormat.Ipfix)).Bytes;

    private readonly TestCertificates _certificates = new();
    private readonly List<string> _told = [];

    private string Trusted => $"?ca={_certificates.Authority}";

    public void Dispose() => _certificates.Dispose();

    [ToolFact("openssl")]
    public void The_server_of_openssl_gets_the_records_of_the_file()
    {
        using TlsCollector collector = new(_certificates);
        Send(collector.Place + Trusted);
        Assert.Equal(IpfixReader.Flows(s_messages), IpfixReader.Flows(collector.Received()));
    }

    [ToolFact("openssl")]
    public void A_collector_that_asks_for_a_certificate_gets_it()
    {
        using TlsCollector collector = new(_certificates, asksClient: true);
        Send($"{collector.Place}{Trusted}&cert={_certificates.Client}");
        Assert.Equal(IpfixReader.Flows(s_messages), IpfixReader.Flows(collector.Received()));
    }

    [ToolFact("openssl")]
    public void A_collector_that_misses_a_certificate_refuses()
    {
        using TlsCollector collector = new(_certificates, asksClient: true);
        string told = Assert.Throws<OutputException>(() => Send(collector.Place + Trusted)).Message;
        Assert.StartsWith($"{collector.Place}: can not be reached: ", told, StringComparison.Ordinal);
        Assert.EndsWith(
            "; see whether the collector takes TLS there, and wants another certificate (?cert=FILE).", told, StringComparison.Ordinal);
        Assert.Empty(IpfixReader.Flows(collector.Received()));
    }

    [ToolFact("openssl")]
    public void A_collector_of_another_authority_is_not_trusted()
    {
        using TestCertificates others = new();
        using TlsCollector collector = new(others);
        AssertDistrusted(collector, Trusted, "certificate signature failure", "unable to get local issuer certificate");
        using TlsCollector unknown = new(others);
        AssertDistrusted(unknown, "", "unable to get local issuer certificate", "unable to verify the first certificate");
    }

    [ToolFact("openssl")]
    public void A_collector_of_another_name_is_not_trusted()
    {
        using TlsCollector collector = new(_certificates, "other");
        AssertDistrusted(collector, Trusted, "IP address mismatch");
    }

    [ToolFact("openssl")]
    public void Files_that_are_none_of_their_kind_are_named_before_anything_is_sent()
    {
        foreach ((string settings, string told) in new[]
        {
            ("?ca=/nowhere.pem", "/nowhere.pem: has no certificates of authorities in PEM ("),
            ($"{Trusted}&cert={_certificates.Authority}", $"{_certificates.Authority}: has no key in PEM that fits the certificate"),
        })
        {
            CollectorAddress address = CollectorAddress.Parse($"tls://127.0.0.1:4740{settings}");
            string message = Assert.Throws<OutputException>(() => CollectorPeer.Find(address)).Message;
            Assert.StartsWith($"tls://127.0.0.1:4740: {told}", message, StringComparison.Ordinal);
            Assert.EndsWith("; name another file, or leave it out.", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_collector_that_speaks_no_TLS_is_told()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = OnItsOwn(() =>
        {
            using Socket socket = listener.AcceptSocket();
            socket.Send("no TLS here\n"u8);
            Thread.Sleep(200);
            return [];
        });
        string told = Assert.Throws<OutputException>(() => Send($"tls://{listener.LocalEndpoint}")).Message;
        Assert.Contains("see whether the collector takes TLS there", told, StringComparison.Ordinal);
        await answering;
    }

    [Fact]
    public async Task A_slow_collector_gets_no_torn_message()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using SemaphoreSlim reads = new(0);
        Task<byte[]> received = Read(listener, reads);
        using CollectorPeer peer = CollectorPeer.Find(CollectorAddress.Parse($"tls://{listener.LocalEndpoint}{Trusted}"));
        await SlowCollector.AssertNothingTorn(peer, new RepeatedMessages(s_messages), () =>
        {
            reads.Release();
            return received;
        });
    }

    [Fact]
    public async Task A_collector_that_comes_back_gets_templates_first_and_numbers_from_zero()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using SemaphoreSlim reads = new(2);
        using CollectorPeer peer = CollectorPeer.Find(CollectorAddress.Parse($"tls://{listener.LocalEndpoint}{Trusted}"));
        SetClock clock = new("2026-03-29T00:00:00");
        CollectorTarget target = new(peer, clock, TimeSpan.FromSeconds(1));
        using ResilientOutput output = new("collector", target, TableFormat.Ipfix.Framing, clock, _told.Add);
        RepeatedMessages messages = new(s_messages);
        output.Begin(messages.Header);
        Task goingAway = OnItsOwn(() =>
        {
            Accept(listener).Dispose();
            return Array.Empty<byte>();
        });
        output.KeepOnce();
        await goingAway;
        while (_told.Count == 0)
        {
            output.KeepOnce();
            await Task.Delay(5);
        }

        Assert.StartsWith("collector: can not be written: the collector closed the connection;", _told[0], StringComparison.Ordinal);
        Assert.True(output.IsFailing);
        Task<byte[]> received = Read(listener, reads);
        clock.Advance(TimeSpan.FromSeconds(2));
        output.KeepOnce();
        output.Write(messages.Next());
        output.Complete();
        output.Dispose();
        Assert.Equal((0, messages.Flows), (output.LostRows, output.Rows));
        Assert.Equal(IpfixReader.Flows(s_messages), IpfixReader.Flows(await received));
    }

    private static void Send(string place)
    {
        using CollectorPeer peer = CollectorPeer.Find(CollectorAddress.Parse(place));
        using CollectorOutput output = CollectorOutput.Open(peer, TimeProvider.System);
        RepeatedMessages messages = new(s_messages);
        output.Begin(messages.Header);
        output.Write(messages.Next());
        output.Complete();
        Assert.Equal(messages.Flows, output.Rows);
    }

    private static void AssertDistrusted(TlsCollector collector, string settings, params string[] reasons)
    {
        string told = Assert.Throws<OutputException>(() => Send(collector.Place + settings)).Message;
        Assert.Contains(
            told,
            reasons.Select(reason => $"{collector.Place}: can not be reached: its certificate is not trusted: {reason}; name its authority "
                + "with ?ca=FILE, and the collector as in its certificate."));
        Assert.Empty(collector.Received());
    }

    /// <summary>Not on a thread of the pool: those may all be held by tests that wait, and a handshake has a second.</summary>
    private static Task<byte[]> OnItsOwn(Func<byte[]> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Task<byte[]> Read(TcpListener listener, SemaphoreSlim reads) => OnItsOwn(() =>
    {
        using SslStream stream = Accept(listener);
        reads.Wait();
        using MemoryStream all = new();
        stream.CopyTo(all);
        return all.ToArray();
    });

    private SslStream Accept(TcpListener listener)
    {
        SslStream stream = new(new NetworkStream(listener.AcceptSocket(), ownsSocket: true));
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(_certificates.PathOf("server"));
        stream.AuthenticateAsServer(certificate);
        return stream;
    }
}
