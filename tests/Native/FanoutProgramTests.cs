using System.Buffers.Binary;
using FlowMeter.Native;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Native;

/// <summary>
/// The program by which the kernel shares packets, run as bpf(4) and Linux' extensions define its instructions, against a plain twin.
/// </summary>
public sealed class FanoutProgramTests
{
    private const int Rounds = 20_000;

    private static readonly uint[] s_key = [0x9E3779B9, 0x85EBCA6B, 0xC2B2AE34, 0x27D4EB2F, 0x165667B0, 1, 0xD3A2646C, 0xFD7046C5];
    private static readonly BpfInstruction[] s_program = new FanoutProgram(s_key).Instructions;

    [Fact]
    public void The_program_is_its_plain_twin_for_random_frames()
    {
        Random random = new(1);
        ushort[] types = [0x0800, 0x86DD, 0x8100, 0x88A8, 0x8864, 0x0806, 0x8847, 0];
        HashSet<uint> numbers = [];
        for (int round = 0; round < Rounds; round++)
        {
            byte[] packet = new byte[random.Next(64)];
            random.NextBytes(packet);
            ushort type = types[random.Next(types.Length)];
            if (packet.Length >= 8)
            {
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(type == 0x8864 ? 6 : 2), (ushort)(random.Next(3) switch
                {
                    0 => random.Next(65_536),
                    1 => type == 0x8864 ? 0x0021 : 0x0800,
                    _ => type == 0x8864 ? 0x0057 : 0x86DD,
                }));
            }

            uint number = Twin(type, packet);
            Assert.Equal(number, Run(type, packet));
            numbers.Add(number);
        }

