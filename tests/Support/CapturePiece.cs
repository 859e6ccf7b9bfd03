namespace FlowMeter.Tests.Support;

/// <summary>A piece of a capture file: a record or a block, whole.</summary>
internal sealed record CapturePiece(byte[] Bytes, bool IsPacket, bool IsSection);
