using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// Standard output or error for lines of text. Who has seen enough of them, and who listens to no errors, is no reason to stop what else is
/// done.
/// </summary>
internal sealed class TerminalStream(int descriptor) : WriteOnlyStream
{
    private const int StandardError = 2;

    /// <exception cref="OutputException">Standard output can not be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            Descriptors.Write(descriptor, buffer);
        }
        catch (IOException e) when (descriptor == StandardError || e.HResult == Descriptors.BrokenPipe)
        {
        }
        catch (IOException e)
        {
            throw new OutputException($"standard output: {e.Message}.", e);
        }
    }
}
