using System.Buffers.Binary;
using System.Text;
using FlowMeter.Engine.Names;
using FlowMeter.Tests.Names;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// The parsers of payloads: one flow, whose packets end at an unreadable page. Its names are the same the second time, where hashes were
/// kept; they can be read back from their text; a TLS handshake has the same ones in two packets; nothing is kept when the flow is over.
/// The bytes: UDP (bit 0), QUIC with keys (bit 1); the server's port, from a list (1); then for each packet: from the server (bit 0), SYN
/// (bit 1), cut (bit 2), the sequence number (2), the length (2), the payload; numbers are little-endian. With keys, payloads are frames.
/// </summary>
internal static class PayloadTarget
{
    private const int Header = 5;
    private const int MaxPackets = 40;
    private const int MaxFrames = 1150;

    private static readonly ushort[] s_ports = [443, 80, 53, 5353, 5355, 67, 137, 138, 123, 22, 445, 3389, 5060, 25, 21, 1900, 9999];

    public static void Run(byte[] bytes)
    {
        if (bytes.Length < 2)
        {
            return;
        }

        AnswerList answers = new();
        byte protocol = (bytes[0] & 3) == 0 ? (byte)6 : (byte)17;
        ushort port = s_ports[bytes[1] % s_ports.Length];
        OneNamedFlow first = new(protocol, port, answers, streams: 2);
        List<Packet> packets = Packets(bytes.AsSpan(2), (bytes[0] & 2) != 0);
        string expected = NamesOf(first, packets);
        using (OneNamedFlow again = new(protocol, port, sharing: first))
        {
            Assert.Equal(expected, NamesOf(again, packets));
        }

        if (protocol == 6 && packets.Count == 1 && packets[0].Bytes is [22, 3, ..] && packets[0].IsPlain)
        {
            SameInTwo(first, port, packets[0].Bytes, expected);
        }

        Assert.All(answers.Lines, line => Assert.True(line.Length < 400));
        Assert.Equal(0, first.Reader.Waiting);
        first.Reader.Dispose();
        Assert.Equal(0, first.Arena.Taken);
        first.Dispose();
    }

    /// <summary>The bytes that <see cref="Run"/> takes apart into these packets.</summary>
    public static byte[] BytesOf(bool isDatagram, bool hasKeys, ushort port, params (bool IsAnswer, byte[] Bytes)[] packets)
    {
        List<byte> bytes = [(byte)((isDatagram ? 1 : 0) | (hasKeys ? 2 : 0)), (byte)Array.IndexOf(s_ports, port)];
        int[] sequence = [1, 1];
        foreach ((bool isAnswer, byte[] payload) in packets)
        {
            ref int at = ref sequence[isAnswer ? 1 : 0];
            bytes.AddRange([(byte)(isAnswer ? 1 : 0), (byte)at, (byte)(at >> 8)]);
            bytes.AddRange([(byte)payload.Length, (byte)(payload.Length >> 8), .. payload]);
            at += payload.Length;
        }

        return [.. bytes];
    }

    private static List<Packet> Packets(ReadOnlySpan<byte> bytes, bool hasKeys)
    {
        List<Packet> packets = [];
        TestInitial initial = new(1, [1, 2, 3, 4, 5, 6, 7, 8]);
        for (; bytes.Length >= Header && packets.Count < MaxPackets;)
        {
            byte flags = bytes[0];
            uint sequence = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
            int stated = BinaryPrimitives.ReadUInt16LittleEndian(bytes[3..]);
            int length = Math.Min(stated, Math.Min(bytes.Length - Header, hasKeys ? MaxFrames : NamePacket.MaxPayload));
            byte[] payload = bytes.Slice(Header, length).ToArray();
            bytes = bytes[(Header + length)..];
            if (hasKeys)
            {
                payload = (initial with { Number = (uint)packets.Count }).Packet(payload);
            }

            packets.Add(new Packet(payload, sequence, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0));
        }

        return packets;
    }

    private static void SameInTwo(OneNamedFlow first, ushort port, byte[] bytes, string expected)
    {
        foreach (int cut in new[] { 1, bytes.Length / 3, bytes.Length - 1 }.Where(cut => cut > 0 && cut < bytes.Length))
        {
            using OneNamedFlow flow = new(6, port, sharing: first);
            List<Packet> two = [new(bytes[..cut], 1, false, false, false), new(bytes[cut..], 1 + (uint)cut, false, false, false)];
            string names = NamesOf(flow, two);

            // What is no handshake is read as soon as that is seen.
            bool isHello = expected.Contains("ServerName", StringComparison.Ordinal);
            Assert.True(names == expected || !isHello, $"cut at {cut}: {names}\n{expected}");
        }
    }

    private static string NamesOf(OneNamedFlow flow, List<Packet> packets)
    {
        foreach (Packet packet in packets)
        {
            flow.Send(packet.Bytes, packet.Sequence, packet.IsAnswer, packet.Bytes.Length + (packet.IsCut ? 100 : 0), packet.IsSyn);
        }

        flow.End();
        StringBuilder names = new(flow.Application);
        foreach (NameField field in Enum.GetValues<NameField>())
        {
            string name = flow[field];
            if (name.Length > 0)
            {
                Assert.True(name.Length <= byte.MaxValue);
                names.Append('\n').Append(field).Append('=').Append(TextOf(name));
            }
        }

        unsafe
        {
            flow.Reader.Discard(flow.Flow);
        }

        return names.ToString();
    }

    /// <summary>The text of a name, which says which bytes it has.</summary>
    private static string TextOf(string name)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(name);
        byte[] written = new byte[bytes.Length * NameText.MaxExpansion];
        string text = Encoding.ASCII.GetString(written, 0, NameText.Write(bytes, written));
        Assert.DoesNotContain(text, character => character is < ' ' or > '~');
        StringBuilder back = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                back.Append(text[i]);
            }
            else if (text[++i] == '\\')
            {
                back.Append('\\');
            }
            else
            {
                back.Append((char)Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
        }

        Assert.Equal(name, back.ToString());
        return text;
    }

    /// <summary>One packet.</summary>
    private sealed record Packet(byte[] Bytes, uint Sequence, bool IsAnswer, bool IsSyn, bool IsCut)
    {
        public bool IsPlain => !IsAnswer && !IsSyn && !IsCut;
    }
}
