using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Scoring;
using FlowMeter.Native;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter --version</c>: what this file is, and which libpcap it captures with.</summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    /// <summary>The version of FlowMeter, without the build's mark.</summary>
    public static string Number { get; } =
        typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string compiled = RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "native";
        output.WriteLine($"flowmeter {Number} ({RuntimeInformation.RuntimeIdentifier}, {compiled}, {Scorer.Width * 64}-bit vectors)");
        output.WriteLine(LibPcap.Version is { } version
            ? $"{version}, {(LibPcap.IsBuiltIn ? "built in" : "loaded from the system")}"
            : "no libpcap here: capture files are read, but there is no live capture and no --filter");
        return ExitCode.Done;
    }
}
