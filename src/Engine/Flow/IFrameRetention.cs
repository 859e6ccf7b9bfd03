using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// Keeps copies of a live worker's frames until it is known which way the verdicts on their flows send them: one call for each frame and
/// one for each window. Only for flows with a decision point. For the worker's thread alone.
/// </summary>
internal unsafe interface IFrameRetention : IDisposable
{
    /// <summary>Whether the window that is being filled has frames.</summary>
    bool HasFrames { get; }

    /// <summary>Whether the window that is being filled can take one more frame of this captured length, bytes.</summary>
    bool HasRoom(uint captured);

    /// <summary>Keeps a frame.</summary>
    /// <param name="linkType">Its link type.</param>
    /// <param name="data">Its bytes; not needed afterwards.</param>
    /// <param name="captured">How many there are.</param>
    /// <param name="wire">How many there were on the wire.</param>
    /// <param name="time">When it came, nanoseconds since the epoch.</param>
    /// <param name="packet">Its place in the window of packets; -1 for one that belongs to no flow.</param>
    void Keep(LinkType linkType, byte* data, uint captured, uint wire, long time, int packet);

    /// <summary>
    /// Routes the frames of the previous window, all of whose packets have been accounted for; the current window becomes the previous one.
    /// </summary>
    /// <param name="routes">The way of each packet of that window.</param>
    void EndOfWindow(FrameRoute* routes);

    /// <summary>Writes what is held back.</summary>
    void Flush();
}
