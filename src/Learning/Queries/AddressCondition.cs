using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>Whether an address of a row is in a network. What is no address is in none.</summary>
/// <param name="column">The column.</param>
/// <param name="network">An address of the network.</param>
/// <param name="prefix">The bits that all of its addresses begin with; all of them for a single address.</param>
internal sealed class AddressCondition(QueryColumn column, AddressValue network, int prefix) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row) =>
        AddressValue.TryParse(row.Field(column.Number), out AddressValue address) && address.IsIn(network, prefix);
}
