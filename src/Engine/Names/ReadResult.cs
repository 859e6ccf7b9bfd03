namespace FlowMeter.Engine.Names;

/// <summary>What a parser makes of the beginning of a stream.</summary>
internal enum ReadResult
{
    /// <summary>It is something else.</summary>
    Unknown,

    /// <summary>It may be, or is, what the parser reads, but the bytes end too early.</summary>
    More,

    /// <summary>It has been read.</summary>
    Read,
}
