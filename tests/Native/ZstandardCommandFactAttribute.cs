namespace FlowMeter.Tests.Native;

/// <summary>A test that needs the <c>zstd</c> program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ZstandardCommandFactAttribute : FactAttribute
{
    public ZstandardCommandFactAttribute() => Skip = ZstandardCommand.IsAvailable ? null : "There is no zstd command on the PATH.";
}
