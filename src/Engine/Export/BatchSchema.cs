namespace FlowMeter.Engine.Export;

/// <summary>What the batches of a table are made of.</summary>
/// <param name="Fields">Their columns, in order.</param>
/// <param name="Metadata">What the table says of how it was made, where its format has room for it: names and values.</param>
internal sealed record BatchSchema(IReadOnlyList<BatchField> Fields, IReadOnlyList<(string Key, string Value)> Metadata)
{
    /// <summary>That of a flow table.</summary>
    public static BatchSchema Of(TableSchema schema) => new([.. schema.Columns.Select(BatchField.Of)], schema.Metadata);
}
