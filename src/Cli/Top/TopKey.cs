namespace FlowMeter.Cli.Top;

/// <summary>What a key asks for.</summary>
internal enum TopKey
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>To leave.</summary>
    Quit,

    /// <summary>To sort by the next column.</summary>
    NextOrder,

    /// <summary>To sort by the column before.</summary>
    PreviousOrder,

    /// <summary>To sort the other way.</summary>
    Reverse,

    /// <summary>To hold the picture, or to let it go on.</summary>
    Pause,

    /// <summary>To show the keys, or the flows again.</summary>
    Help,
}
