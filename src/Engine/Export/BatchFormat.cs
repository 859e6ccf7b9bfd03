namespace FlowMeter.Engine.Export;

/// <summary>How a format writes batches of columns.</summary>
/// <param name="Header">What stands before the first row.</param>
/// <param name="CreateEncoder">Makes what encodes batches of a schema.</param>
internal sealed record BatchFormat(Func<BatchSchema, byte[]> Header, Func<BatchSchema, BatchEncoder> CreateEncoder);
