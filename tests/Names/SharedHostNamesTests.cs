using System.Net;
using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Names;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Learning.Queries;
using FlowMeter.Tests.Oracle;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Names;

/// <summary>What hosts are called, where several workers tell and ask: live captures.</summary>
public sealed class SharedHostNamesTests
{
    private const long Second = 1_000_000_000;
    private const int Hosts = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void An_answer_that_one_worker_saw_names_the_flows_of_all(int workers)
    {
        Profile profile = Profile.Find("flowmeter")!;
        using TextOutput output = new();
        using MeteringProcess process = new(
            profile,
            new MeteringOptions
            {
                Flow = new FlowOptions { Rules = profile.Rules, MaxFlows = 10_000, MaxNames = 1 << 20 },
                Export = new ExportOptions { HasNames = true },
                Mode = MeteringMode.Live,
                Workers = workers,
                ObservationPoints = workers,
                IsStepped = true,
            },
            null,
            output);

        for (int host = 0; host < Hosts; host++)
        {
            byte[] answer = IPv4("192.0.2.53", "192.0.2.1", UdpProtocol, Udp(53, 20_000 + host, Answer(host)));
            Give(process.Workers[host % workers], answer, Second);
        }

        Tick(process, 2 * Second);
        for (int host = 0; host < Hosts; host++)
        {
            // The flow's worker is the one after that of its answer.
            byte[] packet = IPv4("192.0.2.1", AddressOf(host).ToString(), UdpProtocol, Udp(30_000, 4000, Payload(9)));
            Give(process.Workers[(host + 1) % workers], packet, 3 * Second);
        }

        Tick(process, 4 * Second);
        foreach (FlowWorker worker in process.Workers)
        {
            worker.Finish(worker.Clock.Now);
        }

        process.Complete();
        CsvTable table = CsvTable.Parse(output.Text);
        int[] rows = [.. Enumerable.Range(0, table.Rows.Count).Where(row => table.Text(row, "src_port") == "30000")];
        Assert.Equal(
            Enumerable.Range(0, Hosts).Select(host => $"{AddressOf(host)} h{host}.example").Order(),
            rows.Select(row => $"{table.Text(row, "dst_ip")} {table.Text(row, "dst_name")}").Order());
    }

    [Fact]
    public void Threads_that_tell_and_ask_at_once_find_no_name_of_another_host()
    {
        const int Threads = 4;
        using HostNames names = new(isShared: true, names: 64);
        long[] found = new long[Threads];
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            Random random = new(thread);
            Span<byte> name = stackalloc byte[HostName.MaxLength];
            for (int i = 0; i < 20_000; i++)
            {
                int host = random.Next(40);
                byte[] address = AddressOf(host).GetAddressBytes();
                names.Add(address, Encoding.ASCII.GetBytes($"h{host}.{new string((char)('a' + (i % 26)), i % 200)}"), i * Second, 60);
                int other = random.Next(40);
                byte[] its = AddressOf(other).GetAddressBytes();
                int length = names.Copy(names.Find(its, i * Second), its, name);
                found[thread] += length > 0 ? 1 : 0;
                string text = Encoding.ASCII.GetString(name[..length]);
                Assert.True(length == 0 || IsWhole(text, other), text);
            }
        });
        Assert.All(found, count => Assert.True(count > 0));

        static bool IsWhole(string text, int host) =>
            text.StartsWith($"h{host}.", StringComparison.Ordinal) && text[(text.IndexOf('.') + 1)..].Distinct().Count() <= 1;
    }

    private static IPAddress AddressOf(int host) => new([198, 51, 100, (byte)host]);

    private static unsafe void Give(FlowWorker worker, byte[] packet, long time)
    {
        fixed (byte* bytes = packet)
        {
            worker.Process((LinkType)LinkRaw, bytes, (uint)packet.Length, (uint)packet.Length, time);
        }
    }

    private static void Tick(MeteringProcess process, long time)
    {
        foreach (FlowWorker worker in process.Workers)
        {
            worker.Tick(time, isIdle: true);
        }
    }

    /// <summary>An answer of a name server: the address of a host.</summary>
    private static byte[] Answer(int host)
    {
        byte[] name = [.. $"h{host}.example".Split('.').SelectMany(label => TestHello.Prefixed(1, Encoding.ASCII.GetBytes(label))), 0];
        return
        [
            0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. name, 0, 1, 0, 1, 0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4,
            .. AddressOf(host).GetAddressBytes(),
        ];
    }
}
