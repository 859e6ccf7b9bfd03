using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>What the rows of a table are made of, whatever its format.</summary>
internal sealed record TableSchema
{
    /// <summary>The table's profile.</summary>
    public required Profile Profile { get; init; }

    /// <summary>The model whose scores and verdicts it has; null: none.</summary>
    public required Model? Model { get; init; }

    /// <summary>The columns of a row, in order.</summary>
    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>What the table says of how it was made, in formats that have room for it: names and values.</summary>
    public IReadOnlyList<(string Key, string Value)> Metadata { get; init; } = [];

    /// <summary>What stands in the label's column.</summary>
    public string Label { get; init; } = Column.NoLabel;

    /// <summary>Bytes that the numbers of a batch take at most.</summary>
    public int MaxBatchBytes { get; init; } = FlowBatch.DefaultBytes;

    /// <summary>Bytes of an explanation at most.</summary>
    public int MaxExplanation { get; init; }

    /// <summary>The private enterprise number of its own information elements.</summary>
    public uint Enterprise { get; init; } = IpfixColumn.Documentation;

    /// <summary>Whether each direction of a flow has a record of its own (<see cref="ExportOptions.HasUniflows"/>).</summary>
    public bool HasUniflows { get; init; }

    /// <summary>Bytes of its messages at most, unless a record alone is longer.</summary>
    public int MaxMessage { get; init; } = IpfixMessage.MaxLength;

    /// <summary>Numbers its messages, where it is written as such.</summary>
    public IpfixSequence Messages { get; } = new();
}
