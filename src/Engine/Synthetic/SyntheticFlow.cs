using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// Who talks to whom in the flow of a number. Computed from the number, so no table of 5-tuples is kept, and never the same for two
/// numbers: the low 24 bits choose the client's address, the rest moves its port.
/// </summary>
internal readonly struct SyntheticFlow
{
    /// <summary>As many flows as there are pairs of client address and client port.</summary>
    public const long MaxFlows = (long)ClientPorts << AddressBits;

    private const int AddressBits = 24;
    private const int FirstClientPort = 1024;
    private const int ClientPorts = 65_536 - FirstClientPort;

    private static readonly ushort[] TcpServices = [443, 443, 443, 443, 80, 80, 22, 25];

    // No DNS among them: nobody holds a conversation of a hundred packets with port 53, and nfpcapd ends a flow after each of them.
    private static readonly ushort[] UdpServices = [443, 443, 443, 443, 123, 3478, 4500, 5060];

    /// <summary>
    /// The flow <paramref name="number"/> of the capture that <paramref name="salt"/> names; the shares are in units of 2^-32.
    /// </summary>
    public SyntheticFlow(long number, ulong salt, ulong ipv6Share, ulong udpShare)
    {
        ulong choices = SplitMix64.Mix((ulong)number ^ salt);
        ulong hosts = SplitMix64.Mix(choices);

        // The numbers of concurrent flows are neighbours; an odd factor permutes the 24-bit addresses so that the hosts are not.
        ClientHost = ((uint)number * 0x9E_3779u) & 0xFF_FFFF;

        // All flows of one address share the starting point, so the step tells them apart.
        uint firstPort = (uint)(SplitMix64.Mix(ClientHost ^ salt) % ClientPorts);
        ClientPort = (ushort)(FirstClientPort + ((firstPort + (ulong)(number >> AddressBits)) % ClientPorts));
        ServerHost = (uint)hosts & 0x1_FFFF;
        InitialSequence = (uint)(hosts >> 32);
        IsIPv6 = (uint)choices < ipv6Share;
        IsUdp = (uint)(choices >> 32) < udpShare;
        ServerPort = (IsUdp ? UdpServices : TcpServices)[(hosts >> 20) & 7];
    }

    /// <summary>24 bits of address.</summary>
    public uint ClientHost { get; }

    /// <summary>17 bits of address.</summary>
    public uint ServerHost { get; }

    /// <summary>A port of the registered or dynamic range.</summary>
    public ushort ClientPort { get; }

    /// <summary>A well-known port.</summary>
    public ushort ServerPort { get; }

    public bool IsIPv6 { get; }

    public bool IsUdp { get; }

    /// <summary>The client's initial sequence number; the server's is its complement.</summary>
    public uint InitialSequence { get; }
}
