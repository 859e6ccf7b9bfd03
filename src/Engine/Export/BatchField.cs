using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>A column of a batch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The kind of its values.</param>
internal readonly record struct BatchField(string Name, ColumnType Type)
{
    /// <summary>Whether its values are texts, and may be missing.</summary>
    public bool IsText => Type is ColumnType.Address or ColumnType.Enumeration or ColumnType.Text;

    /// <summary>The same of a flow table's column.</summary>
    public static BatchField Of(Column column) => new(column.Name, column.Type);
}
