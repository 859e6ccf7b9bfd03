namespace FlowMeter.Engine.Output;

/// <summary>How the rows of a text format are compressed.</summary>
public enum OutputCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip, file names that end in <c>.gz</c>.</summary>
    Gzip,

    /// <summary>zstd, file names that end in <c>.zst</c>.</summary>
    Zstandard,
}
