using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;
using FlowMeter.Native;

namespace FlowMeter.Cli.Help;

/// <summary><c>flowmeter --version</c>: what this file is, and which libraries it captures and decompresses with.</summary>
/// <param name="verbose">Whether it says what the system has for it, too.</param>
internal sealed class VersionText(Option<bool> verbose) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string compiled = RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "native";
        output.WriteLine(
            $"flowmeter {ProgramVersion.Number} ({RuntimeInformation.RuntimeIdentifier}, {compiled}, {Scorer.Width * 64}-bit vectors)");
        output.WriteLine(LibPcap.Version is { } version
            ? $"{version}, {(LibPcap.IsBuiltIn ? "built in" : "loaded from the system")}"
            : "no libpcap here: capture files are read, but there is no live capture and no --filter");
        output.WriteLine(CompressionLibraries.Zlib);
        output.WriteLine(CompressionLibraries.Zstd is { } zstd
            ? $"{zstd}, loaded from the system"
            : "no libzstd here: capture files compressed with zstd are not read");
        if (parseResult.GetValue(verbose))
        {
            output.WriteLine(RunSandbox.Available);
        }

        return ExitCode.Done;
    }
}
