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
        SetClock clock = new("2026-03-29T00:00:00");
        using CollectorTarget target = new(address, address.Resolve(), clock, TimeSpan.Zero);
        (byte[] header, byte[] rows) = Messages(address.MaxMessage);
        List<byte[]> messages = [];
        target.Begin(header);
        target.Tick();
        target.Write(rows);
        messages.AddRange(Received(collector));
        clock.Advance(TimeSpan.FromSeconds(61));
        target.Tick();
        target.Write(Renumbered(rows, Records(header) + Records(rows)));
        messages.AddRange(Received(collector));

        // The reader checks that the numbers have no gap, the templates that came again included.
        byte[] all = [.. messages.SelectMany(message => message)];
        Assert.Equal((2 * Flows(rows), target.Rows), (target.Rows, IpfixReader.Flows(all).Count));
        Assert.Equal((2 * header.Length) + (2 * rows.Length), all.Length);
        Assert.All(messages, message => Assert.InRange(message.Length, 17, 1400));
    }

    [Fact]
    public void Over_UDP_templates_come_again_after_many_messages()
    {
        using Socket collector = Bound();
        CollectorAddress address = CollectorAddress.Parse($"udp://127.0.0.1:{((IPEndPoint)collector.LocalEndPoint!).Port}");
        using CollectorTarget target = new(address, address.Resolve(), new SetClock("2026-03-29T00:00:00"), TimeSpan.Zero);
        (byte[] header, byte[] rows) = Messages(address.MaxMessage);
        List<byte[]> messages = [];
        uint number = Records(header);
        int blocks = 0;
        target.Begin(header);
        target.Tick();
        messages.AddRange(Received(collector));
        int greeting = messages.Count;
        while (messages.Count < greeting + 500)
        {
            target.Write(Renumbered(rows, number));
            messages.AddRange(Received(collector));
            (number, blocks) = (number + Records(rows), blocks + 1);
        }

        target.Write(Renumbered(rows, number));
        messages.AddRange(Received(collector));
        byte[] all = [.. messages.SelectMany(message => message)];
        Assert.Equal(((blocks + 1) * Flows(rows), target.Rows), (target.Rows, IpfixReader.Flows(all).Count));
        Assert.Equal((2 * header.Length) + ((blocks + 1) * rows.Length), all.Length);
    }

    [Fact]
    public void A_capture_goes_on_without_a_collector_and_counts_what_is_lost()
    {
        using Socket probe = Bound();
        IPEndPoint place = (IPEndPoint)probe.LocalEndPoint!;
        probe.Dispose();
        foreach (string transport in new[] { "udp", "tcp" })
        {
            (byte[] header, byte[] rows) = Messages(1400);
            SetClock clock = new("2026-03-29T00:00:00");
            CollectorAddress address = CollectorAddress.Parse($"{transport}://127.0.0.1:{place.Port}");
            using ResilientOutput output = new(
                $"{address}", new CollectorTarget(address, place, clock, TimeSpan.FromSeconds(1)), TableFormat.Ipfix.Framing, clock,
                _told.Add);
            output.Begin(header);
            output.KeepOnce();
            output.Write(rows);
            Assert.Equal((0, Flows(rows)), (output.Rows, output.LostRows));
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
        SetClock clock = new("2026-03-29T00:00:00");
        using ResilientOutput output = new(
            $"{address}", new CollectorTarget(address, place, clock, TimeSpan.FromSeconds(1)), TableFormat.Ipfix.Framing, clock, _told.Add);
        (byte[] header, byte[] rows) = Messages(4096);
        output.Begin(header);
        output.KeepOnce();
        using (Socket first = listener.AcceptSocket())
        {
            output.Write(rows);
        }

        output.KeepOnce();
        output.Write(Renumbered(rows, Records(header) + Records(rows)));
        Assert.Equal((Flows(rows), Flows(rows)), (output.Rows, output.LostRows));
        clock.Advance(TimeSpan.FromSeconds(2));
        output.KeepOnce();
        Task<byte[]> received = Task.Run(() => ReadToEnd(listener));
        output.Write(Renumbered(rows, Records(header) + (2 * Records(rows))));
        output.Complete();
        output.Dispose();
        AssertSame(Flows(rows), await received);
        Assert.Equal(2, _told.Count);
        Assert.Contains($"is written again; {Flows(rows)} rows", _told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_collector_gets_no_torn_message()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint place = (IPEndPoint)listener.LocalEndpoint;
        CollectorAddress address = CollectorAddress.Parse($"tcp://127.0.0.1:{place.Port}");
        SetClock clock = new("2026-03-29T00:00:00");
        ResilientOutput output = new(
            $"{address}", new CollectorTarget(address, place, clock, TimeSpan.FromMilliseconds(20)), TableFormat.Ipfix.Framing, clock,
            _told.Add);
        (byte[] header, byte[] rows) = Messages(4096);
        output.Begin(header);
        uint number = Records(header);
        long offered = 0;
        output.KeepOnce();
        while (output.LostRows == 0)
        {
            output.Write(Renumbered(rows, number));
            number += Records(rows);
            offered += Flows(rows);
        }

        Task<byte[]> received = Task.Run(() => ReadToEnd(listener));
        clock.Advance(TimeSpan.FromSeconds(2));
        while (output.IsFailing)
        {
            output.Write(Renumbered(rows, number));
            number += Records(rows);
            offered += Flows(rows);
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        output.Complete();
        output.Dispose();
        byte[] taken = await received;
        (long whole, int end) = TableFormat.Ipfix.Framing.Whole(taken);
        Assert.Equal((output.Rows, taken.Length), (whole, end));
        Assert.Equal(offered, output.Rows + output.LostRows);
    }

    [Theory]
    [InlineData("collector", "udp://collector:4739")]
    [InlineData("192.0.2.1:9995", "udp://192.0.2.1:9995")]
    [InlineData("[2001:db8::1]", "udp://[2001:db8::1]:4739")]
    [InlineData("tcp://[2001:db8::1]:1", "tcp://[2001:db8::1]:1")]
    public void An_address_is_read(string typed, string means) => Assert.Equal(means, $"{CollectorAddress.Parse(typed)}");

    [Theory]
    [InlineData("")]
    [InlineData("c:")]
    [InlineData("c:0")]
    [InlineData("c:65536")]
    [InlineData("2001:db8::1")]
    [InlineData("[::1")]
    [InlineData("[::1]x:1")]
    [InlineData("tls://c")]
    [InlineData("c/d")]
    public void What_is_no_address_is_refused(string typed) => Assert.Throws<FormatException>(() => CollectorAddress.Parse(typed));

    private static long Meter(string transport, IPEndPoint place)
    {
        CollectorAddress address = CollectorAddress.Parse($"{transport}://{place}");
        using CollectorOutput output = CollectorOutput.Open(address, address.Resolve(), TimeProvider.System);
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

    /// <summary>What stands before the first record, and all records.</summary>
    private static (byte[] Header, byte[] Rows) Messages(int maxMessage)
    {
        byte[] all = new EngineMeter().Encoded(s_capture, new TableEncoding(TableFormat.Ipfix), maxMessage: maxMessage).Bytes;
        int header = 0;
        while (IpfixMessage.Measure(all.AsSpan(header)) is { Flows: 0 } message)
        {
            header += message.Length;
        }

        return (all[..header], all[header..]);
    }

    private static byte[] Renumbered(byte[] rows, uint number)
    {
        byte[] copy = [.. rows];
        uint shift = number - IpfixMessage.SequenceOf(copy);
        for (Span<byte> rest = copy; IpfixMessage.Measure(rest) is { } message; rest = rest[message.Length..])
        {
            BinaryPrimitives.WriteUInt32BigEndian(rest[8..], IpfixMessage.SequenceOf(rest) + shift);
        }

        return copy;
    }

    private static uint Records(ReadOnlySpan<byte> messages)
    {
        uint records = 0;
        for (; IpfixMessage.Measure(messages) is { } message; messages = messages[message.Length..])
        {
            records += (uint)message.Records;
        }

        return records;
    }

    private static long Flows(byte[] messages) => TableFormat.Ipfix.Framing.Whole(messages).Rows;

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
