using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// A capture file or stream, read block by block into the batch's own memory. Reading was chosen over mapping: it costs no more (a page
/// fault a page against a copy that leaves the bytes in the cache), works for pipes and compressed files alike, and a file that is cut
/// while it is being read ends instead of killing the process.
/// </summary>
public sealed unsafe class SavefileSource : IPacketSource
{
    private readonly string _name;
    private readonly Stream _stream;
    private readonly SavefileFormat _format;
    private NativeColumn<byte>? _kept;
    private PacketBatch? _owner;
    private byte* _rest;
    private int _restLength;
    private long _position;
    private long _skip;
    private bool _ended;
    private bool _toldSilence;

    // Of what was read ahead last: its length, and the packets that were in it.
    private int _pieceLength;
    private int _piecePackets;

    internal SavefileSource(string name, Stream stream, SavefileFormat format, long position)
    {
        _name = name;
        _stream = stream;
        _format = format;
        _position = position;
    }

    /// <summary>The file header as it is, unpacked; none where the format has its headers among the records.</summary>
    internal byte[] FileHeader { get; init; } = [];

    /// <summary>What the capture has said so far was lost before it was written.</summary>
    public StatedDrops Drops => _format.Drops;

    /// <summary>The pipe at the bottom of the stream; null for files.</summary>
    internal PipeStream? Pipe { get; set; }

    /// <summary>Where in the stream the records begin; null if they are not in it as they are.</summary>
    internal long? Start { get; init; }

    /// <summary>The file at the bottom of the stream, if <see cref="Start"/> is a place in it; null for all else.</summary>
    internal ReadAhead? File { get; set; }

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        if (_owner != batch)
        {
            MoveRest(batch);
        }

        batch.Clear(batch.LinkType);
        while (true)
        {
            // What is left may hold whole records: the batch was full, or the link type changed.
            if (WalkRest(batch))
            {
                return true;
            }

            if (_ended)
            {
                bool isTorn = _restLength > 0 || _skip > 0;
                batch.Records?.End();
                _restLength = 0;
                _skip = 0;
                return isTorn ? throw Torn() : false;
            }

            MoveRest(batch);

            // Once in every pause: the flows that have ended should not wait for it to be over.
            if (!_toldSilence && Pipe?.IsIdle() == true)
            {
                _toldSilence = true;
                batch.IsIdle = true;
                return true;
            }

            Read(batch);
            _toldSilence = false;
        }
    }

    /// <inheritdoc/>
    public bool TryReserve(PacketBatch batch) => File?.TryReserve(batch.Piece) == true;

    /// <inheritdoc/>
    public bool TryTake(PacketBatch batch)
    {
        batch.Clear(batch.LinkType);
        if (batch.Piece.TryTake(File, out Exception? failure))
        {
            Join(batch);
        }
        else if (_owner == null)
        {
            MoveRest(batch);
        }

        if (WalkRest(batch))
        {
            _piecePackets += batch.Count;
            return true;
        }

        Keep();
        return failure == null ? false : throw Unreadable(failure);
    }

    /// <inheritdoc/>
    public void Keep()
    {
        if (File == null || _owner == null)
        {
            return;
        }

        _kept ??= new NativeColumn<byte>(PacketBatch.BlockSize);
        Buffer.MemoryCopy(_rest, _kept.First, PacketBatch.BlockSize, _restLength);
        _rest = _kept.First;
        _owner = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File?.End();
        _stream.Dispose();
        _kept?.Dispose();
    }

    private bool WalkRest(PacketBatch batch)
    {
        while (_restLength > 0)
        {
            long from = _position;
            if (Walk(batch))
            {
                return true;
            }

            // A step over something that is no packet: what is behind it comes before the next read, which may fail.
            if (_position == from)
            {
                return false;
            }
        }

        return false;
    }

    private bool Walk(PacketBatch batch)
    {
        long used = _format.Walk(_rest, _restLength, _position, batch);
        _position += used;
        _skip = Math.Max(used - _restLength, 0);
        int step = (int)(used - _skip);
        _rest += step;
        _restLength -= step;
        return batch.Count > 0 || batch.Records is { IsPlenty: true };
    }

    private void MoveRest(PacketBatch batch)
    {
        if (_restLength > 0 && _rest != batch.Block)
        {
            Buffer.MemoryCopy(_rest, batch.Block, PacketBatch.BlockSize, _restLength);
        }

        _rest = batch.Block;
        _owner = batch;
    }

    /// <summary>Has what was kept go before what was read ahead, without moving the latter.</summary>
    private void Join(PacketBatch batch)
    {
        if (_piecePackets > 0)
        {
            File!.Learn(_pieceLength, _piecePackets);
        }

        if (_restLength > PacketBatch.PieceOffset)
        {
            throw new InvalidOperationException("A piece is taken before the one before it was taken to its end.");
        }

        _pieceLength = batch.Piece.Read;
        _piecePackets = 0;
        byte* read = batch.Block + PacketBatch.PieceOffset;
        int skipped = Skip(batch, read, _pieceLength);
        byte* joined = read + skipped - _restLength;
        Buffer.MemoryCopy(_rest, joined, _restLength, _restLength);
        _rest = joined;
        _restLength += _pieceLength - skipped;
        _owner = batch;
    }

    private void Read(PacketBatch batch)
    {
        int room = Math.Min(PacketBatch.ReadSize, PacketBatch.BlockSize - _restLength);
        Span<byte> free = new(batch.Block + _restLength, room);
        int read;
        try
        {
            read = File?.ReadNext(free) ?? _stream.Read(free);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(e);
        }

        _ended = read == 0;
        int skipped = Skip(batch, batch.Block, read);
        if (skipped > 0)
        {
            Buffer.MemoryCopy(batch.Block + skipped, batch.Block, PacketBatch.BlockSize, read - skipped);
        }

        _restLength += read - skipped;
    }

    /// <summary>How many of the bytes read belong to a block that is stepped over. Nothing else is left over then.</summary>
    private int Skip(PacketBatch batch, byte* read, int length)
    {
        int skipped = (int)Math.Min(_skip, length);
        if (skipped > 0)
        {
            batch.Records?.Continue(read, (uint)skipped);
            _skip -= skipped;
        }

        return skipped;
    }

    private CaptureException Unreadable(Exception e) =>
        new($"{_name}: can not be read past byte {_position + _restLength}: {FailureReason.Of(e)}; what came before was metered.", e)
        {
            Fault = CaptureException.FaultOf(e),
        };

    private CaptureException Torn() =>
        new($"{_name}: ends inside a record (at byte {_position}): it was cut off; all whole records were metered.")
        {
            Fault = CaptureFault.Incomplete,
        };
}
