using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>Where and how collected tables are written.</summary>
public sealed record CollectorOptions
{
    /// <summary>The path of the files, whose name may have the time.</summary>
    public required string Path { get; init; }

    /// <summary>The format of the files.</summary>
    public required TableFormat Format { get; init; }

    /// <summary>When to begin the next file.</summary>
    public required Rotation Rotation { get; init; }

    /// <summary>The name under which the broker remembers how far this collector is.</summary>
    public required string ConsumerName { get; init; }

    /// <summary>
    /// Makes CSV of a block of JSON Lines, header first. May throw <see cref="InvalidDataException"/> where the block is not what it says;
    /// then it is left out.
    /// </summary>
    public required Func<CollectedBlock, byte[]> JsonToCsv { get; init; }
}
