namespace FlowMeter.Native;

/// <summary>What a path leads to.</summary>
public enum FileKind
{
    /// <summary>Nothing, or nothing that may be looked at.</summary>
    Missing,

    /// <summary>A file with a length, which can be replaced.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named or unnamed pipe, or a socket.</summary>
    Pipe,

    /// <summary>A terminal, /dev/null and the like.</summary>
    Device,
}
