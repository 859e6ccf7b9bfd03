using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Up to a thousand packets as columns: where each one's bytes are, how many were captured, how long it was on the wire, when it came. All
/// packets of a batch have one link type. The batch owns a block of bytes that a reading source fills; sources with memory of their own (a
/// ring, a capture held in memory) point elsewhere.
/// </summary>
public sealed unsafe class PacketBatch : IDisposable
{
    /// <summary>Packets a batch holds at most.</summary>
    public const int Capacity = 1024;

    /// <summary>
    /// Bytes of one read: small enough to be still in the second-level cache when the packets are decoded, with the lines of their flows
    /// between.
    /// </summary>
    public const int ReadSize = 64 << 10;

    /// <summary>Bytes that are read ahead at most.</summary>
    internal const int LongestPiece = 256 << 10;

    /// <summary>
    /// Where in <see cref="Block"/> stands what is read ahead: behind a read that was not walked to its end and the longest record.
    /// </summary>
    internal const int PieceOffset = ReadSize + (448 << 10);

    /// <summary>Size of <see cref="Block"/>.</summary>
    public const int BlockSize = PieceOffset + LongestPiece;

    /// <summary><see cref="Now"/> of a source without a clock: only its packets have times.</summary>
    public const long NoClock = long.MinValue;

    private readonly NativeColumn<nint> _data = new(Capacity);
    private readonly NativeColumn<uint> _capturedLength = new(Capacity);
    private readonly NativeColumn<uint> _wireLength = new(Capacity);
    private readonly NativeColumn<long> _time = new(Capacity);
    private readonly NativeColumn<byte> _block = new(BlockSize);

    /// <summary>Packets in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The link type of every packet in the batch.</summary>
    public LinkType LinkType { get; private set; }

    /// <summary>Whether no further packet fits.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>The monotonic clock before a live source looked for the packets, nanoseconds; else <see cref="NoClock"/>.</summary>
    public long Now { get; internal set; } = NoClock;

    /// <summary>
    /// Whether the source had nothing more at that moment: the wire or the pipe is silent, and flows that are over should come out.
    /// </summary>
    public bool IsIdle { get; internal set; }

    /// <summary>First captured byte of each packet.</summary>
    public byte** Data => (byte**)_data.First;

    /// <summary>Bytes captured of each packet.</summary>
    public uint* CapturedLength => _capturedLength.First;

    /// <summary>Bytes of each packet on the wire, link header included, as the capture states it.</summary>
    public uint* WireLength => _wireLength.First;

    /// <summary>Time of each packet, nanoseconds since the epoch.</summary>
    public long* Time => _time.First;

    /// <summary>The time of one packet.</summary>
    public long TimeOf(int index) => _time[index];

    /// <summary>The bytes on the wire of one packet.</summary>
    public uint WireLengthOf(int index) => _wireLength[index];

    /// <summary>
    /// Where sources that read files leave the bytes of the records, too; null: disabled. The batch owns it; who takes it
    /// in clears it.
    /// </summary>
    internal RawRecords? Records { get; init; }

    /// <summary>What of a file is read ahead for this batch (<see cref="IPacketSource.TryReserve"/>).</summary>
    internal FilePiece Piece { get; } = new();

    /// <summary>Memory of <see cref="BlockSize"/> bytes for sources that read.</summary>
    internal byte* Block => _block.First;

    /// <summary>Empties the batch for packets of <paramref name="linkType"/>.</summary>
    public void Clear(LinkType linkType)
    {
        Count = 0;
        LinkType = linkType;
        Now = NoClock;
        IsIdle = false;
    }

    /// <summary>
    /// Appends a packet; the batch must not be full. <paramref name="data"/> must stay valid until the batch is filled again.
    /// </summary>
    public void Add(byte* data, uint capturedLength, uint wireLength, long time)
    {
        int index = Count;
        Data[index] = data;
        CapturedLength[index] = capturedLength;
        WireLength[index] = wireLength;
        Time[index] = time;
        Count = index + 1;
    }

    /// <summary>Reads what was reserved for the batch. Needs no turn.</summary>
    internal void Fetch() => Piece.Fetch(new Span<byte>(Block + PieceOffset, LongestPiece));

    /// <summary>Says that the first <paramref name="count"/> places of the columns have been filled in.</summary>
    internal void SetCount(int count) => Count = count;

    /// <summary>Copies a packet's columns to an earlier place.</summary>
    internal void Move(int from, int to)
    {
        Data[to] = Data[from];
        CapturedLength[to] = CapturedLength[from];
        WireLength[to] = WireLength[from];
        Time[to] = Time[from];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _data.Dispose();
        _capturedLength.Dispose();
        _wireLength.Dispose();
        _time.Dispose();
        _block.Dispose();
        Records?.Dispose();
    }
}
