using System.Runtime.InteropServices;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Flow;

/// <summary>What one end's payloads begin with: its first data packet, and entropies of the next ones.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FirstPayload
{
    /// <summary>Data packets behind the first whose entropy is taken.</summary>
    public const int Next = 4;

    /// <summary>Bytes of such a packet that are looked at, at most.</summary>
    public const int NextLength = 128;

    /// <summary>Entropy of the head of the first data packet, bits a byte.</summary>
    public double Entropy;

    /// <summary>The sum of the entropies of the next ones.</summary>
    public double NextEntropies;

    /// <summary>Bytes captured of the head of the first data packet.</summary>
    public ushort Length;

    /// <summary>Printable ones among them.</summary>
    public ushort Printable;

    /// <summary>Zeros among them.</summary>
    public ushort Zeros;

    /// <summary>The first of them.</summary>
    public byte FirstByte;

    /// <summary>What they look like.</summary>
    public PayloadProtocol Protocol;

    /// <summary>Data packets so far, no more than 1 and <see cref="Next"/>.</summary>
    public byte Seen;

    /// <summary>Those of <see cref="Next"/> that have a captured payload.</summary>
    public byte NextSeen;

    /// <summary>Takes a data packet.</summary>
    /// <param name="head">The head of its payload.</param>
    /// <param name="length">Bytes of the whole payload.</param>
    /// <param name="protocol">The transport protocol.</param>
    public void Take(in PayloadHead head, uint length, byte protocol)
    {
        if (Seen > Next)
        {
            return;
        }

        if (Seen++ > 0)
        {
            if (head.Length > 0)
            {
                NextSeen++;
                NextEntropies += ByteStatistics.Entropy(head.First, Math.Min((int)head.Length, NextLength));
            }

            return;
        }

        int count = (int)Math.Min(head.Length, PayloadHead.MaxLength);
        ReadOnlySpan<byte> bytes = new(head.First, count);
        Length = (ushort)count;
        Entropy = ByteStatistics.Entropy(head.First, count);
        Printable = (ushort)ByteStatistics.CountPrintable(head.First, count);
        Zeros = (ushort)bytes.Count((byte)0);
        FirstByte = count > 0 ? bytes[0] : (byte)0;
        Protocol = PayloadRecognition.Of(bytes, length, protocol);
    }
}