        Assert.True(numbers.Count > Rounds / 10, "most frames had a number of their own");
    }

    [Theory]
    [InlineData("10.1.2.3", "192.0.2.9")]
    [InlineData("2001:db8::1", "2001:db8:7::2")]
    public void Both_directions_and_every_framing_have_one_number(string one, string other)
    {
        int type = one.Contains(':', StringComparison.Ordinal) ? PacketBuilder.EtherIPv6 : PacketBuilder.EtherIPv4;
        int ppp = type == PacketBuilder.EtherIPv6 ? 0x57 : 0x21;
        byte[] there = PacketBuilder.IP(one, other, PacketBuilder.UdpProtocol, PacketBuilder.Udp(1, 2));
        byte[] back = PacketBuilder.IP(other, one, PacketBuilder.TcpProtocol, PacketBuilder.Tcp(3, 4, 0));
        uint number = Run((ushort)type, there);
        Assert.NotEqual(0u, number);
        Assert.Equal(number, Run((ushort)type, back));
        Assert.Equal(number, Run(PacketBuilder.EtherVlan, PacketBuilder.Vlan(7, type, back)));
        Assert.Equal(number, Run(PacketBuilder.EtherServiceVlan, PacketBuilder.Vlan(7, type, there)));
        Assert.Equal(number, Run(PacketBuilder.EtherPppoeSession, PacketBuilder.PppoeSession(ppp, back)));
    }

    [Fact]
    public void Neighbouring_addresses_are_spread_evenly()
    {
        const int Workers = 4;
        int[] counts = new int[Workers];
        for (int host = 0; host < 4096; host++)
        {
            counts[Run(PacketBuilder.EtherIPv4, PacketBuilder.IPv4(
                $"10.0.{host >> 8}.{host & 255}", "192.0.2.1", PacketBuilder.UdpProtocol, [])) % Workers]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 4096 / Workers * 3 / 4, 4096 / Workers * 5 / 4));
    }

    /// <summary>
    /// Ends chosen so that their exclusive or, their sum or their difference is the same for all: whatever the key, none gets all.
    /// </summary>
    [Theory]
    [InlineData("xor")]
    [InlineData("sum")]
    [InlineData("difference")]
    [InlineData("high bits")]
    public void Nobody_can_aim_at_one_worker_without_the_key(string relation)
    {
        const int Workers = 4;
        const int Pairs = 4096;
        for (int key = 0; key < 20; key++)
        {
            BpfInstruction[] program = new FanoutProgram().Instructions;
            int[] v4 = new int[Workers];
            int[] v6 = new int[Workers];
            for (uint i = 0; i < Pairs; i++)
            {
                uint one = relation == "high bits" ? i << 20 : 0x0A000000 + i;
                uint other = relation switch
                {
                    "xor" => one ^ 0x00FF00FF,
                    "sum" => 0xC0000000 - one,
                    "difference" => one + 0x10000,
                    _ => 0x0B000000,
                };
                v4[Run(PacketBuilder.EtherIPv4, [.. new byte[12], .. Bytes(one), .. Bytes(other)], program) % Workers]++;
                v6[Run(
                    PacketBuilder.EtherIPv6,
                    [
                        .. new byte[8], .. Bytes(0x20010DB8), .. Bytes(one), .. new byte[8], .. Bytes(0x20010DB8), .. Bytes(other),
                        .. new byte[8],
                    ],
                    program) % Workers]++;
            }

            Assert.All(v4.Concat(v6), count => Assert.InRange(count, Pairs / Workers / 2, Pairs / Workers * 2));
        }
    }

    private static byte[] Bytes(uint word)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        return bytes;
    }

    private static uint Twin(ushort type, byte[] packet)
    {
        int at = 0;
        int inner = type;
        if (type is 0x8100 or 0x88A8)
        {
            (at, inner) = (4, Half(packet, 2));
        }
        else if (type == 0x8864)
        {
            (at, inner) = (8, Half(packet, 6) switch { 0x0021 => 0x0800, 0x0057 => 0x86DD, var other => other });
        }

        (int first, int words) = inner switch { 0x0800 => (12, 2), 0x86DD => (8, 8), _ => (0, 0) };
        if (words == 0 || packet.Length < at + first + (4 * words))
        {
            return 0;
        }

        uint[] mixed = [s_key[0], s_key[0]];
        for (int word = 0; word < words; word++)
        {
            uint read = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(at + first + (4 * word)));
            ref uint address = ref mixed[word / (words / 2)];
            address = unchecked((address ^ read) * (s_key[1 + (word % (words / 2))] | 1));
            address ^= address >> 16;
        }

        uint sum = unchecked((mixed[0] * (s_key[6] | 1)) + (mixed[1] * (s_key[6] | 1)));
        return unchecked((sum ^ (sum >> 16)) * (s_key[7] | 1)) >> 16;
    }

    private static int Half(byte[] packet, int at) => packet.Length < at + 2 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));

    /// <summary>
    /// The machine: a load behind the packet's end returns 0, what lies at -0x1000 is the EtherType, what lies from -0x100000 on is the
    /// network header.
    /// </summary>
    private static uint Run(int type, byte[] packet, BpfInstruction[]? other = null)
    {
        BpfInstruction[] program = other ?? s_program;
        uint a = 0;
        uint x = 0;
        uint[] memory = new uint[16];
        for (int at = 0; ; at++)
        {
            BpfInstruction now = program[at];
            switch (now.Code)
            {
                case 0x20 when now.Operand == unchecked((uint)-0x1000):
                    a = (uint)type;
                    break;
                case 0x20 or 0x28 or 0x40:
                    long offset = unchecked((int)now.Operand) + 0x100000L + (now.Code == 0x40 ? x : 0);
                    int size = now.Code == 0x28 ? 2 : 4;
                    if (offset < 0 || offset + size > packet.Length)
                    {
                        return 0;
                    }

                    ReadOnlySpan<byte> bytes = packet.AsSpan((int)offset, size);
                    a = size == 2 ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
                    break;
                case 0x01:
                    x = now.Operand;
                    break;
                case 0x61:
                    x = memory[now.Operand];
                    break;
                case 0x02:
                    memory[now.Operand] = a;
                    break;
                case 0x03:
                    memory[now.Operand] = x;
                    break;
                case 0x0C:
                    a = unchecked(a + x);
                    break;
                case 0x07:
                    x = a;
                    break;
                case 0xA4:
                    a ^= now.Operand;
                    break;
                case 0xAC:
                    a ^= x;
                    break;
                case 0x24:
                    a = unchecked(a * now.Operand);
                    break;
                case 0x74:
                    a >>= (int)now.Operand;
                    break;
                case 0x15:
                    at += a == now.Operand ? now.JumpTrue : now.JumpFalse;
                    break;
                case 0x05:
                    at += (int)now.Operand;
                    break;
                case 0x16:
                    return a;
                case 0x06:
                    return now.Operand;
                default:
                    throw new InvalidOperationException($"no such instruction: {now.Code:X}");
            }
        }
    }
}
