using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// A capture held in memory and played again and again. Each round comes later and with other addresses, so that its flows are new ones;
/// further copies of a round may run at the same time, with addresses of their own. What the meter sees are real frames: the addresses are
/// changed in the frames themselves.
/// </summary>
public sealed unsafe class ReplaySource : IPacketSource
{
    // A frame's addresses change when its next round begins. Workers may still have some batches of the last one before them then, so a
    // round is never shorter than this.
    private const long MinPackets = 16 * PacketBatch.Capacity;

    private readonly NativeColumn<byte> _bytes;
    private readonly NativeColumn<Frame> _frames;
    private readonly long _period;
    private readonly uint _saltsPerRound;
    private readonly bool _hasNewAddresses;
    private long _round;
    private long _next;
    private long _left;

    private ReplaySource(LoadedCapture capture, int copies, long rounds)
    {
        int repeats = (int)Math.Max(1, (MinPackets + (capture.Count * copies) - 1) / (capture.Count * copies));
        repeats = (int)Math.Min(repeats, rounds);
        Packets = capture.Count * copies * rounds;
        _left = Packets;
        _saltsPerRound = (uint)(repeats * copies);
        _hasNewAddresses = copies * rounds > 1;
        using AddressFinder finder = new();
        long span = capture.Span;
        _period = span * repeats;
        _bytes = new NativeColumn<byte>(Math.Max(capture.Bytes * repeats * copies, 1));
        _frames = new NativeColumn<Frame>(capture.Count * repeats * copies);
        byte* to = _bytes.First;
        long index = 0;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (long i = 0; i < capture.Count; i++)
            {
                LoadedFrame frame = capture.Frames.First[i];
                ushort addresses = Find(finder, frame, isCounted: repeat == 0);
                for (int copy = 0; copy < copies; copy++)
                {
                    Buffer.MemoryCopy(frame.Data, to, frame.CapturedLength, frame.CapturedLength);
                    _frames.First[index] = new Frame(
                        to, frame.CapturedLength, frame.WireLength, frame.Time + (span * repeat), frame.LinkType, addresses);
                    Shift(_frames.First + index, Salt((uint)((repeat * copies) + copy)));
                    to += frame.CapturedLength;
                    index++;
                }
            }
        }
    }

    /// <summary>
    /// Packets of one round that are metered and keep their addresses, where others would be needed: their flows are the same in all rounds
    /// and copies.
    /// </summary>
    public long Unchanged { get; private set; }

    /// <summary>Packets of all rounds.</summary>
    public long Packets { get; }

    /// <summary>Loads a capture.</summary>
    /// <param name="source">The capture; it is read to its end.</param>
    /// <param name="copies">How many copies run at the same time, 1 at least.</param>
    /// <param name="rounds">How many times the capture is played, 1 at least.</param>
    /// <exception cref="CaptureException">The capture holds no packets.</exception>
    public static ReplaySource Load(IPacketSource source, int copies, long rounds)
    {
        using LoadedCapture capture = LoadedCapture.Read(source);
        return new ReplaySource(capture, copies, rounds);
    }

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        batch.Clear(batch.LinkType);
        if (_next == _frames.Length)
        {
            _round++;
            _next = 0;
        }

        if (_left == 0)
        {
            return false;
        }

        long count = Math.Min(Math.Min(PacketBatch.Capacity, _frames.Length - _next), _left);
        Frame* frames = _frames.First + _next;
        count = OfOneLinkType(frames, count);
        batch.Clear(frames->LinkType);
        long shift = _round * _period;
        uint change = _round == 0 ? 0 : Salt((uint)_round * _saltsPerRound) ^ Salt((uint)(_round - 1) * _saltsPerRound);
        for (long i = 0; i < count; i++)
        {
            Frame* frame = frames + i;
            if (change != 0)
            {
                Shift(frame, change);
            }

            batch.Add(frame->Data, frame->CapturedLength, frame->WireLength, frame->Time + shift);
        }

        _next += count;
        _left -= count;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _frames.Dispose();
    }

    /// <summary>Spreads small numbers over all bits, so that the addresses of different rounds do not meet.</summary>
    private static uint Salt(uint number)
    {
        uint x = number * 0x9E3779B9;
        x = (x ^ (x >> 16)) * 0x85EBCA6B;
        return number == 0 ? 0 : x ^ (x >> 13);
    }

    /// <summary>How many of the next frames a batch may have: all packets of one have the same link type.</summary>
    private static long OfOneLinkType(Frame* frames, long most)
    {
        long count = 1;
        while (count < most && frames[count].LinkType == frames->LinkType)
        {
            count++;
        }

        return count;
    }

    private static void Shift(Frame* frame, uint salt)
    {
        if (frame->Addresses != 0)
        {
            byte* source = frame->Data + (frame->Addresses & 0x7FFF);
            byte* destination = source + ((frame->Addresses & 0x8000) == 0 ? 4 : 16);
            *(uint*)source ^= salt;
            *(uint*)destination ^= salt;
        }
    }

    private ushort Find(AddressFinder finder, in LoadedFrame frame, bool isCounted)
    {
        if (!_hasNewAddresses)
        {
            return 0;
        }

        ushort place = finder.Find(frame.LinkType, frame.Data, frame.CapturedLength, frame.WireLength, out bool isMetered);
        Unchanged += isCounted && isMetered && place == 0 ? 1 : 0;
        return place;
    }

    private readonly struct Frame(byte* data, uint capturedLength, uint wireLength, long time, LinkType linkType, ushort addresses)
    {
        public readonly byte* Data = data;
        public readonly uint CapturedLength = capturedLength;
        public readonly uint WireLength = wireLength;
        public readonly long Time = time;
        public readonly LinkType LinkType = linkType;
        public readonly ushort Addresses = addresses;
    }
}
