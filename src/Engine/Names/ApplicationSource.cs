namespace FlowMeter.Engine.Names;

/// <summary>What a flow's application is known by.</summary>
internal enum ApplicationSource : byte
{
    /// <summary>It is not known.</summary>
    None = 0,

    /// <summary>A parser has read the protocol's own bytes.</summary>
    Payload = 1,

    /// <summary>A port that the protocol is known to use, or its number in IP; nothing else was seen.</summary>
    Port = 2,
}
