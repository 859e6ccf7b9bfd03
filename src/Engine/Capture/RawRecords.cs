using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// What a batch was filled from, as it is in the file: the record of each packet with its header, options and padding, and the blocks
/// without packets between the records. Kept only for those who copy captures. Records are where the batch's packets are, and hold as long;
/// blocks are copies, since more may be read before the next packet comes.
/// </summary>
internal sealed unsafe class RawRecords : IDisposable
{
    /// <summary>Longest block without a packet that is kept: a generous list of decryption secrets.</summary>
    public const uint LongestBlock = 64 << 20;

    private const int Plenty = 1 << 20;

    private readonly NativeColumn<nint> _records = new(PacketBatch.Capacity);
    private readonly NativeColumn<uint> _lengths = new(PacketBatch.Capacity);
    private readonly NativeColumn<int> _blockBytesBefore = new(PacketBatch.Capacity);
    private byte[] _blocks = new byte[4096];
    private int _length;
    private int _whole;
    private uint _missing;

    /// <summary>Whether there is so much between records that it should be taken before more is read.</summary>
    public bool IsPlenty => _whole >= Plenty;

    /// <summary>The record of a packet of the batch.</summary>
    public ReadOnlySpan<byte> Record(int packet) => new((byte*)_records[packet], (int)_lengths[packet]);

    /// <summary>
    /// The whole blocks before a packet of the batch and behind the one before it; those at the end where it is the number of packets.
    /// </summary>
    public ReadOnlySpan<byte> BlocksBefore(int packet, int count)
    {
        int from = packet == 0 ? 0 : _blockBytesBefore[packet - 1];
        int to = packet == count ? _whole : _blockBytesBefore[packet];
        return _blocks.AsSpan(from, to - from);
    }

    /// <summary>Forgets what was taken. The beginning of a block whose end has not been read yet stays.</summary>
    public void Clear()
    {
        Buffer.BlockCopy(_blocks, _whole, _blocks, 0, _length - _whole);
        _length -= _whole;
        _whole = 0;
    }

    /// <summary>
    /// Keeps the records of all packets of a batch, each of which has a header of this length before its data and nothing behind.
    /// </summary>
    public void AddPackets(PacketBatch batch, uint header)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            AddPacket(i, batch.Data[i] - header, batch.CapturedLength[i] + header);
        }
    }

    /// <summary>Keeps the record of a packet.</summary>
    public void AddPacket(int packet, byte* record, uint length)
    {
        _records[packet] = (nint)record;
        _lengths[packet] = length;
        _blockBytesBefore[packet] = _whole;
    }

    /// <summary>
    /// Keeps a section header. A section that states its length would state a wrong one once packets are left out, so it becomes -1: not
    /// specified.
    /// </summary>
    public void AddSection(byte* block, uint length)
    {
        int at = _length;
        AddBlock(block, length, length);
        _blocks.AsSpan(at + 16, sizeof(long)).Fill(0xFF);
    }

    /// <summary>Keeps a block, or as much of it as has been read.</summary>
    public void AddBlock(byte* block, uint read, uint length)
    {
        _missing = length;
        Continue(block, read);
    }

    /// <summary>Keeps more of the block that began before.</summary>
    public void Continue(byte* bytes, uint read)
    {
        if (_blocks.Length - _length < read)
        {
            Array.Resize(ref _blocks, Math.Max(_blocks.Length * 2, _length + (int)read));
        }

        new ReadOnlySpan<byte>(bytes, (int)read).CopyTo(_blocks.AsSpan(_length));
        _length += (int)read;
        _missing -= read;
        _whole = _missing == 0 ? _length : _whole;
    }

    /// <summary>Says that the file is over; a block whose end never came is dropped, as a torn record is.</summary>
    public void End() => _length = _whole;

    /// <inheritdoc/>
    public void Dispose()
    {
        _records.Dispose();
        _lengths.Dispose();
        _blockBytesBefore.Dispose();
    }
}
