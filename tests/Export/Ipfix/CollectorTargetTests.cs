using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Output;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>Tables that go to a collector over UDP and TCP.</summary>
public sealed class CollectorTargetTests
{
    private static readonly byte[] s_capture = CaptureWriter.Pcap(Traffic.Random(31, new TrafficShape { Conversations = 100 }));

    private readonly List<string> _told = [];

    [Fact]
    public async Task Over_TCP_a_collector_gets_the_records_of_the_file()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<byte[]> received = Task.Run(() => ReadToEnd(listener));
        long rows = Meter("tcp", (IPEndPoint)listener.LocalEndpoint);
        AssertSame(rows, await received);
    }

    [Fact]
    public void Over_UDP_messages_fit_a_packet_and_templates_come_again()
    {
        using Socket collector = Bound();
        CollectorAddress address = CollectorAddress.Parse($"udp://127.0.0.1:{((IPEndPoint)collector.LocalEndPoint!).Port}");
        using CollectorPeer peer = CollectorPeer.Find(address);
        SetClock clock = new("2026-03-29T00:00:00");
        using CollectorTarget target = new(peer, clock, TimeSpan.Zero);
        RepeatedMessages messages = Messages(address.MaxMessage);
        List<byte[]> sent = [];
        target.Begin(messages.Header);
        target.Tick();
        target.Write(messages.Next());
        sent.AddRange(Received(collector));
        clock.Advance(TimeSpan.FromSeconds(61));
        target.Tick();
        target.Write(messages.Next());
        sent.AddRange(Received(collector));

        // The reader checks that the numbers have no gap, the templates that came again included.
        byte[] all = [.. sent.SelectMany(message => message)];
        Assert.Equal((2 * messages.Flows, target.Rows), (target.Rows, IpfixReader.Flows(all).Count));
        Assert.Equal((2 * messages.Header.Length) + (2 * messages.Length), all.Length);
        Assert.All(sent, message => Assert.InRange(message.Length, 17, 1400));
        long[] left = [.. sent.Select(message => (long)BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4))).Distinct()];
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal([now - 61, now], left);
    }

    [Fact]
    public void Over_UDP_templates_come_again_after_many_messages()
    {
        using Socket collector = Bound();
        CollectorAddress address = CollectorAddress.Parse($"udp://127.0.0.1:{((IPEndPoint)collector.LocalEndPoint!).Port}");
        using CollectorPeer peer = CollectorPeer.Find(address);
        using CollectorTarget target = new(peer, new SetClock("2026-03-29T00:00:00"), TimeSpan.Zero);
        RepeatedMessages messages = Messages(address.MaxMessage);
        List<byte[]> sent = [];
        int blocks = 0;
        target.Begin(messages.Header);
        target.Tick();
        sent.AddRange(Received(collector));
        int greeting = sent.Count;
        while (sent.Count < greeting + 500)
        {
            target.Write(messages.Next());
            sent.AddRange(Received(collector));
            blocks++;
        }

        target.Write(messages.Next());
        sent.AddRange(Received(collector));
        byte[] all = [.. sent.SelectMany(message => message)];
        Assert.Equal(((blocks + 1) * messages.Flows, target.Rows), (target.Rows, IpfixReader.Flows(all).Count));
        Assert.Equal((2 * messages.Header.Length) + ((blocks + 1) * messages.Length), all.Length);
    }

    [Fact]
    public void A_capture_goes_on_without_a_collector_and_counts_what_is_lost()
    {
        using Socket probe = Bound();
        IPEndPoint place = (IPEndPoint)probe.LocalEndPoint!;
        probe.Dispose();
        foreach (string transport in new[] { "udp", "tcp" })
        {
            RepeatedMessages messages = Messages(1400);
            SetClock clock = new("2026-03-29T00:00:00");
            CollectorAddress address = CollectorAddress.Parse($"{transport}://127.0.0.1:{place.Port}");
            using CollectorPeer peer = CollectorPeer.Find(address);
            using ResilientOutput output = new(
                $"{address}", new CollectorTarget(peer, clock, TimeSpan.FromSeconds(1)), TableFormat.Ipfix.Framing, clock,
                _told.Add);
            output.Begin(messages.Header);
            output.KeepOnce();
            output.Write(messages.Next());
            Assert.Equal((0, messages.Flows), (output.Rows, output.LostRows));
            Assert.Equal(
                $"{address}: can not be written: connection refused; rows are lost until it can. To do: see whether the collector runs and "
                    + "takes IPFIX there.",
                Assert.Single(_told));
            _told.Clear();
        }
    }

    [Fact]
    public async Task A_collector_that_comes_back_gets_templates_first_and_numbers_from_zero()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint place = (IPEndPoint)listener.LocalEndpoint;
        CollectorAddress address = CollectorAddress.Parse($"tcp://127.0.0.1:{place.Port}");
        using CollectorPeer peer = CollectorPeer.Find(address);
        SetClock clock = new("2026-03-29T00:00:00");
        using ResilientOutput output = new(
            $"{address}", new CollectorTarget(peer, clock, TimeSpan.FromSeconds(1)), TableFormat.Ipfix.Framing, clock, _told.Add);
        RepeatedMessages messages = Messages(4096);
        output.Begin(messages.Header);
        output.KeepOnce();
        using (Socket first = listener.AcceptSocket())
        {
            output.Write(messages.Next());
        }

        output.KeepOnce();
        output.Write(messages.Next());
        Assert.Equal((messages.Flows, messages.Flows), (output.Rows, output.LostRows));
        clock.Advance(TimeSpan.FromSeconds(2));
        output.KeepOnce();
        Task<byte[]> received = Task.Run(() => ReadToEnd(listener));
        output.Write(messages.Next());
        output.Complete();
        output.Dispose();
        AssertSame(messages.Flows, await received);
        Assert.Equal(2, _told.Count);
        Assert.Contains($"is written again; {messages.Flows} rows", _told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_collector_gets_no_torn_message()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CollectorPeer peer = CollectorPeer.Find(CollectorAddress.Parse($"tcp://{listener.LocalEndpoint}"));
        await SlowCollector.AssertNothingTorn(peer, Messages(4096), () => Task.Run(() => ReadToEnd(listener)));
    }

    [Fact]
    public async Task What_is_left_of_a_torn_message_goes_out_at_the_end()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CollectorPeer peer = CollectorPeer.Find(CollectorAddress.Parse($"tcp://{listener.LocalEndpoint}"));
        CollectorTarget target = new(peer, new SetClock("2026-03-29T00:00:00"), TimeSpan.FromSeconds(1));
        RepeatedMessages messages = Messages(4096);
        target.Begin(messages.Header);
        Action fill = () =>
        {
            while (true)
            {
                target.Write(messages.Next());
            }
        };
        Assert.Throws<IOException>(fill);
        Task<byte[]> received = Task.Run(() => ReadToEnd(listener));
        target.FinishRow();
        target.Dispose();
        byte[] taken = await received;
        Assert.Equal((target.Rows, taken.Length), TableFormat.Ipfix.Framing.Whole(taken));
    }

    [Theory]
    [InlineData("collector", "udp://collector:4739")]
    [InlineData("192.0.2.1:9995", "udp://192.0.2.1:9995")]
    [InlineData("[2001:db8::1]", "udp://[2001:db8::1]:4739")]
    [InlineData("tcp://[2001:db8::1]:1", "tcp://[2001:db8::1]:1")]
    [InlineData("tls://collector", "tls://collector:4740")]
    [InlineData("tls://collector:1?ca=ca.pem&cert=c.pem&key=k.pem", "tls://collector:1")]
    public void An_address_is_read(string typed, string means) => Assert.Equal(means, $"{CollectorAddress.Parse(typed)}");

    [Theory]
    [InlineData("")]
    [InlineData("c:")]
    [InlineData("c:0")]
    [InlineData("c:65536")]
    [InlineData("2001:db8::1")]
    [InlineData("[::1")]
    [InlineData("[::1]x:1")]
    [InlineData("c/d")]
    [InlineData("tcp://c?ca=ca.pem")]
    [InlineData("c?ca=ca.pem")]
    [InlineData("tls://c?ca=")]
    [InlineData("tls://c?creds=c")]
    public void What_is_no_address_is_refused(string typed) => Assert.Throws<FormatException>(() => CollectorAddress.Parse(typed));

    private static long Meter(string transport, IPEndPoint place)
    {
        CollectorAddress address = CollectorAddress.Parse($"{transport}://{place}");
        using CollectorPeer peer = CollectorPeer.Find(address);
        using CollectorOutput output = CollectorOutput.Open(peer, TimeProvider.System);
        Profile profile = Profile.All[0];
        MeteringOptions options = new()
        {
            Flow = new FlowOptions { Rules = profile.Rules, MinPackets = profile.MinPackets, MaxFlows = 1 << 20 },
            Export = new ExportOptions { Encoding = new TableEncoding(TableFormat.Ipfix), MaxIpfixMessage = address.MaxMessage },
        };
        using IPacketSource source = Savefile.Open("capture", new MemoryStream(s_capture), _ => { });
        using MeteringProcess process = new(profile, options, null, output);
        process.Run(source, CancellationToken.None);
        output.Complete();
        return output.Rows;
    }

    private static RepeatedMessages Messages(int maxMessage) =>
        new(new EngineMeter().Encoded(s_capture, new TableEncoding(TableFormat.Ipfix), maxMessage: maxMessage).Bytes);

    private static void AssertSame(long rows, byte[] received)
    {
        IReadOnlyList<Dictionary<string, string>> sent =
            IpfixReader.Flows(new EngineMeter().Encoded(s_capture, new TableEncoding(TableFormat.Ipfix)).Bytes);
        IReadOnlyList<Dictionary<string, string>> flows = IpfixReader.Flows(received);
        Assert.Equal(rows, flows.Count);
        Assert.Equal(sent, flows);
    }

    private static IEnumerable<byte[]> Received(Socket collector)
    {
        byte[] buffer = new byte[65536];
        while (collector.Poll(100_000, SelectMode.SelectRead))
        {
            yield return buffer[..collector.Receive(buffer)];
        }
    }

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static byte[] ReadToEnd(TcpListener listener)
    {
        using Socket socket = listener.AcceptSocket();
        using MemoryStream all = new();
        using NetworkStream stream = new(socket);
        stream.CopyTo(all);
        return all.ToArray();
    }
}
