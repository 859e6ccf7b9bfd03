using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Routes the frames of one worker. A frame lies in the ring only while it is decoded, and the verdict on its flow is known up to two
/// windows later, so its bytes are copied, as the record they will be in a file. Nothing is allocated. For the worker's thread; the
/// counters may be read from any.
/// </summary>
internal sealed class FrameRouter(FrameRouting routing) : IFrameRetention
{
    private readonly RecordBuffer? _suspicious = routing.Suspicious == null ? null : new RecordBuffer(routing.Suspicious);
    private readonly RecordBuffer? _benign = routing.Benign == null ? null : new RecordBuffer(routing.Benign);
    private readonly FrameQueue? _forward = routing.Forwarder?.CreateQueue();
    private readonly FrameAnonymizer? _rewriting = routing.Rewriting?.Invoke();
    private FrameWindow _current = new();
    private FrameWindow _previous = new();
    private long _suspiciousFrames;
    private long _suspiciousBytes;
    private long _benignFrames;
    private long _benignBytes;
    private long _foreignFrames;

    public long SuspiciousFrames => Volatile.Read(ref _suspiciousFrames);

    public long SuspiciousBytes => Volatile.Read(ref _suspiciousBytes);

    public long BenignFrames => Volatile.Read(ref _benignFrames);

    public long BenignBytes => Volatile.Read(ref _benignBytes);

    /// <summary>Frames whose addresses could not be replaced.</summary>
    public long LeftOutFrames => _rewriting?.LeftOut ?? 0;

    /// <summary>Frames of another link type than the files have.</summary>
    public long ForeignFrames => Volatile.Read(ref _foreignFrames);

    /// <summary>Whether the window that is being filled has frames.</summary>
    public bool HasFrames => _current.Count > 0;

    /// <summary>Whether the window that is being filled can take one more frame of this length.</summary>
    public bool HasRoom(uint captured) => _current.HasRoom(captured);

    /// <summary>Keeps a frame.</summary>
    /// <param name="linkType">Its link type.</param>
    /// <param name="data">Its bytes; not needed afterwards.</param>
    /// <param name="captured">How many there are.</param>
    /// <param name="wire">How many there were on the wire.</param>
    /// <param name="time">When it came.</param>
    /// <param name="packet">Its place in the window of packets; -1 for one that belongs to no flow.</param>
    public unsafe void Keep(LinkType linkType, byte* data, uint captured, uint wire, long time, int packet)
    {
        if (linkType == routing.LinkType)
        {
            _current.Add(data, captured, wire, time, packet);
            if (_rewriting != null)
            {
                _current.CutLast(_rewriting.Rewrite(linkType, _current.LastFrame));
            }
        }
        else
        {
            _foreignFrames++;
        }
    }

    /// <summary>
    /// Routes the frames of the previous window, all of whose packets have been accounted for; the current window becomes the previous one.
    /// </summary>
    /// <param name="routes">The way of each packet of that window.</param>
    public unsafe void EndOfWindow(FrameRoute* routes)
    {
        FrameWindow window = _previous;
        int first = 0;
        while (first < window.Count)
        {
            bool isBenign = window.IsBenign(first, routes);
            int end = first + 1;
            while (end < window.Count && window.IsBenign(end, routes) == isBenign)
            {
                end++;
            }

            Send(window, first, end, isBenign);
            first = end;
        }

        if (window.Count > 0)
        {
            routing.Forwarder?.Wake();
        }

        window.Clear();
        _previous = _current;
        _current = window;
    }

    /// <summary>Writes what is held back.</summary>
    public void Flush()
    {
        _suspicious?.Flush();
        _benign?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _current.Dispose();
        _previous.Dispose();
    }

    private void Send(FrameWindow window, int first, int end, bool isBenign)
    {
        if (isBenign)
        {
            _benignFrames += end - first;
            _benignBytes += window.WireBytes(first, end);
            _benign?.Add(window.Records(first, end));
        }
        else
        {
            _suspiciousFrames += end - first;
            _suspiciousBytes += window.WireBytes(first, end);
            _suspicious?.Add(window.Records(first, end));
            _forward?.Enqueue(window.Records(first, end));
        }
    }
}
