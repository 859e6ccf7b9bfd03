using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Shell;

/// <summary>Standard error as a stream that says what could not be written. Only <see cref="LogWriter"/> writes to it.</summary>
internal sealed class StandardErrorStream : WriteOnlyStream
{
    private const int Descriptor = 2;

    /// <exception cref="IOException">It can not be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer) => Descriptors.Write(Descriptor, buffer);
}
