namespace FlowMeter.Tests.Support;

/// <summary>One captured frame, as a capture file states it.</summary>
internal readonly record struct Frame(int LinkType, long TimestampNs, byte[] Captured, uint OriginalLength)
{
    /// <summary>A frame captured whole.</summary>
    public static Frame Whole(int linkType, long timestampNs, byte[] bytes) => new(linkType, timestampNs, bytes, (uint)bytes.Length);

    /// <summary>The same frame, cut by a snap length.</summary>
    public Frame Cut(int snapLength) => this with { Captured = Captured[..Math.Min(snapLength, Captured.Length)] };
}
