using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.HostVerdicts;

/// <summary>An output on a full disk: it takes the header and nothing more.</summary>
internal sealed class RefusingOutput : RowOutput
{
    public override long Rows => 0;

    public override void Begin(ReadOnlySpan<byte> header)
    {
    }

    public override void Write(ReadOnlySpan<byte> rows) => throw new OutputException("no room");

    public override void Complete()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
