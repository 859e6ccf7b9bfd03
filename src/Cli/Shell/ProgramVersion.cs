using System.Reflection;

namespace FlowMeter.Cli.Shell;

/// <summary>Which FlowMeter this is.</summary>
internal static class ProgramVersion
{
    /// <summary>The version as it was released, without the build's mark.</summary>
    public static string Number { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>How the program names itself in what it makes.</summary>
    public static string Full { get; } = $"flowmeter {Number}";
}
