using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Observe;

/// <summary>Standard input as a stream that ends when the run is told to stop, even while it waits for a pipe that says nothing.</summary>
internal sealed class StandardInput(CancellationToken stop) : ForwardStream
{
    private const int Descriptor = 0;
    private const int Patience = 100;

    private readonly FileStream _stream = new(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    public override int Read(Span<byte> buffer)
    {
        while (!stop.IsCancellationRequested)
        {
            if (OperatingSystem.IsWindows() || Native.Descriptor.WaitReadable(Descriptor, Patience))
            {
                return _stream.Read(buffer);
            }
        }

        return 0;
    }
}
