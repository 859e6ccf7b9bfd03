using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// Standard output for lines of text, which come after what standard error was given before. Who has seen enough of them is no reason to
/// stop what else is done.
/// </summary>
/// <param name="log">What comes before.</param>
internal sealed class TerminalStream(LogWriter log) : WriteOnlyStream
{
    private const int Descriptor = 1;

    /// <exception cref="OutputException">Standard output can not be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        log.Settle();
        try
        {
            Descriptors.Write(Descriptor, buffer);
        }
        catch (IOException e) when (e.HResult == Descriptors.BrokenPipe)
        {
        }
        catch (IOException e)
        {
            throw new OutputException($"standard output: {e.Message}.", e);
        }
    }
}
