using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Captures for the tests: the repository's own sample, and small ones made of frames.</summary>
internal static class Samples
{
    private const long StartNs = 1_700_000_000_000_000_000;

    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = RepositoryRoot();

    /// <summary>The capture that comes with the repository.</summary>
    public static string Office { get; } = Path.Combine(Repository, "samples", "office.pcap");

    /// <summary>The labels of its flows.</summary>
    public static string OfficeLabels { get; } = Path.Combine(Repository, "samples", "labels.tsv");

    /// <summary>A UDP packet of one of many flows, told apart by the client's port.</summary>
    public static Frame Udp(int flow, double second, int payload = 10) =>
        Ethernet(second, PacketBuilder.IPv4("192.0.2.1", "198.51.100.2", PacketBuilder.UdpProtocol, PacketBuilder.Udp(
            10_000 + flow, 4000, PacketBuilder.Payload(payload))));

    /// <summary>The answer to <see cref="Udp"/>.</summary>
    public static Frame UdpAnswer(int flow, double second) =>
        Ethernet(
            second, PacketBuilder.IPv4("198.51.100.2", "192.0.2.1", PacketBuilder.UdpProtocol, PacketBuilder.Udp(4000, 10_000 + flow)));

    /// <summary>A frame that is no IP.</summary>
    public static Frame Arp(double second) =>
        Frame.Whole(PacketBuilder.LinkEthernet, At(second), PacketBuilder.Ethernet(PacketBuilder.EtherArp, new byte[28]));

    /// <summary>An IP packet on Ethernet.</summary>
    public static Frame Ethernet(double second, byte[] packet) =>
        Frame.Whole(PacketBuilder.LinkEthernet, At(second), PacketBuilder.EthernetIP(packet));

    private static long At(double second) => StartNs + (long)(second * 1e9);

    private static string RepositoryRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "FlowMeter.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new DirectoryNotFoundException("There is no FlowMeter.sln above the tests.");
    }
}
