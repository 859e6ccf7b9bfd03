using FlowMeter.Engine.Capture;

namespace FlowMeter.Tests.Capture;

/// <summary>Input that may keep its reader waiting.</summary>
public sealed class PipeStreamTests
{
    /// <summary>A terminal gives the end once, and then waits for the next line.</summary>
    [Fact]
    public void The_end_of_a_terminal_is_asked_for_once()
    {
        using FileStream readable = File.OpenRead("/dev/null");
        int descriptor = (int)readable.SafeFileHandle.DangerousGetHandle();
        using PipeStream pipe = new(new Terminal(), descriptor, CancellationToken.None);
        Assert.Equal(3, pipe.Read(new byte[8]));
        Assert.Equal(0, pipe.Read(new byte[8]));
        Assert.Equal(0, pipe.Read(new byte[8]));
        Assert.False(pipe.IsIdle());
    }

    private sealed class Terminal : ReadOnlyStream
    {
        private int _reads;

        public override int Read(Span<byte> buffer) => _reads++ switch
        {
            0 => 3,
            1 => 0,
            _ => throw new InvalidOperationException("A terminal would wait here."),
        };
    }
}
