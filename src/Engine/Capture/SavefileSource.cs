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
    private PacketBatch? _owner;
    private byte* _rest;
    private int _restLength;
    private long _position;
    private long _skip;
    private bool _ended;
    private bool _toldSilence;

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
                    break;
                }
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
    public void Dispose() => _stream.Dispose();

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

    private void Read(PacketBatch batch)
    {
        int room = Math.Min(PacketBatch.ReadSize, PacketBatch.BlockSize - _restLength);
        int read;
        try
        {
            read = _stream.Read(new Span<byte>(batch.Block + _restLength, room));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CaptureException(
                $"{_name}: can not be read past byte {_position + _restLength}: {FailureReason.Of(e)}; what came before was metered.", e)
            {
                Fault = CaptureException.FaultOf(e),
            };
        }

        _ended = read == 0;
        if (_skip > 0)
        {
            int skipped = (int)Math.Min(_skip, read);
            batch.Records?.Continue(batch.Block, (uint)skipped);
            _skip -= skipped;
            read -= skipped;
            Buffer.MemoryCopy(batch.Block + skipped, batch.Block, PacketBatch.BlockSize, read);
        }

        _restLength += read;
    }

    private CaptureException Torn() =>
        new($"{_name}: ends inside a record (at byte {_position}): it was cut off; all whole records were metered.")
        {
            Fault = CaptureFault.Incomplete,
        };
}
