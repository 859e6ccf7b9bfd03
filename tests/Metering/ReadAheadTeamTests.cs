using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// Files that a team reads ahead give the rows of one worker: large frames and small ones in turn, so that pieces made for the former hold
/// more of the latter than are handed over at a time.
/// </summary>
public sealed class ReadAheadTeamTests : IDisposable
{
    private const int Rounds = 8;
    private const int Large = 700;
    private const int Small = 4000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(8, false)]
    [InlineData(2, true)]
    [InlineData(8, true)]
    public void Any_number_of_workers_gives_the_rows_of_one(int workers, bool hasNames)
    {
        string[] files = Write();
        EngineMeter one = new() { HasNames = hasNames };
        EngineResult expected = one.Run(InTurn(files));
        Assert.Equal(Rounds * (Small + 1), expected.Table.Rows.Count);
        EngineResult team = Run(one with { Workers = workers }, Ahead(files));
        Assert.Equal(expected.SortedRows, team.SortedRows);
        Assert.Equal(expected.Totals!.Frames.Frames, team.Totals!.Frames.Frames);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_filter_keeps_out_the_same_packets(int workers)
    {
        string[] files = Write();
        using FilteredSource inTurn = new(InTurn(files), "less 100");
        using FilteredSource ahead = new(Ahead(files), "less 100");
        EngineMeter one = new() { HasNames = true };
        EngineResult expected = one.Run(inTurn);
        Assert.Equal(Rounds * Small, expected.Table.Rows.Count);
        Assert.Equal(expected.SortedRows, Run(one with { Workers = workers }, ahead).SortedRows);
        Assert.Equal((Rounds * Large, Rounds * Large), (inTurn.Dropped, ahead.Dropped));
    }

    [Fact]
    public void A_turn_lasts_until_nothing_is_left_of_what_was_read_ahead()
    {
        using PieceOrder order = new(Ahead(Write()));
        Run(new EngineMeter { Workers = 2 }, order);
        Assert.True(order.LongTurns > 0, "no piece held more than is handed over at a time");
        Assert.Equal(0, order.CutTurns);
    }

    /// <summary>A team that waits for itself would wait for ever.</summary>
    private static EngineResult Run(EngineMeter meter, IPacketSource source)
    {
        Task<EngineResult> run = Task.Run(() => meter.Run(source));
        Assert.True(run.Wait(TimeSpan.FromMinutes(2)), "the team does not come to its end");
        return run.Result;
    }

    private static CaptureFiles Ahead(string[] files) => new(files, path => Savefile.Open(path, _ => { }, new InputProgress()));

    private static CaptureFiles InTurn(string[] files) =>
        new(files, path => Savefile.Open(path, new MemoryStream(File.ReadAllBytes(path)), _ => { }));

    private string[] Write()
    {
        List<Frame> frames = [];
        int small = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] large = EthernetIP(IP("192.0.2.1", "192.0.2.2", UdpProtocol, Udp(1000 + round, 9, new byte[1400])));
            for (int i = 0; i < Large; i++)
            {
                Add(large);
            }

            for (int i = 0; i < Small; i++, small++)
            {
                string client = $"10.{small >> 16}.{(small >> 8) & 255}.{small & 255}";
                Add(EthernetIP(IP(client, "192.0.2.53", UdpProtocol, Udp(5000, 53, Question($"n{small}")))));
            }
        }

        int half = frames.Count / 2;
        return [_folder.Write("first", CaptureWriter.Pcap(frames[..half])), _folder.Write("second", CaptureWriter.PcapNg(frames[half..]))];

        void Add(byte[] frame) => frames.Add(Frame.Whole(LinkEthernet, 1_700_000_000_000_000_000 + (frames.Count * 1000L), frame));
    }

    // A query of type A for a name of one label (RFC 1035 §4).
    private static byte[] Question(string name) =>
        [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0, 1, 0, 1];
}
