using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>Messages behind each other, as in an IPFIX file (RFC 5655). A row is a record of a flow.</summary>
internal sealed class IpfixFraming : BlockFraming
{
    /// <inheritdoc/>
    internal override (long Length, long Rows)? Measure(ReadOnlySpan<byte> start) =>
        IpfixMessage.Measure(start) is { } message ? (message.Length, message.Flows) : null;

    /// <inheritdoc/>
    internal override int First(ReadOnlySpan<byte> rows) => IpfixMessage.LengthOf(rows);
}
