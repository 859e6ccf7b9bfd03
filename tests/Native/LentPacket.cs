namespace FlowMeter.Tests.Native;

/// <summary>A copy of a packet that a handle lent.</summary>
internal sealed record LentPacket(byte[] Bytes, uint Wire, long Time);
